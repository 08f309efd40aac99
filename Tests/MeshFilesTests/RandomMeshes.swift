import Geometry
import TestSupport

/// Meshes of random size and shape, by number.
enum RandomMeshes {
    /// Triangles between random points of the unit box, each point used by one at least: readers
    /// leave out the others.
    static func mesh(_ i: Int, seed: UInt64 = 5) -> TriangleMesh {
        var random = KeyedRandom(seed: seed, asset: "mesh \(i)", purpose: "mesh files")
        let vertexCount = Int(random.uniform(3..<120))
        let extra = Int(random.uniform(0..<200))
        let order = (0..<UInt32(vertexCount)).shuffled(using: &random)
        var triangles = (0..<vertexCount).flatMap { v in
            [order[v], order[(v + 1) % vertexCount], order[(v + 2) % vertexCount]]
        }
        for _ in 0..<extra {
            triangles += (0..<UInt32(vertexCount)).shuffled(using: &random).prefix(3)
        }
        let positions = (0..<vertexCount).map { _ in point(&random) }
        return TriangleMesh(positions: Vector3Array(positions), triangles: triangles)
    }

    /// The same triangles with vertices elsewhere.
    static func moved(_ mesh: TriangleMesh, _ i: Int) -> TriangleMesh {
        var random = KeyedRandom(seed: 6, asset: "move \(i)", purpose: "mesh files")
        return TriangleMesh(
            positions: Vector3Array(mesh.positions.map { _ in point(&random) }),
            triangles: mesh.triangles)
    }

    static func point(_ random: inout KeyedRandom) -> SIMD3<Float> {
        SIMD3(
            Float(random.uniform(-0.5..<0.5)), Float(random.uniform(-0.5..<0.5)),
            Float(random.uniform(-0.5..<0.5)))
    }
}
