import Geometry

/// Makes damaged files of sound ones: the same seed and name make the same bytes.
///
/// A mutant has one to four edits, drawn from those that fit its syntax: flipped bits, runs of
/// bytes, cut ends, pieces of other files, lengths and counts made larger, chunks doubled, numbers
/// and words of texts replaced, extreme numbers put in. What needs it keeps its outer shape: the
/// JSON of a GLB file is edited as text and packed again, and chunks of PNG files get a checksum
/// that is right, so that damage reaches what lies behind the first check.
public struct Mutator {
    /// How a file's bytes are meant.
    public enum Syntax: String, Sendable, CaseIterable {
        /// Bytes of any meaning.
        case binary
        /// Words and numbers: JSON, YAML, CSV, OBJ, XML.
        case text
        /// A glTF container: JSON and a buffer.
        case glb
        /// PNG: chunks of length, name, data and checksum.
        case png
        /// RIFF (WebP): chunks of name, length and data.
        case riff

        /// The syntax of a file by its extension and first bytes.
        public init(ofFile name: String, bytes: [UInt8]) {
            if bytes.starts(with: Array("glTF".utf8)) {
                self = .glb
            } else if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
                self = .png
            } else if bytes.starts(with: Array("RIFF".utf8)) {
                self = .riff
            } else {
                // Text is what holds no control characters but tabs and ends of lines.
                let isText = bytes.prefix(512).allSatisfy { $0 >= 32 || (9...13).contains($0) }
                self = isText && !bytes.isEmpty ? .text : .binary
            }
        }
    }

    var random: KeyedRandom
    /// The most bytes that a mutant may have.
    var largestSize = 0

    /// A mutator whose draws depend on the seed and the name alone.
    public init(seed: UInt64, name: String) {
        random = KeyedRandom(seed: seed, asset: name, purpose: "mutant")
    }

    /// A damaged copy of `file`.
    ///
    /// - Parameters:
    ///   - file: the bytes of a sound file.
    ///   - donors: other files, pieces of which may be put in.
    ///   - syntax: how the bytes are meant.
    /// - Returns: at most twice as many bytes, and 64 KiB.
    public mutating func mutant(
        of file: [UInt8], donors: [[UInt8]] = [], syntax: Syntax
    ) -> [UInt8] {
        largestSize = 2 * file.count + 1 << 16
        var bytes = file
        let wanted = below(2) == 0 ? 1 : 1 + geometric(atMost: 3)
        var edits = 0
        // An edit may leave a file as it was, as zeros written over zeros do.
        while edits < wanted || (bytes == file && edits < 8) {
            edit(&bytes, donors: donors, syntax: syntax)
            edits += 1
        }
        if bytes.count > largestSize { bytes.removeLast(bytes.count - largestSize) }
        return bytes
    }

    private mutating func edit(_ bytes: inout [UInt8], donors: [[UInt8]], syntax: Syntax) {
        // One edit in ten knows nothing of the syntax.
        if syntax == .binary || below(10) == 0 {
            editBytes(&bytes, donors: donors)
            return
        }
        switch syntax {
        case .binary: editBytes(&bytes, donors: donors)
        case .text: editText(&bytes)
        case .glb: editGLB(&bytes, donors: donors)
        case .png: editPNG(&bytes, donors: donors)
        case .riff: editRIFF(&bytes, donors: donors)
        }
    }
}

// MARK: - Draws

extension Mutator {
    /// A number from 0 up to `count`, which is excluded; 0 where `count` is.
    public mutating func below(_ count: Int) -> Int {
        count > 0 ? Int(random.next() % UInt64(count)) : 0
    }

    /// An element of a list that is not empty.
    public mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

    /// 0 half of the time, 1 a quarter, and so on up to `most`.
    mutating func geometric(atMost most: Int) -> Int {
        var n = 0
        while n < most, below(2) == 0 { n += 1 }
        return n
    }

    /// A length that is short most of the time.
    mutating func length(atMost most: Int) -> Int {
        guard most > 0 else { return 0 }
        let scale = 1 << below(most.bitWidth - most.leadingZeroBitCount)
        return min(most, 1 + below(scale))
    }

    /// A piece of a list of `count` elements, of at least one where there is one.
    mutating func piece(of count: Int) -> Range<Int> {
        guard count > 0 else { return 0..<0 }
        let start = below(count)
        return start..<start + length(atMost: count - start)
    }
}
