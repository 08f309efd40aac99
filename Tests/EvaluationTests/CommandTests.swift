import Evaluation
import Foundation
import Geometry
import Imaging
import ShardStore
import TestSupport
import Testing

/// The whole command on files.
@Suite struct CommandTests {
    private let folder = TemporaryFolder()

    private struct Ending {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs `muybridge-learning evaluate`.
    private func evaluate(_ arguments: [String]) throws -> Ending {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appending(path: "muybridge-learning")
        process.arguments = ["evaluate"] + arguments
        process.currentDirectoryURL = folder.url
        // Files, since a full pipe would stop it.
        let files = ["out.txt", "err.txt"].map { folder.url.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        // What hangs fails its test, by the signal, instead of holding up all others.
        let identifier = process.processIdentifier
        let watch = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 180, execute: watch)
        process.waitUntilExit()
        watch.cancel()
        let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        return Ending(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    private func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.url.appending(path: name))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func rows(_ name: String) throws -> [[Substring]] {
        let text = try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
        return text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }

    private func writePLY(_ mesh: TriangleMesh, to name: String) throws {
        var text = """
            ply
            format ascii 1.0
            element vertex \(mesh.vertexCount)
            property float x
            property float y
            property float z
            element face \(mesh.triangleCount)
            property list uchar int vertex_indices
            end_header

            """
        for p in mesh.positions { text += "\(p.x) \(p.y) \(p.z)\n" }
        for f in 0..<mesh.triangleCount {
            let c = mesh.corners(f)
            text += "3 \(c.x) \(c.y) \(c.z)\n"
        }
        try folder.write(name, text)
    }

    /// Spheres that grow, as `prediction/KEY/meshes/frame-NNN.ply`: radius r and a factor of it.
    private func writeSpheres(_ name: String, factor: Float, frames: Int = 3) throws {
        for t in 0..<frames {
            try writePLY(
                Shapes.sphere(radius: (0.3 + 0.05 * Float(t)) * factor, rows: 24),
                to: "\(name)/frame-\(t).ply")
        }
    }

    /// A store of the same spheres: as meshes, and as clouds with grids.
    private func writeStore() throws {
        let writer = try StoreWriter(
            at: folder.store,
            run: RunRecord(toolVersion: "test", commandLine: "test", manifest: "seed: 1\n"))
        var meshes: [Field] = [], points: [Float] = [], cells: [Float] = []
        for t in 0..<3 {
            let mesh = Shapes.sphere(radius: 0.3 + 0.05 * Float(t), rows: 24)
            let name = "watertight.00\(t)"
            meshes.append(
                try Field(
                    "\(name).positions.npy", mesh.positions.scalars, shape: [mesh.vertexCount, 3]))
            meshes.append(
                try Field(
                    "\(name).triangles.npy", mesh.triangles, shape: [mesh.triangleCount, 3]))
            for p in EvaluatedFrame(.mesh(mesh)).cloud(4000, seed: 1, purpose: "cloud \(t)") {
                points += [p.x, p.y, p.z, 0, 1, 0]
            }
            for i in 0..<32 * 32 * 32 {
                let place = SIMD3(Float(i % 32), Float(i / 32 % 32), Float(i / 1024)) + 0.5
                cells.append(length(place * (1.05 / 32) - 0.525) - (0.3 + 0.05 * Float(t)))
            }
        }
        let clouds = [
            try Field("cloud.npy", points, shape: [3, 4000, 6]),
            try Field("grid.npy", cells, shape: [3, 32, 32, 32]),
        ]
        var pictures: [Field] = []
        for t in 0..<3 {
            pictures.append(try Field("orbit.00\(t).png", bytes: picture(40 * t).pngEncoded()))
        }
        for (key, fields) in [("meshes", meshes), ("clouds", clouds), ("pictures", pictures)] {
            try writer.append(
                AssetOutcome(
                    asset: AssetRecord(id: key, split: .test, path: key),
                    samples: [Sample(key: key, fields: fields)]))
        }
        try writer.finish()
    }

    private func picture(_ code: Int) -> Image {
        var image = Image(width: 16, height: 12)
        for i in 0..<16 * 12 {
            image.pixels.replaceSubrange(
                4 * i..<4 * i + 4, with: [UInt8(code), UInt8(code), UInt8(code), 255])
        }
        return image
    }

    /// Spheres of 0.8 of the true radius r: Chamfer 2 · 2 · 0.2 r, IoU 0.8³.
    @Test func geometryAgainstAStore() throws {
        try writeStore()
        for name in ["meshes", "clouds"] {
            try writeSpheres("prediction/\(name)/meshes", factor: 0.8)
        }
        let ending = try evaluate(
            [
                "geometry", "--predicted", "prediction", "--store", "store", "--register", "none",
                "--points", "20000", "--out", "results/shapes.json",
            ])
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.output.contains("meshes") && ending.output.contains("IoU"))
        let sequences = try #require(
            try json("results/shapes.json")["sequences"] as? [[String: Any]])
        #expect(sequences.count == 2)
        for sequence in sequences {
            let frames = try #require(sequence["frames"] as? [[String: Any]])
            #expect(frames.count == 3)
            for (t, frame) in frames.enumerated() {
                let points = try #require(frame["points"] as? [String: Double])
                let radius = 0.3 + 0.05 * Double(t)
                #expect(isClose(points["chamfer"] ?? 0, 0.8 * radius, relative: 0.02))
                let occupancy = try #require(frame["occupancy"] as? Double)
                #expect(isClose(occupancy, 0.512, within: 0.02))
            }
        }
        let table = try rows("results/shapes.csv")
        #expect(table.count == 7 && table.allSatisfy { $0.count == 9 })
        #expect(table[0][0] == "sequence" && table[1][0] == "clouds" && table[4][1] == "0")
    }

    /// Registered, a sphere of the wrong size in frame 0 is enlarged to fit, and later ones as it.
    @Test func registrationIsReported() throws {
        try writeSpheres("prediction", factor: 0.8)
        try writeSpheres("truth", factor: 1)
        let ending = try evaluate(
            [
                "geometry", "--predicted", "prediction", "--truth", "truth", "--points", "20000",
                "--resolution", "64", "--out", "r",
            ])
        #expect(ending.status == 0, "\(ending.errors)")
        let sequence = try #require((try json("r.json")["sequences"] as? [[String: Any]])?.first)
        let placed = try #require(sequence["registration"] as? [String: Any])
        #expect(isClose(try #require(placed["scale"] as? Double), 1.25, within: 0.005))
        #expect((placed["translations"] as? [[Double]])?.count == 3)
        let mean = try #require(sequence["mean"] as? [String: Any])
        #expect(try #require(mean["occupancy"] as? Double) > 0.97)
    }

    @Test func setsOfFolders() throws {
        for (name, factor) in [("a", 1), ("b", 0.5), ("c", 0.2)] as [(String, Float)] {
            try writeSpheres("generated/\(name)", factor: factor, frames: 5)
            try writeSpheres("reference/\(name)", factor: factor * 1.01, frames: 5)
        }
        let ending = try evaluate(
            [
                "sets", "--generated", "generated", "--reference", "reference", "--frames", "4",
                "--points", "500", "--normalise", "none", "--out", "sets",
            ])
        #expect(ending.status == 0, "\(ending.errors)")
        let result = try json("sets.json")
        let scores = try #require(result["sequences"] as? [String: Double])
        // Each generated one has its own reference, nearer than anything else.
        #expect(scores["coverage"] == 1 && scores["nearestNeighborAccuracy"] == 0)
        #expect(result["coverageVariance"] as? Double == 0)
        #expect(try rows("sets.csv").count == 5)
    }

    @Test func videosAgainstAStore() throws {
        try writeStore()
        for t in 0..<3 {
            try folder.write(
                "prediction/pictures/orbit/00\(t).png", picture(40 * t + 51).pngEncoded())
        }
        let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference").path
        try folder.write("text.npy", Self.numpy([1, 1, 1]))
        let ending = try evaluate(
            [
                "videos", "--predicted", "prediction", "--truth", "store", "--clip",
                "\(models)/features.pt", "--text", "text.npy", "--lpips", "\(models)/distance.pt",
                "--dreamsim", "\(models)/distance.pt", "--device", "cpu", "--out", "v",
            ])
        #expect(ending.status == 0, "\(ending.errors)")
        let mean = try #require(try json("v.json")["mean"] as? [String: Double])
        #expect(isClose(mean["PSNR"] ?? 0, -20 * log10(0.2), within: 1e-4))
        // Greys point one way, and so does the text; between -1 and 1 a fifth of the codes is 0.4.
        #expect(isClose(mean["CLIP text"] ?? 0, 1, within: 1e-6))
        #expect(isClose(mean["LPIPS"] ?? 0, 0.4, within: 1e-5))
        #expect(isClose(mean["DreamSim"] ?? 0, 0.2, within: 1e-5))
        #expect(try rows("v.csv").map(\.count).allSatisfy { $0 == 8 })
        let single = try evaluate(
            [
                "videos", "--predicted", "prediction", "--truth", "store", "--fvd",
                "\(models)/video-features.pt", "--device", "cpu",
            ])
        #expect(single.status != 0 && single.errors.contains("at least two videos"))
    }

    /// A `.npy` file of doubles, `[1, n]`.
    private static func numpy(_ values: [Double]) -> [UInt8] {
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, \(values.count)), }"
        header += String(repeating: " ", count: 117 - header.count) + "\n"
        let bytes = values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + bytes
    }

    /// Errors name what is wrong and what to do; nothing traps.
    @Test func wrongInputsAreNamed() throws {
        try writeSpheres("three", factor: 1)
        try writeSpheres("two", factor: 1, frames: 2)
        try writeStore()
        try folder.write("broken/frame-0.ply", "ply\nformat ascii 1.0\nelement vertex 3\n")
        try folder.write("flat.npy", Self.numpy([1, 2]))
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
        try folder.write("uneven/0.png", picture(3).pngEncoded())
        try folder.write("uneven/1.png", Image(width: 20, height: 20).pngEncoded())
        try folder.write("note/0.png", "no picture")
        let cases: [([String], String)] = [
            (["geometry", "--predicted", "two", "--truth", "three"], "2 frames"),
            (["geometry", "--predicted", "none", "--truth", "three"], "none: there is no such"),
            (["geometry", "--predicted", "empty", "--truth", "three"], "holds neither frames"),
            (["geometry", "--predicted", "broken", "--truth", "three"], "frame-0.ply"),
            (["geometry", "--predicted", "flat.npy", "--truth", "three"], "[T, n, 3]"),
            (["geometry", "--predicted", "three", "--truth", "store"], "no sample three"),
            (["geometry", "--predicted", "three"], "--truth and --store"),
            (
                ["geometry", "--predicted", "three", "--truth", "store", "--key", "pictures"],
                "holds no shapes"
            ),
            (["videos", "--predicted", "uneven", "--truth", "uneven"], "uneven/1.png"),
            (["videos", "--predicted", "note", "--truth", "note"], "note/0.png"),
            (["videos", "--predicted", "three", "--truth", "three"], "neither pictures"),
            (["sets", "--generated", "empty", "--reference", "three"], "holds neither frames"),
        ]
        for (arguments, words) in cases {
            let ending = try evaluate(arguments)
            #expect(ending.status != 0 && ending.status < 128, "\(arguments)")
            #expect(ending.errors.contains(words), "\(arguments): \(ending.errors)")
        }
    }
}
