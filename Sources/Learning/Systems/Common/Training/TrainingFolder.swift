import Foundation
import Tensors

/// Where a stage's training lies:
///
/// ```
/// manifest.yaml            the recipe, as it was run last
/// checkpoints/             step-00001000.safetensors, ...
/// events/                  for TensorBoard
/// pictures/                step-00001000-NAME.png, ...
/// weights.safetensors      what came of it, once it is done
/// ```
public struct TrainingFolder: Sendable {
    /// The folder.
    public let url: URL

    /// The folder of a path; it need not be there yet.
    public init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

    /// The checkpoints.
    public var checkpoints: CheckpointFolder {
        CheckpointFolder(url.appending(path: "checkpoints"))
    }
    /// The curves.
    public var events: URL { url.appending(path: "events") }
    /// The pictures.
    public var pictures: URL { url.appending(path: "pictures") }
    /// The weights of a training that is done.
    public var weights: URL { url.appending(path: "weights.safetensors") }

    /// Makes the folder, and holds it against other processes until the lock is let go.
    ///
    /// - Throws: `TrainingError.busy`.
    func lock() throws -> Lock {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let file = open(url.appending(path: ".lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard file >= 0 else {
            throw TrainingError.unusable("\(url.path): \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw TrainingError.busy(folder: url.path)
        }
        return Lock(file: file)
    }

    /// Holds a folder while it lives.
    final class Lock {
        private let file: Int32
        init(file: Int32) { self.file = file }
        deinit { close(file) }
    }
}
