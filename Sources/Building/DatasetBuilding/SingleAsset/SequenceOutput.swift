import Foundation
import Geometry
import Imaging
import MeshFiles
import Rendering

/// Writes a sequence of meshes, one a frame, of any topology, as files and pictures: what
/// generators and reconstructions give.
public struct SequenceOutput: Sendable {
    /// The sequence's name, on the sheet and in the GLB.
    public var name: String
    /// Frames a second of the GLB and of the camera file.
    public var framesPerSecond: Double
    /// Pixels a side of a picture.
    public var pictureSize: Int
    /// Whether `front/` is written beside `orbit/`.
    public var writesFront: Bool
    /// The orbit's first camera; the front view has its distance and lens.
    public var place: MeshSheet.Place
    /// The axes of the camera file.
    public var world: Manifest.World
    /// Which of GLB's two forms.
    public var playback: GLTFDocument.Playback

    /// - Parameters:
    ///   - name: the sequence's name.
    ///   - framesPerSecond: above 0.
    ///   - pictureSize: pixels a side, 1 to 8192.
    ///   - writesFront: whether `front/` is written beside `orbit/`.
    ///   - place: the orbit's first camera: elevation, distance and lens are those of all.
    ///   - world: the axes of the camera file.
    ///   - playback: which of GLB's two forms; see `GLTFDocument.Playback`.
    public init(
        name: String = "sequence", framesPerSecond: Double, pictureSize: Int = 512,
        writesFront: Bool = true, place: MeshSheet.Place = MeshSheet.Place(elevationDegrees: 15),
        world: Manifest.World = .muybridge, playback: GLTFDocument.Playback = .automatic
    ) {
        self.name = name
        self.framesPerSecond = framesPerSecond
        self.pictureSize = pictureSize
        self.writesFront = writesFront
        self.place = place
        self.world = world
        self.playback = playback
    }

    /// What was written.
    public struct Report: Sendable, Equatable, Encodable {
        /// `[T]` vertices of every frame.
        public var vertices: [Int]
        /// `[T]` triangles of every frame.
        public var triangles: [Int]
        /// Frames without a triangle.
        public var emptyFrames: [Int]
        /// Paths relative to the folder, in the order in which they were written.
        public var files: [String]

        /// What a user should know, a sentence each; none where all is well.
        public var remarks: [String] {
            guard !emptyFrames.isEmpty else { return [] }
            if emptyFrames.count == triangles.count { return ["No frame has a surface."] }
            let numbers = emptyFrames.map(String.init).joined(separator: ", ")
            return ["No surface in frame\(emptyFrames.count > 1 ? "s" : "") \(numbers)."]
        }
    }

    /// Writes into `folder`, which is made where it is missing:
    ///
    /// - `meshes/frame-000.ply`, ...: every frame with smooth normals;
    /// - `sequence.glb`: all frames as an animation;
    /// - `orbit/000.png`, ...: once around while time runs, and `orbit.transforms.json`;
    /// - `front/000.png`, ...: from the front, where asked for;
    /// - `sheet.png`: the input, the front and the orbit, at most eight frames of each.
    ///
    /// - Parameters:
    ///   - meshes: one or more, in the unit box. One without triangles is no error: its PLY holds
    ///     no faces, its pictures are empty, and the report tells.
    ///   - input: the video that the meshes were made from, for the sheet.
    /// - Throws: `MeshFileError` before anything is written; `RenderingError`, or the file system's
    ///   error.
    @discardableResult
    public func write(
        _ meshes: [TriangleMesh], input: Video? = nil, to folder: String
    ) throws -> Report {
        precondition(!meshes.isEmpty, "a sequence has at least one frame")
        let glb = try GLTFDocument(
            frames: meshes, framesPerSecond: framesPerSecond, name: name, playback: playback
        ).glb()
        let output = try OutputFolder(folder)
        var files: [String] = []
        _ = try output.folder("meshes")
        for (t, mesh) in meshes.enumerated() {
            files.append("meshes/frame-\(SequenceOutput.number(t)).ply")
            try output.write(
                MeshFile.ply(mesh, normals: mesh.areaWeightedNormals), as: files[t])
        }
        files.append("sequence.glb")
        try output.write(glb, as: "sequence.glb")
        let pictures = try pictures(of: meshes)
        try write(pictures, to: output, &files)
        files.append("sheet.png")
        try output.write(
            try sheet(of: meshes, pictures, input: input).pngEncoded(), as: "sheet.png")
        return Report(
            vertices: meshes.map(\.vertexCount), triangles: meshes.map(\.triangleCount),
            emptyFrames: meshes.indices.filter { meshes[$0].triangleCount == 0 }, files: files)
    }

    /// The pictures of one frame.
    private struct Shots: Sendable {
        var orbit: Image
        /// Where it is written or shown on the sheet.
        var front: Image?
    }

    private static let sheetColumns = 8

    private func orbit(frameCount: Int) -> [View] {
        CameraPath.orbit(
            startAzimuthDegrees: place.azimuthDegrees, elevationDegrees: place.elevationDegrees,
            periodic: true
        ).views(
            frameCount: frameCount,
            framing: Framing(
                distance: place.distance, fieldOfViewXDegrees: place.fieldOfViewDegrees,
                width: pictureSize, height: pictureSize))
    }

    private func pictures(of meshes: [TriangleMesh]) throws -> [Shots] {
        var frontPlace = place
        frontPlace.azimuthDegrees = 0
        frontPlace.elevationDegrees = 0
        let front = frontPlace.camera(size: pictureSize)
        let orbit = orbit(frameCount: meshes.count)
        let shown = Set(MeshSheet.picked(meshes.count, columns: SequenceOutput.sheetColumns))
        return try concurrentMap(meshes.count) { t in
            let hasFront = writesFront || shown.contains(t)
            let pictures = try Clay.pictures(
                of: meshes[t], from: [orbit[t].camera] + (hasFront ? [front] : []))
            return Shots(orbit: pictures[0], front: hasFront ? pictures[1] : nil)
        }
    }

    private func write(
        _ pictures: [Shots], to output: OutputFolder, _ files: inout [String]
    ) throws {
        func write(_ folder: String, _ picture: @Sendable (Shots) -> Image?) throws {
            _ = try output.folder(folder)
            let encoded = try concurrentMap(pictures.count) { t in
                try picture(pictures[t])?.pngEncoded() ?? []
            }
            for (t, png) in encoded.enumerated() {
                files.append("\(folder)/\(SequenceOutput.number(t)).png")
                try output.write(png, as: "\(folder)/\(SequenceOutput.number(t)).png")
            }
        }
        try write("orbit") { $0.orbit }
        if writesFront { try write("front") { $0.front } }
        let cameras = TransformsFile(
            views: orbit(frameCount: pictures.count),
            times: pictures.indices.map { Double($0) / framesPerSecond },
            world: world == .blender ? .blender : .muybridge,
            filePath: { "orbit/\(SequenceOutput.number($0)).png" })
        files.append("orbit.transforms.json")
        try output.write(try cameras.encoded(), as: "orbit.transforms.json")
    }

    private func sheet(
        of meshes: [TriangleMesh], _ pictures: [Shots], input: Video?
    ) -> Image {
        let columns = SequenceOutput.sheetColumns
        let shown = MeshSheet.picked(meshes.count, columns: columns)
        func row(_ heading: String, _ picture: (Shots) -> Image?) -> ContactSheet.Entry {
            ContactSheet.Entry(
                heading: heading,
                frames: shown.compactMap { t in
                    picture(pictures[t]).map { $0.resized(toFit: cellSize) }.map {
                        MeshSheet.labelled($0, isEmpty: meshes[t].triangleCount == 0)
                    }
                })
        }
        var rows = [
            row("front", \.front),
            row(
                "orbit, elevation \(Int(place.elevationDegrees.rounded())), once around",
                \.orbit),
        ]
        if let input {
            let frames = MeshSheet.picked(input.frames.count, columns: shown.count)
            rows.insert(
                ContactSheet.Entry(heading: "input", frames: frames.map { input.frames[$0] }), at: 0
            )
        }
        return MeshSheet.sheet(columns: shown.count, cellSize: cellSize).composed(
            title: "\(name): frames \(shown.map(String.init).joined(separator: ", "))",
            entries: rows)
    }

    private var cellSize: Int { min(pictureSize, 192) }

    private static func number(_ t: Int) -> String { String(format: "%03d", t) }
}

extension Image {
    /// The square picture, shrunk where it is larger than `side`.
    fileprivate func resized(toFit side: Int) -> Image {
        width > side ? resized(width: side, height: side) : self
    }
}
