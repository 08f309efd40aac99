/// A hash that is the same on every machine and in every version, and a few lines in any language.
enum StableHash {
    /// 64-bit FNV-1a over the UTF-8 bytes of `text`, then SplitMix64's finaliser (Steele, Lea and
    /// Flood 2014), because FNV leaves the high bits of short strings alike.
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }

    /// The first 32 bits of the hash as eight lower-case hexadecimal digits.
    static func digits(_ text: String) -> String {
        let high = String(of(text) >> 32, radix: 16)
        return String(repeating: "0", count: 8 - high.count) + high
    }
}
