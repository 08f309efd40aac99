import Geometry

/// Two clouds that are brought together: nearest points both ways, up to a distance.
struct CloudMatcher: Sendable {
    /// The cloud that moves, and the one that stays; both in the order of a space-filling curve,
    /// so that searches in a row go the same ways.
    let source: Vector3Array
    let target: Vector3Array
    private let sourceTree: KDTree
    private let targetTree: KDTree

    /// Points of one piece of work; sums over pieces are added in order, so that results do not
    /// depend on the number of threads.
    private static let grain = 1024

    init(source: Vector3Array, target: Vector3Array) {
        self.source = Self.ordered(source)
        self.target = Self.ordered(target)
        sourceTree = KDTree(self.source)
        targetTree = KDTree(self.target)
    }

    private static func pieces(_ count: Int) -> Int { (count + grain - 1) / grain }

    private static func range(_ piece: Int, _ count: Int) -> Range<Int> {
        piece * grain..<min(count, (piece + 1) * grain)
    }

    private static func ordered(_ points: Vector3Array) -> Vector3Array {
        Vector3Array(SpatialOrder.morton(points).map { points[Int($0)] })
    }

    /// What a placement is worth, and the sums that the next one follows from.
    struct Match: Sendable {
        /// The mean over source points of their distance to the target, cut at the limit, plus the
        /// same the other way: the truncated Chamfer distance.
        var cost = 0.0
        /// Pairs of nearest points below the limit, both ways; each side weighs as much.
        var pairs = CorrespondenceSums()
    }

    /// Matches all points.
    ///
    /// - Parameters:
    ///   - placement: where the source lies in the target's space.
    ///   - limit: the distance, in the target's units, at which distances are cut; points farther
    ///     apart are no pair.
    func match(_ placement: Similarity, limit: Double) -> Match {
        let forward = SimilarityMap(placement)
        let backward = SimilarityMap(placement.inverse)
        let squaredLimit = Float(limit * limit)
        let ownLimit = Float(limit / placement.scale * (limit / placement.scale))
        let scale = placement.scale
        let ahead = Self.pieces(source.count)
        let parts = ParallelRanges.map(count: ahead + Self.pieces(target.count)) { piece in
            var part = Match()
            if piece < ahead {
                let weight = 1 / Double(source.count)
                for i in Self.range(piece, source.count) {
                    let found = targetTree.nearest(
                        to: forward(source[i]), withinSquared: squaredLimit)
                    guard let found else {
                        part.cost += limit * weight
                        continue
                    }
                    part.cost += Double(found.squaredDistance.squareRoot()) * weight
                    part.pairs.add(source[i], target[found.index], weight: weight)
                }
            } else {
                let weight = 1 / Double(target.count)
                for i in Self.range(piece - ahead, target.count) {
                    let found = sourceTree.nearest(
                        to: backward(target[i]), withinSquared: ownLimit)
                    guard let found else {
                        part.cost += limit * weight
                        continue
                    }
                    part.cost += Double(found.squaredDistance.squareRoot()) * scale * weight
                    part.pairs.add(source[found.index], target[i], weight: weight)
                }
            }
            return part
        }
        return parts.reduce(into: Match()) { sum, part in
            sum.cost += part.cost
            sum.pairs.add(part.pairs)
        }
    }

    /// The truncated Chamfer distance by some `count` points of each cloud at equal steps of their
    /// order, on this thread. Nothing is allocated.
    func cost(_ placement: Similarity, limit: Double, counting count: Int) -> Double {
        let forward = SimilarityMap(placement)
        let backward = SimilarityMap(placement.inverse)
        let squaredLimit = Float(limit * limit)
        let ownLimit = Float(limit / placement.scale * (limit / placement.scale))
        var sums = (0.0, 0.0)
        let steps = (max(1, source.count / count), max(1, target.count / count))
        let counts = (
            (source.count + steps.0 - 1) / steps.0, (target.count + steps.1 - 1) / steps.1
        )
        for i in stride(from: 0, to: source.count, by: steps.0) {
            let found = targetTree.nearest(to: forward(source[i]), withinSquared: squaredLimit)
            sums.0 += found.map { Double($0.squaredDistance.squareRoot()) } ?? limit
        }
        for i in stride(from: 0, to: target.count, by: steps.1) {
            let found = sourceTree.nearest(to: backward(target[i]), withinSquared: ownLimit)
            sums.1 +=
                found.map { Double($0.squaredDistance.squareRoot()) * placement.scale } ?? limit
        }
        return sums.0 / Double(counts.0) + sums.1 / Double(counts.1)
    }
}
