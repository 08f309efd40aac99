import Assets
import Evaluation
import Foundation
import Geometry

/// Sequences of shapes as files hold them.
struct ShapeFiles {
    /// Frames that an animated file is baked into, evenly over its first clip; nil takes what the
    /// caller asks for.
    var frames: Int?
    /// The axis that points up in files that do not say.
    var upAxis: UpAxis?

    /// Formats of a single frame, whose files in one folder make a sequence.
    private static let frameFormats: Set<String> = ["ply", "obj", "stl", "off"]
    /// Formats of a whole sequence.
    private static let sequenceFormats: Set<String> = [
        "glb", "gltf", "fbx", "dae", "anime", "npy",
    ]

    /// The sequences at a path, by name: one where the path is a file or a folder of frames, else
    /// one for each folder or animated file in it.
    static func sequences(at path: String) throws -> [(name: String, path: String)] {
        let url = URL(fileURLWithPath: path)
        let name = url.lastPathComponent
        guard isFolder(path) else {
            guard FileManager.default.fileExists(atPath: path) else {
                throw EvaluationError(path, "there is no such file or folder")
            }
            return [(url.deletingPathExtension().lastPathComponent, path)]
        }
        if try isSequence(path) { return [(name, path)] }
        let found = try contents(path).compactMap { entry -> (String, String)? in
            let full = "\(path)/\(entry)"
            if isFolder(full) { return try isSequence(full) ? (entry, full) : nil }
            let file = URL(fileURLWithPath: full)
            guard sequenceFormats.contains(file.pathExtension.lowercased()) else { return nil }
            return (file.deletingPathExtension().lastPathComponent, full)
        }
        guard !found.isEmpty else {
            throw EvaluationError(
                path,
                "it holds neither frames (PLY, OBJ, STL or OFF files, or a folder meshes of them) "
                    + "nor folders of frames nor animated files (GLB, glTF, FBX, DAE, anime, NPY)")
        }
        return found
    }

    /// The frames of a sequence.
    ///
    /// - Parameters:
    ///   - wanted: how many frames an animated file is baked into where no number was given.
    ///   - isPeriodic: whether those leave out the clip's end.
    func load(
        _ path: String, wanted: Int?, isPeriodic: Bool = false
    ) throws -> [EvaluatedFrame] {
        guard Self.isFolder(path) else {
            return try file(path, wanted: wanted, isPeriodic: isPeriodic)
        }
        for folder in ["\(path)/meshes", path] where Self.isFolder(folder) {
            let files = try Self.frameFiles(folder)
            guard !files.isEmpty else { continue }
            return try files.map { EvaluatedFrame(.mesh(try Self.mesh(asset("\(folder)/\($0)")))) }
        }
        for name in ["sequence.glb", "cloud.npy"] {
            let file = "\(path)/\(name)"
            if FileManager.default.fileExists(atPath: file) {
                return try self.file(file, wanted: wanted, isPeriodic: isPeriodic)
            }
        }
        throw EvaluationError(path, "there are no frames in it")
    }

    private func file(
        _ path: String, wanted: Int?, isPeriodic: Bool
    ) throws -> [EvaluatedFrame] {
        if path.lowercased().hasSuffix(".npy") {
            return try Self.clouds(NPYReader.array(path: path), path)
        }
        let asset = try asset(path)
        guard let clip = asset.clips.first else {
            return [EvaluatedFrame(.mesh(try Self.mesh(asset)))]
        }
        let timeline: Timeline
        if let own = clip.sourceFrameCount, frames == nil, wanted == nil || isPeriodic {
            // Files that hold frames are stepped through.
            timeline = .uniform(count: own, periodic: false)
        } else if let count = frames ?? wanted {
            timeline = .uniform(count: count, periodic: isPeriodic)
        } else {
            throw EvaluationError(
                path, "it is animated; say by --frames how many frames to bake it into")
        }
        let times = timeline.times(for: clip)
        let sequence = try asset.mesh(clip: 0, times: times)
        return (0..<sequence.frameCount).map { EvaluatedFrame(.mesh(sequence.mesh(ofFrame: $0))) }
    }

    private func asset(_ path: String) throws -> AnimatedAsset {
        try Self.checkHeader(path)
        // DeformingThings4D's files have an axis of their own.
        let isAnime = path.lowercased().hasSuffix(".anime")
        return try AssetLoader(upAxis: upAxis ?? (isAnime ? nil : .y)).load(path: path)
    }

    /// Refuses a PLY file whose header does not end, on which assimp 5.2.5 never does either: what
    /// is left of a file whose writer was stopped.
    private static func checkHeader(_ path: String) throws {
        guard path.lowercased().hasSuffix(".ply"), let file = FileHandle(forReadingAtPath: path)
        else { return }
        defer { try? file.close() }
        let head = try file.read(upToCount: 1 << 16) ?? Data()
        guard head.range(of: Data("end_header".utf8)) != nil else {
            throw EvaluationError(path, "the header has no end_header; write the file again")
        }
    }

    private static func mesh(_ asset: AnimatedAsset) throws -> TriangleMesh {
        try asset.mesh(clip: nil, times: [0]).mesh(ofFrame: 0)
    }

    /// Frames of an array of points: `[T, n, 3]`, or more numbers a point, of which the first three
    /// are its place; `[n, 3]` is one frame.
    static func clouds(_ array: NPYArray, _ path: String) throws -> [EvaluatedFrame] {
        var shape = array.shape
        if shape.count == 2 { shape.insert(1, at: 0) }
        guard shape.count == 3, shape[2] >= 3, shape[0] > 0 else {
            throw EvaluationError(
                path, "an array of the shape \(array.shape) is no cloud; [T, n, 3] is")
        }
        return (0..<shape[0]).map { t in
            var points = Vector3Array()
            points.reserveCapacity(shape[1])
            for i in 0..<shape[1] {
                let at = (t * shape[1] + i) * shape[2]
                let p = array.elements[at..<at + 3].map(Float.init)
                points.append(SIMD3(p[0], p[1], p[2]))
            }
            return EvaluatedFrame(.cloud(points))
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Names in a folder in natural order, hidden ones left out.
    static func contents(_ path: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { !$0.hasPrefix(".") }
                .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
        } catch { throw EvaluationError(path, "the folder cannot be read: \(error)") }
    }

    private static func frameFiles(_ folder: String) throws -> [String] {
        try contents(folder).filter {
            frameFormats.contains(URL(fileURLWithPath: $0).pathExtension.lowercased())
        }
    }

    private static func isSequence(_ folder: String) throws -> Bool {
        if try !frameFiles(folder).isEmpty { return true }
        let meshes = "\(folder)/meshes"
        if isFolder(meshes), try !frameFiles(meshes).isEmpty { return true }
        return try contents(folder).contains { ["sequence.glb", "cloud.npy"].contains($0) }
    }
}
