import Geometry
import Testing

@Suite struct KeyedRandomTests {
    /// The first outputs of Sebastiano Vigna's reference splitmix64.c from state 1234567.
    @Test func streamIsSplitMix64() {
        var random = KeyedRandom(splitMix64State: 1_234_567)
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { _ in random.next() } == published)
    }

    /// Test vectors of the FNV specification (draft-eastlake-fnv, appendix).
    @Test func hashIsFNV1a() {
        #expect(KeyedRandom.hash("") == 0xcbf2_9ce4_8422_2325)
        #expect(KeyedRandom.hash("a") == 0xaf63_dc4c_8601_ec8c)
        #expect(KeyedRandom.hash("foobar") == 0x8594_4171_f739_67e8)
    }

    @Test func keysGiveStreamsOfTheirOwn() {
        func first(_ seed: UInt64, _ asset: String, _ purpose: String) -> UInt64 {
            var random = KeyedRandom(seed: seed, asset: asset, purpose: purpose)
            return random.next()
        }
        let draws = [
            first(0, "a", "b"), first(1, "a", "b"), first(0, "ab", ""), first(0, "", "ab"),
            first(0, "b", "a"),
        ]
        #expect(Set(draws).count == draws.count)
        #expect(first(7, "fox", "azimuth") == first(7, "fox", "azimuth"))
    }

    /// Kolmogorov-Smirnov distance of 10,000 draws, one a key, from the uniform distribution: at
    /// most 1.95 / sqrt(n) but once in a thousand streams.
    @Test func drawsOverAssetsAreUniform() {
        let draws = (0..<10_000).map { i in
            var random = KeyedRandom(seed: 0, asset: "asset-\(i)", purpose: "azimuth")
            return random.uniform(0..<1)
        }.sorted()
        let distance = draws.enumerated().map { i, x in
            max(abs(x - Double(i) / 10_000), abs(x - Double(i + 1) / 10_000))
        }.max()!
        #expect(distance < 0.0195)
    }
}
