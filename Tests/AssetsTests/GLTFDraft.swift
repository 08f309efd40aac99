import Assets
import Foundation
import Geometry
import TestSupport

/// A glTF document that a test puts together by hand.
struct GLTFDraft {
    /// The JSON, but for what the methods add when it is written.
    var json: [String: Any] = ["asset": ["version": "2.0"]]
    /// The buffer.
    var binary: [UInt8] = []

    /// Adds an element to one of the JSON's lists, and returns its index.
    @discardableResult
    mutating func add(_ list: String, _ element: [String: Any]) -> Int {
        var elements = json[list] as? [Any] ?? []
        elements.append(element)
        json[list] = elements
        return elements.count - 1
    }

    /// Adds a view of bytes.
    mutating func view(_ bytes: [UInt8], stride: Int? = nil) -> Int {
        while binary.count % 4 != 0 { binary.append(0) }
        var view: [String: Any] = [
            "buffer": 0, "byteOffset": binary.count, "byteLength": bytes.count,
        ]
        view["byteStride"] = stride
        binary += bytes
        return add("bufferViews", view)
    }

    /// Adds an accessor of any numbers, stored as they are.
    mutating func accessor<N: BitwiseCopyable>(
        _ numbers: [N], _ type: String, component: Int, normalized: Bool = false
    ) -> Int {
        let width = ["SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16][type] ?? 1
        var accessor: [String: Any] = [
            "bufferView": view(Self.bytes(numbers)), "componentType": component,
            "count": numbers.count / width, "type": type,
        ]
        if normalized { accessor["normalized"] = true }
        return add("accessors", accessor)
    }

    /// Adds an accessor of floats.
    mutating func floats(_ numbers: [Float], _ type: String) -> Int {
        accessor(numbers, type, component: 5126)
    }

    /// The bytes of numbers on this machine, which tests take for little-endian.
    static func bytes<N: BitwiseCopyable>(_ numbers: [N]) -> [UInt8] {
        numbers.withUnsafeBytes { Array($0) }
    }

    /// Adds a triangle with corners (0, 0, 0), (1, 0, 0), (0, 1, 0) as a mesh; `more` adds to its
    /// attributes.
    mutating func triangle(
        _ more: [String: Int] = [:], primitive: [String: Any] = [:], mesh: [String: Any] = [:]
    ) -> Int {
        var attributes = more
        attributes["POSITION"] = floats([0, 0, 0, 1, 0, 0, 0, 1, 0], "VEC3")
        return add(
            "meshes",
            mesh.merging(
                ["primitives": [primitive.merging(["attributes": attributes]) { a, _ in a }]]
            ) { a, _ in a })
    }

    /// The document with its buffer inside the JSON.
    func embedded() throws -> [UInt8] {
        var json = json
        if !binary.isEmpty, json["buffers"] == nil {
            json["buffers"] = [
                [
                    "byteLength": binary.count,
                    "uri": "data:application/octet-stream;base64,"
                        + Data(binary).base64EncodedString(),
                ]
            ]
        }
        return [UInt8](try JSONSerialization.data(withJSONObject: json))
    }

    /// The document as a binary file.
    func binaryFile() throws -> [UInt8] {
        var json = json
        if !binary.isEmpty, json["buffers"] == nil {
            json["buffers"] = [["byteLength": binary.count]]
        }
        var text = [UInt8](try JSONSerialization.data(withJSONObject: json, options: .sortedKeys))
        while text.count % 4 != 0 { text.append(0x20) }
        var body = Self.bytes([UInt32(text.count)]) + Array("JSON".utf8) + text
        if !binary.isEmpty {
            let padded = binary + [UInt8](repeating: 0, count: -binary.count & 3)
            body += Self.bytes([UInt32(padded.count)]) + Array("BIN\0".utf8) + padded
        }
        return Array("glTF".utf8) + Self.bytes([UInt32(2), UInt32(12 + body.count)]) + body
    }

    /// The asset that the reader makes of the document.
    func load() throws -> AnimatedAsset { try load(bytes: binaryFile(), as: "draft.glb") }

    /// The asset that the reader makes of bytes in a file of the given name.
    func load(bytes: [UInt8], as name: String) throws -> AnimatedAsset {
        try TemporaryFolder.using { folder in
            let file = folder.appendingPathComponent(name)
            try Data(bytes).write(to: file)
            return try GLTFLoader.load(path: file.path)
        }
    }
}

extension AnimatedAsset {
    /// The asset's rig; assets from glTF always have one.
    var rig: Rig {
        if case .rig(let rig) = body { return rig }
        return Rig(nodes: [], primitives: [], instances: [], skins: [])
    }
}
