import Foundation
import ShardStore

/// Inputs of peers.
enum NumpyFile {
    /// Writes an array as `NAME.npy` into a folder.
    static func write<Element: ArrayElement>(
        _ elements: [Element], shape: [Int], _ name: String, in folder: URL
    ) throws -> URL {
        let file = folder.appending(path: name + ".npy")
        try Data(ArrayPayload(elements, shape: shape).numpyFile).write(to: file)
        return file
    }
}
