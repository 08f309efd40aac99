import Foundation

/// The strips of pictures that contact sheets show: `previews/KEY.png` in a store's folder. They
/// are a convenience beside the dataset; a missing one is drawn as a gap.
struct PreviewFolder {
    private let url: URL

    init(store: String) {
        url = URL(fileURLWithPath: store, isDirectory: true).appending(path: "previews")
    }

    func write(_ previews: [String: [UInt8]]) throws {
        guard !previews.isEmpty else { return }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (key, png) in previews { try Data(png).write(to: file(key), options: .atomic) }
    }

    /// The PNG of a sample key, where there is one.
    func read(_ key: String) -> [UInt8]? { (try? Data(contentsOf: file(key))).map(Array.init) }

    private func file(_ key: String) -> URL { url.appending(path: "\(key).png") }
}
