/// A glTF file's bytes, taken apart into JSON and binary chunk (glTF 2.0, section 4.4).
struct GLTFContainer {
    /// The whole file.
    let bytes: [UInt8]
    /// Where the JSON lies.
    let json: Range<Int>
    /// Where a GLB file's binary chunk lies, if it has one.
    let binary: Range<Int>?

    /// Tells the two containers apart by their first bytes.
    init(_ bytes: [UInt8]) throws(GLTFError) {
        guard bytes.starts(with: Array("glTF".utf8)) else {
            self.init(text: bytes)
            return
        }
        func word(_ offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        guard bytes.count >= 20 else {
            throw .malformed("the GLB header is cut off after \(bytes.count) bytes")
        }
        guard word(4) == 2 else {
            throw .unsupported("GLB version \(word(4)); convert it to glTF 2.0")
        }
        let length = word(8)
        guard length <= bytes.count else {
            throw .malformed("the GLB header says \(length) bytes, the file has \(bytes.count)")
        }
        var offset = 12
        var json: Range<Int>?
        var binary: Range<Int>?
        while offset + 8 <= length {
            let chunkLength = word(offset)
            let kind = word(offset + 4)
            guard chunkLength <= length - offset - 8 else {
                throw .malformed("a GLB chunk of \(chunkLength) bytes runs over the file's end")
            }
            let chunk = offset + 8..<offset + 8 + chunkLength
            switch kind {
            case 0x4e4f_534a where json == nil: json = chunk
            case 0x004e_4942 where binary == nil: binary = chunk
            default: break
            }
            // Chunks begin at multiples of four, even where a writer forgot to pad.
            offset = (chunk.upperBound + 3) & ~3
        }
        guard let json else { throw .malformed("the GLB file has no JSON chunk") }
        self.init(bytes: bytes, json: json, binary: binary)
    }

    private init(text: [UInt8]) { self.init(bytes: text, json: 0..<text.count, binary: nil) }

    private init(bytes: [UInt8], json: Range<Int>, binary: Range<Int>?) {
        self.bytes = bytes
        self.json = json
        self.binary = binary
    }
}
