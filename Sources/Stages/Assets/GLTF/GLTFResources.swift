import Foundation

/// The files that belong to an asset, found by the URIs in it.
struct GLTFResources: Sendable {
    /// The folder in which the asset lies; nothing outside it is read.
    let folder: String

    /// The bytes that a URI stands for: the data in it, or a file in the asset's folder or below.
    func bytes(at uri: String) throws(GLTFError) -> [UInt8] {
        if uri.utf8.starts(with: "data:".utf8) { return try Self.data(in: uri) }
        // Some writers do not encode what they should: a file whose name holds a bare percent
        // sign is looked for second.
        for path in [uri.removingPercentEncoding ?? uri, uri] {
            guard let inside = Self.pathInFolder(path) else {
                throw .unreadable(
                    path: Self.displayName(uri),
                    reason: "only files in the asset's own folder are read")
            }
            let full = folder + "/" + inside
            if FileManager.default.fileExists(atPath: full) { return try Self.file(at: full) }
        }
        throw .unreadable(path: Self.displayName(uri), reason: "there is no such file")
    }

    /// A URI fit to be shown: data are left out, and what is long is cut.
    static func displayName(_ uri: String) -> String {
        if uri.utf8.starts(with: "data:".utf8) { return "a data URI" }
        return String((uri.removingPercentEncoding ?? uri).prefix(200))
    }

    /// A relative path without `.` and `..`; nil where it is absolute, a URL, or leads out of the
    /// folder.
    static func pathInFolder(_ path: String) -> String? {
        let path = path.replacing("\\", with: "/")
        let firstComponent = path.prefix { $0 != "/" }
        guard !path.isEmpty, !path.hasPrefix("/"), !path.utf8.contains(0),
            !firstComponent.contains(":")
        else { return nil }
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component != ".." {
                components.append(component)
            } else if components.popLast() == nil {
                return nil
            }
        }
        return components.isEmpty ? nil : components.joined(separator: "/")
    }

    /// What a data URI holds (RFC 2397).
    private static func data(in uri: String) throws(GLTFError) -> [UInt8] {
        guard let comma = uri.utf8.firstIndex(of: UInt8(ascii: ",")) else {
            throw .malformed("a data URI has no data")
        }
        let header = uri[..<comma]
        let body = uri[uri.index(after: comma)...]
        guard header.lowercased().hasSuffix(";base64") else {
            return Array((body.removingPercentEncoding ?? String(body)).utf8)
        }
        var text = String(body)
        if text.utf8.contains(UInt8(ascii: "%")) { text = text.removingPercentEncoding ?? text }
        let missing = (4 - text.utf8.count % 4) % 4
        if missing < 3 { text += String(repeating: "=", count: missing) }
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            throw .malformed("a data URI is no base64")
        }
        return [UInt8](data)
    }

    /// The bytes of a file. Only plain files are read: a pipe or device might never end.
    static func file(at path: String) throws(GLTFError) -> [UInt8] {
        func failure() -> GLTFError {
            .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is no plain file")
        }
        let size = Int(status.st_size)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let base = buffer.baseAddress {
                let got = read(descriptor, base + count, size - count)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { break }
                count += got
            }
        }
        if failed { throw failure() }
        return bytes
    }
}
