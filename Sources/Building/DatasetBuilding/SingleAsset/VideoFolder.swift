import Assets
import Foundation
import Imaging

/// Reads a video from a folder of pictures.
public enum VideoFolder {
    /// The extensions of files that count as frames, whatever their case.
    public static let extensions: Set<String> = ["png", "jpg", "jpeg", "webp"]

    /// The largest file that is taken for a frame.
    private static let maximumFileSize = 1 << 28

    /// The PNG, JPEG and WebP files of a folder as frames, in the order of their names with numbers
    /// counted as numbers (`2.png` before `10.png`). Other files, hidden files and folders are
    /// passed over.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - prefix: what names of frames begin with; empty takes all. Renders keep pictures of
    ///     several kinds beside each other.
    ///   - maximumPixelCount: the most pixels that all frames together may have; all headers are
    ///     held against it before memory is set aside.
    /// - Throws: ``VideoFolderError``.
    public static func video(
        at path: String, prefix: String = "", maximumPixelCount: Int = 1 << 29
    ) throws -> Video {
        let paths = try frames(at: path, prefix: prefix)
        var files: [[UInt8]] = []
        var size: (width: Int, height: Int)?
        for file in paths {
            let bytes = try bytes(of: file)
            let own: (width: Int, height: Int)
            do { own = try Image.size(ofEncoded: bytes) } catch {
                throw VideoFolderError.unreadableFrame(path: file, reason: error.description)
            }
            let expected = size ?? own
            guard own == expected else {
                throw VideoFolderError.differentSize(
                    path: file, width: own.width, height: own.height, firstPath: paths[0],
                    firstWidth: expected.width, firstHeight: expected.height)
            }
            size = own
            files.append(bytes)
            guard own.width * own.height <= maximumPixelCount / files.count else {
                throw VideoFolderError.tooLarge(
                    path: path, frames: paths.count, width: own.width, height: own.height,
                    maximumPixelCount: maximumPixelCount)
            }
        }
        let encoded = files
        return Video(
            frames: try concurrentMap(encoded.count) { i in
                do { return try Image(decoding: encoded[i]) } catch {
                    throw VideoFolderError.unreadableFrame(
                        path: paths[i], reason: "\(error)")
                }
            })
    }

    /// The paths of a folder's frames, in order; one at least.
    private static func frames(at path: String, prefix: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw VideoFolderError.noFolder(path: path, reason: "there is nothing of that name")
        }
        guard isFolder.boolValue else {
            throw VideoFolderError.noFolder(path: path, reason: "it is a file")
        }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw VideoFolderError.noFolder(path: path, reason: error.localizedDescription)
        }
        let frames = names.filter { name in
            let kind = URL(fileURLWithPath: name).pathExtension.lowercased()
            var isFolder: ObjCBool = false
            return extensions.contains(kind) && !name.hasPrefix(".") && name.hasPrefix(prefix)
                && FileManager.default.fileExists(
                    atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        guard !frames.isEmpty else {
            throw VideoFolderError.noFrames(path: path, prefix: prefix, otherFiles: names.count)
        }
        return frames.sorted(by: NaturalOrder.precedes).map { "\(path)/\($0)" }
    }

    private static func bytes(of file: String) throws -> [UInt8] {
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: file).resolvingSymlinksInPath().path)
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard size <= maximumFileSize else {
                throw VideoFolderError.unreadableFrame(
                    path: file, reason: "it has \(size) bytes, more than a frame may")
            }
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch let error as VideoFolderError {
            throw error
        } catch {
            throw VideoFolderError.unreadableFrame(path: file, reason: error.localizedDescription)
        }
    }
}

/// Why a folder is no video.
public enum VideoFolderError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path is no folder that can be read.
    case noFolder(path: String, reason: String)
    /// The folder holds no frame, but `otherFiles` other entries.
    case noFrames(path: String, prefix: String, otherFiles: Int)
    /// A frame cannot be read or decoded.
    case unreadableFrame(path: String, reason: String)
    /// A frame has another size than the first.
    case differentSize(
        path: String, width: Int, height: Int, firstPath: String, firstWidth: Int,
        firstHeight: Int)
    /// The frames together have more pixels than the caller allows.
    case tooLarge(path: String, frames: Int, width: Int, height: Int, maximumPixelCount: Int)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        switch self {
        case .noFolder(let path, let reason):
            "reading a video from \(path): \(reason); give a folder of frames (ffmpeg -i FILE "
                + "FOLDER/%04d.png makes one of a video file)"
        case .noFrames(let path, let prefix, let otherFiles):
            "reading a video from \(path): no PNG, JPEG or WebP file"
                + (prefix.isEmpty ? "" : " whose name begins with \(prefix)")
                + (otherFiles == 0
                    ? "; the folder is empty"
                    : " among \(otherFiles) entries; give a folder of frames")
        case .unreadableFrame(let path, let reason):
            "reading the frame \(path): \(reason); replace or remove it"
        case .differentSize(
            let path, let width, let height, let firstPath, let firstWidth, let firstHeight):
            "reading the frame \(path): it has \(width) x \(height) pixels, and \(firstPath) "
                + "\(firstWidth) x \(firstHeight); frames of a video must have one size"
        case .tooLarge(let path, let frames, let width, let height, let maximumPixelCount):
            "reading a video from \(path): \(frames) frames of \(width) x \(height) pixels are "
                + "more than the \(maximumPixelCount) pixels allowed; shrink them or take fewer"
        }
    }
}
