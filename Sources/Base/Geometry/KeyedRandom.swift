/// A random generator that is keyed by what it is for, so that a draw does not depend on the
/// order of work, on the machine, or on how many workers there are.
///
/// The key is hashed with 64-bit FNV-1a over its UTF-8 bytes, parts divided by a zero byte; the
/// stream is SplitMix64 (Steele, Lea and Flood 2014) from that state. Both are a few lines in any
/// language, so other tools can draw the same numbers.
public struct KeyedRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator for one purpose on one asset.
    ///
    /// - Parameters:
    ///   - seed: the manifest's seed.
    ///   - asset: the asset's identity.
    ///   - purpose: what is drawn, for example `camera.front.azimuth`.
    public init(seed: UInt64, asset: String, purpose: String) {
        state = KeyedRandom.hash("\(seed)\0\(asset)\0\(purpose)")
        // One step apart: FNV's low bits of short strings are alike.
        _ = next()
    }

    /// The plain SplitMix64 stream from a state.
    package init(splitMix64State state: UInt64) { self.state = state }

    /// The 64-bit FNV-1a hash of the UTF-8 bytes of `text`.
    public static func hash(_ text: String) -> UInt64 {
        var h: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            h ^= UInt64(byte)
            h = h &* 0x0000_0100_0000_01b3
        }
        return h
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state = state &+ 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A number drawn uniformly from `range`, its upper end excluded, with 53 random bits.
    public mutating func uniform(_ range: Range<Double>) -> Double {
        let unit = Double(next() >> 11) * 0x1p-53
        return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }
}
