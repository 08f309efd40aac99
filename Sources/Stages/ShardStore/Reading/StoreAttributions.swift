import Foundation
import GRDB

/// Who is to be named for what a store holds, and under which licence.
public struct StoreAttributions: Sendable, Equatable {
    /// One asset's.
    public struct Entry: Sendable, Equatable {
        /// The asset's identity.
        public let asset: String
        /// Its licence, as its source names it; `nil` where the source does not.
        public let licence: String?
        /// Who made it, where the corpus's tables say.
        public let author: String?
        /// Its name, where the corpus's tables say.
        public let title: String?
        /// Where it is on the web, where the corpus's tables say.
        public let address: String?
        /// Where it was read from, relative to the corpus.
        public let path: String
    }

    /// The assets, by licence and then by identity.
    public let entries: [Entry]

    /// Reads the attributions of a store.
    ///
    /// Author, title and address are those of the asset's metadata, or of the table columns in
    /// it, that go by a customary name: `author`, `creator`, `user.displayName`; `title`, `name`;
    /// `url`, `uri`, `viewerUrl` and the like, whatever their capitals.
    ///
    /// - Parameters:
    ///   - reader: the store.
    ///   - all: whether assets without a kept sample are among them.
    /// - Throws: `StoreError.index`.
    /// - Complexity: O(n) for n assets.
    public init(of reader: StoreReader, all: Bool = false) throws(StoreError) {
        let condition = """
            WHERE EXISTS (SELECT 1 FROM samples WHERE samples.asset_id = assets.id AND kept = 1)
            """
        entries = try reader.reading("listing the licences") { db in
            var entries: [Entry] = []
            let cursor = try Row.fetchCursor(
                db,
                sql: """
                    SELECT name, path, licence, metadata FROM assets \(all ? "" : condition) \
                    ORDER BY licence, name
                    """)
            while let row = try cursor.next() { entries.append(try Entry(row)) }
            return entries
        }
    }

    /// A table with a heading, as RFC 4180 has it: lines end in CRLF.
    public var csv: String {
        let heading = ["asset", "licence", "author", "title", "url", "path"]
        let rows = entries.map { entry in
            [entry.asset, entry.licence, entry.author, entry.title, entry.address, entry.path]
                .map { $0 ?? "" }
        }
        return ([heading] + rows).map { row in
            row.map(StoreAttributions.quoted).joined(separator: ",") + "\r\n"
        }.joined()
    }

    /// A text to publish with the dataset: a paragraph for each licence, a line for each asset.
    public var text: String {
        var text = ""
        var licence: String??
        for entry in entries {
            if licence != .some(entry.licence) {
                let count = entries.count { $0.licence == entry.licence }
                text += text.isEmpty ? "" : "\n"
                text += "\(entry.licence ?? "No licence stated") "
                text += "(\(count) \(count == 1 ? "asset" : "assets"))\n"
                licence = .some(entry.licence)
            }
            let by = entry.author.map { " by \($0)" } ?? ""
            let title = entry.title.map { "\"\($0)\"" } ?? entry.asset
            let address = (entry.address ?? (entry.path.isEmpty ? nil : entry.path)) ?? entry.asset
            text += "  \(title)\(by), \(address)\n"
        }
        return text
    }

    private static func quoted(_ value: String) -> String {
        // A carriage return and a newline are one character of Swift's, so bytes are looked at.
        let special = value.utf8.contains { byte in
            [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0a, 0x0d].contains(byte)
        }
        guard special else { return value }
        return "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}

extension StoreAttributions.Entry {
    private static let authorNames = [
        "author", "creator", "artist", "attribution", "user.displayname", "displayname",
        "user.username", "username", "user", "uploader",
    ]
    private static let titleNames = ["title", "name"]
    private static let addressNames = [
        "source_url", "url", "viewerurl", "source", "uri", "link", "homepage",
    ]

    init(_ row: Row) throws {
        let metadata = try JSONValue(text: row.value("metadata"))
        var texts: [String: String] = [:]
        for case .object(let members)? in [metadata, metadata["columns"]] {
            for (name, value) in members {
                if let text = StoreAttributions.Entry.text(value) {
                    texts[name.lowercased()] = text
                }
            }
        }
        func first(_ names: [String]) -> String? {
            names.lazy.compactMap { texts[$0] }.first
        }
        let licence: String? = try row.value("licence")
        self.init(
            asset: try row.value("name"),
            licence: licence.flatMap { $0.isEmpty ? nil : $0 }
                ?? first(["license", "licence"]),
            author: first(Self.authorNames), title: first(Self.titleNames),
            address: first(Self.addressNames), path: try row.value("path"))
    }

    /// A text that says something, or a list of them joined.
    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .array(let values):
            values.isEmpty || values.contains { text($0) == nil }
                ? nil : values.compactMap { text($0) }.joined(separator: "; ")
        default: nil
        }
    }
}
