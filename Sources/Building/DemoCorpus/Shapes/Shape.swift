import Geometry
import MeshFiles

/// A triangle mesh under construction. Per-vertex lists are as long as `positions`, or empty.
package struct Shape {
    package var positions: [Vector3] = []
    package var normals: [Vector3] = []
    package var uvs: [Vector2] = []
    /// Linear colours.
    var colors: [SIMD4<Float>] = []
    package var triangles: [UInt32] = []
    /// `[V, J]` dense joint weights.
    var weights: [Float] = []

    /// Adds another shape's triangles; both must have the same per-vertex lists.
    mutating func append(_ other: Shape) {
        let base = UInt32(positions.count)
        positions += other.positions
        normals += other.normals
        uvs += other.uvs
        colors += other.colors
        weights += other.weights
        triangles += other.triangles.map { $0 + base }
    }

    /// The shapes as one.
    static func joined(_ shapes: [Shape]) -> Shape {
        shapes.reduce(into: Shape()) { $0.append($1) }
    }

    /// The shape moved by an affine transform; a mirroring one turns the triangles around.
    package func transformed(_ transform: Matrix4) -> Shape {
        var result = self
        let columns = transform.normalMatrix
        let sign: Double = transform.linearDeterminant < 0 ? -1 : 1
        for i in positions.indices {
            result.positions[i] = Vector3(transform.transform(point: SIMD3(positions[i])))
        }
        for i in normals.indices {
            let n = SIMD3<Double>(normals[i])
            result.normals[i] = Vector3(
                normalize((columns.0 * n.x + columns.1 * n.y + columns.2 * n.z) * sign))
        }
        return sign < 0 ? result.turnedAround(flippingNormals: false) : result
    }

    /// The shape moved, scaled and turned: scale first, then rotation, then translation.
    func placed(
        at translation: Vector3 = .zero, rotation: Quaternion = .identity,
        scale: Vector3 = .one
    ) -> Shape {
        transformed(
            Matrix4.compose(
                translation: SIMD3(translation), rotation: rotation, scale: SIMD3(scale)))
    }

    /// The shape with its triangles, and unless told otherwise its normals, facing the other way.
    func turnedAround(flippingNormals: Bool = true) -> Shape {
        var result = self
        for i in stride(from: 0, to: triangles.count, by: 3) {
            result.triangles.swapAt(i + 1, i + 2)
        }
        if flippingNormals { result.normals = normals.map { -$0 } }
        return result
    }

    /// The shape in one linear colour.
    func colored(_ color: SIMD4<Float>) -> Shape {
        var result = self
        result.colors = Array(repeating: color, count: positions.count)
        return result
    }

    /// The shape bound to one joint of `jointCount`.
    func bound(to joint: Int, of jointCount: Int) -> Shape {
        var result = self
        result.weights = Array(repeating: 0, count: positions.count * jointCount)
        for v in positions.indices { result.weights[v * jointCount + joint] = 1 }
        return result
    }

    /// The shape with its UVs mapped by `transform`.
    func mappingUVs(_ transform: (Vector2) -> Vector2) -> Shape {
        var result = self
        result.uvs = uvs.map(transform)
        return result
    }

    /// The shape without an index list: three vertices of its own for each triangle.
    func unindexed() -> Shape {
        var result = Shape()
        for index in triangles {
            let i = Int(index)
            result.positions.append(positions[i])
            if !normals.isEmpty { result.normals.append(normals[i]) }
            if !uvs.isEmpty { result.uvs.append(uvs[i]) }
            if !colors.isEmpty { result.colors.append(colors[i]) }
        }
        result.triangles = result.positions.indices.map { UInt32($0) }
        return result
    }
}

extension Shape {
    /// The shape as a glTF primitive, its skin weights cut down to the largest `influences` a
    /// vertex.
    func primitive(
        material: Int, influences: Int = 4, jointComponent: GLTFDocument.Component = .unsignedByte,
        weightComponent: GLTFDocument.Component = .float
    ) -> GLTFDocument.Primitive {
        GLTFDocument.Primitive(
            positions: Vector3Array(positions), normals: Vector3Array(normals),
            uvSets: uvs.isEmpty ? [] : [uvs], colors: colors,
            influences: weights.isEmpty
                ? nil
                : largestInfluences(
                    influences, jointComponent: jointComponent, weightComponent: weightComponent),
            triangles: triangles, material: material)
    }

    private func largestInfluences(
        _ count: Int, jointComponent: GLTFDocument.Component,
        weightComponent: GLTFDocument.Component
    ) -> GLTFDocument.Influences {
        let jointCount = weights.count / positions.count
        var joints: [UInt16] = []
        var kept: [Float] = []
        for v in positions.indices {
            let row = Array(weights[v * jointCount..<(v + 1) * jointCount])
            var order = row.indices.sorted {
                row[$0] != row[$1] ? row[$0] > row[$1] : $0 < $1
            }
            order = Array(order.prefix(count))
            while order.count < count { order.append(0) }
            // Influences of less than a thousandth are noise of the smoothing.
            var values = order.enumerated().map { slot, joint in
                slot < jointCount && row[joint] > 0.001 ? row[joint] : 0
            }
            let sum = values.reduce(0, +)
            values = values.map { $0 / sum }
            joints += order.map { UInt16($0) }
            kept += values
        }
        return GLTFDocument.Influences(
            perVertex: count, joints: joints, weights: kept, jointComponent: jointComponent,
            weightComponent: weightComponent)
    }
}
