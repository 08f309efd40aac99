import Evaluation
import Foundation
import Imaging

/// Videos as folders of pictures hold them.
enum PictureFolders {
    private static let formats: Set<String> = ["png", "jpg", "jpeg", "webp"]

    /// The videos at a path, by name: one where the folder holds pictures (or a folder `video` of
    /// them), else one for each such folder in it.
    static func videos(at path: String, video: String) throws -> [(name: String, path: String)] {
        guard ShapeFiles.isFolder(path) else {
            throw EvaluationError(path, "there is no such folder")
        }
        if let own = try pictures(path, video) {
            return [(URL(fileURLWithPath: path).lastPathComponent, own)]
        }
        let found = try ShapeFiles.contents(path).compactMap { entry in
            try pictures("\(path)/\(entry)", video).map { (entry, $0) }
        }
        guard !found.isEmpty else {
            throw EvaluationError(
                path,
                "it holds neither pictures nor folders of pictures, nor folders with a folder "
                    + "\(video) of them; --video names another")
        }
        return found
    }

    /// The folder that holds pictures, of a folder and its folder of that name.
    private static func pictures(_ path: String, _ video: String) throws -> String? {
        for folder in ["\(path)/\(video)", path] where ShapeFiles.isFolder(folder) {
            if try !files(folder).isEmpty { return folder }
        }
        return nil
    }

    private static func files(_ folder: String) throws -> [String] {
        try ShapeFiles.contents(folder).filter {
            formats.contains(URL(fileURLWithPath: $0).pathExtension.lowercased())
        }
    }

    /// The pictures of a folder in natural order.
    static func load(_ folder: String) throws -> Video {
        let names = try files(folder)
        let images = try names.map { name -> Image in
            let path = "\(folder)/\(name)"
            do {
                return try Image(decoding: Array(Data(contentsOf: URL(fileURLWithPath: path))))
            } catch { throw EvaluationError(path, "the picture cannot be read: \(error)") }
        }
        for (name, image) in zip(names, images)
        where image.width != images[0].width || image.height != images[0].height {
            throw EvaluationError(
                "\(folder)/\(name)",
                "it has \(image.width) x \(image.height) pixels, \(names[0]) has "
                    + "\(images[0].width) x \(images[0].height); a video has one size")
        }
        return Video(frames: images)
    }
}
