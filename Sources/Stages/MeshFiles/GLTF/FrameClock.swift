/// When the frames of a clip begin and when it ends, in the 32-bit seconds of a glTF file.
struct FrameClock {
    /// `[T]` strictly ascending, from 0 on.
    let starts: [Float]
    /// When the last frame ends, which lasts as long as the one before it.
    let end: Float

    /// `count` frames of equal length.
    init(count: Int, framesPerSecond: Double) throws(MeshFileError) {
        guard framesPerSecond > 0, framesPerSecond.isFinite else {
            throw .unusableTimes(reason: "the frame rate is \(framesPerSecond)")
        }
        try self.init((0...count).map { Double($0) / framesPerSecond })
    }

    /// Frames at the given times, counted from the first one.
    init(times: [Double]) throws(MeshFileError) {
        let first = times.first ?? 0
        let shifted = times.map { $0 - first }
        let last = shifted.count > 1 ? shifted[shifted.count - 1] - shifted[shifted.count - 2] : 1
        try self.init(shifted + [(shifted.last ?? 0) + last])
    }

    /// Frames between neighbouring times.
    private init(_ bounds: [Double]) throws(MeshFileError) {
        let keys = bounds.map(FrameClock.roundedDown)
        for i in 1..<keys.count {
            // Written so that what is not a number fails too.
            guard keys[i] > keys[i - 1], keys[i].isFinite else {
                throw .unusableTimes(
                    reason: "frame \(i) would begin at \(bounds[i]) s, after \(bounds[i - 1]) s")
            }
        }
        starts = Array(keys.dropLast())
        end = keys[keys.count - 1]
    }

    /// The keys that show frame `t` in its own time: up to four, so that every channel of a clip
    /// reaches from its beginning to its end.
    func visibility(ofFrame t: Int) -> [(time: Float, isShown: Bool)] {
        var keys: [(time: Float, isShown: Bool)] = []
        if t > 0 { keys.append((0, false)) }
        keys.append((starts[t], true))
        if t + 1 < starts.count { keys.append((starts[t + 1], false)) }
        keys.append((end, t + 1 == starts.count))
        return keys
    }

    private static func roundedDown(_ time: Double) -> Float {
        let nearest = Float(time)
        return Double(nearest) > time ? nearest.nextDown : nearest
    }
}
