import Foundation

/// The files that belong to an asset, found by the URIs in it.
struct GLTFResources: Sendable {
    /// The folder in which the asset lies; nothing outside it is read. Nil where it is absent.
    let folder: AssetFolder?
    /// The most bytes of one file.
    let maximumByteCount: Int

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
            guard let folder, AssetFile.kind(of: folder.path + "/" + inside) != .absent else {
                continue
            }
            // The path is free of `..`, but links on it may lead anywhere.
            guard let real = AssetFile.realPath(folder.path + "/" + inside),
                folder.contains(realPath: real)
            else {
                throw .unreadable(
                    path: Self.displayName(uri),
                    reason: "a link leads out of the asset's own folder")
            }
            return try file(at: real)
        }
        throw .unreadable(path: Self.displayName(uri), reason: "there is no such file")
    }

    private func file(at path: String) throws(GLTFError) -> [UInt8] {
        do {
            return try AssetFile.bytes(of: path, maximumByteCount: maximumByteCount)
        } catch {
            switch error {
            case .unreadable(let path, let reason): throw .unreadable(path: path, reason: reason)
            case .tooLarge(let path, let what): throw .tooLarge("\(path): \(what)")
            default: throw .unreadable(path: path, reason: "\(error)")
            }
        }
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
}
