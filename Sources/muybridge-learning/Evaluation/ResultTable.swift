import Evaluation
import Foundation

/// Rows of results, for people and for spreadsheets.
struct ResultTable {
    /// The names of the columns; the first one is of words.
    let columns: [String]
    private var rows: [[String]] = []

    init(_ columns: [String]) { self.columns = columns }

    /// A row of a name and numbers; nil leaves a place empty.
    mutating func add(_ name: String, _ values: [Double?], frame: Int? = nil) {
        let words = frame.map { [name, "\($0)"] } ?? [name]
        let row = words + values.map { $0.map(Self.text) ?? "" }
        precondition(row.count == columns.count, "one value a column")
        rows.append(row)
    }

    /// Columns under each other, numbers to the right.
    var aligned: String {
        let table = [columns] + rows.map { row in row.map { $0.isEmpty ? "-" : $0 } }
        let widths = columns.indices.map { c in table.reduce(0) { max($0, $1[c].count) } }
        return table.map { row in
            row.indices.map { c in
                let space = String(repeating: " ", count: widths[c] - row[c].count)
                return c == 0 ? row[c] + space : space + row[c]
            }.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }

    /// Comma-separated values; names that hold commas or quotes are quoted.
    var commaSeparated: String {
        ([columns] + rows).map { row in
            row.map { word in
                word.contains { ",\"\n".contains($0) }
                    ? "\"" + word.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : word
            }.joined(separator: ",") + "\n"
        }.joined()
    }

    /// Six significant digits.
    static func text(_ value: Double) -> String {
        value.isFinite ? String(format: "%.6g", value) : value.isNaN ? "nan" : "inf"
    }
}

/// The files that results are written to.
struct ResultFiles {
    let json: URL
    let csv: URL

    /// Both files of a name with or without either extension.
    init(_ path: String) {
        let url = URL(fileURLWithPath: path)
        let stem =
            ["json", "csv"].contains(url.pathExtension) ? url.deletingPathExtension() : url
        json = stem.appendingPathExtension("json")
        csv = stem.appendingPathExtension("csv")
    }

    /// Makes sure before the work that the folder is there.
    func prepare() throws {
        let folder = json.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError(folder.path, "the folder cannot be made: \(error)")
        }
    }

    /// Writes both; infinities are words in JSON, which has none.
    func write(_ report: some Encodable, _ table: ResultTable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try encoder.encode(report).write(to: json, options: .atomic)
        try Data(table.commaSeparated.utf8).write(to: csv, options: .atomic)
    }
}
