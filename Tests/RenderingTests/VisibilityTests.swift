import Foundation
import Geometry
import Rendering
import Testing

/// What is seen where, against a ray caster and closed forms.
@Suite struct VisibilityTests {
    private func soup(_ count: Int, size: Double, _ purpose: String) -> MeshSequence {
        var random = testRandom(purpose)
        var points: [SIMD3<Double>] = []
        var normals: [SIMD3<Double>] = []
        for _ in 0..<count {
            let center = random.point(-0.7..<0.7)
            for _ in 0..<3 {
                points.append(center + random.point(-size..<size))
                normals.append(random.direction())
            }
        }
        return mesh(points, (0..<UInt32(3 * count)).map { $0 }, normals: normals)
    }

    /// Compares every output at every pixel at which the ray caster is certain.
    private func compare(
        _ mesh: MeshSequence, _ camera: Camera, culling: BackFaceCulling
    ) throws -> (compared: Int, wrong: Int) {
        let frame = try render(mesh, camera, outputs: .all, culling: culling)
        let caster = RayCaster(mesh: mesh, camera: camera)
        let cameraFromWorld = camera.cameraFromWorld
        var compared = 0
        var wrong = 0
        for y in 0..<camera.height {
            for x in 0..<camera.width {
                let (hit, isCertain) = caster.nearest(SIMD2(Double(x) + 0.5, Double(y) + 0.5))
                guard isCertain else { continue }
                compared += 1
                let triangle = Int(frame.triangleID![x, y])
                guard triangle == hit?.triangle ?? -1 else {
                    wrong += 1
                    continue
                }
                guard let hit else {
                    #expect(frame.depth![x, y, 0] == .infinity && frame.partID![x, y] == -1)
                    continue
                }
                let depth = Double(frame.depth![x, y, 0])
                #expect(abs(depth - hit.depth) < 1e-4 * hit.depth)
                let place = caster.interpolate(hit) { SIMD3<Double>(mesh.positions[$0]) }
                let normal = normalize(
                    caster.interpolate(hit) { SIMD3<Double>(mesh.normals[$0]) })
                let turned = cameraFromWorld.transform(direction: hit.isFront ? normal : -normal)
                for c in 0..<3 {
                    let tolerance = 2e-4 * max(1, hit.depth)
                    #expect(abs(Double(frame.position![x, y, c]) - place[c]) < tolerance)
                    #expect(abs(Double(frame.normal![x, y, c]) - turned[c]) < 5e-3)
                }
                #expect(frame.partID![x, y] == 0)
            }
        }
        return (compared, wrong)
    }

    @Test(arguments: [(30, 0.5), (150, 0.15)])
    func agreesWithRayCaster(count: Int, size: Double) throws {
        let camera = Camera.orbiting(
            azimuthDegrees: 33, elevationDegrees: 21, width: 61, height: 47)
        let (compared, wrong) = try compare(
            soup(count, size: size, "soup \(count)"), camera, culling: .never)
        #expect(wrong == 0)
        #expect(compared > 61 * 47 * 8 / 10)
    }

    /// The camera stands in the middle of the soup: most triangles reach behind it.
    @Test func nearPlaneAndTrianglesAroundTheCamera() throws {
        let camera = Camera.orbiting(
            azimuthDegrees: 100, elevationDegrees: -10, distance: 0.2, fieldOfViewXDegrees: 80,
            width: 48, height: 48)
        let (compared, wrong) = try compare(
            soup(60, size: 1.5, "around"), camera, culling: .never)
        #expect(wrong == 0)
        #expect(compared > 48 * 48 * 8 / 10)
    }

    /// A ground plane from behind the camera to far away: the depth at row `y` follows from the
    /// height of the camera alone.
    @Test func groundPlaneReachesTheHorizon() throws {
        let far = 1e4
        let ground = mesh(
            [
                SIMD3(-far, -1, far), SIMD3(far, -1, far), SIMD3(-far, -1, -far),
                SIMD3(far, -1, -far),
            ], [0, 1, 2, 2, 1, 3])
        let camera = Camera.orbiting(azimuthDegrees: 0, distance: 3, width: 64, height: 64)
        let depth = try render(ground, camera, outputs: .depth).depth!
        for y in 0..<64 {
            let slope = (Double(y) + 0.5 - 32) / camera.focalLengthPixels
            for x in 0..<64 {
                let seen = Double(depth[x, y, 0])
                if y < 32 {
                    #expect(seen == .infinity)
                } else {
                    #expect(abs(seen * slope - 1) < 1e-3)
                }
            }
        }
    }

    /// The silhouette of a sphere of radius r at distance d is a circle whose radius in pixels is
    /// f r / sqrt(d² - r²).
    @Test(arguments: SampleCount.allCases)
    func sphereCoversItsDisc(samples: SampleCount) throws {
        let camera = Camera.orbiting(
            azimuthDegrees: 10, elevationDegrees: 20, width: 200, height: 200)
        let image = try render(
            sphere(radius: 0.5, columns: 400, rows: 200), camera, samples: samples
        ).color!
        let radius = camera.focalLengthPixels * 0.5 / (4 - 0.25).squareRoot()
        var coverage = 0.0
        for y in 0..<200 {
            for x in 0..<200 {
                let alpha = Double(image[x, y].w) / 255
                coverage += alpha
                let distance = hypot(Double(x) - 99.5, Double(y) - 99.5)
                if distance < radius - 1 { #expect(alpha == 1) }
                if distance > radius + 1 { #expect(alpha == 0) }
            }
        }
        #expect(abs(coverage / (.pi * radius * radius) - 1) < 2e-3)
    }

    /// Multisampled coverage approximates the covered area of every pixel: exactly so for edges
    /// along rows and columns on the samples' grid.
    @Test func coverageOfAxisAlignedEdges() throws {
        // A pixel is 1/8 wide in the plane of the rectangle.
        let camera = frontCamera(seeing: 2, pixels: 16)
        for (samples, steps) in [(SampleCount.four, 4), (.sixteen, 16)] {
            for step in 0...steps {
                // The right edge ends `step` of `steps` parts into column 8.
                let edge = Double(step) / Double(steps) / 8
                let image = try render(
                    quad(width: 1 + edge, height: 1, center: SIMD3((edge - 1) / 2, 0, 0)), camera,
                    samples: samples
                ).color!
                let expected = (Double(step) / Double(steps) * 255).rounded()
                #expect(Double(image[8, 8].w) == expected)
                #expect(image[7, 8].w == 255 && image[9, 8].w == 0)
            }
        }
    }

    @Test func backFacesAreCulledByMaterialOrDrawnWithTurnedNormals() throws {
        let camera = Camera.orbiting(azimuthDegrees: 180, width: 16, height: 16)
        var wall = quad(width: 1, height: 1)
        #expect(try render(wall, camera).color![8, 8].w == 0)
        let drawn = try render(wall, camera, outputs: [.color, .normal], culling: .never)
        #expect(drawn.color![8, 8].w == 255)
        #expect(drawn.normal![8, 8, 2] > 0.999)
        wall.materials[0].doubleSided = true
        #expect(try render(wall, camera).color![8, 8].w == 255)
    }
}
