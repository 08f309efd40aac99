import Foundation

extension SafetensorsFile {
    /// Writes tensors to a file that appears whole or not at all: a crash leaves the old file, or
    /// none. Equal tensors and metadata make equal bytes.
    ///
    /// - Parameters:
    ///   - tensors: written in the order of element size, then of names, as the format's own
    ///     library does, so that every tensor is aligned.
    ///   - metadata: texts for readers.
    /// - Throws: `SafetensorsError`, also where two tensors have one name.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws {
        let sorted = tensors.sorted {
            (-$0.tensor.type.byteCount, $0.name) < (-$1.tensor.type.byteCount, $1.name)
        }
        let header = try header(sorted, metadata, url)
        let temporary = url.deletingLastPathComponent()
            .appending(
                path: ".\(url.lastPathComponent).\(getpid()).\(UInt32.random(in: 0...(.max)))")
        let file = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw SafetensorsError(url, "\(String(cString: strerror(errno)))") }
        do {
            defer { close(file) }
            try header.withUnsafeBytes { try write($0, to: file, url) }
            for (_, tensor) in sorted {
                try tensor.withUnsafeBytes { try write($0, to: file, url) }
            }
            guard fsync(file) == 0 else {
                throw SafetensorsError(url, String(cString: strerror(errno)))
            }
        } catch {
            unlink(temporary.path)
            throw error
        }
        guard rename(temporary.path, url.path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary.path)
            throw SafetensorsError(url, reason)
        }
        // The new name must outlive a power cut too.
        let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// The header's length and the header, padded so that data starts at a multiple of 64 bytes.
    private static func header(
        _ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String], _ url: URL
    ) throws -> [UInt8] {
        func quoted(_ text: String) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            return String(decoding: try encoder.encode(text), as: UTF8.self)
        }
        var parts: [String] = []
        if !metadata.isEmpty {
            let texts = try metadata.sorted { $0.key < $1.key }
                .map { try "\(quoted($0.key)):\(quoted($0.value))" }
            parts.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var seen: Set<String> = ["__metadata__"]
        var end = 0
        for (name, tensor) in tensors {
            guard seen.insert(name).inserted else {
                throw SafetensorsError(url, "two tensors would have the name \(name)")
            }
            let start = end
            end += tensor.count * tensor.type.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            parts.append(
                "\(try quoted(name)):{\"dtype\":\"\(tensor.type.safetensorsName)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
        }
        var text = Array("{\(parts.joined(separator: ","))}".utf8)
        while (8 + text.count) % 64 != 0 { text.append(UInt8(ascii: " ")) }
        guard text.count <= SafetensorsHeader.largestByteCount else {
            throw SafetensorsError(url, "its header would be longer than the format allows")
        }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, _ url: URL) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            // The system call writes 2 GiB at most.
            let count = Foundation.write(file, chunk.baseAddress, min(chunk.count, 1 << 30))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SafetensorsError(url, String(cString: strerror(errno))) }
            rest = rest.dropFirst(count)
        }
    }
}
