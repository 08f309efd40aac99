import Geometry
import Imaging

/// The reader of folders of numbered OBJ files that share a topology, one file a frame.
public enum OBJSequenceLoader {
    /// The clip rate where nothing else is said.
    public static let defaultFramesPerSecond = 24.0

    /// Reads one folder.
    ///
    /// Frames follow each other in natural order (`frame2.obj` before `frame10.obj`). Polygons,
    /// UVs and materials are the first file's; positions are each file's own, and normals too
    /// where all files assign them alike.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - framesPerSecond: frames a second, positive.
    ///   - upAxis: the files' axis that points up.
    ///   - limits: the largest assets that are read.
    /// - Returns: a vertex animation with one clip, or none where there is a single file.
    /// - Throws: ``AssetError``; ``AssetError/malformed(path:what:)`` names the first file whose
    ///   vertices or polygons are not those of the first.
    public static func load(
        path: String, framesPerSecond: Double = defaultFramesPerSecond, upAxis: UpAxis = .y,
        limits: AssetLimits = .generous
    ) throws(AssetError) -> AnimatedAsset {
        precondition(framesPerSecond > 0, "a frame rate is positive")
        guard let folder = AssetFolder(path) else {
            throw .unreadable(path: path, reason: "it is no folder")
        }
        let names = frameNames(in: folder.path)
        guard let firstName = names.first else {
            throw .unreadable(path: path, reason: "it holds no numbered OBJ files")
        }
        try limits.check(names.count, "frames", \.frames, path: path)
        let first = try document(firstName, in: folder, path: path, limits: limits)
        guard first.polygonCount > 0 else { throw .noGeometry(path: path + "/" + firstName) }
        let surface = OBJSurface(first, splitsByNormal: true)
        let (cells, overflow) = names.count.multipliedReportingOverflow(by: surface.vertexCount)
        guard !overflow, cells <= AnimatedAsset.maximumSampledBytes / 24 else {
            throw .tooLarge(
                path: path, what: "\(names.count) frames of \(surface.vertexCount) vertices")
        }
        var frames = FrameCollector(first: first, surface: surface, upAxis: upAxis)
        for name in names.dropFirst() {
            try frames.add(
                document(name, in: folder, path: path, limits: limits), path: path + "/" + name,
                firstName: firstName)
        }
        return try asset(
            frames, textures: TextureStore(folder: folder, limits: limits), path: path,
            framesPerSecond: framesPerSecond)
    }

    /// A frame, which may be a link, but not one that leads out of the folder.
    private static func document(
        _ name: String, in folder: AssetFolder, path: String, limits: AssetLimits
    ) throws(AssetError) -> OBJDocument {
        guard folder.file(at: [name]) != nil else {
            throw .unreadable(path: path + "/" + name, reason: "it is no file in the folder")
        }
        return try OBJParser.document(path: path + "/" + name, limits: limits)
    }

    /// The numbered OBJ files of a folder in natural order: those whose names differ in their last
    /// number alone. Empty where there is none, or where other OBJ files stand beside them.
    static func frameNames(in folder: String) -> [String] {
        let names = AssetFile.names(in: folder).filter {
            AssetFile.pathExtension(of: $0) == "obj" && !$0.hasPrefix(".")
        }
        let parts = names.compactMap { NaturalOrder.splitAtLastNumber(AssetFile.stem(of: $0)) }
        guard let first = parts.first, parts.count == names.count,
            parts.allSatisfy({ $0.prefix == first.prefix && $0.suffix == first.suffix })
        else { return [] }
        return names.sorted(by: NaturalOrder.precedes)
    }

    private static func asset(
        _ frames: FrameCollector, textures: TextureStore, path: String, framesPerSecond: Double
    ) throws(AssetError) -> AnimatedAsset {
        let name = AssetFile.stem(of: path)
        var textures = textures
        let read = OBJMaterials(frames.first, textures: &textures)
        try textures.checkSize(path: path)
        let surface = frames.surface
        let uvs = surface.uvs(frames.first)
        let mesh = MeshSequence(
            times: (0..<frames.count).map { Double($0) / framesPerSecond },
            vertexCount: surface.vertexCount, positions: frames.positions,
            normals: frames.normals, triangles: surface.triangles,
            uvSets: uvs.isEmpty ? [] : [uvs], colors: surface.colors(frames.first),
            parts: surface.parts.map {
                MeshPart(
                    name: frames.first.materialNames[$0.material], triangles: $0.triangles,
                    material: $0.material)
            },
            materials: read.materials, textures: textures.textures)
        let clip = Clip(
            name: name, start: 0, end: mesh.times[frames.count - 1],
            sourceFrameCount: frames.count)
        return AnimatedAsset(
            name: name, format: "obj-sequence",
            body: .vertexAnimation(VertexAnimation(mesh: mesh)),
            clips: frames.count > 1 ? [clip] : [], materials: read.materials,
            textures: textures.textures, missingTextures: textures.missing,
            warnings: frames.first.warnings + read.warnings + frames.warnings)
    }
}

/// Gathers the frames of a sequence and holds each against the first.
private struct FrameCollector {
    let first: OBJDocument
    let surface: OBJSurface
    let upAxis: UpAxis
    private(set) var count = 1
    private(set) var positions: Vector3Array
    private(set) var normals: Vector3Array
    private(set) var warnings: [String] = []

    init(first: OBJDocument, surface: OBJSurface, upAxis: UpAxis) {
        self.first = first
        self.surface = surface
        self.upAxis = upAxis
        positions = surface.positions(first, axis: upAxis)
        normals = surface.normals(first, axis: upAxis)
    }

    mutating func add(_ document: OBJDocument, path: String, firstName: String) throws(AssetError) {
        guard document.positions.count == first.positions.count else {
            throw .malformed(
                path: path,
                what: "it has \(document.positions.count) vertices where \(firstName) has "
                    + "\(first.positions.count)")
        }
        guard document.polygonCount == first.polygonCount else {
            throw .malformed(
                path: path,
                what: "it has \(document.polygonCount) faces where \(firstName) has "
                    + "\(first.polygonCount)")
        }
        guard document.starts == first.starts,
            zip(document.corners, first.corners).allSatisfy({ $0.position == $1.position })
        else { throw .malformed(path: path, what: "its faces are not those of \(firstName)") }
        positions.append(contentsOf: surface.positions(document, axis: upAxis))
        count += 1
        guard !normals.isEmpty else { return }
        if document.normals.count == first.normals.count,
            zip(document.corners, first.corners).allSatisfy({ $0.normal == $1.normal })
        {
            normals.append(contentsOf: surface.normals(document, axis: upAxis))
        } else {
            normals = Vector3Array()
            warnings.append(
                "\(AssetFile.name(of: path)) assigns its normals otherwise than \(firstName): "
                    + "normals are left out.")
        }
    }
}
