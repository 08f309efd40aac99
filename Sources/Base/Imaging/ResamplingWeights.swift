/// For every new position along one side, which old positions it averages.
struct ResamplingWeights {
    /// How many new positions there are.
    let count: Int
    /// The old positions that are read at all; empty where none is.
    private(set) var sources = 0..<0
    private var offsets: [Int] = [0]
    private var entries: [(position: Int, weight: Float)] = []

    /// A whole side of `old` pixels at another size: area where it shrinks, linear where it grows.
    init(from old: Int, to new: Int) {
        count = new
        sources = 0..<old
        for i in 0..<new {
            if new < old {
                appendArea(
                    from: Double(i) * Double(old) / Double(new),
                    to: Double(i + 1) * Double(old) / Double(new), limit: old)
            } else {
                appendLinear(at: (Double(i) + 0.5) * Double(old) / Double(new) - 0.5, limit: old)
            }
            offsets.append(entries.count)
        }
    }

    /// What lies behind the ends of a side.
    enum Edge {
        /// Nothing: weights there are dropped, so that sums may stay below one.
        case empty
        /// The last pixel goes on.
        case continued
    }

    /// A stretch of a side of `old` pixels, which may begin and end anywhere: area where it
    /// shrinks, cubic where it grows.
    init(from old: Int, window: Range<Double>, to new: Int, edge: Edge) {
        count = new
        let step = (window.upperBound - window.lowerBound) / Double(new)
        for i in 0..<new {
            let start = window.lowerBound + Double(i) * step
            if step >= 1 {
                appendArea(from: start, to: start + step, limit: old, edge: edge)
            } else {
                appendCubic(at: start + step / 2 - 0.5, limit: old, edge: edge)
            }
            offsets.append(entries.count)
        }
        let positions = entries.lazy.map(\.position)
        sources = (positions.min() ?? 0)..<(positions.max() ?? -1) + 1
    }

    func taps(_ i: Int) -> ArraySlice<(position: Int, weight: Float)> {
        entries[offsets[i]..<offsets[i + 1]]
    }

    private mutating func appendArea(from start: Double, to end: Double, limit: Int) {
        for position in Int(start)..<min(limit, Int(end.rounded(.up))) {
            let overlap = min(end, Double(position + 1)) - max(start, Double(position))
            // A last pixel may be touched by rounding alone.
            if overlap > 1e-9 { entries.append((position, Float(overlap / (end - start)))) }
        }
    }

    private mutating func appendArea(
        from start: Double, to end: Double, limit: Int, edge: Edge
    ) {
        for position in Int(start.rounded(.down))..<Int(end.rounded(.up)) {
            let overlap = min(end, Double(position + 1)) - max(start, Double(position))
            if overlap > 1e-9 { append(position, overlap / (end - start), limit, edge) }
        }
    }

    /// Catmull and Rom's spline through the four nearest pixels (Keys 1981, a = -1/2).
    private mutating func appendCubic(at center: Double, limit: Int, edge: Edge) {
        let first = center.rounded(.down)
        let t = center - first
        let weights = [
            ((-0.5 * t + 1) * t - 0.5) * t,
            (1.5 * t - 2.5) * t * t + 1,
            ((-1.5 * t + 2) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t,
        ]
        for (k, weight) in weights.enumerated() where weight != 0 {
            append(Int(first) + k - 1, weight, limit, edge)
        }
    }

    private mutating func append(_ position: Int, _ weight: Double, _ limit: Int, _ edge: Edge) {
        switch edge {
        case .empty:
            if (0..<limit).contains(position) { entries.append((position, Float(weight))) }
        case .continued:
            entries.append((min(max(position, 0), limit - 1), Float(weight)))
        }
    }

    private mutating func appendLinear(at center: Double, limit: Int) {
        let clamped = min(max(center, 0), Double(limit - 1))
        let low = min(Int(clamped), max(0, limit - 2))
        let share = Float(clamped - Double(low))
        entries.append((low, 1 - share))
        if share > 0 { entries.append((low + 1, share)) }
    }
}
