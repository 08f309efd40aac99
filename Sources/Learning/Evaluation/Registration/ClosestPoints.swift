import Geometry

/// Iterated closest points (Besl and McKay 1992) with pairs in both directions, so that a cloud
/// neither shrinks into the other nor leaves parts of it uncovered.
struct ClosestPoints {
    let matcher: CloudMatcher
    /// Where distances are cut, in the target's units.
    let limit: Double

    /// The changes of a round, as a share of the limit, at which no further one is made.
    private static let rest = 1e-4

    /// A placement refined, with its truncated Chamfer distance.
    ///
    /// - Parameter keepsScale: whether the scale stays.
    func refined(_ start: Similarity, keepsScale: Bool, iterations: Int) -> (Similarity, Double) {
        var placement = start
        var best = (start, Double.infinity)
        for round in 0...iterations {
            let match = matcher.match(placement, limit: limit)
            if match.cost < best.1 { best = (placement, match.cost) }
            guard round < iterations,
                let next = match.pairs.similarity(scale: keepsScale ? placement.scale : nil)
            else { break }
            let change = change(placement, next)
            placement = next
            if change < Self.rest * limit {
                let cost = matcher.match(placement, limit: limit).cost
                return cost <= best.1 ? (placement, cost) : best
            }
        }
        return best
    }

    /// How far any corner of the source's box is moved by taking one placement for another.
    private func change(_ a: Similarity, _ b: Similarity) -> Double {
        let box = Bounds(matcher.source)
        return (0..<8).reduce(0) { largest, k in
            let corner = SIMD3<Double>(
                SIMD3(
                    k & 1 == 0 ? box.minimum.x : box.maximum.x,
                    k & 2 == 0 ? box.minimum.y : box.maximum.y,
                    k & 4 == 0 ? box.minimum.z : box.maximum.z))
            return max(largest, length(a(corner) - b(corner)))
        }
    }

    /// The translation to add to a placement: the best of those that closest points lead to from
    /// none, from another one, and from coinciding centroids.
    func translation(
        of placement: Similarity, trying other: SIMD3<Double>, iterations: Int
    ) -> SIMD3<Double> {
        let source = Self.centroid(matcher.source), target = Self.centroid(matcher.target)
        let starts = [.zero, other, target - placement(source)]
        let ends = starts.map { start in
            var offset = start
            // A few rounds tell which start is worth going on from.
            offset = moved(placement, from: offset, iterations: min(10, iterations))
            let cost = matcher.match(placement.translated(by: offset), limit: limit).cost
            return (offset: offset, cost: cost)
        }
        let best = ends.min { $0.cost < $1.cost }!.offset
        return moved(placement, from: best, iterations: iterations)
    }

    private func moved(
        _ placement: Similarity, from start: SIMD3<Double>, iterations: Int
    ) -> SIMD3<Double> {
        var offset = start
        for _ in 0..<iterations {
            let pairs = matcher.match(placement.translated(by: offset), limit: limit).pairs
            guard pairs.weight > 0 else { break }
            let step = pairs.meanResidual(placement.translated(by: offset))
            offset += step
            if length(step) < Self.rest * limit { break }
        }
        return offset
    }

    static func centroid(_ points: Vector3Array) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for p in points { sum += SIMD3<Double>(p) }
        return points.isEmpty ? .zero : sum / Double(points.count)
    }
}
