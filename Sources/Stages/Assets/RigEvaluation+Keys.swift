import Geometry

extension Channel {
    /// Where a time lies among the keys: between `lower` and `upper`, which are equal where the
    /// value is constant.
    struct KeyInterval {
        /// Index of the key at or before the time.
        var lower: Int
        /// Index of the key after it.
        var upper: Int
        /// 0 at the lower key, towards 1 at the upper one.
        var fraction: Double
        /// Seconds from the lower key to the upper one.
        var seconds: Double
    }

    /// Numbers a key.
    var width: Int {
        switch property {
        case .translation, .scale: 3
        case .rotation: 4
        case .morphWeights: values.count / (times.count * (interpolation == .cubicSpline ? 3 : 1))
        }
    }

    /// Why the channel cannot be evaluated, or nil where it can.
    func defect(nodeCount: Int) -> String? {
        guard (0..<nodeCount).contains(node) else {
            return "animates node \(node), which is absent"
        }
        guard let first = times.first, first.isFinite else { return "has no finite key" }
        for k in times.indices.dropFirst() {
            // Written so that a time that is no number fails too.
            guard times[k] >= times[k - 1], times[k].isFinite else {
                return "has key times that are not ascending"
            }
        }
        let numbersPerKey = width * (interpolation == .cubicSpline ? 3 : 1)
        guard numbersPerKey > 0, values.count == times.count * numbersPerKey else {
            return "has \(values.count) values for \(times.count) keys"
        }
        return nil
    }

    /// Where `time` lies among the keys, constant beyond both ends.
    ///
    /// - Complexity: O(log *K*) for *K* keys.
    func interval(at time: Double) -> KeyInterval {
        // The first key after the time.
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] > time || time.isNaN { high = middle } else { low = middle + 1 }
        }
        guard low > 0, low < times.count else {
            let end = low == 0 ? 0 : times.count - 1
            return KeyInterval(lower: end, upper: end, fraction: 0, seconds: 0)
        }
        let seconds = times[low] - times[low - 1]
        return KeyInterval(
            lower: low - 1, upper: low, fraction: (time - times[low - 1]) / seconds,
            seconds: seconds)
    }

    /// Component `i` of the channel's `width` at a place between keys, every component by itself.
    func component(_ i: Int, width: Int, in place: KeyInterval) -> Double {
        switch interpolation {
        case .step:
            return Double(values[place.lower * width + i])
        case .linear:
            let a = Double(values[place.lower * width + i])
            guard place.upper != place.lower else { return a }
            return a + (Double(values[place.upper * width + i]) - a) * place.fraction
        case .cubicSpline:
            let lower = place.lower * 3 * width + i
            let value = Double(values[lower + width])
            guard place.upper != place.lower else { return value }
            // glTF 2.0, Appendix C.5: a cubic Hermite spline whose tangents are per second.
            let upper = place.upper * 3 * width + i
            let outTangent = Double(values[lower + 2 * width]) * place.seconds
            let inTangent = Double(values[upper]) * place.seconds
            let next = Double(values[upper + width])
            let t = place.fraction
            let t2 = t * t
            let t3 = t2 * t
            return (2 * t3 - 3 * t2 + 1) * value + (t3 - 2 * t2 + t) * outTangent
                + (3 * t2 - 2 * t3) * next + (t3 - t2) * inTangent
        }
    }

    /// The translation or scale at `time`.
    func vector(at time: Double) -> SIMD3<Double> {
        let place = interval(at: time)
        return SIMD3(
            component(0, width: 3, in: place), component(1, width: 3, in: place),
            component(2, width: 3, in: place))
    }

    /// The rotation at `time`, of length one.
    func rotation(at time: Double) -> Quaternion {
        let place = interval(at: time)
        if interpolation == .linear, place.lower != place.upper {
            return .slerp(key(place.lower), key(place.upper), place.fraction)
        }
        return Quaternion(
            x: component(0, width: 4, in: place), y: component(1, width: 4, in: place),
            z: component(2, width: 4, in: place), w: component(3, width: 4, in: place)
        ).normalized
    }

    /// Writes the morph weights at `time`; weights beyond the channel's width stay.
    func morphWeights(at time: Double, into weights: inout [Float]) {
        let place = interval(at: time)
        let width = width
        for i in 0..<min(width, weights.count) {
            weights[i] = Float(component(i, width: width, in: place))
        }
    }

    /// The quaternion of key `k` of a channel without tangents.
    private func key(_ k: Int) -> Quaternion {
        Quaternion(
            x: Double(values[4 * k]), y: Double(values[4 * k + 1]), z: Double(values[4 * k + 2]),
            w: Double(values[4 * k + 3]))
    }
}
