import Geometry

/// Points with normals on a watertight surface: what a shape encoder reads.
public struct SurfaceCloud: Sendable, Equatable {
    /// `[n, 3]` positions: first those drawn uniformly by area, then the salient ones.
    public var positions: Vector3Array
    /// `[n, 3]` unit normals.
    public var normals: Vector3Array
    /// How many of the points lie on sharp edges.
    public var salientCount: Int

    /// How a cloud is drawn.
    public struct Settings: Sendable, Equatable {
        /// n, all points together.
        public var count: Int
        /// The share of them on sharp edges. Step1X-3D draws as many there as on the surface; its
        /// encoder takes half of its points from either.
        public var salientShare: Double
        /// Edges whose triangles' normals are farther apart are sharp, in radians.
        public var sharpAngle: Double

        /// By default 32,768 points, half of them where normals turn by more than 15 degrees.
        public init(
            count: Int = 32_768, salientShare: Double = 0.5, sharpAngle: Double = 15 * .pi / 180
        ) {
            self.count = count
            self.salientShare = salientShare
            self.sharpAngle = sharpAngle
        }
    }

    /// The cloud of a surface. Where it has no sharp edge, all points are drawn by area.
    ///
    /// - Throws: ``SurfacesError/noArea`` where the surface has none.
    /// - Complexity: O(*F* + *n* log *F*).
    public init(
        _ surface: TriangleMesh, _ settings: Settings = Settings(), using random: inout KeyedRandom
    ) throws(SurfacesError) {
        precondition(
            settings.count >= 0 && (0...1).contains(settings.salientShare),
            "a cloud has a number of points and a share of salient ones")
        let sampler = SurfaceSampler(surface)
        guard sampler.totalArea > 0 else { throw .noArea }
        let wanted = Int((Double(settings.count) * settings.salientShare).rounded())
        let salient =
            wanted > 0
            ? SharpEdges(surface, angle: settings.sharpAngle).draw(wanted, using: &random)
            : (Vector3Array(), Vector3Array())
        salientCount = salient.0.count
        let drawn = sampler.draw(settings.count - salientCount, using: &random)
        positions = surface.positions(of: drawn)
        normals = surface.normals(of: drawn)
        positions.append(contentsOf: salient.0)
        normals.append(contentsOf: salient.1)
    }

    /// `[n, 6]`: position and normal of every point, as `cloud.npy` holds them.
    public var rows: [Float] { interleaved(positions, normals) }
}

/// `[n, 6]` from twice `[n, 3]`.
func interleaved(_ a: Vector3Array, _ b: Vector3Array) -> [Float] {
    precondition(a.count == b.count, "vectors are joined by position")
    var rows: [Float] = []
    rows.reserveCapacity(6 * a.count)
    for i in a.indices {
        rows += a.scalars[3 * i..<3 * i + 3]
        rows += b.scalars[3 * i..<3 * i + 3]
    }
    return rows
}
