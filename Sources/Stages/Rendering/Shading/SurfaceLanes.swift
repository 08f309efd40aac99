import Geometry

/// The planes of eight triangles as one camera sees them: what does not depend on the pixel.
struct SurfacePlanes {
    /// The first vertex relative to the camera.
    let p0: VectorLanes
    /// From the first vertex to the second and to the third.
    let e1: VectorLanes
    let e2: VectorLanes
    /// The depth of the first vertex, and what is added to it at the others.
    let depth0: FloatLanes
    let depth1: FloatLanes
    let depth2: FloatLanes
    /// The weights of the second and third vertex are quotients of functions that are linear in the
    /// ray's direction: what a pixel to the right adds to both numerators and to their denominator.
    let stepX: VectorLanes
    /// The same for a pixel down.
    let stepY: VectorLanes

    /// - Parameters:
    ///   - p0: the first vertex, relative to the camera.
    ///   - e1: from the first vertex to the second.
    ///   - e2: from the first vertex to the third.
    @inline(__always)
    init(_ view: ViewTransform, _ p0: VectorLanes, _ e1: VectorLanes, _ e2: VectorLanes) {
        self.p0 = p0
        self.e1 = e1
        self.e2 = e2
        let forward = VectorLanes(view.forward)
        depth0 = dot(p0, forward)
        depth1 = dot(e1, forward)
        depth2 = dot(e2, forward)
        let numerator1 = cross(p0, e2)
        let numerator2 = cross(e1, p0)
        let denominator = cross(e2, e1)
        let right = VectorLanes(view.stepX), down = VectorLanes(view.stepY)
        stepX = VectorLanes(
            dot(right, numerator1), dot(right, numerator2), dot(right, denominator))
        stepY = VectorLanes(dot(down, numerator1), dot(down, numerator2), dot(down, denominator))
    }

    /// The planes of triangles of a mesh.
    @inline(__always)
    init(_ view: ViewTransform, _ corners: some TriangleCorners, _ mesh: MeshPointers) {
        let first = corners.vectors(0, of: mesh.positions)
        self.init(
            view, first - VectorLanes(view.origin),
            corners.vectors(1, of: mesh.positions) - first,
            corners.vectors(2, of: mesh.positions) - first)
    }
}

/// Where eight rays meet the planes of eight triangles: places, barycentric coordinates and their
/// change across the screen.
///
/// The intersection is Möller and Trumbore's (1997), in the world relative to the camera, so it is
/// perspective-correct and needs no clipped triangle. The ray's origin is first moved to the depth
/// of the triangle's first vertex, which leaves the barycentric coordinates as they are and keeps
/// their rounding error small for small triangles.
struct SurfaceLanes {
    /// The weights of the second and third vertex; with the first's they are limited to 0...1.
    let weight1: FloatLanes
    let weight2: FloatLanes
    /// Distance along -z.
    let depth: FloatLanes
    /// The ray's direction, of length one along the optical axis.
    let direction: VectorLanes
    /// Positive where the triangle's front is seen.
    let facing: FloatLanes
    /// The change of the weights over a pixel to the right and over a pixel down.
    let weight1X: FloatLanes
    let weight2X: FloatLanes
    let weight1Y: FloatLanes
    let weight2Y: FloatLanes

    /// Meets triangles at pixel coordinates.
    @inline(__always)
    init(_ view: ViewTransform, _ planes: SurfacePlanes, x: FloatLanes, y: FloatLanes) {
        let d =
            VectorLanes(view.forward) + VectorLanes(view.stepX) * (x - view.center.x)
            + VectorLanes(view.stepY) * (y - view.center.y)
        let t = d * planes.depth0 - planes.p0
        let p = cross(d, planes.e2)
        let q = cross(t, planes.e1)
        let determinant = dot(planes.e1, p)
        // Planes seen edge-on have no weights; zero stands for them.
        let isUsable = magnitude(determinant) .> FloatLanes(repeating: 1e-37)
        let inverse = FloatLanes.zero.replacing(with: 1 / determinant, where: isUsable)
        let w1 = dot(t, p) * inverse
        let w2 = dot(d, q) * inverse
        direction = d
        facing = determinant
        weight1X = (planes.stepX.x - w1 * planes.stepX.z) * inverse
        weight2X = (planes.stepX.y - w2 * planes.stepX.z) * inverse
        weight1Y = (planes.stepY.x - w1 * planes.stepY.z) * inverse
        weight2Y = (planes.stepY.y - w2 * planes.stepY.z) * inverse

        // What is not a number, or infinite, as with coordinates too large to multiply, is limited
        // as well: at worst the first vertex stands for the triangle.
        let most = FloatLanes(repeating: 1e6)
        let c1 = smaller(larger(.zero, w1), most), c2 = smaller(larger(.zero, w2), most)
        let c0 = smaller(larger(.zero, 1 - w1 - w2), most)
        let normalization = 1 / larger(c0 + c1 + c2, FloatLanes(repeating: 1e-30))
        weight1 = c1 * normalization
        weight2 = c2 * normalization
        depth = planes.depth0 + planes.depth1 * weight1 + planes.depth2 * weight2
    }

    /// A quantity of which the first vertex has `a` and the others differ from it by `d1` and `d2`.
    @inline(__always)
    func interpolate(_ a: FloatLanes, _ d1: FloatLanes, _ d2: FloatLanes) -> FloatLanes {
        a + d1 * weight1 + d2 * weight2
    }

    /// Half a level finer than the footprint: trilinear filtering averages over twice the width of
    /// the texels that it reads, a pixel's box over one pixel. Reference renders by many samples a
    /// pixel are matched best so.
    private static let levelBias: Float = -0.5

    /// The level of detail of a texture whose coordinates differ from the first vertex's by the
    /// given amounts: the base-2 logarithm of the longer side of a pixel's footprint in texels,
    /// limited to what the texture has (-1 for any magnification).
    @inline(__always)
    func levelOfDetail(
        _ texture: TextureSampler, _ du1: FloatLanes, _ dv1: FloatLanes, _ du2: FloatLanes,
        _ dv2: FloatLanes, bias: Float
    ) -> FloatLanes {
        let ux = (weight1X * du1 + weight2X * du2) * texture.width
        let vx = (weight1X * dv1 + weight2X * dv2) * texture.height
        let uy = (weight1Y * du1 + weight2Y * du2) * texture.width
        let vy = (weight1Y * dv1 + weight2Y * dv2) * texture.height
        let squared = larger(ux * ux + vx * vx, uy * uy + vy * vy)
        let usable = larger(
            FloatLanes(repeating: 1e-30), smaller(squared, FloatLanes(repeating: 1e30)))
        let level = 0.5 * logarithm2(usable) + (bias + SurfaceLanes.levelBias)
        return larger(
            FloatLanes(repeating: -1),
            smaller(FloatLanes(repeating: texture.lastLevel), level))
    }
}
