import Foundation
import Geometry
import Imaging
import Rendering
import Testing

/// Optical flow and scene flow, videos, and threads.
@Suite struct MotionTests {
    /// A ball that flies and turns rigidly: `worldFromBody[t]` moves its points.
    private func flyingBall() -> (mesh: MeshSequence, worldFromBody: [Matrix4]) {
        let ball = sphere(radius: 0.3, columns: 30, rows: 15)
        let poses = [0.0, 1, 2, 3].map { t -> Matrix4 in
            let place = SIMD3<Double>(0.1 * t - 0.2, 0.05 * t * t, -0.1 * t)
            let turn = Quaternion(axis: SIMD3(1, 2, 3), angle: 0.4 * t)
            return Matrix4.translation(place) * Matrix4.rotation(turn)
        }
        var positions = Vector3Array()
        var normals = Vector3Array()
        for pose in poses {
            for p in ball.positions {
                positions.append(SIMD3<Float>(pose.transform(point: SIMD3<Double>(p))))
            }
            for n in ball.normals {
                normals.append(SIMD3<Float>(pose.transform(direction: SIMD3<Double>(n))))
            }
        }
        let mesh = MeshSequence(
            times: [0, 1, 2, 3], vertexCount: ball.vertexCount, positions: positions,
            normals: normals, triangles: ball.triangles)
        return (mesh, poses)
    }

    @Test func flowLeadsToWhereTheSurfaceIsSeenNext() throws {
        let (mesh, poses) = flyingBall()
        let views = CameraPath.orbit(elevationDegrees: 15).views(
            frameCount: 4, framing: Framing(width: 64, height: 64))
        let settings = RenderSettings(
            width: 64, height: 64, outputs: [.flow, .sceneFlow, .position, .triangleID])
        let frames = try Renderer(mesh: mesh, settings: settings).renderVideo(views)
        for t in 0..<3 {
            let frame = frames[t]
            let moved = poses[t + 1] * poses[t].affineInverse!
            var seen = 0
            for y in 0..<64 {
                for x in 0..<64 where frame.triangleID![x, y] >= 0 {
                    seen += 1
                    let p = SIMD3<Double>(
                        SIMD3(
                            frame.position![x, y, 0], frame.position![x, y, 1],
                            frame.position![x, y, 2]))
                    let q = moved.transform(point: p)
                    let before = views[t].camera.project(p)!.pixel
                    let after = views[t + 1].camera.project(q)!.pixel
                    for c in 0..<3 {
                        #expect(abs(Double(frame.sceneFlow![x, y, c]) - (q - p)[c]) < 1e-5)
                    }
                    for c in 0..<2 {
                        #expect(
                            abs(Double(frame.flow![x, y, c]) - (after - before)[c]) < 2e-3)
                    }
                }
            }
            #expect(seen > 200)
        }
        #expect(frames[3].flow!.values.allSatisfy { $0 == 0 })
        #expect(frames[3].sceneFlow!.values.allSatisfy { $0 == 0 })
    }

    /// With several cameras, flow stays with each camera.
    @Test func flowFollowsTheTrack() throws {
        let (mesh, _) = flyingBall()
        let framing = Framing(width: 32, height: 32)
        let settings = RenderSettings(width: 32, height: 32, outputs: [.flow, .depth])
        let renderer = try Renderer(mesh: mesh, settings: settings)
        let four = renderer.renderVideo(
            CameraPath.fourView().views(frameCount: 4, framing: framing))
        for k in 0..<4 {
            let one = renderer.renderVideo(
                CameraPath.fixed(azimuthDegrees: 90 * Double(k)).views(
                    frameCount: 4, framing: framing))
            for t in 0..<4 { #expect(four[4 * t + k] == one[t]) }
        }
    }

    private func busyMesh() -> MeshSequence {
        var (mesh, _) = flyingBall()
        mesh.materials = [
            Material(baseColor: SIMD4(1, 0.5, 0.2, 1), doubleSided: true),
            Material(baseColor: SIMD4(0.2, 0.5, 1, 0.5), alphaMode: .blend, doubleSided: true),
        ]
        let middle = mesh.triangleCount / 2
        mesh.parts = [
            MeshPart(name: "solid", triangles: 0..<middle, material: 0),
            MeshPart(name: "clear", triangles: middle..<mesh.triangleCount, material: 1),
        ]
        return mesh
    }

    @Test(arguments: SampleCount.allCases)
    func threadsChangeNoByte(samples: SampleCount) throws {
        let mesh = busyMesh()
        let views = CameraPath.orbit(elevationDegrees: 10).views(
            frameCount: 4, framing: Framing(width: 75, height: 61))
        func frames(_ threads: Int) throws -> (video: [RenderedFrame], single: [RenderedFrame]) {
            let renderer = try Renderer(
                mesh: mesh,
                settings: RenderSettings(
                    width: 75, height: 61, samples: samples, outputs: .all, threads: threads))
            return (
                renderer.renderVideo(views),
                views.indices.map {
                    renderer.render(views[$0], next: $0 < 3 ? views[$0 + 1] : nil)
                }
            )
        }
        let one = try frames(1)
        #expect(one.single == one.video)
        for threads in [2, 3, 8] {
            let many = try frames(threads)
            #expect(many.video == one.video)
            #expect(many.single == one.video)
        }
    }

    @Test func viewsAreHandedOverOnceEach() throws {
        let renderer = try Renderer(
            mesh: busyMesh(), settings: RenderSettings(width: 16, height: 16, threads: 3))
        let views = CameraPath.sphere(count: 20).views(
            frameCount: 4, framing: Framing(width: 16, height: 16))
        let counter = FrameCounter(count: views.count)
        renderer.render(views: views) { i, frame in
            counter.note(i, frame.color!)
        }
        let expected = renderer.renderVideo(views).map { $0.color! }
        #expect(counter.images() == expected)
    }

    /// Pictures larger than what is held in memory at once are rendered in bands.
    @Test func largePicturesAreTheSameInBands() throws {
        let mesh = busyMesh()
        let camera = Camera.orbiting(azimuthDegrees: 20, width: 1600, height: 1200)
        let one = try render(mesh, camera, samples: .sixteen, threads: 1)
        let five = try render(mesh, camera, samples: .sixteen, threads: 5)
        #expect(one == five)
        let coverage = (0..<1600 * 1200).count { one.color!.pixels[4 * $0 + 3] > 0 }
        #expect(coverage > 100_000)
    }
}

/// Collects frames from several threads.
private final class FrameCounter: @unchecked Sendable {
    private let lock = NSLock()
    private var slots: [Image?]

    init(count: Int) { slots = [Image?](repeating: nil, count: count) }

    func note(_ i: Int, _ image: Image) {
        lock.withLock {
            #expect(slots[i] == nil)
            slots[i] = image
        }
    }

    func images() -> [Image?] { lock.withLock { slots } }
}
