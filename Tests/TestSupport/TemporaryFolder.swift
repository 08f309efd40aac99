import DemoCorpus
import Foundation

/// An empty folder that is removed with its contents when its last user is gone.
public final class TemporaryFolder: Sendable {
    /// The folder.
    public let url: URL

    /// Makes a folder of a new name in the system's temporary folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "muybridge-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The folder's path.
    public var path: String { url.path(percentEncoded: false) }

    /// The path of a file in the folder, which need not exist.
    public func path(of name: String) -> String {
        url.appending(path: name).path(percentEncoded: false)
    }

    /// Writes a file, and the folders on the way to it, and returns its URL.
    @discardableResult
    public func write(_ data: Data, as name: String) throws -> URL {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file
    }

    /// Writes a text file in UTF-8 and returns its URL.
    @discardableResult
    public func write(_ text: String, as name: String) throws -> URL {
        try write(Data(text.utf8), as: name)
    }

    /// Writes one asset of the demo corpus at its place in the corpus, and returns the URL of its
    /// file or folder.
    @discardableResult
    public func writeDemoAsset(_ id: String) throws -> URL {
        for (name, data) in try DemoCorpus.files(of: id) { try write(data, as: name) }
        let asset = DemoCorpus.assets.first { $0.id == id }
        return url.appending(path: asset?.path ?? id)
    }
}
