import CAssimp
import Synchronization

/// A scene as assimp read it, released with this object.
///
/// Of assimp's post-processing only triangulation is run. Joining vertices tears skins and morph
/// targets apart in 5.2.5, pre-transforming deletes animation, limiting weights drops influences,
/// and sorting by primitive type refuses scenes that hold an empty mesh; points and lines are
/// left out, and equal vertices joined, where primitives are made.
final class AssimpImport {
    /// The scene; valid as long as this object.
    let scene: UnsafePointer<aiScene>

    /// assimp's C interface keeps its last error in one unguarded string, so imports take turns.
    private static let turns = Mutex(())

    /// Imports the file at `path`, which may name others in its folder.
    init(path: String, limits: AssetLimits) throws(AssetError) {
        guard AssetFile.kind(of: path) == .file, let folder = AssetFolder(containing: path) else {
            throw .unreadable(path: path, reason: "it is no regular file")
        }
        let asset = folder.path + "/" + AssetFile.name(of: path)
        let files = AssimpFiles(asset: asset, folder: folder, maximumByteCount: limits.fileBytes)
        let (scene, message) = Self.turns.withLock { _ in
            let properties = aiCreatePropertyStore()
            defer { aiReleasePropertyStore(properties) }
            // Files that hold motion alone must not get a mesh made up for them.
            aiSetImportPropertyInteger(properties, AI_CONFIG_IMPORT_NO_SKELETON_MESHES, 1)
            aiSetImportPropertyInteger(properties, AI_CONFIG_IMPORT_FBX_PRESERVE_PIVOTS, 1)
            let scene = files.withFileIO { io in
                aiImportFileExWithProperties(
                    asset, aiProcess_Triangulate.rawValue, io, properties)
            }
            return (
                Transfer(pointer: scene),
                scene == nil ? aiGetErrorString().map { String(cString: $0) } ?? "" : ""
            )
        }
        guard let scene = scene.pointer else {
            if message.contains("No suitable reader") { throw .unknownFormat(path: path) }
            throw .malformed(path: path, what: "assimp: \(Self.sentence(message))")
        }
        self.scene = scene
    }

    deinit { aiReleaseImport(scene) }

    /// assimp's reason on one line: it quotes as much of the file as it likes.
    private static func sentence(_ message: String) -> String {
        let words = message.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        return words.isEmpty ? "no reason is given" : String(words.prefix(200))
    }

    /// Carries a pointer out of the lock; the scene that it names belongs to this import alone.
    private struct Transfer: @unchecked Sendable {
        let pointer: UnsafePointer<aiScene>?
    }
}

// MARK: assimp's values

extension aiString {
    /// The text, cut at the buffer's end.
    var text: String {
        withUnsafeBytes(of: data) { bytes in
            String(decoding: bytes.prefix(min(Int(length), bytes.count)), as: UTF8.self)
        }
    }
}

extension aiVector3D {
    var vector: SIMD3<Float> { SIMD3(x, y, z) }
}

/// The first `count` elements behind a pointer that may be null.
func assimpArray<T>(_ start: UnsafeMutablePointer<T>?, _ count: UInt32) -> UnsafeBufferPointer<T> {
    UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(count))
}

/// The objects behind an array of pointers; null pointers are passed over.
func assimpObjects<T>(
    _ start: UnsafeMutablePointer<UnsafeMutablePointer<T>?>?, _ count: UInt32
) -> [UnsafeMutablePointer<T>] {
    assimpArray(start, count).compactMap { $0 }
}
