import DemoCorpus
import Foundation
import Geometry
import MeshFiles
import Testing

/// What a document holds comes back from the files that are written of it.
@Suite struct GLTFWriterTests {
    private func triangle(_ change: (inout GLTFDocument) -> Void = { _ in }) -> GLTFDocument {
        var document = GLTFDocument()
        let positions = Vector3Array([
            SIMD3(0, 0, 0), SIMD3(1e-7, 0.1, 0), SIMD3(0, 1 / 3, -123456.79),
        ])
        let mesh = document.add(
            GLTFDocument.Mesh(
                primitives: [GLTFDocument.Primitive(positions: positions, triangles: [0, 1, 2])]))
        document.add(GLTFDocument.Node(mesh: mesh))
        change(&document)
        return document
    }

    @Test func numbersSurviveTheirWayThroughJSON() throws {
        let file = try GLTFFile(glb: triangle().glb())
        let accessor = try file.accessor(0)
        #expect(try #require(accessor.minimum).map { Float($0) } == [0, 0, -123456.79])
        #expect(try #require(accessor.maximum).map { Float($0) } == [1e-7, 1 / 3, 0])
        #expect(accessor.stored.map { Float($0) } == [0, 0, 0, 1e-7, 0.1, 0, 0, 1 / 3, -123456.79])
    }

    @Test func namesAreEscaped() throws {
        let name = "quote \" backslash \\ line\nbell \u{7} umlaut ä emoji 🐎"
        let file = try GLTFFile(glb: triangle { $0.nodes[0].name = name }.glb())
        #expect(file.list("nodes")[0]["name"] as? String == name)
    }

    @Test func indicesTakeTheSmallestTypeThatHoldsThem() throws {
        for (count, type) in [(255, 5121), (256, 5123), (65535, 5123), (65536, 5125)] {
            let document = triangle {
                $0.meshes[0].primitives[0].positions = Vector3Array(count: count)
                $0.meshes[0].primitives[0].triangles = [0, 1, UInt32(count - 1)]
            }
            let file = try GLTFFile(glb: document.glb())
            let primitive = try #require(
                (file.list("meshes")[0]["primitives"] as? [[String: Any]])?.first)
            let accessor = try file.accessor(try #require(primitive["indices"] as? Int))
            #expect(accessor.componentType == type)
            #expect(accessor.stored == [0, 1, Double(count - 1)])
        }
    }

    @Test func sparseTargetsEqualDenseOnes() throws {
        var random = KeyedRandom(seed: 1, asset: "writer", purpose: "sparse")
        let shifts = Vector3Array(
            (0..<200).map { i in
                i % 7 == 3 ? SIMD3(Float(random.uniform(-1..<1)), 0, Float(i)) : .zero
            })
        func stored(isSparse: Bool) throws -> [Double] {
            let document = triangle {
                $0.meshes[0].primitives[0].positions = Vector3Array(count: 200)
                $0.meshes[0].primitives[0].targets = [
                    GLTFDocument.MorphTarget(positions: shifts, isSparse: isSparse)
                ]
            }
            let file = try GLTFFile(glb: document.glb())
            let primitive = try #require(
                (file.list("meshes")[0]["primitives"] as? [[String: Any]])?.first)
            let target = try #require((primitive["targets"] as? [[String: Int]])?.first)
            return try file.accessor(try #require(target["POSITION"])).stored
        }
        let dense = try stored(isSparse: false)
        #expect(dense == shifts.scalars.map { Double($0) })
        #expect(try stored(isSparse: true) == dense)
        // A target that moves nothing is still a valid sparse accessor.
    }

    @Test func sparseTargetThatMovesNothing() throws {
        let document = triangle {
            $0.meshes[0].primitives[0].targets = [
                GLTFDocument.MorphTarget(positions: Vector3Array(count: 3), isSparse: true)
            ]
        }
        let file = try GLTFFile(glb: document.glb())
        let sparse = try #require(file.list("accessors").firstIndex { $0["sparse"] != nil })
        #expect(try file.accessor(sparse).stored == [Double](repeating: 0, count: 9))
    }

    @Test(arguments: [GLTFDocument.Component.unsignedByte, .unsignedShort])
    func roundedWeightsSumToOneAndStayClose(component: GLTFDocument.Component) throws {
        var random = KeyedRandom(seed: 2, asset: "writer", purpose: "weights")
        let count = 500
        var weights: [Float] = []
        for _ in 0..<count {
            let row = (0..<6).map { _ in Float(random.uniform(0..<1)) }
            weights += row.map { $0 / row.reduce(0, +) }
        }
        let joints = (0..<count * 6).map { UInt16($0 % 6) }
        let document = triangle {
            $0.meshes[0].primitives[0].positions = Vector3Array(count: count)
            $0.meshes[0].primitives[0].influences = GLTFDocument.Influences(
                perVertex: 6, joints: joints, weights: weights, weightComponent: component)
        }
        let file = try GLTFFile(glb: document.glb())
        let primitive = try #require(
            (file.list("meshes")[0]["primitives"] as? [[String: Any]])?.first)
        let attributes = try #require(primitive["attributes"] as? [String: Int])
        let first = try file.accessor(try #require(attributes["WEIGHTS_0"]))
        let second = try file.accessor(try #require(attributes["WEIGHTS_1"]))
        let whole = component == .unsignedByte ? 255.0 : 65535
        for v in 0..<count {
            let row = first.stored[4 * v..<4 * v + 4] + second.stored[4 * v..<4 * v + 4]
            #expect(row.reduce(0, +) == whole)
            for (slot, value) in row.prefix(6).enumerated() {
                #expect(abs(value / whole - Double(weights[6 * v + slot])) < 1 / whole)
            }
            #expect(row.suffix(2) == [0, 0])
        }
    }

    @Test func signedIntegersHoldRotations() throws {
        let turns = (0..<20).map { Quaternion(axis: SIMD3(1, 2, 3), angle: Double($0) * 0.3) }
        for (component, worst) in [(GLTFDocument.Component.byte, 1 / 254.0), (.short, 1 / 65534.0)]
        {
            let document = triangle {
                $0.animations = [
                    GLTFDocument.Animation(channels: [
                        GLTFDocument.Channel(
                            node: 0, times: turns.indices.map { Float($0) }, rotations: turns,
                            component: component)
                    ])
                ]
            }
            let file = try GLTFFile(glb: document.glb())
            let output = try #require(
                file.list("accessors").firstIndex { $0["type"] as? String == "VEC4" })
            var previous = [Double](repeating: 0, count: 4)
            for (row, turn) in zip(try file.accessor(output).rows, turns) {
                let q = turn.components
                let same = (0..<4).map { abs(row[$0] - q[$0]) }.max() ?? 1
                let other = (0..<4).map { abs(row[$0] + q[$0]) }.max() ?? 1
                #expect(min(same, other) <= worst * 1.001)
                // Neighbours have the signs that lie closer together.
                #expect(zip(row, previous).reduce(0) { $0 + $1.0 * $1.1 } >= 0)
                previous = row
            }
        }
    }

    @Test func allWaysToKeepABufferHoldTheSame() throws {
        let document = TinyAssets.bendingStrip()
        let packed = try GLTFFile(glb: document.glb())
        let external = try document.gltf(baseName: "strip", embedding: .externalFiles)
        #expect(Set(external.keys) == ["strip.gltf", "strip.bin"])
        let uris = try document.gltf(baseName: "strip", embedding: .dataURIs)
        #expect(Set(uris.keys) == ["strip.gltf"])
        for files in [external, uris] {
            let file = try GLTFFile(gltf: try #require(files["strip.gltf"]), files: files)
            #expect(file.buffer == packed.buffer)
            #expect(
                file.list("accessors") as NSArray == packed.list("accessors") as NSArray)
            #expect(file.list("nodes") as NSArray == packed.list("nodes") as NSArray)
        }
    }

    @Test func documentsSayWhatFilesHold() throws {
        let document = try #require(DemoCorpus.document(named: "creatures/dinosaur"))
        let file = try WrittenCorpus.file("creatures/dinosaur")
        #expect(document.nodes.count == file.list("nodes").count)
        #expect(document.animations.map(\.name) == ["walk", "jump", "idle"])
        let positions = try file.accessor(0)
        #expect(
            positions.stored.map { Float($0) } == document.meshes[0].primitives[0].positions.scalars
        )
    }

    @Test func tinyAssetsAreSound() throws {
        for document in [
            TinyAssets.turningBox(), TinyAssets.stillBox(), TinyAssets.bendingStrip(),
            TinyAssets.swellingBall(),
        ] {
            let data = try document.glb()
            #expect(data.count < 12_000)
            let file = try GLTFFile(glb: data)
            for mesh in file.list("meshes") {
                for primitive in mesh["primitives"] as? [[String: Any]] ?? [] {
                    let topology = try file.topology(primitive)
                    #expect(topology.openEdgeCount == 0 && topology.volume > 0)
                }
            }
        }
        let box = try AnimeBytes(TinyAssets.anime(frameCount: 3))
        #expect(box.frames.count == 3)
        // Upwards is the file's third axis: half a metre, and a tenth more a frame.
        let top = box.frames.map { frame in
            stride(from: 2, to: frame.count, by: 3).map { frame[$0] }.max() ?? 0
        }
        #expect(zip(top, [0.5, 0.55, 0.6]).allSatisfy { abs($0 - Float($1)) < 1e-6 })
    }
}
