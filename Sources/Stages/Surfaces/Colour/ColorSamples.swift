import Geometry

/// A surface with a colour at every vertex.
public struct ColoredSurface: Sendable, Equatable {
    /// The surface.
    public var mesh: TriangleMesh
    /// `[V, 3]` sRGB-encoded colours, 0 to 1.
    public var colors: Vector3Array

    /// Colours a reconstructed surface after a ground truth (Beyond Skeletons §3.1): the surface is
    /// subdivided so that it has vertices enough for the details, and each vertex takes the colour
    /// of the nearest point of the ground truth, read from the texture there rather than from its
    /// nearest vertex.
    ///
    /// - Parameters:
    ///   - surface: the reconstructed surface, in the same place as the ground truth's frame.
    ///   - truth: the boxes of the ground truth's triangles in that frame.
    ///   - colors: the ground truth's colours.
    ///   - longestSide: sides of triangles are cut until none is longer.
    /// - Throws: ``SurfacesError/noTriangles`` where the ground truth has none.
    /// - Complexity: about O(*V* log *F*), spread over the cores.
    public init(
        _ surface: TriangleMesh, after truth: TriangleBVH, _ colors: SurfaceColors,
        longestSide: Float = 1 / 128
    ) throws(SurfacesError) {
        guard !truth.isEmpty else { throw .noTriangles }
        mesh = surface.subdivided(untilSidesAreBelow: longestSide)
        self.colors = Vector3Array(
            truth.closestPoints(to: mesh.positions).map { found in
                found.point.triangle < 0 ? .zero : colors.color(at: found.point)
            })
    }

    /// The colour at a point, between those of its triangle's vertices.
    public func color(at point: SurfacePoint) -> SIMD3<Float> {
        let c = mesh.corners(point.triangle)
        let b = point.barycentrics
        return colors[c.x] * b.x + colors[c.y] * b.y + colors[c.z] * b.z
    }
}

/// Points near a coloured surface with the colours there: what a colour decoder is asked.
public struct ColorSamples: Sendable, Equatable {
    /// `[m, 3]`.
    public var positions: Vector3Array
    /// `[m, 3]` sRGB-encoded colours, 0 to 1: those of the nearest points of the surface.
    public var colors: Vector3Array

    /// Draws points uniformly by area and moves them off the surface, normally distributed along
    /// every axis; each has the colour of the point of the surface that is nearest then.
    ///
    /// - Parameters:
    ///   - surface: the coloured surface.
    ///   - count: m. Beyond Skeletons evaluates 16,384 and gives no number for training.
    ///   - deviation: how far they leave the surface, in its units; the paper gives no number.
    ///   - random: where they are drawn from.
    /// - Throws: ``SurfacesError/noArea`` where the surface has none.
    public init(
        _ surface: ColoredSurface, count: Int = 16_384, deviation: Float = 0.005,
        using random: inout KeyedRandom
    ) throws(SurfacesError) {
        let sampler = SurfaceSampler(surface.mesh)
        guard sampler.totalArea > 0 else { throw .noArea }
        let drawn = sampler.draw(count, using: &random)
        guard deviation > 0 else {
            positions = surface.mesh.positions(of: drawn)
            colors = Vector3Array(drawn.map { surface.color(at: $0) })
            return
        }
        positions = Vector3Array(
            surface.mesh.positions(of: drawn).map { $0 + normalVector(&random) * deviation })
        colors = Vector3Array(
            TriangleBVH(surface.mesh).closestPoints(to: positions).map {
                surface.color(at: $0.point)
            })
    }

    /// `[m, 6]`: position and colour of every point, as `colour.npy` holds them.
    public var rows: [Float] { interleaved(positions, colors) }
}
