import Assets
import Curation
import DatasetBuilding
import Foundation
import Imaging
import Rendering
import ShardStore
import TestSupport

/// A parser of this package with the files that it is fed.
struct ParserTarget {
    let name: String
    /// Sound files with their syntax.
    let seeds: [(bytes: [UInt8], syntax: Mutator.Syntax)]
    /// Parses a file: `read`, or `refused` with the kind of error.
    let parse: ([UInt8]) -> String

    private init(
        _ name: String, _ files: [[UInt8]], _ parse: @escaping ([UInt8]) throws -> Void
    ) {
        self.name = name
        seeds = files.map { ($0, Mutator.Syntax(ofFile: name, bytes: $0)) }
        self.parse = { bytes in
            do {
                try parse(bytes)
                return "read"
            } catch {
                return "refused"
            }
        }
    }

    /// A file of a store, and what a store with a damaged one comes to.
    init(store name: String, _ file: [UInt8], _ examine: @escaping ([UInt8]) throws -> String) {
        self.name = name
        seeds = [(file, .binary)]
        parse = { (try? examine($0)) ?? "could not be set up" }
    }

    /// How many of the sound files are read; the others are refused on purpose (animations), or
    /// the parser is tried with files that it cannot know.
    var soundCount: Int { seeds.count { !parse($0.bytes).hasPrefix("refused") } }

    /// The mutant of an index.
    func mutant(seed: UInt64, index: Int) -> [UInt8] {
        var mutator = Mutator(seed: seed, name: "\(name)-\(index)")
        let (bytes, syntax) = mutator.pick(seeds)
        return mutator.mutant(of: bytes, donors: seeds.map(\.bytes), syntax: syntax)
    }

    /// All parsers.
    static func all(_ seeds: SeedFiles) -> [ParserTarget] {
        pictures + assets(seeds) + recipes(seeds) + stores(seeds)
    }

    private static var pictures: [ParserTarget] {
        PictureFixtures.byFormat.map { name, files in
            ParserTarget("picture-\(name)", files) { bytes in
                let image = try Image(decoding: bytes, maximumPixelCount: 1 << 22)
                precondition(image.pixels.count == image.width * image.height * 4)
            }
        }
    }

    private static func assets(_ seeds: SeedFiles) -> [ParserTarget] {
        func files(_ suffix: String) -> [[UInt8]] {
            seeds.assets.flatMap { asset in
                asset.files.filter { ($0.key as NSString).pathExtension == suffix }
                    .sorted { $0.key < $1.key }.map(\.value)
            }.filter { $0.count < 1 << 18 }
        }
        let arrays = files("npy")
        return [
            ParserTarget("npy", arrays) {
                _ = try NPYReader.array(reading: $0, path: "mutant.npy")
            },
            ParserTarget("obj", files("obj")) {
                _ = try OBJParser.document(reading: $0, path: "mutant.obj")
            },
            ParserTarget("anime", files("anime")) {
                _ = try AnimeLoader.asset(
                    reading: $0, path: "mutant.anime", framesPerSecond: 24, upAxis: .z,
                    limits: AssetLimits())
            },
            sampled("gltf-text", suffix: "gltf", files("gltf")),
            sampled("gltf-binary", suffix: "glb", files("glb")),
        ]
    }

    /// glTF files, loaded and sampled.
    private static func sampled(_ name: String, suffix: String, _ files: [[UInt8]]) -> ParserTarget
    {
        ParserTarget(name, files) { bytes in
            try TemporaryFolder.using { folder in
                let file = folder.appending(path: "mutant.\(suffix)")
                try Data(bytes).write(to: file)
                let asset = try GLTFLoader.load(path: file.path, limits: AssetLimits())
                for clip in [nil] + asset.clips.indices.prefix(4).map(Optional.init) {
                    let mesh = try asset.mesh(clip: clip, times: [0, 0.4, .infinity])
                    precondition(mesh.triangles.allSatisfy { Int($0) < mesh.vertexCount })
                }
            }
        }
    }

    private static func recipes(_ seeds: SeedFiles) -> [ParserTarget] {
        func texts(_ folder: String) -> [[UInt8]] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().filter { $0.hasSuffix(".yaml") }.compactMap {
                (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))).map { [UInt8]($0) }
            }
        }
        func table(_ suffix: String, _ text: String) -> ParserTarget {
            ParserTarget("table-\(suffix)", [Array(text.utf8)]) { bytes in
                try TemporaryFolder.using { folder in
                    let file = folder.appending(path: "mutant.\(suffix)").path
                    try Data(bytes).write(to: URL(fileURLWithPath: file))
                    var tables = CorpusTables()
                    if suffix == "json" {
                        try tables.addAnnotations(path: file)
                    } else {
                        try tables.addTable(path: file, identityColumn: "id")
                    }
                    _ = tables.columns(identity: "a/b", sha256: nil)
                }
            }
        }
        return [
            ParserTarget("manifest", texts("Manifests")) {
                guard let text = String(validating: $0, as: UTF8.self) else {
                    throw FuzzError("no text")
                }
                _ = try Manifest(file: "mutant.yaml", text: text)
            },
            ParserTarget("filter", texts("Filters")) {
                guard let text = String(validating: $0, as: UTF8.self) else {
                    throw FuzzError("no text")
                }
                _ = try RuleSet(yaml: text, file: "mutant.yaml")
            },
            table(
                "csv", "id,score,name\na/b,5.5,\"x, \"\"y\"\"\"\nc,,z\n\"d\ne\",1e3,é\n"),
            table("tsv", "id\tscore\na/b\t1\nc\t2\n"),
            table(
                "jsonl",
                "{\"id\": \"a/b\", \"tags\": [{\"name\": \"x\"}], \"n\": 1.5, \"u\": {\"v\": null}}\n"
                    + "{\"id\": \"c\", \"n\": true}\n"),
            table(
                "json",
                "{\"a/b\": {\"license\": \"by\", \"tags\": [\"x\"], \"n\": [1, 2]}, \"c\": {}}"),
            ParserTarget("transforms", [transforms]) {
                let file = try TransformsFile(decoding: Data($0))
                for i in file.frames.indices { _ = file.camera(i) }
            },
        ]
    }

    private static let transforms = Array(
        """
        {"camera_angle_x": 0.69, "camera_angle_y": 0.69, "cx": 32, "cy": 32, "fl_x": 90.5,
        "fl_y": 90.5, "h": 64, "w": 64, "world": "blender", "frames": [
        {"azimuth": 0, "elevation": 10, "file_path": "a.png", "mesh_frame": 0, "time": 0.0,
        "transform_matrix": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 2], [0, 0, 0, 1]]},
        {"file_path": "b.png", "mesh_frame": 1, "time": 0.5,
        "transform_matrix": [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 2], [0, 0, 0, 1]]}]}
        """.utf8)
}
