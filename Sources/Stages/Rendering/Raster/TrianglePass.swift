import Geometry

/// A sink that is told which triangle comes next.
protocol TriangleSink: SampleSink {
    var triangle: Int32 { get set }
}

extension NearestSink: TriangleSink {}
extension CutoutSink: TriangleSink {}
extension LayerSink: TriangleSink {}

/// Sends triangles of a mesh that was moved to the screen through the rasterizer.
struct TrianglePass {
    let mesh: MeshPointers
    /// `[V]`
    let vertices: UnsafePointer<ScreenVertex>
    let view: ViewTransform
    let target: SampleTarget
    let clipper: Clipper

    /// Draws a run of triangles, in order.
    ///
    /// - Parameter culls: whether those that show their back are left out.
    func draw(_ triangles: Range<Int>, culls: Bool, into sink: inout some TriangleSink) {
        switch target.pattern.count {
        case 1: draw(triangles, culls: culls, OneSample.self, into: &sink)
        case 4: draw(triangles, culls: culls, FourSamples.self, into: &sink)
        default: draw(triangles, culls: culls, SixteenSamples.self, into: &sink)
        }
    }

    private func draw(
        _ triangles: Range<Int>, culls: Bool, _ layout: (some SampleLayout).Type,
        into sink: inout some TriangleSink
    ) {
        for triangle in triangles {
            let (i0, i1, i2) = mesh.vertices(of: triangle)
            let a = vertices[i0], b = vertices[i1], c = vertices[i2]
            sink.triangle = Int32(truncatingIfNeeded: triangle)
            if (a.flags | b.flags | c.flags) == 0 {
                draw(a, b, c, culls: culls, layout, into: &sink)
            } else if (a.flags & b.flags & c.flags & ScreenVertex.isBehind) == 0 {
                drawClipped(i0, i1, i2, culls: culls, layout, into: &sink)
            }
        }
    }

    /// Draws one triangle, whichever way it runs; nothing where it has no area.
    @inline(__always)
    private func draw(
        _ a: ScreenVertex, _ b: ScreenVertex, _ c: ScreenVertex, culls: Bool,
        _ layout: (some SampleLayout).Type, into sink: inout some TriangleSink
    ) {
        // With y down, a triangle that runs counter-clockwise to the eye, which shows its front,
        // has a negative area.
        let area =
            Int64(b.x &- a.x) &* Int64(c.y &- a.y) &- Int64(c.x &- a.x) &* Int64(b.y &- a.y)
        if area < 0 {
            target.rasterize(a, c, b, area: -area, layout: layout, into: &sink)
        } else if area > 0, !culls {
            target.rasterize(a, b, c, area: area, layout: layout, into: &sink)
        }
    }

    /// Draws what remains of a triangle in front of the camera and inside the guard band.
    @inline(never)
    private func drawClipped(
        _ i0: Int, _ i1: Int, _ i2: Int, culls: Bool, _ layout: (some SampleLayout).Type,
        into sink: inout some TriangleSink
    ) {
        func corner(_ i: Int) -> Clipper.Corner {
            let p = mesh.positions + 3 * i
            return Clipper.Corner(
                place: view.exact * SIMD4(Double(p[0]), Double(p[1]), Double(p[2]), 1),
                vertex: vertices[i])
        }
        let count = clipper.clip(corner(i0), corner(i1), corner(i2))
        guard count >= 3 else { return }
        for i in 2..<count {
            draw(
                clipper.vertex(0), clipper.vertex(i - 1), clipper.vertex(i), culls: culls,
                layout, into: &sink)
        }
    }
}

/// Cuts triangles off at the near plane and at the guard band (Sutherland and Hodgman 1974).
struct Clipper {
    /// A corner of the polygon that is being cut.
    struct Corner: BitwiseCopyable {
        /// (X w, Y w, 1, w) as ``ViewTransform`` has it.
        var place: SIMD4<Double>
        /// The vertex on the screen where it is one of the mesh that needs no cutting, so that
        /// neighbours that are not cut meet it exactly.
        var vertex: ScreenVertex
    }

    /// Three corners, and one more for each of the five planes.
    private static let capacity = 8

    private let corners: ScratchBuffer<Corner>
    private let middle: SIMD2<Double>

    /// A clipper for a picture of the given size.
    init(width: Int, height: Int) {
        corners = ScratchBuffer(capacity: 2 * Clipper.capacity)
        middle = SIMD2(128 * Double(width), 128 * Double(height))
    }

    /// Cuts a triangle.
    ///
    /// - Returns: the number of corners left; fewer than three where nothing is, or where a corner
    ///   is no finite number.
    func clip(_ a: Corner, _ b: Corner, _ c: Corner) -> Int {
        corners.base[0] = a
        corners.base[1] = b
        corners.base[2] = c
        for i in 0..<3 {
            let p = corners.base[i].place
            guard (p - p) == SIMD4<Double>.zero else { return 0 }
        }
        var count = 3
        let band = ViewTransform.guardBand
        count = cut(count) { $0.w - Camera.nearDistance }
        count = cut(count) { band * $0.w - ($0.x - middle.x * $0.w) }
        count = cut(count) { band * $0.w + ($0.x - middle.x * $0.w) }
        count = cut(count) { band * $0.w - ($0.y - middle.y * $0.w) }
        count = cut(count) { band * $0.w + ($0.y - middle.y * $0.w) }
        return count
    }

    /// Corner `i` of what is left, on the screen.
    func vertex(_ i: Int) -> ScreenVertex {
        let corner = corners.base[i]
        guard corner.vertex.flags != 0 else { return corner.vertex }
        let w = corner.place.w
        let band = ViewTransform.guardBand
        // Rounding may put a cut corner just outside the band.
        let x = min(middle.x + band, max(middle.x - band, corner.place.x / w))
        let y = min(middle.y + band, max(middle.y - band, corner.place.y / w))
        guard x.isFinite, y.isFinite else {
            return ScreenVertex(x: 0, y: 0, inverseDepth: 0, flags: 0)
        }
        return ScreenVertex(
            x: Int32(x.rounded()), y: Int32(y.rounded()), inverseDepth: Float(1 / w), flags: 0)
    }

    /// Keeps the side of a plane on which `distance` is not negative.
    @inline(__always)
    private func cut(_ count: Int, _ distance: (SIMD4<Double>) -> Double) -> Int {
        guard count >= 3 else { return 0 }
        let source = corners.base + Clipper.capacity
        source.update(from: corners.base, count: count)
        var kept = 0
        for i in 0..<count {
            let here = source[i]
            let next = source[i + 1 == count ? 0 : i + 1]
            let d0 = distance(here.place), d1 = distance(next.place)
            if d0 >= 0 {
                corners.base[kept] = here
                kept += 1
            }
            if (d0 >= 0) != (d1 >= 0), kept < Clipper.capacity {
                // From the inner to the outer corner, whichever way the edge runs: the triangle on
                // its other side computes the same point.
                let (inner, outer) = d0 >= 0 ? (here, next) : (next, here)
                let (di, d) = d0 >= 0 ? (d0, d1) : (d1, d0)
                corners.base[kept] = Corner(
                    place: inner.place + (outer.place - inner.place) * (di / (di - d)),
                    vertex: ScreenVertex(
                        x: 0, y: 0, inverseDepth: 0, flags: ScreenVertex.isOutsideGuardBand))
                kept += 1
            }
        }
        return kept
    }
}
