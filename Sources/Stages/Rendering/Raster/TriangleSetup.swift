/// One edge of a triangle as a linear function of the place on the screen: positive on the inner
/// side, in units of 1/8192 square pixel (1/256 times 1/32).
///
/// Samples lie on multiples of 1/32 pixel, that is of 8 units of 1/256, so between samples the
/// exact function changes by multiples of 8: dividing it by 8 and rounding down keeps its sign.
struct EdgeFunction {
    /// The value at the corner of the pixel in column 0 and row 0.
    let atOrigin: Int64
    /// What a pixel to the right adds.
    let stepX: Int64
    /// What a pixel down adds.
    let stepY: Int64
    /// What the offsets of the eight lanes add.
    let lanes: IntLanes
    /// What the second half of a unit's samples adds.
    let phase: Int32

    /// The edge from `a` to `b` of a triangle that lies to its right on the screen.
    @inline(__always)
    init(_ a: ScreenVertex, _ b: ScreenVertex, _ pattern: SamplePattern) {
        let dx = b.x &- a.x
        let dy = b.y &- a.y
        // Top-left rule: samples on an edge that goes up, or level to the right, are inside; on
        // any other edge they are not, and belong to the triangle beyond it.
        let owned = dy < 0 || (dy == 0 && dx > 0)
        let exact =
            Int64(dy) &* Int64(a.x) &- Int64(dx) &* Int64(a.y) &- (owned ? 0 : 1)
        atOrigin = exact >> 3
        stepX = Int64(dy) &* -32
        stepY = Int64(dx) &* 32
        lanes =
            IntLanes(repeating: dx) &* pattern.laneY
            &- IntLanes(repeating: dy) &* pattern.laneX
        phase = dx &* pattern.phaseY &- dy &* pattern.phaseX
    }

    /// The value at a pixel's corner.
    @inline(__always)
    func value(column: Int, row: Int) -> Int64 {
        atOrigin &+ stepX &* Int64(column) &+ stepY &* Int64(row)
    }

    /// The values of eight lanes whose unit's corner has the value `corner`.
    @inline(__always)
    func values(_ corner: Int32, _ phaseIndex: Int32) -> IntLanes {
        IntLanes(repeating: corner &+ phaseIndex &* phase) &+ lanes
    }
}

/// One over the distance as a linear function of the place on the screen.
struct DepthPlane {
    /// The vertex that the function is anchored at, in 1/256 pixel.
    let x: Int32
    let y: Int32
    /// The value there.
    let atVertex: Float
    /// What a pixel to the right adds.
    let stepX: Float
    /// What a pixel down adds.
    let stepY: Float
    /// What the offsets of the eight lanes add.
    let lanes: FloatLanes
    /// What the second half of a unit's samples adds.
    let phase: Float
    /// The values at the vertices lie in this range, given by the bits of floats. Slivers would leave
    /// it by rounding.
    let low: IntLanes
    let high: IntLanes

    /// The plane through three vertices whose doubled area in 1/65536 square pixel is `area`.
    @inline(__always)
    init(
        _ a: ScreenVertex, _ b: ScreenVertex, _ c: ScreenVertex, area: Int64,
        _ pattern: SamplePattern
    ) {
        let scale = 256 / Float(area)
        let zb = b.inverseDepth - a.inverseDepth
        let zc = c.inverseDepth - a.inverseDepth
        let bx = Float(b.x &- a.x), by = Float(b.y &- a.y)
        let cx = Float(c.x &- a.x), cy = Float(c.y &- a.y)
        x = a.x
        y = a.y
        atVertex = a.inverseDepth
        stepX = (zb * cy - zc * by) * scale
        stepY = (zc * bx - zb * cx) * scale
        lanes = pattern.laneXPixels * stepX + pattern.laneYPixels * stepY
        phase = (stepX * Float(pattern.phaseX) + stepY * Float(pattern.phaseY)) / 32
        // All are positive, so their bits have their order.
        let (bitsA, bitsB, bitsC) = (a.packed.z, b.packed.z, c.packed.z)
        low = IntLanes(repeating: min(bitsA, min(bitsB, bitsC)))
        high = IntLanes(repeating: max(bitsA, max(bitsB, bitsC)))
    }

    /// The value at a pixel's corner. It does not depend on what else is drawn, so bands agree.
    @inline(__always)
    func value(column: Int, row: Int) -> Float {
        let dx = Float((Int32(truncatingIfNeeded: column) &<< 8) &- x) * (1 / 256)
        let dy = Float((Int32(truncatingIfNeeded: row) &<< 8) &- y) * (1 / 256)
        return atVertex + stepX * dx + stepY * dy
    }
}
