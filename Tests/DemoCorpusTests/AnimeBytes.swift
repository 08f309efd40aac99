import Foundation

/// A DeformingThings4D file, read number by number as its description says.
struct AnimeBytes {
    /// `[T][V * 3]`, axes as in the file.
    var frames: [[Float]]
    var triangles: [Int32]

    init(_ data: Data) throws {
        let bytes = [UInt8](data)
        var at = 0
        func word() throws -> UInt32 {
            guard at + 4 <= bytes.count else { throw GLTFFile.Fault("the file ends early") }
            defer { at += 4 }
            return (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
        }
        func floats(_ count: Int) throws -> [Float] {
            try (0..<count).map { _ in Float(bitPattern: try word()) }
        }
        let counts = try (0..<3).map { _ in Int(try word()) }
        let first = try floats(3 * counts[1])
        triangles = try (0..<3 * counts[2]).map { _ in Int32(bitPattern: try word()) }
        frames = [first]
        for _ in 1..<counts[0] {
            frames.append(zip(first, try floats(3 * counts[1])).map { $0 + $1 })
        }
        guard at == bytes.count else { throw GLTFFile.Fault("bytes are left over") }
    }
}
