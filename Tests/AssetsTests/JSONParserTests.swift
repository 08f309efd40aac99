import Assets
import Foundation
import Geometry
import Testing

@Suite struct JSONParserTests {
    static func parse(_ text: String) throws -> JSONValue {
        let bytes = Array(text.utf8)
        return try JSONParser.parse(bytes, in: 0..<bytes.count)
    }

    /// Numbers must round as the C library's `strtod` rounds them.
    @Test func numbers() throws {
        var random = KeyedRandom(seed: 3, asset: "json", purpose: "numbers")
        var texts = [
            "0", "-0", "1", "-1.5", "1e0", "1E+2", "1e-2", "0.1", "123456789012345",
            "1234567890123456789012", "0.000000000000000000001", "9007199254740993", "4.9e-324",
            "1.7976931348623157e308", "2.2250738585072011e-308", "0e999999999", "1e-999999999",
            "179769313486231570000000000000000000000", "8.41e21", "100000000000000e22",
        ]
        for _ in 0..<2000 {
            let number = Double(bitPattern: random.next())
            if number.isFinite { texts.append("\(number)") }
            texts.append("\(Float(random.uniform(-1000..<1000)))")
            texts.append(String(format: "%.*e", Int(random.next() % 20), random.uniform(-1..<1)))
        }
        for text in texts {
            let expected = strtod(text, nil)
            let found = try #require(try Self.parse(text).number)
            #expect(found.bitPattern == expected.bitPattern, "\(text)")
        }
    }

    @Test func stringsAndEscapes() throws {
        for (text, expected) in [
            (#""""#, ""), (#""plain""#, "plain"),
            (#""a\"b\\c\/d\b\f\n\r\t""#, "a\"b\\c/d\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e9\ud83d\ude00z""#, "Aé😀z"), (#""\ud83dx""#, "\u{fffd}x"),
            (#""é😀""#, "é😀"),
        ] {
            #expect(try Self.parse(text).string == expected)
        }
    }

    @Test func structure() throws {
        let value = try Self.parse(
            " \n{\"a\" : [1, 2,{ }, [], null, true,false ], \"b\":{\"c\":\"d\"}, \"a2\": -3}\t ")
        #expect(value["a"]?.array?.count == 7)
        #expect(value["a"]?.array?[5].bool == true && value["a"]?.array?[6].bool == false)
        #expect(value["b"]?["c"]?.string == "d" && value["a2"]?.integer == -3)
        #expect(value["absent"] == nil && value["a"]?["a"] == nil)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}",
        "{a:1}",
        "tru", "nul", "falsehood", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "-", "+1", ".5", "1.",
        "1e",
        "1e+", "1e400", "-1e400", "NaN", "Infinity", "1 2", "{} {}", "[1 2]", "{\"a\" 1}", "'a'",
    ])
    func errors(text: String) {
        #expect(throws: JSONError.self) { try Self.parse(text) }
    }

    @Test func nestingIsBounded() throws {
        let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        #expect(try Self.parse(deep(200)).array != nil)
        #expect(throws: JSONError.self) { try Self.parse(deep(300)) }
        #expect(throws: JSONError.self) { try Self.parse(String(repeating: "[", count: 1_000_000)) }
    }
}
