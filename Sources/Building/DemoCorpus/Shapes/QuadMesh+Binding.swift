import Geometry

extension QuadMesh {
    /// `[V, J]` joint weights: every vertex belongs to the joint of the piece that it lies in, and
    /// then `rounds` of averaging with its neighbours along the surface blend the borders.
    ///
    /// - Parameter jointOfVertex: the joint that a vertex belongs to at first.
    package func weights(jointCount: Int, rounds: Int, jointOfVertex: (Vector3) -> Int) -> [Float] {
        let neighbours = self.neighbours
        var current = [Float](repeating: 0, count: positions.count * jointCount)
        for v in positions.indices {
            current[v * jointCount + jointOfVertex(positions[v])] = 1
        }
        var next = current
        for _ in 0..<rounds {
            for v in positions.indices {
                let share = 0.5 / Float(max(neighbours[v].count, 1))
                for j in 0..<jointCount {
                    next[v * jointCount + j] = current[v * jointCount + j] / 2
                }
                for n in neighbours[v] {
                    for j in 0..<jointCount {
                        next[v * jointCount + j] += current[Int(n) * jointCount + j] * share
                    }
                }
            }
            swap(&current, &next)
        }
        return current
    }
}
