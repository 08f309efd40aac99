import Assets
import DatasetBuilding
import Foundation
import Geometry
import Imaging
import Rendering
import TestSupport
import Testing

@Suite struct SequenceOutputTests {
    /// A torus that grows to a sphere's side, another number of triangles in every frame; frame 2
    /// is empty.
    private var meshes: [TriangleMesh] {
        (0..<5).map { t in
            t == 2
                ? TriangleMesh()
                : Shapes.torus(
                    radius: 0.3, tube: 0.05 + 0.02 * Float(t), columns: 24 + 4 * t, rows: 12)
        }
    }

    private func image(_ folder: TemporaryFolder, _ name: String) throws -> Image {
        try Image(decoding: [UInt8](Data(contentsOf: folder.url.appending(path: name))))
    }

    @Test func filesAreThereAndAgree() throws {
        let folder = TemporaryFolder()
        let meshes = meshes
        let report = try SequenceOutput(framesPerSecond: 12, pictureSize: 64)
            .write(meshes, to: folder.path)
        #expect(report.emptyFrames == [2])
        #expect(report.remarks == ["No surface in frame 2."])
        #expect(report.triangles == meshes.map(\.triangleCount))
        let found = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.contains(".") }.sorted()
        #expect(found == report.files.sorted())
        #expect(found.count == 5 + 1 + 5 + 5 + 1 + 1)
        // PLY and GLB, through readers that share no code with the writers.
        let asset = try AssetLoader().load(path: "\(folder.path)/sequence.glb")
        let read = try asset.mesh(clip: 0, times: (0..<5).map { Double($0) / 12 })
        for (t, mesh) in meshes.enumerated() {
            let box = read.bounds(ofFrame: t)
            if t == 2 {
                #expect(box.size == .zero)
                continue
            }
            // Vertices out of their time are at the origin, which lies within the torus's box.
            #expect(box == mesh.bounds)
            let ply = try AssetLoader(upAxis: .y)
                .load(path: "\(folder.path)/meshes/frame-00\(t).ply").mesh(clip: nil, times: [0])
            #expect(ply.triangleCount == mesh.triangleCount)
            #expect(ply.bounds == mesh.bounds)
        }
    }

    @Test func picturesShowWhatCamerasTell() throws {
        let folder = TemporaryFolder()
        // A small ball on the asset's left is on the right of the front view.
        let ball = Shapes.sphere(radius: 0.05, center: SIMD3(0.3, 0, 0), rows: 12)
        try SequenceOutput(
            framesPerSecond: 8, pictureSize: 96, place: MeshSheet.Place(elevationDegrees: 20)
        ).write([ball, ball, ball, TriangleMesh()], to: folder.path)
        let cameras = try TransformsFile(
            decoding: Data(contentsOf: folder.url.appending(path: "orbit.transforms.json")))
        #expect(cameras.frames.map(\.time) == [0, 0.125, 0.25, 0.375])
        #expect(cameras.frames.map(\.meshFrame) == [0, 1, 2, 3])
        #expect(cameras.frames[2].filePath == "orbit/002.png")
        for (t, frame) in cameras.frames.enumerated() {
            let picture = try image(folder, frame.filePath)
            guard let seen = centre(picture) else {
                #expect(t == 3)
                continue
            }
            let camera = try #require(cameras.camera(t))
            let expected = try #require(camera.project(SIMD3(0.3, 0, 0))).pixel
            #expect(abs(seen.x - expected.x) < 1 && abs(seen.y - expected.y) < 1)
        }
        let front = try #require(centre(image(folder, "front/001.png")))
        #expect(front.x > 60 && abs(front.y - 48) < 0.5)
        #expect(centre(try image(folder, "front/003.png")) == nil)
    }

    /// The centre of alpha in pixels; nil where there is none.
    private func centre(_ image: Image) -> SIMD2<Double>? {
        var (sum, area) = (SIMD2<Double>.zero, 0.0)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let alpha = Double(image[x, y].w)
                area += alpha
                sum += alpha * (SIMD2(Double(x), Double(y)) + 0.5)
            }
        }
        return area > 0 ? sum / area : nil
    }

    @Test func frontMayBeLeftOut() throws {
        let folder = TemporaryFolder()
        let report = try SequenceOutput(framesPerSecond: 8, pictureSize: 32, writesFront: false)
            .write([TriangleMesh(), TriangleMesh()], to: folder.path)
        #expect(!report.files.contains { $0.hasPrefix("front") })
        #expect(report.files.contains("orbit/001.png"))
        #expect(report.remarks == ["No frame has a surface."])
    }

    @Test func sheetsHaveARowALabel() throws {
        let truth = meshes
        let sheet = try MeshSheet.picture(
            title: "compared", rows: [("ground truth", truth), ("reconstruction", truth)],
            cellSize: 64)
        let one = try MeshSheet.picture(
            title: "compared", rows: [("ground truth", truth)], cellSize: 64)
        #expect(sheet.width == 5 * 66 - 2 + 16 && sheet.width == one.width)
        #expect(sheet.height > one.height + 64)
        // The middle of the first cell is the torus's hole, seen from the front its rim.
        let normals = try MeshSheet.picture(
            rows: [("n", [Shapes.sphere(radius: 0.4)])], shading: .normals, cellSize: 101)
        // Its title is empty: the cell ends 16 pixels above the lower border.
        let middle = normals[8 + 50, normals.height - 16 - 51]
        // A sphere's nearest point faces the camera: (0, 0, 1) as codes.
        #expect(abs(Int(middle.x) - 128) < 4 && abs(Int(middle.y) - 128) < 4 && middle.z >= 253)
        let right = normals[8 + 50 + 30, normals.height - 16 - 51]
        #expect(right.x > 180)
        let none = try MeshSheet.picture(rows: [])
        #expect(none.width > 0)
    }
}
