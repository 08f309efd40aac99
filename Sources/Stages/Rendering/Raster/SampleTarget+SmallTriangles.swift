extension SampleTarget {
    /// Triangles whose sides are at most this long in 1/256 pixel, 64 pixels, have edge functions
    /// that fit into 32 bits without loss wherever they are evaluated.
    private static var smallExtent: Int32 { 1 << 14 }

    /// Hands every group of samples that a triangle may cover to a sink.
    ///
    /// The vertices must run clockwise on the screen.
    ///
    /// - Parameters:
    ///   - area: twice the triangle's area in 1/65536 square pixel; positive.
    ///   - layout: the pattern's.
    @inline(__always)
    func rasterize<Layout: SampleLayout>(
        _ a: ScreenVertex, _ b: ScreenVertex, _ c: ScreenVertex, area: Int64,
        layout: Layout.Type, into sink: inout some SampleSink
    ) {
        let low = smaller(smaller(a.packed, b.packed), c.packed)
        let high = larger(larger(a.packed, b.packed), c.packed)
        let extent = high &- low
        if min(extent.x, extent.y) < 256, !holdsSample(low: low, high: high, layout) { return }
        // Pixels that have a sample between the lowest and the highest coordinate.
        let margin = pattern.margin
        let first = larger((low &+ SIMD4(repeating: margin &- 1)) &>> 8, bounds)
        let last = smaller((high &- SIMD4(repeating: margin)) &>> 8, bounds.zwzw)
        let firstColumn = Int(first.x), firstRow = Int(first.y)
        let lastColumn = Int(last.x), lastRow = Int(last.y)
        guard firstRow <= lastRow, firstColumn <= lastColumn else { return }
        guard max(extent.x, extent.y) <= SampleTarget.smallExtent else {
            return rasterizeLarge(
                a, b, c, area: area, rows: firstRow...lastRow,
                columns: firstColumn...lastColumn, into: &sink)
        }
        let firstUnit = firstColumn >> Int(Layout.unitShift)
        let lastUnit = lastColumn >> Int(Layout.unitShift)
        let column = Int32(truncatingIfNeeded: firstUnit) &<< Layout.unitShift
        let row = Int32(truncatingIfNeeded: firstRow)
        let walk = SmallWalk<Layout>(a, b, c, column: column, row: row, pattern)
        let depth = DepthPlane(a, b, c, area: area, pattern)
        if lastUnit &- firstUnit < 4 {
            walkAll(
                walk, depth, rows: firstRow...lastRow, units: firstUnit...lastUnit, into: &sink)
        } else {
            walkSpans(
                walk, depth, rows: firstRow...lastRow, units: firstUnit...lastUnit, into: &sink)
        }
    }

    /// Whether some sample lies in a box. Few of the triangles that are smaller than the distance
    /// between samples hold one, and the rest need not be set up.
    ///
    /// A sample of every pixel lies in the box where both its column and its row do, wherever that
    /// is: where dividing by a pixel's width leaves a different quotient before the box and at its
    /// end.
    @inline(__always)
    private func holdsSample<Layout: SampleLayout>(
        low: SIMD4<Int32>, high: SIMD4<Int32>, _ layout: Layout.Type
    ) -> Bool {
        let x = pattern.laneX &<< 3, y = pattern.laneY &<< 3
        let found =
            SampleTarget.isHeld(x, low.x, high.x) .& SampleTarget.isHeld(y, low.y, high.y)
        guard Layout.phaseShift == 1, !anyLane(found) else { return anyLane(found) }
        let moveX = IntLanes(repeating: pattern.phaseX &<< 3)
        let moveY = IntLanes(repeating: pattern.phaseY &<< 3)
        return anyLane(
            SampleTarget.isHeld(x &+ moveX, low.x, high.x)
                .& SampleTarget.isHeld(y &+ moveY, low.y, high.y))
    }

    /// Whether an offset plus some whole number of pixels lies between two coordinates.
    @inline(__always)
    private static func isHeld(
        _ offset: IntLanes, _ low: Int32, _ high: Int32
    ) -> SIMDMask<IntLanes> {
        ((IntLanes(repeating: high) &- offset) &>> 8)
            .> ((IntLanes(repeating: low &- 1) &- offset) &>> 8)
    }

    /// Walks over all units of a triangle's box.
    @inline(__always)
    private func walkAll<Layout: SampleLayout>(
        _ walk: SmallWalk<Layout>, _ depth: DepthPlane, rows: ClosedRange<Int>,
        units: ClosedRange<Int>, into sink: inout some SampleSink
    ) {
        var edges = walk.edges
        var y = rows.lowerBound
        while y <= rows.upperBound {
            walkRow(walk, depth, edges, y, units, into: &sink)
            edges.add(walk.stepY)
            y &+= 1
        }
    }

    /// Walks over a triangle's box, leaving out units that lie wholly beyond an edge: where boxes
    /// are wide, half of them or more is empty.
    @inline(never)
    private func walkSpans<Layout: SampleLayout>(
        _ walk: SmallWalk<Layout>, _ depth: DepthPlane, rows: ClosedRange<Int>,
        units: ClosedRange<Int>, into sink: inout some SampleSink
    ) {
        var edges = walk.edges
        var corner = walk.corner
        for y in rows {
            let span = walk.span(corner, count: units.count)
            if span.first <= span.last {
                var moved = edges
                moved.add(walk.stepX, times: Int32(truncatingIfNeeded: span.first))
                walkRow(
                    walk, depth, moved, y,
                    units.lowerBound &+ span.first...units.lowerBound &+ span.last, into: &sink)
            }
            edges.add(walk.stepY)
            corner &+= walk.stepY
        }
    }

    @inline(__always)
    private func walkRow<Layout: SampleLayout>(
        _ walk: SmallWalk<Layout>, _ depth: DepthPlane, _ start: EdgeLanes, _ y: Int,
        _ units: ClosedRange<Int>, into sink: inout some SampleSink
    ) {
        var edges = start
        let groups = row(y)
        let fromVertexY = Float((Int32(truncatingIfNeeded: y) &<< 8) &- depth.y) * (1 / 256)
        let rowDepth = depth.atVertex + depth.stepY * fromVertexY
        var unit = units.lowerBound
        while unit <= units.upperBound {
            let column = Int32(truncatingIfNeeded: unit) &<< Layout.unitShift
            let fromVertexX = Float((column &<< 8) &- depth.x) * (1 / 256)
            let z = rowDepth + depth.stepX * fromVertexX
            var phase: Int32 = 0
            while phase < 1 &<< Layout.phaseShift {
                let outside =
                    phase == 0 ? edges.any : edges.any(adding: walk.phase)
                let inverseDepth = depth.lanes + (phase == 0 ? z : z + depth.phase)
                sink.visit(
                    groups + ((unit &<< Int(Layout.phaseShift)) &+ Int(phase)),
                    outside: outside,
                    inverseDepth: limited(inverseDepth, low: depth.low, high: depth.high),
                    at: GroupPlace(
                        column: column, row: Int32(truncatingIfNeeded: y), phase: phase))
                phase &+= 1
            }
            edges.add(walk.stepX)
            unit &+= 1
        }
    }
}

/// The three edge functions of a triangle at eight samples.
private struct EdgeLanes {
    var e0: IntLanes
    var e1: IntLanes
    var e2: IntLanes

    /// Negative where one of them is.
    @inline(__always)
    var any: IntLanes { e0 | e1 | e2 }

    @inline(__always)
    func any(adding step: SIMD4<Int32>) -> IntLanes {
        (e0 &+ IntLanes(repeating: step.x)) | (e1 &+ IntLanes(repeating: step.y))
            | (e2 &+ IntLanes(repeating: step.z))
    }

    @inline(__always)
    mutating func add(_ step: SIMD4<Int32>) {
        e0 &+= IntLanes(repeating: step.x)
        e1 &+= IntLanes(repeating: step.y)
        e2 &+= IntLanes(repeating: step.z)
    }

    @inline(__always)
    mutating func add(_ step: SIMD4<Int32>, times n: Int32) {
        add(step &* SIMD4(repeating: n))
    }
}

/// A small triangle's edge functions, one in each of three lanes, in units of 1/8192 square pixel
/// as ``EdgeFunction`` has them.
private struct SmallWalk<Layout: SampleLayout> {
    /// The values at the corner of the first unit of the first row.
    let corner: SIMD4<Int32>
    /// What a unit to the right, and a row down, add.
    let stepX: SIMD4<Int32>
    let stepY: SIMD4<Int32>
    /// What the second half of a unit's samples adds.
    let phase: SIMD4<Int32>
    /// The values at the samples of the first group.
    let edges: EdgeLanes

    @inline(__always)
    init(
        _ a: ScreenVertex, _ b: ScreenVertex, _ c: ScreenVertex, column: Int32, row: Int32,
        _ pattern: SamplePattern
    ) {
        let x = SIMD4(a.x, b.x, c.x, 0), y = SIMD4(a.y, b.y, c.y, 0)
        let dx = SIMD4(b.x, c.x, a.x, 0) &- x
        let dy = SIMD4(b.y, c.y, a.y, 0) &- y
        // Top-left rule as in `EdgeFunction`: this is negative where dy is, or where dy is zero and
        // dx is positive.
        let owned = (dy &+ dy) &+ ((SIMD4<Int32>.zero &- dx) &>> 31)
        let notOwned = SIMD4(repeating: -1) ^ (owned &>> 31)
        let fromX = SIMD4(repeating: column &<< 8) &- x
        let fromY = SIMD4(repeating: row &<< 8) &- y
        corner = (dx &* fromY &- dy &* fromX &+ notOwned) &>> 3
        stepX = (SIMD4<Int32>.zero &- dy) &<< (5 &+ Layout.unitShift)
        stepY = dx &<< 5
        phase = dx &* SIMD4(repeating: pattern.phaseY) &- dy &* SIMD4(repeating: pattern.phaseX)
        let laneX = pattern.laneX, laneY = pattern.laneY
        @inline(__always)
        func lanes(_ corner: Int32, _ dx: Int32, _ dy: Int32) -> IntLanes {
            IntLanes(repeating: corner) &+ IntLanes(repeating: dx) &* laneY
                &- IntLanes(repeating: dy) &* laneX
        }
        edges = EdgeLanes(
            e0: lanes(corner.x, dx.x, dy.x), e1: lanes(corner.y, dx.y, dy.y),
            e2: lanes(corner.z, dx.z, dy.z))
    }

    /// The units of a row that may be covered, counted from the first one.
    ///
    /// - Parameter corner: the values at the corner of the first one.
    @inline(__always)
    func span(_ corner: SIMD4<Int32>, count: Int) -> (first: Int, last: Int) {
        // No sample of a unit has a value further above its corner's than this.
        let zero = SIMD4<Int32>.zero
        let highest = SIMD4<Float>(corner &+ larger(stepX, zero) &+ larger(stepY, zero))
        let step = SIMD4<Float>(stepX)
        var first: Float = 0
        var last = Float(count &- 1)
        for i in 0..<3 {
            // The margins are larger than the rounding error of numbers this small.
            if stepX[i] > 0 {
                first = max(first, -highest[i] / step[i] - 0.01)
            } else if stepX[i] < 0 {
                last = min(last, -highest[i] / step[i] + 0.01)
            } else if highest[i] < 0 {
                return (1, 0)
            }
        }
        return first > last ? (1, 0) : (Int(first.rounded(.up)), Int(last))
    }
}

extension SIMD4<Int32> {
    /// The last two lanes, twice.
    fileprivate var zwzw: SIMD4<Int32> {
        @inline(__always) get { SIMD4(lowHalf: highHalf, highHalf: highHalf) }
    }
}

/// The smaller of two numbers in every lane.
@inline(__always)
private func smaller(_ a: SIMD4<Int32>, _ b: SIMD4<Int32>) -> SIMD4<Int32> {
    a.replacing(with: b, where: b .< a)
}

/// The larger of two numbers in every lane.
@inline(__always)
private func larger(_ a: SIMD4<Int32>, _ b: SIMD4<Int32>) -> SIMD4<Int32> {
    a.replacing(with: b, where: b .> a)
}
