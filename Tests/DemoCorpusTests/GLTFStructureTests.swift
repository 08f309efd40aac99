import DemoCorpus
import Foundation
import Imaging
import Testing

/// Holds every sound .glb and .gltf file of the corpus against the glTF 2.0 specification.
@Suite struct GLTFStructureTests {
    @Test(arguments: WrittenCorpus.soundIDs)
    func accessorsLieInTheBufferAndStateTheirTrueBounds(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for index in file.list("accessors").indices {
            let accessor = try file.accessor(index)
            #expect(accessor.stored.allSatisfy { $0.isFinite })
            guard let minimum = accessor.minimum, let maximum = accessor.maximum else { continue }
            for k in 0..<accessor.width {
                let column = stride(from: k, to: accessor.stored.count, by: accessor.width)
                    .map { accessor.stored[$0] }
                #expect(Float(minimum[k]) == Float(try #require(column.min())))
                #expect(Float(maximum[k]) == Float(try #require(column.max())))
            }
        }
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func primitivesAgreeInTheirCounts(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for mesh in file.list("meshes") {
            let primitives = try #require(mesh["primitives"] as? [[String: Any]])
            let targetCounts = Set(primitives.map { ($0["targets"] as? [Any])?.count ?? 0 })
            #expect(targetCounts.count == 1, "primitives of a mesh share its targets")
            if let weights = mesh["weights"] as? [Any] {
                #expect(weights.count == targetCounts.first)
            }
            for primitive in primitives {
                let attributes = try #require(primitive["attributes"] as? [String: Int])
                let position = try file.accessor(try #require(attributes["POSITION"]))
                #expect(position.minimum != nil && position.maximum != nil)
                for accessor in attributes.values {
                    #expect(try file.accessor(accessor).count == position.count)
                }
                for target in primitive["targets"] as? [[String: Int]] ?? [] {
                    for accessor in target.values {
                        #expect(try file.accessor(accessor).count == position.count)
                    }
                }
                if let indices = primitive["indices"] as? Int {
                    let accessor = try file.accessor(indices)
                    #expect(accessor.count % 3 == 0)
                    #expect(try #require(accessor.stored.max()) < Double(position.count))
                } else {
                    #expect(position.count % 3 == 0)
                }
                if let material = primitive["material"] as? Int {
                    #expect(file.list("materials").indices.contains(material))
                }
            }
        }
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func normalsAreUnitVectors(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for mesh in file.list("meshes") {
            for primitive in mesh["primitives"] as? [[String: Any]] ?? [] {
                guard let attributes = primitive["attributes"] as? [String: Int],
                    let normals = attributes["NORMAL"]
                else { continue }
                let lengths = try file.accessor(normals).rows.map { row in
                    row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                }
                #expect(lengths.allSatisfy { abs($0 - 1) < 1e-4 })
            }
        }
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func weightsSumToOneAndNameJointsOfTheSkin(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for node in file.list("nodes") {
            guard let skin = node["skin"] as? Int, let mesh = node["mesh"] as? Int else { continue }
            let joints = try #require(file.list("skins")[skin]["joints"] as? [Int])
            for primitive in file.list("meshes")[mesh]["primitives"] as? [[String: Any]] ?? [] {
                let attributes = try #require(primitive["attributes"] as? [String: Int])
                let sets = attributes.keys.filter { $0.hasPrefix("WEIGHTS_") }.sorted()
                #expect(!sets.isEmpty)
                var sums: [Double] = []
                var scale = 1.0
                for set in sets {
                    let weights = try file.accessor(try #require(attributes[set]))
                    let name = set.replacingOccurrences(of: "WEIGHTS", with: "JOINTS")
                    let indices = try file.accessor(try #require(attributes[name]))
                    #expect(try #require(indices.stored.max()) < Double(joints.count))
                    #expect(weights.stored.allSatisfy { $0 >= 0 })
                    // A joint without weight is joint 0 (section 3.7.3.3).
                    #expect(zip(indices.stored, weights.stored).allSatisfy { $1 > 0 || $0 == 0 })
                    if sums.isEmpty { sums = [Double](repeating: 0, count: weights.count) }
                    for (v, row) in (0..<weights.count).map({ v in
                        (v, weights.stored[4 * v..<4 * v + 4])
                    }) {
                        sums[v] += row.reduce(0, +)
                    }
                    scale =
                        weights.componentType == 5121
                        ? 255 : weights.componentType == 5123 ? 65535 : 1
                }
                // Integers must sum exactly (section 3.7.3.3).
                let tolerance = scale == 1 ? 1e-5 : 0
                #expect(sums.allSatisfy { abs($0 - scale) <= tolerance })
            }
        }
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func nodesMakeTreesThatScenesShow(id: String) throws {
        let file = try WrittenCorpus.file(id)
        let nodes = file.list("nodes")
        var parents = [Int](repeating: 0, count: nodes.count)
        for node in nodes {
            for child in node["children"] as? [Int] ?? [] { parents[child] += 1 }
            if node["matrix"] != nil {
                #expect(node["translation"] == nil && node["rotation"] == nil)
            }
            if let rotation = node["rotation"] as? [Any] {
                let squares = GLTFFile.doubles(rotation).reduce(0) { $0 + $1 * $1 }
                #expect(abs(squares - 1) < 1e-5)
            }
        }
        var reached: Set<Int> = []
        for scene in file.list("scenes") {
            var open = scene["nodes"] as? [Int] ?? []
            for root in open { #expect(parents[root] == 0) }
            while let node = open.popLast() {
                #expect(reached.insert(node).inserted, "a node has one parent")
                open += nodes[node]["children"] as? [Int] ?? []
            }
        }
        #expect(reached.count == nodes.count)
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func channelsHaveAKeyForEveryTime(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for animation in file.list("animations") {
            let samplers = try #require(animation["samplers"] as? [[String: Any]])
            var targets: Set<String> = []
            for channel in animation["channels"] as? [[String: Any]] ?? [] {
                let target = try #require(channel["target"] as? [String: Any])
                let node = try #require(target["node"] as? Int)
                let path = try #require(target["path"] as? String)
                #expect(targets.insert("\(node) \(path)").inserted, "one channel a property")
                let sampler = samplers[try #require(channel["sampler"] as? Int)]
                let times = try file.accessor(try #require(sampler["input"] as? Int))
                let output = try file.accessor(try #require(sampler["output"] as? Int))
                #expect(times.minimum != nil && times.stored[0] >= 0)
                #expect(zip(times.stored, times.stored.dropFirst()).allSatisfy { $0 < $1 })
                let isCubic = sampler["interpolation"] as? String == "CUBICSPLINE"
                var perKey = isCubic ? 3 : 1
                if path == "weights" {
                    let mesh = try #require(file.list("nodes")[node]["mesh"] as? Int)
                    let primitives = file.list("meshes")[mesh]["primitives"] as? [[String: Any]]
                    perKey *= (primitives?.first?["targets"] as? [Any])?.count ?? 0
                }
                #expect(output.count == times.count * perKey)
                #expect(output.width == (path == "rotation" ? 4 : path == "weights" ? 1 : 3))
                if path == "rotation" { try expectUnitQuaternions(output, isCubic: isCubic) }
            }
        }
    }

    private func expectUnitQuaternions(_ output: GLTFFile.Accessor, isCubic: Bool) throws {
        let rows = output.rows
        let keys = isCubic ? stride(from: 1, to: rows.count, by: 3).map { rows[$0] } : rows
        let tolerance = output.componentType == 5126 ? 1e-5 : 1e-4
        for key in keys {
            #expect(abs(key.reduce(0) { $0 + $1 * $1 } - 1) < tolerance)
        }
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func texturesNamePicturesThatDecode(id: String) throws {
        let entry = try WrittenCorpus.entry(id)
        let file = entry.file
        var used: Set<Int> = []
        for texture in file.list("textures") {
            let source = try #require(texture["source"] as? Int)
            #expect(
                file.list("samplers").indices.contains(try #require(texture["sampler"] as? Int)))
            guard let bytes = try file.image(source, files: entry.files) else {
                #expect(id == "rules/plane", "only the plane lacks a picture")
                continue
            }
            let image = try Image(decoding: [UInt8](bytes))
            #expect(image.width > 1 && image.height > 1)
            used.insert(source)
        }
        #expect(used.count == file.list("images").count || id == "rules/plane")
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func usedExtensionsAreDeclared(id: String) throws {
        let file = try WrittenCorpus.file(id)
        let declared = Set(file.json["extensionsUsed"] as? [String] ?? [])
        var found: Set<String> = []
        func collect(_ value: Any) {
            if let object = value as? [String: Any] {
                if let extensions = object["extensions"] as? [String: Any] {
                    found.formUnion(extensions.keys)
                }
                object.values.forEach(collect)
            } else if let list = value as? [Any] {
                list.forEach(collect)
            }
        }
        collect(file.json)
        #expect(found == declared)
    }
}
