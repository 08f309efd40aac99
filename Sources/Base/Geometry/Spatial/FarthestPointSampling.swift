/// Farthest-point sampling (Eldar et al. 1997): each point chosen is the one farthest from all
/// chosen before it.
public enum FarthestPointSampling {
    /// `count` positions in `points`, the first of them `start`, each next one the farthest from
    /// those before; of equally far ones, the one with the smallest position. Exact: it equals the
    /// linear algorithm, distances being computed in single precision as `(dx² + dy²) + dz²`.
    ///
    /// Squared distances to the nearest chosen point are kept in the leaves of a tree along a
    /// space-filling curve and their maxima in its nodes: a new point concerns only boxes nearer to it than their largest
    /// distance, and the farthest point is found by going down from the root.
    ///
    /// - Parameters:
    ///   - points: at least `count` of them must be finite for `count` to be returned; others are
    ///     never chosen.
    ///   - count: how many to choose.
    ///   - start: the first one; it must be a finite point.
    /// - Returns: `min(count, finite points)` positions, all different.
    /// - Complexity: about O(*n* log *n*), against O(*n* `count`) of the linear algorithm.
    public static func indices(
        in points: Vector3Array, count: Int, start: Int = 0
    ) -> [Int] {
        guard count > 0, !points.isEmpty else { return [] }
        precondition(points.indices.contains(start), "the first point must be one of the points")
        precondition(points[start] - points[start] == .zero, "the first point must be finite")
        var field = DistanceField(points)
        var chosen = [start]
        let total = min(count, field.count)
        chosen.reserveCapacity(total)
        var next = field.place(of: Int32(start))
        while chosen.count < total {
            field.add(next, at: points[chosen[chosen.count - 1]])
            next = field.farthest()
            chosen.append(Int(next.index))
        }
        return chosen
    }

    /// Squared distances of points to those chosen so far, and their maxima up the tree. Points
    /// that are chosen, and lanes without a point, hold -1.
    private struct DistanceField {
        let nodes: [BVHNode]
        let leaves: [PointLeaf]
        let count: Int
        private var leafDistances: [(FloatLanes, FloatLanes)]
        private var nodeMaxima: [FloatLanes]

        init(_ points: Vector3Array) {
            (nodes, leaves, count) = KDTreeBuilder.buildAlongCurve(points)
            let infinity = FloatLanes(repeating: .infinity)
            leafDistances = leaves.map { leaf in
                let none = FloatLanes(repeating: -1)
                let missing = IntLanes(repeating: .max)
                return (
                    infinity.replacing(with: none, where: leaf.index.0 .== missing),
                    infinity.replacing(with: none, where: leaf.index.1 .== missing)
                )
            }
            nodeMaxima = nodes.map { node in
                infinity.replacing(
                    with: FloatLanes(repeating: -1),
                    where: node.child .== IntLanes(repeating: BVHNode.noChild))
            }
        }

        /// Where a point of the tree is.
        struct Place {
            var index = Int32.max
            var leaf = 0
            var lane = 0
        }

        /// Where the point with an index is.
        func place(of index: Int32) -> Place {
            for (i, leaf) in leaves.enumerated() {
                for lane in 0..<PointLeaf.capacity
                where (lane < 8 ? leaf.index.0[lane] : leaf.index.1[lane - 8]) == index {
                    return Place(index: index, leaf: i, lane: lane)
                }
            }
            preconditionFailure("the tree holds all finite points")
        }

        /// Makes the point at a place, which is at `p`, one of the chosen ones.
        mutating func add(_ place: Place, at p: SIMD3<Float>) {
            if place.lane < 8 {
                leafDistances[place.leaf].0[place.lane] = -1
            } else {
                leafDistances[place.leaf].1[place.lane - 8] = -1
            }
            let (x, y, z) = (
                FloatLanes(repeating: p.x), FloatLanes(repeating: p.y), FloatLanes(repeating: p.z)
            )
            nodes.withUnsafeBufferPointer { nodes in
                leaves.withUnsafeBufferPointer { leaves in
                    leafDistances.withUnsafeMutableBufferPointer { distances in
                        nodeMaxima.withUnsafeMutableBufferPointer { maxima in
                            let update = Update(
                                nodes: nodes, leaves: leaves, distances: distances,
                                maxima: maxima, x: x, y: y, z: z)
                            _ = update.node(0)
                        }
                    }
                }
            }
        }

        /// The point with the largest distance; of several the one with the smallest index.
        func farthest() -> Place {
            let wanted = laneMaximum(nodeMaxima[0])
            var best = Place()
            nodeMaxima.withUnsafeBufferPointer { maxima in
                nodes.withUnsafeBufferPointer { nodes in
                    findSmallest(0, wanted, maxima, nodes, &best)
                }
            }
            return best
        }

        private func findSmallest(
            _ node: Int, _ wanted: Float, _ maxima: UnsafeBufferPointer<FloatLanes>,
            _ nodes: UnsafeBufferPointer<BVHNode>, _ best: inout Place
        ) {
            var lanes = laneBits(maxima[node] .== FloatLanes(repeating: wanted))
            while lanes != 0 {
                let child = nodes[node].child[lanes.trailingZeroBitCount & 7]
                lanes &= lanes - 1
                guard child < 0 else {
                    findSmallest(Int(child), wanted, maxima, nodes, &best)
                    continue
                }
                let leaf = Int(~child)
                let sought = FloatLanes(repeating: wanted)
                var points =
                    laneBits(leafDistances[leaf].0 .== sought)
                    | laneBits(leafDistances[leaf].1 .== sought) << 8
                while points != 0 {
                    let lane = points.trailingZeroBitCount
                    points &= points - 1
                    let index =
                        lane < 8 ? leaves[leaf].index.0[lane] : leaves[leaf].index.1[lane - 8]
                    if index < best.index { best = Place(index: index, leaf: leaf, lane: lane) }
                }
            }
        }
    }

    /// One new chosen point on its way down the tree.
    private struct Update {
        let nodes: UnsafeBufferPointer<BVHNode>
        let leaves: UnsafeBufferPointer<PointLeaf>
        let distances: UnsafeMutableBufferPointer<(FloatLanes, FloatLanes)>
        let maxima: UnsafeMutableBufferPointer<FloatLanes>
        let x: FloatLanes
        let y: FloatLanes
        let z: FloatLanes

        /// Brings the distances below a node up to date; gives the largest.
        func node(_ i: Int) -> Float {
            let node = nodes.baseAddress.unsafelyUnwrapped + i
            let squared = node.pointee.squaredDistances(x, y, z)
            let maximum = maxima.baseAddress.unsafelyUnwrapped + i
            // Not "less": the chosen point itself lies in a box at distance zero.
            var lanes = laneBits(squared .<= maximum.pointee)
            while lanes != 0 {
                let lane = lanes.trailingZeroBitCount & 7
                lanes &= lanes - 1
                let child = node.pointee.child[lane]
                maximum.pointee[lane] = child < 0 ? leaf(Int(~child)) : self.node(Int(child))
            }
            return laneMaximum(maximum.pointee)
        }

        private func leaf(_ i: Int) -> Float {
            let leaf = leaves.baseAddress.unsafelyUnwrapped + i
            let old = distances.baseAddress.unsafelyUnwrapped + i
            let (a, b) = leaf.pointee.squaredDistances(x, y, z)
            let first = smaller(old.pointee.0, a)
            let second = smaller(old.pointee.1, b)
            old.pointee = (first, second)
            return laneMaximum(larger(first, second))
        }
    }
}
