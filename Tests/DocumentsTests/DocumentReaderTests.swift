import Documents
import Testing

@Suite struct DocumentReaderTests {
    private enum Colour: String, CaseIterable { case red, green }

    private func error(
        _ text: String, _ read: (inout DocumentReader) throws(DocumentError) -> Void
    ) -> DocumentError? {
        do throws(DocumentError) {
            var reader = try DocumentReader(file: "f.yaml", text: text)
            try read(&reader)
            try reader.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test func everyKindOfValueIsRead() throws {
        var reader = try DocumentReader(
            file: "f.yaml",
            text: """
                text: a word
                whole: 12
                real: 1.5e-3
                truth: true
                colour: green
                list: [a, b]
                single: a
                below: {key: 3}
                nothing: ~
                """)
        #expect(try reader.string("text") == "a word")
        #expect(try reader.integer("whole", in: 0...20) == 12)
        #expect(try reader.number("real") == 1.5e-3)
        #expect(try reader.boolean("truth") == true)
        #expect(try reader.choice("colour", Colour.self) == .green)
        #expect(try reader.strings("list") == ["a", "b"])
        #expect(try reader.strings("single") == ["a"])
        var below = try #require(try reader.mapping("below"))
        #expect(below.path == "below")
        #expect(try below.integer("key", in: 0...9) == 3)
        try below.finish()
        #expect(try reader.string("nothing") == nil)
        #expect(try reader.string("absent") == nil)
        try reader.finish()
    }

    @Test func mistakesAreFoundWhereTheyAre() {
        let unknown = error("a: 1\nb: 2\n") { reader throws(DocumentError) in
            _ = try reader.integer("a", in: 0...9)
        }
        #expect(unknown?.description == "f.yaml:2:1: unknown key b; known here: a")
        let outside = error("below:\n  key: 30\n") { reader throws(DocumentError) in
            var below = try reader.mapping("below")
            _ = try below?.integer("key", in: 0...9)
        }
        #expect(outside?.description == "f.yaml:2:8: below.key is 30; it must be from 0 to 9")
        let choice = error("colour: blue\n") { reader throws(DocumentError) in
            _ = try reader.choice("colour", Colour.self)
        }
        #expect(
            choice?.description
                == "f.yaml:1:9: colour is blue; it must be one of: red, green")
        #expect(error("[a\n") { _ throws(DocumentError) in }?.message.hasPrefix("not YAML") == true)
        #expect(
            error("a: 1\na: 2\n") { _ throws(DocumentError) in }?.message
                == "the key a stands twice in one mapping")
        #expect(
            error("") { _ throws(DocumentError) in }?.message == "is empty; it must hold a mapping")
    }

    @Test func valuesSayWhatTheyAreInstead() throws {
        let root = try DocumentNode(file: "f.yaml", text: "a: [1, x]\nb: {c: true}\n")
        let entries = try root.entries(named: "the file", keys: ["a", "b"])
        let list = try #require(entries["a"]).list(named: "a")
        #expect(try list[0].number(named: "x") == 1)
        #expect(
            throws: DocumentError(
                file: "f.yaml", line: 1, column: 8, message: "x must be a number, not the text x")
        ) {
            try list[1].number(named: "x")
        }
        #expect(throws: DocumentError.self) { try entries["b"]?.list(named: "b") }
        #expect(throws: SyntaxFault.self) { try DocumentNode(file: "f.yaml", text: "a: [") }
    }
}
