import Geometry

extension GLTFDocument {
    /// How a sequence of meshes is played.
    public enum Playback: Sendable, Equatable {
        /// Morph targets where all frames have the same triangles, else frame by frame.
        case automatic
        /// One mesh with a morph target for every frame after the first; frames must have the same
        /// triangles. Players move vertices straight from frame to frame.
        case morphTargets
        /// A mesh and a node for every frame, shown in its own time alone.
        case frameByFrame
    }

    /// What generated meshes are made of: a light grey, rather rough, seen from both sides.
    public static let plainMaterial = Material(
        name: "plain", baseColor: SIMD4(0.6, 0.6, 0.6, 1), roughness: 0.8, doubleSided: true)

    /// One mesh that does not move, with smooth normals.
    ///
    /// - Throws: ``MeshFileError/notFinite(frame:vertex:)``.
    public init(
        _ mesh: TriangleMesh, name: String = "mesh",
        material: Material = GLTFDocument.plainMaterial
    ) throws(MeshFileError) {
        try self.init(frames: [mesh], framesPerSecond: 1, name: name, material: material)
    }

    /// Meshes that follow each other as one animation, with smooth normals (weighted by area).
    ///
    /// Frame `t` begins at `t / framesPerSecond` seconds, rounded down to the next 32-bit number,
    /// so that a player that asks for the time itself does not see the frame before. Where frames
    /// are stepped through, the last one is held as long as the others, and the clip lasts
    /// `T / framesPerSecond`; with linear morphing it ends where the last frame is reached.
    ///
    /// Frame by frame, a node's scale is 1 in its time and 0 outside of it, with `STEP`
    /// interpolation: glTF 2.0 (section 3.5.3) names this as the way to animate visibility. The
    /// rest pose shows the first frame that is not empty. A frame without triangles has no node:
    /// nothing is seen in its time.
    ///
    /// Morphed positions are sums of two rounded numbers: they may be off by half a unit in the
    /// last place of frame 0's coordinate (3e-8 in the unit box). Frame by frame they are exact.
    ///
    /// - Parameters:
    ///   - frames: one or more.
    ///   - framesPerSecond: above 0.
    ///   - name: of the clip and, with a frame's number, of meshes and nodes.
    ///   - material: of all of them; it must read no texture.
    ///   - playback: which of the two forms.
    ///   - interpolation: of morph weights: `linear` or `step`.
    /// - Throws: ``MeshFileError``.
    public init(
        frames: [TriangleMesh], framesPerSecond: Double, name: String = "sequence",
        material: Material = GLTFDocument.plainMaterial, playback: Playback = .automatic,
        interpolation: Interpolation = .linear
    ) throws(MeshFileError) {
        precondition(!frames.isEmpty, "a sequence has at least one frame")
        let clock = try FrameClock(count: frames.count, framesPerSecond: framesPerSecond)
        let other = frames.firstIndex {
            $0.vertexCount != frames[0].vertexCount || $0.triangles != frames[0].triangles
        }
        if playback == .morphTargets, let other { throw .differentTriangles(frame: other) }
        if playback == .frameByFrame || other != nil || frames.count == 1 {
            try self.init(frameByFrame: frames, clock, name: name, material: material)
            return
        }
        var sequence = MeshSequence(
            times: clock.starts.map(Double.init), vertexCount: frames[0].vertexCount,
            positions: Vector3Array(scalars: frames.flatMap(\.positions.scalars)),
            triangles: frames[0].triangles, materials: [material])
        sequence.normals = Vector3Array(
            scalars: ParallelRanges.map(count: frames.count) {
                frames[$0].areaWeightedNormals.scalars
            }.flatMap { $0 })
        try self.init(sequence, clock, name: name, interpolation: interpolation)
    }

    /// A mesh sequence as one mesh with morph targets, with its UVs, colours, materials and
    /// textures, and its normals where it has some.
    ///
    /// - Parameters:
    ///   - framesPerSecond: nil plays frames at the sequence's times, counted from frame 0's.
    ///   - name: of mesh, node and clip.
    ///   - interpolation: between frames: `linear` or `step`.
    /// - Throws: ``MeshFileError``.
    public init(
        _ sequence: MeshSequence, framesPerSecond: Double? = nil, name: String = "sequence",
        interpolation: Interpolation = .linear
    ) throws(MeshFileError) {
        let clock =
            if let framesPerSecond {
                try FrameClock(count: sequence.frameCount, framesPerSecond: framesPerSecond)
            } else {
                try FrameClock(times: sequence.times)
            }
        try self.init(sequence, clock, name: name, interpolation: interpolation)
    }

    private init(
        frameByFrame frames: [TriangleMesh], _ clock: FrameClock, name: String, material: Material
    ) throws(MeshFileError) {
        self.init()
        materials = [material]
        let rest = frames.firstIndex { !$0.triangles.isEmpty }
        let normals = ParallelRanges.map(count: frames.count) { frames[$0].areaWeightedNormals }
        var channels: [Channel] = []
        for (t, frame) in frames.enumerated() where !frame.triangles.isEmpty {
            try MeshFileError.check(frame.positions, frame: t)
            let label = frames.count == 1 ? name : "\(name)-\(frameNumber(t))"
            let mesh = add(
                Mesh(
                    name: label,
                    primitives: [
                        Primitive(
                            positions: frame.positions, normals: unitNormals(normals[t]),
                            triangles: frame.triangles,
                            indexComponent: Primitive.indexComponent(of: frame.triangles),
                            material: 0)
                    ]))
            let node = add(Node(name: label, scale: t == rest ? nil : .zero, mesh: mesh))
            let keys = clock.visibility(ofFrame: t)
            channels.append(
                Channel(
                    node: node, path: .scale, interpolation: .step, times: keys.map(\.time),
                    vectors: keys.map { SIMD3(repeating: $0.isShown ? 1 : 0) }))
        }
        if frames.count > 1, !channels.isEmpty {
            animations = [Animation(name: name, channels: channels)]
        }
    }

    private init(
        _ sequence: MeshSequence, _ clock: FrameClock, name: String, interpolation: Interpolation
    ) throws(MeshFileError) {
        precondition(interpolation != .cubicSpline, "morph weights have no tangents here")
        self.init()
        for t in 0..<sequence.frameCount {
            try MeshFileError.check(
                sequence.positions, range: sequence.vertexRange(ofFrame: t), frame: t)
        }
        materials = sequence.materials
        textures = sequence.textures.map { TextureSource($0) }
        let primitives = sequence.parts.filter { !$0.triangles.isEmpty }
            .map { Primitive($0, of: sequence) }
        guard !primitives.isEmpty else { return }
        let targetCount = sequence.frameCount - 1
        let mesh = add(
            Mesh(
                name: name, primitives: primitives,
                weights: targetCount > 0 ? [Float](repeating: 0, count: targetCount) : nil,
                targetNames: (0..<targetCount).map { "frame-\(frameNumber($0 + 1))" }))
        let node = add(Node(name: name, mesh: mesh))
        guard targetCount > 0 else { return }
        var times = clock.starts
        var values = [Float](repeating: 0, count: times.count * targetCount)
        for t in 1...targetCount { values[t * targetCount + t - 1] = 1 }
        if interpolation == .step {
            times.append(clock.end)
            values += values.suffix(targetCount)
        }
        animations = [
            Animation(
                name: name,
                channels: [
                    Channel(
                        node: node, path: .weights, interpolation: interpolation, times: times,
                        values: values)
                ])
        ]
    }
}

extension GLTFDocument.Primitive {
    /// Sixteen bits where they hold all indices but the largest number, which restarts primitives.
    fileprivate static func indexComponent(of triangles: [UInt32]) -> GLTFDocument.Component {
        (triangles.max() ?? 0) < 0xFFFF ? .unsignedShort : .unsignedInt
    }

    /// The triangles of one part with the vertices that they use, and a target for every frame
    /// after the first.
    fileprivate init(_ part: MeshPart, of sequence: MeshSequence) {
        let source = PartVertices(part, of: sequence)
        let positions = source.positions(ofFrame: 0)
        let normals = source.normals(ofFrame: 0)
        let targets = ParallelRanges.map(count: sequence.frameCount - 1) { t in
            GLTFDocument.MorphTarget(
                positions: source.positions(ofFrame: t + 1).minus(positions),
                normals: source.normals(ofFrame: t + 1).minus(normals))
        }
        let vertices = source.vertices
        self.init(
            positions: positions, normals: normals,
            uvSets: sequence.uvSets.map { set in vertices.map { set[$0] } },
            colors: sequence.colors.isEmpty ? [] : vertices.map { sequence.colors[$0] },
            targets: targets, triangles: source.triangles,
            indexComponent: GLTFDocument.Primitive.indexComponent(of: source.triangles),
            material: sequence.materials.isEmpty ? nil : part.material)
    }
}

/// One part of a sequence with the vertices that it uses.
private struct PartVertices {
    let sequence: MeshSequence
    /// The sequence's numbers of the part's vertices.
    let vertices: [Int]
    /// Indices into `vertices`.
    let triangles: [UInt32]

    init(_ part: MeshPart, of sequence: MeshSequence) {
        self.sequence = sequence
        let corners = Array(
            sequence.triangles[3 * part.triangles.lowerBound..<3 * part.triangles.upperBound])
        guard sequence.parts.count > 1 else {
            vertices = Array(0..<sequence.vertexCount)
            triangles = corners
            return
        }
        var places = [UInt32](repeating: .max, count: sequence.vertexCount)
        var vertices: [Int] = []
        for corner in corners where places[Int(corner)] == .max {
            places[Int(corner)] = UInt32(vertices.count)
            vertices.append(Int(corner))
        }
        self.vertices = vertices
        triangles = corners.map { places[Int($0)] }
    }

    func positions(ofFrame t: Int) -> Vector3Array { gathered(sequence.positions, t) }

    /// Unit normals; none where the sequence has none.
    func normals(ofFrame t: Int) -> Vector3Array {
        sequence.normals.isEmpty ? Vector3Array() : unitNormals(gathered(sequence.normals, t))
    }

    private func gathered(_ vectors: Vector3Array, _ frame: Int) -> Vector3Array {
        let first = frame * sequence.vertexCount
        return Vector3Array(vertices.lazy.map { vectors[first + $0] })
    }
}

extension Vector3Array {
    fileprivate func minus(_ other: Vector3Array) -> Vector3Array {
        Vector3Array(scalars: zip(scalars, other.scalars).map { $0 - $1 })
    }
}

extension MeshFileError {
    /// Throws where a position is no finite number.
    fileprivate static func check(
        _ positions: Vector3Array, range: Range<Int>? = nil, frame: Int
    ) throws(MeshFileError) {
        let range = range ?? 0..<positions.count
        for v in range where positions[v] - positions[v] != .zero {
            throw .notFinite(frame: frame, vertex: v - range.lowerBound)
        }
    }
}

/// The normals, with one that points up where a vertex has none: glTF's are of length one.
private func unitNormals(_ normals: Vector3Array) -> Vector3Array {
    var result = normals
    for v in result.indices {
        let n = normalize(result[v])
        result[v] = n == .zero ? SIMD3(0, 1, 0) : n
    }
    return result
}

/// Three digits or more.
private func frameNumber(_ t: Int) -> String {
    let digits = String(t)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
}
