import Geometry
import TestSupport

/// Meshes of random size and shape, by number.
enum RandomMeshes {
    /// A blob in the unit box whose vertices are moved at random, without its unused ones.
    static func mesh(_ i: Int, seed: UInt64 = 5) -> TriangleMesh {
        var random = KeyedRandom(seed: seed, asset: "mesh \(i)", purpose: "mesh files")
        let vertexCount = Int(random.uniform(3..<120))
        let triangleCount = Int(random.uniform(1..<200))
        let positions = (0..<vertexCount).map { _ in point(&random) }
        let triangles = (0..<triangleCount).flatMap { _ in
            Array((0..<UInt32(vertexCount)).shuffled(using: &random).prefix(3))
        }
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
