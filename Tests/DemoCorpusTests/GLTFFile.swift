import Foundation

/// A reader of glTF 2.0 files for tests, written from the specification alone: JSON by Foundation,
/// accessors number by number, every range checked.
struct GLTFFile {
    let json: [String: Any]
    let buffer: [UInt8]

    struct Fault: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// Reads a .glb file (section 4.4).
    init(glb data: Data) throws {
        let bytes = [UInt8](data)
        guard bytes.count >= 20, Array(bytes[0..<4]) == Array("glTF".utf8) else {
            throw Fault("no header")
        }
        func word(_ at: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        guard word(4) == 2 else { throw Fault("version \(word(4))") }
        guard word(8) == bytes.count else { throw Fault("length \(word(8)) of \(bytes.count)") }
        var chunks: [(type: Int, bytes: [UInt8])] = []
        var at = 12
        while at < bytes.count {
            guard at + 8 <= bytes.count, at + 8 + word(at) <= bytes.count else {
                throw Fault("chunk beyond the end")
            }
            guard word(at) % 4 == 0 else { throw Fault("chunk of \(word(at)) bytes") }
            chunks.append((word(at + 4), Array(bytes[(at + 8)..<(at + 8 + word(at))])))
            at += 8 + word(at)
        }
        guard chunks.map(\.type) == [0x4E4F_534A, 0x004E_4942] else { throw Fault("chunk types") }
        json = try GLTFFile.object(Data(chunks[0].bytes))
        let length = try GLTFFile.list(json, "buffers")[0]["byteLength"] as? Int ?? -1
        guard length <= chunks[1].bytes.count, length > chunks[1].bytes.count - 4 else {
            throw Fault("buffer of \(length), chunk of \(chunks[1].bytes.count)")
        }
        buffer = Array(chunks[1].bytes.prefix(length))
    }

    /// Reads a .gltf file with the files beside it.
    init(gltf data: Data, files: [String: Data]) throws {
        json = try GLTFFile.object(data)
        let entry = try GLTFFile.list(json, "buffers")[0]
        guard let uri = entry["uri"] as? String else { throw Fault("buffer without URI") }
        buffer = [UInt8](try GLTFFile.contents(of: uri, files))
        guard entry["byteLength"] as? Int == buffer.count else { throw Fault("buffer length") }
    }

    /// The bytes of a data URI, or of a file beside the .gltf.
    static func contents(of uri: String, _ files: [String: Data]) throws -> Data {
        guard uri.hasPrefix("data:") else {
            guard let file = files[uri] else { throw Fault("no file \(uri)") }
            return file
        }
        let parts = uri.split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].hasSuffix(";base64"),
            let data = Data(base64Encoded: String(parts[1]))
        else { throw Fault("data URI") }
        return data
    }

    private static func object(_ data: Data) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw Fault("no JSON object")
        }
        return object
    }

    private static func list(_ json: [String: Any], _ name: String) throws -> [[String: Any]] {
        guard let list = json[name] as? [[String: Any]] else { throw Fault("no \(name)") }
        return list
    }

    /// The objects of a top-level list; empty where the file has none.
    func list(_ name: String) -> [[String: Any]] { json[name] as? [[String: Any]] ?? [] }

    /// The image's encoded bytes, or nil where the file only names it.
    func image(_ index: Int, files: [String: Data]) throws -> Data? {
        let image = list("images")[index]
        if let view = image["bufferView"] as? Int { return Data(try viewBytes(view)) }
        guard let uri = image["uri"] as? String else { throw Fault("image without source") }
        return uri.hasPrefix("data:") ? try GLTFFile.contents(of: uri, files) : files[uri]
    }

    func viewBytes(_ index: Int) throws -> ArraySlice<UInt8> {
        guard list("bufferViews").indices.contains(index) else { throw Fault("view \(index)") }
        let view = list("bufferViews")[index]
        let start = view["byteOffset"] as? Int ?? 0
        guard let length = view["byteLength"] as? Int, length > 0, start >= 0,
            start + length <= buffer.count
        else { throw Fault("view \(index) beyond the buffer") }
        return buffer[start..<(start + length)]
    }
}
