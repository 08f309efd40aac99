import ShardStore
import Testing

@Suite struct SampleKeyTests {
    /// WebDataset 1.0.2 takes a member's name apart with this expression (`base_plus_ext`).
    private func webDatasetParts(_ name: String) -> (key: String, field: String)? {
        guard let match = name.wholeMatch(of: /((?:.*\/|)[^.]+)[.]([^\/]*)/) else { return nil }
        return (String(match.1), String(match.2))
    }

    /// Names from strangers: paths, scripts of the world, control characters, emoji, dots.
    private func names(_ count: Int) -> [String] {
        var random = SeededRandom(5)
        let pool = Array("abcXYZ019-_./\\ ~%\u{0}\n\"'éßナ😀.._--//")
        return (0..<count).map { _ in
            String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    pool.randomElement(using: &random)!
                })
        }
    }

    @Test func everyNameBecomesAKeyThatWebDatasetGroupsBy() throws {
        for name in names(4_000) {
            let key = SampleKey.sanitised(name)
            #expect(SampleKey.isValid(key))
            #expect(key.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9_-]*/) != nil)
            #expect(key.utf8.count <= 80)
            let parts = try #require(webDatasetParts("\(key).orbit.000.png"))
            #expect(parts.key == key && parts.field == "orbit.000.png")
            // WebDataset skips what this matches at the start of a name.
            #expect("\(key).x".prefixMatch(of: /__[^\/]*__($|\/)/) == nil)
        }
    }

    @Test func namesThatDifferKeepKeysThatDiffer() {
        var distinct = Set(names(50_000))
        // The keys that these become are names too, and so are plain neighbours of them.
        for name in Array(distinct).prefix(5_000) { distinct.insert(SampleKey.sanitised(name)) }
        for name in ["a/b", "a_b", "a.b", "a b", "a__b", "a-b"] { distinct.insert(name) }
        #expect(Set(distinct.map { SampleKey.sanitised($0) }).count == distinct.count)
    }

    @Test func listsThatDifferKeepKeysThatDiffer() {
        var random = SeededRandom(6)
        let pool = ["a", "b", "a_", "_b", "a__b", "", "_", "-", "a-12345678", "ナ", "a.b", "__"]
        var lists: Set<[String]> = []
        for _ in 0..<5_000 {
            lists.insert(
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    pool.randomElement(using: &random)!
                })
        }
        #expect(Set(lists.map { SampleKey.joined($0) }).count == lists.count)
    }

    /// Digits computed with Python 3.11 from the formula in the documentation.
    @Test func documentedForms() {
        #expect(SampleKey.sanitised("Fox") == "Fox")
        #expect(SampleKey.joined(["Fox", "Survey"]) == "Fox__Survey")
        #expect(SampleKey.sanitised("robots/walk.glb") == "robots_walk_glb-67f8278d")
        #expect(SampleKey.sanitised("Fox__Survey") == "Fox__Survey-4fe5d8ed")
        #expect(SampleKey.sanitised("ナイト") == "sample-e912b01e")
        #expect(SampleKey.sanitised("a-deadbeef") == "a-deadbeef-550f1961")
        #expect(
            SampleKey.sanitised(String(repeating: "x", count: 90))
                == String(repeating: "x", count: 71) + "-96c01ce1")
    }

    @Test func keysAndFieldNamesThatAreNone() {
        for key in ["", "a.b", "a/b", "-a", "_a", "a b", "é", String(repeating: "a", count: 81)] {
            #expect(!SampleKey.isValid(key))
        }
        for name in [
            "", "Orbit.png", "a/b.png", "..", ".png", "a.", "a..b", "meta.json",
            "latents.meta.json", "é.png", String(repeating: "a", count: 101),
        ] {
            #expect(!FieldName.isValid(name))
        }
        for name in ["png", "orbit.000.png", "a_b-c.npy", "meta.json.txt", "metameta.json"] {
            #expect(FieldName.isValid(name))
        }
    }
}
