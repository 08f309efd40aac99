import Geometry
import MeshFiles

extension Shape {
    /// The displacements, normals included, that take this shape to another of the same layout.
    func morphTarget(to other: Shape, isSparse: Bool = false) -> GLTFDocument.MorphTarget {
        precondition(other.positions.count == positions.count, "morphs keep the vertices")
        return GLTFDocument.MorphTarget(
            positions: Vector3Array(zip(other.positions, positions).map { $0 - $1 }),
            normals: normals.isEmpty
                ? Vector3Array()
                : Vector3Array(zip(other.normals, normals).map { $0 - $1 }),
            isSparse: isSparse)
    }

    /// The shape with its vertices moved by a smooth deformation of space, normals included.
    package func deformed(_ map: (Vector3) -> Vector3) -> Shape {
        var result = self
        let step: Float = 0.002
        for i in positions.indices {
            let p = positions[i]
            result.positions[i] = map(p)
            guard !normals.isEmpty else { continue }
            // The cofactors of the map's derivative turn normals.
            let dx = map(p + Vector3(step, 0, 0)) - map(p - Vector3(step, 0, 0))
            let dy = map(p + Vector3(0, step, 0)) - map(p - Vector3(0, step, 0))
            let dz = map(p + Vector3(0, 0, step)) - map(p - Vector3(0, 0, step))
            let n = normals[i]
            let turned = cross(dy, dz) * n.x + cross(dz, dx) * n.y + cross(dx, dy) * n.z
            result.normals[i] = normalize(turned / (4 * step * step))
        }
        return result
    }
}
