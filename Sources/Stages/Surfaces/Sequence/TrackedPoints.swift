import Geometry

/// Points that stick to an animated mesh: each is a triangle and barycentric coordinates in it, so
/// its place in any frame follows from the vertices of that frame alone.
public struct TrackedPoints: Sendable, Equatable {
    /// `[N]`: where on the mesh the points are, in every frame.
    public var points: [SurfacePoint]
    /// T, the number of frames.
    public var frameCount: Int
    /// `[T, N, 3]` positions.
    public var positions: Vector3Array
    /// `[T, N, 3]` unit normals of the points' triangles; zero where a triangle has no area.
    public var normals: Vector3Array

    /// Carries points through all frames of a sequence.
    ///
    /// - Complexity: O(*T N*).
    public init(_ points: [SurfacePoint], through sequence: MeshSequence) {
        self.points = points
        frameCount = sequence.frameCount
        positions = Vector3Array()
        normals = Vector3Array()
        positions.reserveCapacity(points.count * sequence.frameCount)
        normals.reserveCapacity(points.count * sequence.frameCount)
        for t in 0..<sequence.frameCount {
            let base = t * sequence.vertexCount
            for p in points {
                func corner(_ k: Int) -> SIMD3<Double> {
                    SIMD3<Double>(
                        sequence.positions[
                            base + Int(sequence.triangles[3 * p.triangle + k])])
                }
                let (a, b, c) = (corner(0), corner(1), corner(2))
                let w = SIMD3<Double>(p.barycentrics)
                positions.append(SIMD3<Float>(a * w.x + b * w.y + c * w.z))
                normals.append(SIMD3<Float>(normalize(cross(b - a, c - a))))
            }
        }
    }

    /// `[T, N, 3]`: how far every point is from its place in frame 0, GVF's ΔP.
    public var displacements: Vector3Array {
        let n = points.count
        var result = Vector3Array()
        result.reserveCapacity(positions.count)
        for i in positions.indices { result.append(positions[i] - positions[i % n]) }
        return result
    }

    /// The positions of one frame, `[N, 3]`.
    public func positions(ofFrame t: Int) -> Vector3Array {
        let n = 3 * points.count
        return Vector3Array(scalars: Array(positions.scalars[t * n..<(t + 1) * n]))
    }
}

extension TrackedPoints {
    /// Points drawn uniformly by area on frame 0 and carried through time: GVF's point tracks.
    ///
    /// - Parameters:
    ///   - sequence: the animated mesh.
    ///   - count: N; GVF takes 8,192.
    ///   - random: where they are drawn from.
    /// - Throws: ``SurfacesError/noArea`` where frame 0 has none.
    public init(
        tracks count: Int = 8192, of sequence: MeshSequence, using random: inout KeyedRandom
    ) throws(SurfacesError) {
        let sampler = SurfaceSampler(sequence.mesh(ofFrame: 0))
        guard sampler.totalArea > 0 else { throw .noArea }
        self.init(sampler.draw(count, using: &random), through: sequence)
    }
}

/// How time-aligned queries are chosen.
public struct QuerySettings: Sendable, Equatable {
    /// Queries: ShapeGen4D takes 1,024.
    public var count: Int
    /// Points of the dense sample that they are chosen from.
    public var denseCount: Int
    /// Points farther than this from the watertight surface lie on inner surfaces and are dropped,
    /// as a share of the longest side of frame 0. ShapeGen4D gives no number.
    public var innerDistance: Float

    /// By default 1,024 out of 32,768, none farther than 2 % of the longest side from the surface:
    /// five cells of a grid of 256, more than a conversion moves anything.
    public init(count: Int = 1024, denseCount: Int = 32_768, innerDistance: Float = 0.02) {
        self.count = count
        self.denseCount = denseCount
        self.innerDistance = innerDistance
    }
}

extension TrackedPoints {
    /// Time-aligned queries (ShapeGen4D §3.1): farthest points of a dense sample of the mesh as it
    /// was animated, in frame 0, without what lies on inner surfaces; carried through time by
    /// triangle and barycentric coordinates.
    ///
    /// - Parameters:
    ///   - sequence: the animated mesh, not the watertight one.
    ///   - watertight: the watertight surface of frame 0, or nil to drop nothing.
    ///   - settings: how many, from how many.
    ///   - random: where the dense sample is drawn from.
    /// - Throws: ``SurfacesError`` where frame 0 has no area, or too few points remain.
    public init(
        queriesOf sequence: MeshSequence, watertight: TriangleBVH?,
        _ settings: QuerySettings = QuerySettings(), using random: inout KeyedRandom
    ) throws(SurfacesError) {
        let first = sequence.mesh(ofFrame: 0)
        let sampler = SurfaceSampler(first)
        guard sampler.totalArea > 0 else { throw .noArea }
        var dense = sampler.draw(settings.denseCount, using: &random)
        if let watertight {
            let limit = settings.innerDistance * first.bounds.longestSide
            let distances = watertight.distances(to: first.positions(of: dense))
            dense = dense.indices.filter { distances[$0] <= limit }.map { dense[$0] }
        }
        guard dense.count >= settings.count else {
            throw .tooFewPoints(wanted: settings.count, found: dense.count)
        }
        let chosen = FarthestPointSampling.indices(
            in: first.positions(of: dense), count: settings.count)
        self.init(chosen.map { dense[$0] }, through: sequence)
    }
}
