import Documents
import Foundation

extension DocumentReader {
    /// The path of a file that a key names: beside the manifest, as all paths of manifests are.
    mutating func filePath(_ key: String) throws(DocumentError) -> String? {
        guard let path = try string(key) else { return nil }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return URL(fileURLWithPath: path, relativeTo: folder).path
    }
}
