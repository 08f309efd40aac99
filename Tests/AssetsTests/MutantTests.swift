import Assets
import DemoCorpus
import Foundation
import TestSupport
import Testing

/// The mutants of the long run (`make fuzz`), a few hundred of each kind that this package reads
/// itself: a file is read or refused, and what is read can be sampled. A trap ends the test run.
@Suite struct MutantTests {
    /// Parses mutants, and counts how many are read.
    private static func read(
        _ name: String, of files: [[UInt8]], count: Int, _ parse: ([UInt8]) throws -> Void
    ) -> Int {
        var read = 0
        for index in 0..<count {
            var mutator = Mutator(seed: 2, name: "\(name)-\(index)")
            let file = mutator.pick(files)
            let mutant = mutator.mutant(
                of: file, donors: files, syntax: Mutator.Syntax(ofFile: name, bytes: file))
            if (try? parse(mutant)) != nil { read += 1 }
        }
        return read
    }

    private static func sample(_ asset: AnimatedAsset) throws {
        for clip in [nil] + asset.clips.indices.map(Optional.init) {
            let mesh = try asset.mesh(clip: clip, times: [0, 0.5, .infinity])
            #expect(mesh.triangles.allSatisfy { Int($0) < mesh.vertexCount })
            #expect(mesh.parts.allSatisfy { $0.material < mesh.materials.count })
        }
    }

    @Test(arguments: ["glb", "gltf"])
    func gltf(suffix: String) throws {
        let documents = [
            TinyAssets.turningBox(), TinyAssets.bendingStrip(), TinyAssets.swellingBall(),
        ]
        let files = try documents.map { document in
            suffix == "glb"
                ? [UInt8](try document.glb())
                : [UInt8](
                    try document.gltf(baseName: "a", embedding: .dataURIs)["a.gltf"] ?? Data())
        }
        let folder = TemporaryFolder()
        let read = Self.read("gltf", of: files, count: 400) { mutant in
            let path = try folder.write("mutant.\(suffix)", mutant)
            try Self.sample(GLTFLoader.load(path: path, limits: AssetLimits()))
        }
        #expect(read > 10 && read < 390, "\(read) of 400 are read")
    }

    @Test func anime() {
        let read = Self.read("anime", of: [[UInt8](TinyAssets.anime())], count: 400) {
            try Self.sample(
                AnimeLoader.asset(reading: $0, path: "a.anime", framesPerSecond: 24, upAxis: .z))
        }
        #expect(read > 10 && read < 390, "\(read) of 400 are read")
    }

    @Test func obj() {
        let files = [
            "mtllib a.mtl\no a\nv 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0 0 1\nv 1 1e-3 0.5 1 1 1\n"
                + "vt 0 0\nvt 1 0\nvt 0.5 1\nvn 0 0 1\nusemtl red\nf 1/1/1 2/2/1 3/3/1\ns 1\n"
                + "f 1//1 3//1 4//1\nf -1 -2 \\\n-3\nf 1 2 3 4\n",
            "# polygon\nv 0 0 0\nv 2 0 0\nv 2 2 0\nv 1 0.5 0\nv 0 2 0\nf 1 2 3 4 5\n",
        ]
        let read = Self.read("obj", of: files.map { Array($0.utf8) }, count: 600) {
            let document = try OBJParser.document(reading: $0, path: "a.obj")
            let surface = OBJSurface(document, splitsByNormal: true)
            #expect(surface.triangles.allSatisfy { Int($0) < surface.vertexCount })
        }
        #expect(read > 100 && read < 590, "\(read) of 600 are read")
    }

    @Test func npy() {
        func file(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
            [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(header.utf8.count), 0]
                + (version > 1 ? [0, 0] : []) + Array(header.utf8) + data
        }
        let numbers = [UInt8](0..<96)
        let files = [
            file("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 6), }\n", numbers),
            file("{'descr': '>i8', 'fortran_order': True, 'shape': (3, 2, 2), }\n", numbers),
            file("{'descr': '|u1', 'fortran_order': False, 'shape': (), }\n", [7], version: 2),
        ]
        let read = Self.read("npy", of: files, count: 600) {
            let array = try NPYReader.array(reading: $0, path: "a.npy")
            #expect(array.elements.count == array.shape.reduce(1, *))
        }
        #expect(read > 50 && read < 590, "\(read) of 600 are read")
    }
}

/// What the mutator promises.
@Suite struct MutatorTests {
    private static let files: [[UInt8]] = [
        [], [7], Array("a: 1\nb: [2, 3.5]\n".utf8), [UInt8](0...255), PictureFixtures.pngRGBA,
        PictureFixtures.webpLossy, Array("glTF".utf8),
    ]

    private static func mutant(_ seed: UInt64, _ name: String, of file: [UInt8]) -> [UInt8] {
        var mutator = Mutator(seed: seed, name: name)
        return mutator.mutant(
            of: file, donors: files, syntax: Mutator.Syntax(ofFile: name, bytes: file))
    }

    @Test func theSameSeedMakesTheSameBytes() throws {
        let glb = [UInt8](try TinyAssets.turningBox().glb())
        for file in Self.files + [glb] {
            for seed in 0..<50 as Range<UInt64> {
                let mutant = Self.mutant(seed, "a", of: file)
                #expect(mutant == Self.mutant(seed, "a", of: file))
                #expect(mutant.count <= 2 * file.count + 1 << 16)
            }
        }
    }

    @Test func seedsNamesAndFilesMakeDifferentMutants() throws {
        let glb = [UInt8](try TinyAssets.turningBox().glb())
        for file in [PictureFixtures.pngRGBA, glb, Array("v 1 2 3\nf 1 2 3\n".utf8)] {
            let bySeed = Set((0..<100).map { Self.mutant($0, "a", of: file) })
            let byName = Set((0..<100).map { Self.mutant(1, "\($0)", of: file) })
            #expect(bySeed.count > 60 && byName.count > 60)
            // Few edits leave a file as it was.
            #expect((0..<100).count { Self.mutant($0, "a", of: file) == file } < 20)
        }
    }

    /// Containers are packed so that readers look inside.
    @Test func containersStayWhole() throws {
        let glb = [UInt8](try TinyAssets.turningBox().glb())
        var whole = 0
        for seed in 0..<200 as Range<UInt64> {
            let mutant = Self.mutant(seed, "a", of: glb)
            guard mutant.count >= 20, mutant.starts(with: Array("glTF".utf8)) else { continue }
            let length = (0..<4).reduce(0) { $0 | Int(mutant[8 + $1]) << (8 * $1) }
            if length == mutant.count { whole += 1 }
        }
        #expect(whole > 120, "\(whole) of 200 have the length that they state")
    }
}
