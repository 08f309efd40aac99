import Foundation

/// Reading of files that nobody vouches for.
enum AssetFile {
    /// The most bytes that are read from one file: 4 GiB.
    static let maximumByteCount = 4 << 30

    /// All bytes of a regular file.
    ///
    /// Pipes, devices and folders are refused before anything is read: a corpus must not be able
    /// to make a reader wait for ever.
    static func bytes(
        of path: String, maximumByteCount: Int = AssetFile.maximumByteCount
    ) throws(AssetError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: systemMessage())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is no regular file")
        }
        let size = Int(status.st_size)
        guard size <= maximumByteCount else {
            throw .tooLarge(path: path, what: "\(size) bytes, of at most \(maximumByteCount)")
        }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            // The file may have shrunk since its size was asked for; what is there is returned.
            while count < size {
                let chunk = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if chunk < 0, errno == EINTR { continue }
                failed = chunk < 0
                if chunk <= 0 { break }
                count += chunk
            }
        }
        if failed { throw .unreadable(path: path, reason: systemMessage()) }
        return bytes
    }

    /// What a path leads to once every symbolic link is followed.
    enum Kind {
        case file
        case folder
        case other
        case absent
    }

    /// What lies at `path`.
    static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .absent }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// The bytes that the file at `path` says it has; 0 where there is none.
    static func byteCount(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The absolute path without links, or nil where nothing lies there.
    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The names in a folder, sorted by their UTF-8 bytes so that the order is the same
    /// everywhere; empty where the folder cannot be read.
    static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The last component of a path.
    static func name(of path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }

    /// The last component of a path without its extension.
    static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// The extension in lower case, without its dot; empty where there is none.
    static func pathExtension(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// The folder that holds `path`.
    static func folder(of path: String) -> String {
        var components = path.split(separator: "/", omittingEmptySubsequences: true)
        guard components.count > 1 else { return path.hasPrefix("/") ? "/" : "." }
        components.removeLast()
        return (path.hasPrefix("/") ? "/" : "") + components.joined(separator: "/")
    }

    private static func systemMessage() -> String { String(cString: strerror(errno)) }
}
