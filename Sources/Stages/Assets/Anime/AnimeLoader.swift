import Geometry

/// The reader of DeformingThings4D's `.anime` files.
///
/// Little-endian, without padding: `int32` frame, vertex and triangle counts (nf, nv, nt);
/// `float32 [nv, 3]` positions of the first frame; `int32 [nt, 3]` vertex indices;
/// `float32 [nf - 1, nv, 3]` offsets of the other frames from the first one. There is neither
/// colour nor UV.
///
/// The files hold Blender's axes, Z up: the dataset's own `anime_renderer.py` puts the vertices
/// unchanged into a Blender scene whose camera stands at (2, -2, 2) and looks at (0, 0, 1) with Z
/// up. They are turned to Y up unless another axis is given.
public enum AnimeLoader {
    /// The clip rate where nothing else is said; the files carry none.
    public static let defaultFramesPerSecond = 24.0

    /// Reads one file.
    ///
    /// - Parameters:
    ///   - path: the `.anime` file.
    ///   - framesPerSecond: frames a second, positive.
    ///   - upAxis: the file's axis that points up.
    ///   - limits: the largest assets that are read.
    /// - Returns: a vertex animation with one clip, or none where there is a single frame.
    /// - Throws: ``AssetError/unreadable(path:reason:)``, or ``AssetError/malformed(path:what:)``
    ///   where the counts do not match the file's length, an index names no vertex, or a number
    ///   is not finite, or ``AssetError/tooLarge(path:what:)``.
    /// - Complexity: O(*nf* · *nv*).
    public static func load(
        path: String, framesPerSecond: Double = defaultFramesPerSecond, upAxis: UpAxis = .z,
        limits: AssetLimits = .generous
    ) throws(AssetError) -> AnimatedAsset {
        try asset(
            reading: AssetFile.bytes(of: path, maximumByteCount: limits.fileBytes), path: path,
            framesPerSecond: framesPerSecond, upAxis: upAxis, limits: limits)
    }

    /// The asset in the bytes of a file; `path` names it in errors.
    package static func asset(
        reading bytes: [UInt8], path: String, framesPerSecond: Double, upAxis: UpAxis,
        limits: AssetLimits = .generous
    ) throws(AssetError) -> AnimatedAsset {
        precondition(framesPerSecond > 0, "a frame rate is positive")
        let header = try AnimeHeader(bytes, path: path)
        try limits.check(header.frameCount, "frames", \.frames, path: path)
        try limits.check(header.vertexCount, "vertices", \.vertices, path: path)
        try limits.check(header.triangleCount, "triangles", \.triangles, path: path)
        let triangles = try header.triangles(bytes, path: path)
        let positions = try header.positions(bytes, upAxis: upAxis, path: path)
        let times = (0..<header.frameCount).map { Double($0) / framesPerSecond }
        let mesh = MeshSequence(
            times: times, vertexCount: header.vertexCount, positions: positions,
            triangles: triangles)
        let clip = Clip(
            name: AssetFile.stem(of: path), start: 0, end: times[times.count - 1],
            sourceFrameCount: header.frameCount)
        // The files hold no colour. White would leave no shape to see under strong lights.
        let clay = Material(name: "clay", baseColor: SIMD4(0.4, 0.4, 0.4, 1))
        return AnimatedAsset(
            name: AssetFile.stem(of: path), format: "anime",
            body: .vertexAnimation(VertexAnimation(mesh: mesh)),
            clips: header.frameCount > 1 ? [clip] : [], materials: [clay])
    }
}

/// The counts at the head of an `.anime` file, found to agree with its length.
private struct AnimeHeader {
    let frameCount: Int
    let vertexCount: Int
    let triangleCount: Int

    private static let byteCount = 12

    init(_ bytes: [UInt8], path: String) throws(AssetError) {
        guard bytes.count >= Self.byteCount else {
            throw .malformed(path: path, what: "\(bytes.count) bytes hold no header of 12")
        }
        let counts = bytes.withUnsafeBytes { raw in
            (0..<3).map {
                Int(Int32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)))
            }
        }
        guard counts.allSatisfy({ $0 > 0 }) else {
            throw .malformed(
                path: path,
                what: "the header counts \(counts[0]) frames, \(counts[1]) vertices and "
                    + "\(counts[2]) triangles")
        }
        // Each count is below 2^31, so that nf * nv * 12 is below 2^66: it may overflow 64 bits.
        let (vectors, overflow) = counts[0].multipliedReportingOverflow(by: counts[1])
        let (size, overflow2) = vectors.multipliedReportingOverflow(by: 12)
        let (total, overflow3) = size.addingReportingOverflow(Self.byteCount + 12 * counts[2])
        guard !overflow, !overflow2, !overflow3, total == bytes.count else {
            throw .malformed(
                path: path,
                what: "\(counts[0]) frames of \(counts[1]) vertices and \(counts[2]) triangles do "
                    + "not make a file of \(bytes.count) bytes")
        }
        frameCount = counts[0]
        vertexCount = counts[1]
        triangleCount = counts[2]
    }

    /// `[F, 3]` vertex indices.
    func triangles(_ bytes: [UInt8], path: String) throws(AssetError) -> [UInt32] {
        let start = Self.byteCount + 12 * vertexCount
        var indices = [UInt32](repeating: 0, count: 3 * triangleCount)
        let bound = UInt32(vertexCount)
        var wrong: Int?
        bytes.withUnsafeBytes { raw in
            for i in indices.indices {
                // A negative index becomes one far above any vertex count.
                let index = UInt32(
                    littleEndian: raw.loadUnaligned(fromByteOffset: start + 4 * i, as: UInt32.self))
                if index >= bound { wrong = wrong ?? i / 3 }
                indices[i] = index
            }
        }
        if let wrong {
            throw .malformed(
                path: path, what: "triangle \(wrong) names a vertex beyond the \(vertexCount)")
        }
        return indices
    }

    /// `[T, V, 3]` positions in the project's axes.
    func positions(_ bytes: [UInt8], upAxis: UpAxis, path: String) throws(AssetError)
        -> Vector3Array
    {
        let first = Self.byteCount
        let offsets = first + 12 * (vertexCount + triangleCount)
        var scalars = [Float](repeating: 0, count: 3 * vertexCount * frameCount)
        var wrong: Int?
        bytes.withUnsafeBytes { raw in
            func vector(_ byte: Int) -> SIMD3<Float> {
                func scalar(_ at: Int) -> Float {
                    Float(
                        bitPattern: UInt32(
                            littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
                }
                return SIMD3(scalar(byte), scalar(byte + 4), scalar(byte + 8))
            }
            scalars.withUnsafeMutableBufferPointer { out in
                for t in 0..<frameCount {
                    for v in 0..<vertexCount {
                        var p = vector(first + 12 * v)
                        if t > 0 { p += vector(offsets + 12 * ((t - 1) * vertexCount + v)) }
                        // A difference with itself is zero exactly for finite numbers.
                        if p - p != .zero { wrong = wrong ?? t }
                        p = upAxis.world(p)
                        let i = 3 * (t * vertexCount + v)
                        out[i] = p.x
                        out[i + 1] = p.y
                        out[i + 2] = p.z
                    }
                }
            }
        }
        if let wrong {
            throw .malformed(path: path, what: "frame \(wrong) has a vertex that is not finite")
        }
        return Vector3Array(scalars: scalars)
    }
}
