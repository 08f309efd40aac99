import Foundation
import Geometry
import Rendering
import Testing

@Suite struct CameraTests {
    private func expectEqual(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ tolerance: Double = 1e-12,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(length(a - b) <= tolerance, "\(a) is not \(b)", sourceLocation: location)
    }

    @Test func azimuthZeroSeesTheFrontAndNinetyStandsOnX() {
        let front = Camera.orbiting(azimuthDegrees: 0, width: 8, height: 8)
        expectEqual(front.position, SIMD3(0, 0, 2))
        let side = Camera.orbiting(azimuthDegrees: 90, width: 8, height: 8)
        expectEqual(side.position, SIMD3(2, 0, 0))
        let above = Camera.orbiting(
            azimuthDegrees: 0, elevationDegrees: 30, distance: 4, width: 8, height: 8)
        expectEqual(above.position, SIMD3(0, 2, 12.0.squareRoot()))
    }

    @Test func poseIsRigidAndLooksAtTheOriginAtEveryElevation() {
        for elevation in stride(from: -90.0, through: 90, by: 15) {
            for azimuth in stride(from: -400.0, through: 400, by: 37) {
                let camera = Camera.orbiting(
                    azimuthDegrees: azimuth, elevationDegrees: elevation, distance: 3, width: 64,
                    height: 48)
                let pose = camera.worldFromCamera
                #expect(abs(pose.linearDeterminant - 1) < 1e-12)
                let right = pose.transform(direction: SIMD3(1, 0, 0))
                let up = pose.transform(direction: SIMD3(0, 1, 0))
                let back = pose.transform(direction: SIMD3(0, 0, 1))
                expectEqual(cross(right, up), back)
                #expect(right.y == 0 && up.y >= 0)
                expectEqual(camera.position, back * 3)
                let (pixel, depth) = camera.project(.zero)!
                #expect(abs(pixel.x - 32) < 1e-9 && abs(pixel.y - 24) < 1e-9)
                #expect(abs(depth - 3) < 1e-12)
                let turned = (azimuth - camera.azimuthDegrees) / 360
                #expect(abs(turned - turned.rounded()) < 1e-9)
                #expect(abs(camera.elevationDegrees - elevation) < 1e-5)
            }
        }
    }

    /// Blender 5.0.1 reports this for its default camera: 50 mm on a 36 mm sensor.
    @Test func defaultLensIsBlenders() {
        let camera = Camera.orbiting(azimuthDegrees: 0, width: 256, height: 256)
        #expect(abs(camera.fieldOfViewXRadians - 0.6911112070083618) < 1e-7)
        #expect(abs(Camera.defaultFieldOfViewXDegrees - 39.5978) < 5e-5)
    }

    @Test func rayAndProjectionAreInverse() {
        var random = testRandom("rays")
        for _ in 0..<200 {
            let camera = Camera.orbiting(
                azimuthDegrees: random.uniform(0..<360), elevationDegrees: random.uniform(-90..<90),
                distance: random.uniform(1..<5), fieldOfViewXDegrees: random.uniform(10..<120),
                width: 320, height: 200)
            let pixel = SIMD2(random.uniform(-50..<370), random.uniform(-50..<250))
            let depth = random.uniform(0.1..<10)
            let (origin, direction) = camera.ray(through: pixel)
            let back = camera.project(origin + depth * direction)!
            #expect(abs(back.pixel.x - pixel.x) < 1e-8 && abs(back.pixel.y - pixel.y) < 1e-8)
            #expect(abs(back.depth - depth) < 1e-10)
            #expect(camera.project(origin - depth * direction) == nil)
        }
    }

    @Test func borderRaysSpanTheFieldOfView() {
        let camera = Camera.orbiting(
            azimuthDegrees: 0, fieldOfViewXDegrees: 70, width: 300, height: 200)
        func angle(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double {
            let p = normalize(camera.ray(through: a).direction)
            let q = normalize(camera.ray(through: b).direction)
            return acos(dot(p, q))
        }
        #expect(abs(angle(SIMD2(0, 100), SIMD2(300, 100)) - 70 * .pi / 180) < 1e-9)
        #expect(abs(angle(SIMD2(150, 0), SIMD2(150, 200)) - camera.fieldOfViewYRadians) < 1e-9)
    }

    /// The camera positions of Diffusion4D's released `rendering/blender.py` (commit 41ce66e):
    /// `-2 (sin a, cos a, -e)`, `a = 2π (1 - i / (T - 1)) + 2π z`, in Blender's axes.
    @Test(arguments: [0.0, 0.25, 0.61])
    func orbitIsDiffusion4Ds(turns: Double) {
        let count = 24
        let views = CameraPath.orbit(startAzimuthDegrees: -360 * turns).views(frameCount: count)
        #expect(views.count == count)
        for (i, view) in views.enumerated() {
            let a = 2 * .pi * (1 - Double(i) / Double(count - 1)) + 2 * .pi * turns
            let blender = -2 * SIMD3(sin(a), cos(a), 0)
            expectEqual(view.camera.position, SIMD3(blender.x, blender.z, -blender.y), 1e-9)
            #expect(view.frame == i)
        }
        expectEqual(views[0].camera.position, views[count - 1].camera.position, 1e-9)
    }

    @Test func periodicOrbitIsEvenlySpaced() {
        let views = CameraPath.orbit(periodic: true).views(frameCount: 8)
        for (i, view) in views.enumerated() {
            let a = 2 * Double.pi * Double(i) / 8
            expectEqual(view.camera.position, 2 * SIMD3(sin(a), 0, cos(a)), 1e-9)
        }
    }

    @Test func frozenOrbitHoldsFrameZero() {
        let moving = CameraPath.orbit(startAzimuthDegrees: 40).views(frameCount: 5)
        let frozen = CameraPath.orbit(startAzimuthDegrees: 40, frozen: true).views(frameCount: 5)
        #expect(frozen.map(\.frame) == [0, 0, 0, 0, 0])
        #expect(frozen.map(\.camera) == moving.map(\.camera))
    }

    @Test func singleFrame() {
        #expect(CameraPath.orbit().views(frameCount: 1).count == 1)
        #expect(CameraPath.orbit(periodic: true).views(frameCount: 1).count == 1)
    }

    @Test func fourViewsOfEveryFrame() {
        let views = CameraPath.fourView(startAzimuthDegrees: 10, elevationDegrees: 5).views(
            frameCount: 3)
        #expect(views.map(\.frame) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        #expect(views.map(\.track) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
        for k in 0..<4 {
            let camera = Camera.orbiting(
                azimuthDegrees: 10 + 90 * Double(k), elevationDegrees: 5, width: 256, height: 256)
            #expect(views[k].camera == camera && views[k + 4].camera == camera)
        }
    }

    /// Evenly spread points have their centre of mass in the middle and second moments of 1/3, and
    /// the nearest two are about as far apart as 4π / N of the sphere for each allows.
    @Test func sphereViewsAreSpreadEvenly() {
        let count = 150
        let views = CameraPath.sphere(count: count, frozen: true).views(
            frameCount: 7, framing: Framing(distance: 1))
        #expect(views.count == count && views.allSatisfy { $0.frame == 0 })
        let points = views.map(\.camera.position)
        let center = points.reduce(SIMD3<Double>.zero, +) / Double(count)
        #expect(length(center) < 0.01)
        let moments = points.reduce(SIMD3<Double>.zero) { $0 + $1 * $1 } / Double(count)
        #expect((moments - 1.0 / 3).max() < 0.01 && (moments - 1.0 / 3).min() > -0.01)
        var nearest = Double.infinity
        for i in points.indices {
            for j in points.indices where j > i {
                nearest = min(nearest, length(points[i] - points[j]))
            }
        }
        #expect(nearest > 0.75 * (4 * .pi / Double(count)).squareRoot())
        #expect(CameraPath.sphere(count: 5).views(frameCount: 7).count == 35)
    }
}
