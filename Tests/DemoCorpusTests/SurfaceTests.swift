import Geometry
import Testing

/// Solid things are closed, and face outwards.
@Suite struct SurfaceTests {
    /// Meshes that are sheets although their material is single-sided.
    private static let sheets: [String: Set<String>] = [
        // The owl's eyelids, which lie on its eyes.
        "creatures/owl": ["head"],
        // The sea's upper side.
        "objects/lighthouse": ["sea"],
    ]

    @Test(arguments: WrittenCorpus.soundIDs)
    func solidsAreClosedAndFaceOutwards(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for mesh in file.list("meshes") {
            let name = mesh["name"] as? String ?? ""
            for primitive in mesh["primitives"] as? [[String: Any]] ?? [] {
                let isSheet = SurfaceTests.sheets[id]?.contains(name) ?? false
                guard !isSheet, try !file.isDoubleSided(primitive) else { continue }
                let topology = try file.topology(primitive)
                #expect(topology.openEdgeCount == 0, "\(name)")
                for component in topology.components {
                    #expect(topology.volume(component) > 0, "\(name)")
                }
            }
        }
    }

    @Test(arguments: WrittenCorpus.soundIDs)
    func normalsLookTheWayTheTrianglesFace(id: String) throws {
        let file = try WrittenCorpus.file(id)
        for mesh in file.list("meshes") {
            for primitive in mesh["primitives"] as? [[String: Any]] ?? [] {
                guard let attributes = primitive["attributes"] as? [String: Int],
                    let index = attributes["NORMAL"]
                else { continue }
                let normals = try file.accessor(index).rows
                let positions = try file.positions(primitive)
                let triangles = try file.triangles(primitive)
                var against = 0
                for t in stride(from: 0, to: triangles.count, by: 3) {
                    let p = (0..<3).map { positions[triangles[t + $0]] }
                    let face = cross(p[1] - p[0], p[2] - p[0])
                    for c in 0..<3 {
                        let n = normals[triangles[t + c]]
                        if dot(face, SIMD3(n[0], n[1], n[2])) < 0 { against += 1 }
                    }
                }
                // Where thin ends curl within one cell a corner may lean over.
                #expect(Double(against) <= 0.003 * Double(triangles.count), "\(mesh["name"] ?? "")")
            }
        }
    }
}

extension GLTFFile {
    func isDoubleSided(_ primitive: [String: Any]) throws -> Bool {
        guard let material = primitive["material"] as? Int else { return false }
        return list("materials")[material]["doubleSided"] as? Bool ?? false
    }

    func positions(_ primitive: [String: Any]) throws -> [SIMD3<Double>] {
        guard let attributes = primitive["attributes"] as? [String: Int],
            let position = attributes["POSITION"]
        else { throw Fault("no positions") }
        return try accessor(position).rows.map { SIMD3($0[0], $0[1], $0[2]) }
    }

    func triangles(_ primitive: [String: Any]) throws -> [Int] {
        if let indices = primitive["indices"] as? Int {
            return try accessor(indices).stored.map { Int($0) }
        }
        return Array(try positions(primitive).indices)
    }

    func topology(_ primitive: [String: Any]) throws -> MeshTopology {
        MeshTopology(positions: try positions(primitive), triangles: try triangles(primitive))
    }
}
