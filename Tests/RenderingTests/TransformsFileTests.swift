import Foundation
import Geometry
import Rendering
import Testing

@Suite struct TransformsFileTests {
    private let times = [0.0, 0.25, 0.5]

    private func file(_ world: TransformsFile.World) -> TransformsFile {
        TransformsFile(
            views: CameraPath.orbit(startAzimuthDegrees: 20, elevationDegrees: 10).views(
                frameCount: 3, framing: Framing(width: 320, height: 200)),
            times: times, world: world
        ) { "color_\($0).png" }
    }

    @Test(arguments: [TransformsFile.World.muybridge, .blender])
    func readsWhatItWrote(world: TransformsFile.World) throws {
        let written = file(world)
        let read = try TransformsFile(decoding: written.encoded())
        #expect(read == written)
        let views = CameraPath.orbit(startAzimuthDegrees: 20, elevationDegrees: 10).views(
            frameCount: 3, framing: Framing(width: 320, height: 200))
        for (i, view) in views.enumerated() {
            let camera = try #require(read.camera(i))
            let difference = zip(
                camera.worldFromCamera.rowMajor, view.camera.worldFromCamera.rowMajor
            ).map { abs($0 - $1) }.max()!
            #expect(difference < 1e-12)
            #expect(camera.fieldOfViewXRadians == view.camera.fieldOfViewXRadians)
            #expect(read.frames[i].time == times[i] && read.frames[i].meshFrame == i)
        }
    }

    @Test func equalContentsGiveEqualBytes() throws {
        #expect(try file(.blender).encoded() == file(.blender).encoded())
    }

    @Test func holdsTheKeysThatNerfToolsRead() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: file(.blender).encoded()) as? [String: Any])
        let angle = try #require(object["camera_angle_x"] as? Double)
        let focal = try #require(object["fl_x"] as? Double)
        #expect(abs(focal - 160 / tan(angle / 2)) < 1e-9)
        #expect(object["w"] as? Int == 320 && object["h"] as? Int == 200)
        #expect(object["cx"] as? Double == 160 && object["cy"] as? Double == 100)
        let frames = try #require(object["frames"] as? [[String: Any]])
        #expect(frames[1]["file_path"] as? String == "color_1.png")
        let matrix = try #require(frames[1]["transform_matrix"] as? [[Double]])
        #expect(matrix.count == 4 && matrix[3] == [0, 0, 0, 1])
    }

    /// Blender 5.0.1's `matrix_world` of cameras two units from the origin at elevation 0.
    @Test(arguments: [
        (0.0, [1, 0, 0, 0, 0, 0, -1, -2, 0, 1, 0, 0]),
        (
            300.0,
            [
                0.4999999701976776, 0, -0.866025447845459, -1.7320507764816284,
                -0.866025447845459, 0, -0.4999999701976776, -1, 0, 1, 0, 0,
            ]
        ),
        (
            210.0,
            [
                -0.8660253882408142, 0, -0.5000000596046448, -1, -0.5000000596046448, 0,
                0.8660253882408142, 1.7320507764816284, 0, 1, 0, 0,
            ]
        ),
    ])
    func blenderWorldIsBlenders(azimuth: Double, rows: [Double]) {
        let camera = Camera.orbiting(azimuthDegrees: azimuth, width: 256, height: 256)
        let file = TransformsFile(
            views: [View(frame: 0, camera: camera)], times: [0], world: .blender
        ) { _ in "x.png" }
        let written = file.frames[0].transformMatrix.flatMap { $0 }
        for (a, b) in zip(written, rows) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func malformedJSON() {
        #expect(throws: DecodingError.self) {
            try TransformsFile(decoding: Data("{\"w\": 3}".utf8))
        }
    }
}
