import Geometry

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
    ///
    /// - Parameters:
    ///   - p0: the first vertex, relative to the camera.
    ///   - e1: from the first vertex to the second.
    ///   - e2: from the first vertex to the third.
    @inline(__always)
    init(
        _ view: ViewTransform, _ p0: VectorLanes, _ e1: VectorLanes, _ e2: VectorLanes,
        x: FloatLanes, y: FloatLanes
    ) {
        let stepX = VectorLanes(view.stepX), stepY = VectorLanes(view.stepY)
        let forward = VectorLanes(view.forward)
        let d = forward + stepX * (x - view.center.x) + stepY * (y - view.center.y)
        let depth0 = dot(p0, forward)
        let t = d * depth0 - p0
        let p = cross(d, e2)
        let q = cross(t, e1)
        let determinant = dot(e1, p)
        // Planes seen edge-on have no weights; zero stands for them.
        let isUsable = magnitude(determinant) .> FloatLanes(repeating: 1e-37)
        let inverse = FloatLanes.zero.replacing(with: 1 / determinant, where: isUsable)
        let w1 = dot(t, p) * inverse
        let w2 = dot(d, q) * inverse
        direction = d
        facing = determinant

        // The weights are quotients of functions that are linear in the ray's direction.
        let numerator1 = cross(p0, e2)
        let numerator2 = cross(e1, p0)
        let denominator = cross(e2, e1)
        let denominatorX = dot(stepX, denominator), denominatorY = dot(stepY, denominator)
        weight1X = (dot(stepX, numerator1) - w1 * denominatorX) * inverse
        weight2X = (dot(stepX, numerator2) - w2 * denominatorX) * inverse
        weight1Y = (dot(stepY, numerator1) - w1 * denominatorY) * inverse
        weight2Y = (dot(stepY, numerator2) - w2 * denominatorY) * inverse

        // What is not a number, or infinite, as with coordinates too large to multiply, is limited
        // as well: at worst the first vertex stands for the triangle.
        let most = FloatLanes(repeating: 1e6)
        let c1 = smaller(larger(.zero, w1), most), c2 = smaller(larger(.zero, w2), most)
        let c0 = smaller(larger(.zero, 1 - w1 - w2), most)
        let normalization = 1 / larger(c0 + c1 + c2, FloatLanes(repeating: 1e-30))
        weight1 = c1 * normalization
        weight2 = c2 * normalization
        depth = depth0 + dot(e1, forward) * weight1 + dot(e2, forward) * weight2
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
