import Foundation
import Geometry

/// The grid search for where a cloud lies, and the refinement of its best places.
struct CoarseRegistration: Sendable {
    let settings: SequenceRegistration
    let matcher: CloudMatcher
    /// The longest side of the target's box.
    let side: Double

    /// Points of each cloud that are looked at in the first sieve, and in the second one, which
    /// chooses among the best of the first.
    private static let counts = (64, 512)
    /// How many places pass the first sieve and the second.
    private static let passes = (256, 8)

    private struct Place: Sendable {
        var placement: Similarity
        var cost: Double
        /// Its place in the grid, which breaks ties.
        var number: Int
    }

    /// The best placement and its truncated Chamfer distance.
    func best() -> (Similarity, Double) {
        let limit = settings.truncation * side
        var places = grid(limit)
        places = sieve(places, limit)
        let closest = ClosestPoints(matcher: matcher, limit: limit)
        let keepsScale = settings.refinement == .rigid
        // A few rounds tell which of the places lead somewhere; the best goes on to the end.
        var refined = places.map {
            closest.refined(
                $0.placement, keepsScale: keepsScale, iterations: min(12, settings.iterations))
        }
        refined.sort { $0.1 < $1.1 }
        // Two that differ in truth (front and back, say) may still be close after few rounds.
        let ends = refined.prefix(2).map {
            closest.refined($0.0, keepsScale: keepsScale, iterations: settings.iterations)
        }
        return ends.min { $0.1 < $1.1 }!
    }

    /// All places of the grid with their costs by few points.
    private func grid(_ limit: Double) -> [Place] {
        let source = ClosestPoints.centroid(matcher.source)
        let target = ClosestPoints.centroid(matcher.target)
        let ratio = spread(matcher.target, target) / spread(matcher.source, source)
        let scales = (0..<settings.scaleCount).map { i -> Double in
            guard settings.scaleCount > 1 else { return 1 }
            let share = Double(i) / Double(settings.scaleCount - 1)
            return settings.leastScale
                * pow(settings.greatestScale / settings.leastScale, share)
        }
        let reach = settings.offsetReach
        let steps = Array(-reach...reach)
        let perAngle = scales.count * steps.count * steps.count * steps.count
        let rows = ParallelRanges.map(count: settings.azimuthCount) { a in
            var row: [Place] = []
            row.reserveCapacity(perAngle)
            let rotation = Similarity.turn(
                azimuth: 360 * Double(a) / Double(settings.azimuthCount))
            for scale in scales {
                let scale = scale * ratio
                let centered = target - rotation.transform(direction: source) * scale
                for x in steps {
                    for y in steps {
                        for z in steps {
                            let offset = SIMD3(Double(x), Double(y), Double(z))
                            let placement = Similarity(
                                rotation: rotation, scale: scale,
                                translation: centered + offset * settings.offsetStep * side)
                            let cost = matcher.cost(
                                placement, limit: limit, counting: Self.counts.0)
                            row.append(
                                Place(
                                    placement: placement, cost: cost,
                                    number: a * perAngle + row.count))
                        }
                    }
                }
            }
            return row
        }
        return rows.flatMap { $0 }
    }

    /// The best places by more points, no two of them neighbours in azimuth and in scale.
    private func sieve(_ places: [Place], _ limit: Double) -> [Place] {
        func inOrder(_ a: Place, _ b: Place) -> Bool { (a.cost, a.number) < (b.cost, b.number) }
        let first = Array(places.sorted(by: inOrder).prefix(Self.passes.0))
        let second = ParallelRanges.map(count: first.count) { i in
            var place = first[i]
            place.cost = matcher.cost(
                place.placement, limit: limit, counting: Self.counts.1)
            return place
        }.sorted(by: inOrder)
        let step = 360 / Double(settings.azimuthCount)
        let ratio = pow(
            settings.greatestScale / settings.leastScale,
            1 / Double(max(1, settings.scaleCount - 1)))
        var kept: [Place] = []
        for place in second where kept.count < Self.passes.1 {
            let isNew = kept.allSatisfy { other in
                other.placement.angle(to: place.placement) > 1.5 * step
                    || abs(log(other.placement.scale / place.placement.scale)) > 1.5 * log(ratio)
            }
            if isNew { kept.append(place) }
        }
        return kept
    }

    /// The root of the mean squared distance from the centroid.
    private func spread(_ points: Vector3Array, _ center: SIMD3<Double>) -> Double {
        var sum = 0.0
        for p in points {
            let d = SIMD3<Double>(p) - center
            sum += dot(d, d)
        }
        return max((sum / Double(points.count)).squareRoot(), .leastNormalMagnitude)
    }
}
