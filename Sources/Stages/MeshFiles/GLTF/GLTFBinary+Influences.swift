import Geometry

extension GLTFBinary {
    /// Adds the sets of four of a primitive's influences and returns, for each set, its joints'
    /// and its weights' accessor.
    mutating func add(_ influences: GLTFDocument.Influences) -> [(joints: Int, weights: Int)] {
        let n = influences.perVertex
        let vertexCount = influences.joints.count / n
        let setCount = (n + 3) / 4
        let rows = (0..<vertexCount).map { vertex in
            GLTFBinary.integers(
                Array(influences.weights[vertex * n..<(vertex + 1) * n]),
                as: influences.weightComponent)
        }
        return (0..<setCount).map { set in
            var joints = ByteBuffer()
            var weights = ByteBuffer()
            for vertex in 0..<vertexCount {
                for slot in set * 4..<set * 4 + 4 {
                    let weight = slot < n ? influences.weights[vertex * n + slot] : 0
                    let integer = slot < n ? rows[vertex]?[slot] : rows[vertex].map { _ in 0 }
                    // A joint without weight is written as joint 0, as the specification asks.
                    let isUsed = integer.map { $0 > 0 } ?? (weight > 0)
                    GLTFBinary.append(
                        index: isUsed ? UInt32(influences.joints[vertex * n + slot]) : 0,
                        as: influences.jointComponent, to: &joints)
                    if let integer {
                        GLTFBinary.append(
                            index: integer, as: influences.weightComponent, to: &weights)
                    } else {
                        weights.append(weight)
                    }
                }
            }
            return (
                addAccessor(
                    joints, component: influences.jointComponent, count: vertexCount,
                    type: "VEC4", target: .vertices),
                addAccessor(
                    weights, component: influences.weightComponent,
                    normalized: influences.weightComponent != .float, count: vertexCount,
                    type: "VEC4", target: .vertices)
            )
        }
    }

    /// Weights as integers that sum to the type's largest number: rounded down, the rest given to
    /// those that lost most (largest remainders). Nil for floats.
    static func integers(
        _ weights: [Float], as component: GLTFDocument.Component
    ) -> [UInt32]? {
        let whole: Double
        switch component {
        case .unsignedByte: whole = 255
        case .unsignedShort: whole = 65535
        default: return nil
        }
        let sum = weights.reduce(0.0) { $0 + Double($1) }
        let exact = weights.map { sum > 0 ? Double($0) / sum * whole : 0 }
        var rounded = exact.map { UInt32($0) }
        let missing = sum > 0 ? Int(whole) - Int(rounded.reduce(0, +)) : 0
        let order = exact.indices.sorted {
            let a = exact[$0] - exact[$0].rounded(.down)
            let b = exact[$1] - exact[$1].rounded(.down)
            return a != b ? a > b : $0 < $1
        }
        for i in order.prefix(missing) { rounded[i] += 1 }
        return rounded
    }
}
