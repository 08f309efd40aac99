import Foundation
import ShardStore

/// A folder that a command writes results into.
struct OutputFolder {
    private let url: URL

    /// The folder at `path`, made where it is missing.
    init(_ path: String) throws {
        url = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// A folder in this one.
    func folder(_ name: String) throws -> OutputFolder {
        try OutputFolder(url.appending(path: name).path)
    }

    func write(_ bytes: [UInt8], as name: String) throws { try write(Data(bytes), as: name) }

    func write(_ data: Data, as name: String) throws {
        try data.write(to: url.appending(path: name))
    }

    /// A field of a sample as a file of its own.
    func write(_ field: Field) throws {
        switch field.payload {
        case .bytes(let bytes): try write(bytes, as: field.name)
        case .array(let array): try write(array.numpyFile, as: field.name)
        }
    }

    func write(json value: some Encodable, as name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(Array(try encoder.encode(value)), as: name)
    }
}
