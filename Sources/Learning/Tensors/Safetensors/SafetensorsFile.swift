import Foundation

/// A safetensors file, opened for reading: the format in which weights are published, read in
/// Python by the package `safetensors`.
///
/// The file is mapped, and tensors show the mapping: opening reads the header alone, and memory is
/// used for what is looked at. Writing into such a tensor changes memory, never the file. The file
/// must not be overwritten in place meanwhile; `write` here replaces files whole.
public final class SafetensorsFile {
    private final class Mapping {
        let bytes: UnsafeMutableRawBufferPointer
        init(_ bytes: UnsafeMutableRawBufferPointer) { self.bytes = bytes }
        deinit { munmap(bytes.baseAddress, bytes.count) }
    }

    /// The file.
    public let url: URL
    /// Texts that were written with the tensors.
    public var metadata: [String: String] { header.metadata }
    /// The names of all tensors, sorted.
    public var names: [String] { header.entries.keys.sorted() }
    private let mapping: Mapping
    private let header: SafetensorsHeader
    private let dataStart: Int

    /// Opens a file and checks its header against its size.
    ///
    /// - Throws: `SafetensorsError`.
    public init(_ url: URL) throws {
        self.url = url
        mapping = try Self.map(url)
        let bytes = mapping.bytes
        guard bytes.count >= 8 else {
            throw SafetensorsError(url, "no safetensors file: it ends before its header")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= SafetensorsHeader.largestByteCount, Int(length) <= bytes.count - 8 else {
            throw SafetensorsError(
                url,
                "no safetensors file, or cut short: it says that its header has \(length) "
                    + "bytes, and has \(bytes.count) in all")
        }
        dataStart = 8 + Int(length)
        do {
            header = try JSONDecoder().decode(
                SafetensorsHeader.self, from: Data(bytes[8..<dataStart]))
        } catch {
            throw SafetensorsError(url, "its header is not what the format asks for: \(error)")
        }
        if let problem = header.problem(dataByteCount: bytes.count - dataStart) {
            throw SafetensorsError(url, problem)
        }
    }

    private static func map(_ url: URL) throws -> Mapping {
        let file = open(url.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SafetensorsError(url, String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SafetensorsError(url, "no file that can be mapped")
        }
        let size = Int(status.st_size)
        guard size > 0 else { throw SafetensorsError(url, "the file is empty") }
        guard
            let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0),
            address != MAP_FAILED
        else { throw SafetensorsError(url, String(cString: strerror(errno))) }
        return Mapping(UnsafeMutableRawBufferPointer(start: address, count: size))
    }

    /// A tensor's element type, as the format names it, and shape; nil where there is none.
    public func form(of name: String) -> (type: String, shape: [Int])? {
        header.entries[name].map { ($0.dtype, $0.shape) }
    }

    /// A tensor, which shows the file.
    ///
    /// - Throws: `SafetensorsError` where there is none of that name or its type is none of
    ///   `TensorType`.
    public func tensor(_ name: String) throws -> Tensor {
        guard let entry = header.entries[name] else {
            throw SafetensorsError(url, "it has no tensor \(name)")
        }
        guard let type = TensorType(safetensorsName: entry.dtype) else {
            throw SafetensorsError(
                url, "\(name) has elements of type \(entry.dtype), which tensors here cannot have")
        }
        let range = dataStart + entry.dataOffsets[0]..<dataStart + entry.dataOffsets[1]
        let bytes = UnsafeRawBufferPointer(rebasing: mapping.bytes[range])
        let isAligned = Int(bitPattern: bytes.baseAddress) % type.byteCount == 0
        return bytes.isEmpty || !isAligned
            ? try Tensor(copying: bytes, shape: entry.shape, type: type)
            : try Tensor(showing: bytes, shape: entry.shape, type: type, owner: mapping)
    }

    /// All tensors, by name.
    public func tensors() throws -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for name in names { result[name] = try tensor(name) }
        return result
    }
}
