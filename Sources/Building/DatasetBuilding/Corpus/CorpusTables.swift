import Foundation
import SwiftCSV

/// What tables beside a corpus say of its assets.
///
/// An asset is found under its identity (the path within the corpus, without extension), under
/// the last part of it (Objaverse's `glbs/000-023/<uid>.glb` is found under `<uid>`), or under its
/// SHA-256 (Objaverse-XL, TRELLIS-500K).
public struct CorpusTables: Sendable {
    /// Columns by the identity that the table uses.
    public private(set) var rows: [String: [String: ColumnValue]] = [:]

    /// No tables.
    public init() {}

    /// The columns of an asset; empty where no table has it.
    public func columns(identity: String, sha256: String?) -> [String: ColumnValue] {
        var result: [String: ColumnValue] = [:]
        let last = identity.split(separator: "/").last.map(String.init)
        for key in [sha256, last, identity].compactMap({ $0 }) {
            if let row = rows[key] { result.merge(row) { _, new in new } }
        }
        return result
    }

    /// Adds an Objaverse annotations file: a JSON object of objects keyed by identity.
    ///
    /// - Throws: ``ManifestError`` that names the file.
    public mutating func addAnnotations(path: String) throws(ManifestError) {
        let data = try CorpusTables.contents(path)
        guard
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else {
            throw ManifestError(
                file: path, message: "must be a JSON object of objects keyed by identity")
        }
        for (identity, value) in object {
            guard let entry = value as? [String: Any] else {
                throw ManifestError(file: path, message: "the entry \(identity) is no JSON object")
            }
            add(entry, identity: identity)
        }
    }

    /// Adds a table: JSON Lines where its name ends in `.jsonl`, else CSV with a header.
    ///
    /// - Throws: ``ManifestError`` that names the file, and the line of JSON Lines.
    public mutating func addTable(path: String, identityColumn: String) throws(ManifestError) {
        let data = try CorpusTables.contents(path)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ManifestError(file: path, message: "is not UTF-8 text")
        }
        if path.hasSuffix(".jsonl") {
            try addLines(text, path: path, identityColumn: identityColumn)
            return
        }
        let table: CSV<Named>
        do {
            table = try CSV<Named>(
                string: text, delimiter: path.hasSuffix(".tsv") ? .tab : .comma,
                loadColumns: false)
        } catch {
            throw ManifestError(file: path, message: "is not CSV: \(error)")
        }
        guard table.header.contains(identityColumn) else {
            throw ManifestError(
                file: path,
                message: "has no column \(identityColumn) (corpus.identity-column); it has "
                    + table.header.joined(separator: ", "))
        }
        for row in table.rows {
            guard let identity = row[identityColumn], !identity.isEmpty else { continue }
            var columns = rows[identity] ?? [:]
            for (name, cell) in row where name != identityColumn {
                columns[name] = ColumnValue(cell: cell) ?? columns[name]
            }
            rows[identity] = columns
        }
    }

    private mutating func addLines(
        _ text: String, path: String, identityColumn: String
    ) throws(ManifestError) {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where !line.allSatisfy(\.isWhitespace)
        {
            guard
                let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                    as? [String: Any]
            else {
                throw ManifestError(file: path, line: number + 1, message: "is no JSON object")
            }
            guard let identity = entry[identityColumn] as? String else {
                throw ManifestError(
                    file: path, line: number + 1,
                    message: "has no text \(identityColumn) (corpus.identity-column)")
            }
            add(entry.filter { $0.key != identityColumn }, identity: identity)
        }
    }

    private mutating func add(_ entry: [String: Any], identity: String) {
        var columns = rows[identity] ?? [:]
        for (name, value) in entry { ColumnValue.add(value, as: name, to: &columns) }
        rows[identity] = columns
    }

    static func contents(_ path: String) throws(ManifestError) -> Data {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ManifestError(
                file: path, message: "cannot be read: \(error.localizedDescription)")
        }
        if data.starts(with: [0x1f, 0x8b]) {
            throw ManifestError(file: path, message: "is compressed; unpack it with gunzip first")
        }
        return data
    }
}
