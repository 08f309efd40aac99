extension SampleTarget {
    /// Limit for edge functions where lanes look. Lanes add less than 2^30 to it, so it keeps the
    /// sign of the sum and the sum fits into 32 bits.
    private static let limit: Int64 = 1 << 30

    /// Hands every group of samples that a triangle may cover to a sink, whatever its size: edge
    /// functions are followed in 64 bits.
    ///
    /// - Parameters:
    ///   - area: twice the triangle's area in 1/65536 square pixel; positive.
    ///   - rows: the rows, and
    ///   - columns: the columns that it spans in the target.
    @inline(never)
    func rasterizeLarge(
        _ a: ScreenVertex, _ b: ScreenVertex, _ c: ScreenVertex, area: Int64,
        rows: ClosedRange<Int>, columns: ClosedRange<Int>, into sink: inout some SampleSink
    ) {
        let shift = Int(pattern.unitShift)
        let walk = TriangleWalk(
            edges: (
                EdgeFunction(a, b, pattern), EdgeFunction(b, c, pattern),
                EdgeFunction(c, a, pattern)
            ),
            depth: DepthPlane(a, b, c, area: area, pattern),
            firstUnit: columns.lowerBound >> shift, lastUnit: columns.upperBound >> shift)
        for row in rows { walkRow(row, walk, into: &sink) }
    }

    @inline(__always)
    private func walkRow(
        _ y: Int, _ walk: TriangleWalk, into sink: inout some SampleSink
    ) {
        let shift = Int(pattern.unitShift)
        let (e0, e1, e2) = walk.edges
        let column = walk.firstUnit << shift
        var v0 = e0.value(column: column, row: y)
        var v1 = e1.value(column: column, row: y)
        var v2 = e2.value(column: column, row: y)
        let step0 = e0.stepX &<< Int64(shift)
        let step1 = e1.stepX &<< Int64(shift)
        let step2 = e2.stepX &<< Int64(shift)
        var first = 0
        var last = walk.lastUnit &- walk.firstUnit
        if last >= 4 {
            e0.narrow(&first, &last, value: v0, shift: shift)
            e1.narrow(&first, &last, value: v1, shift: shift)
            e2.narrow(&first, &last, value: v2, shift: shift)
            guard first <= last else { return }
            v0 &+= step0 &* Int64(first)
            v1 &+= step1 &* Int64(first)
            v2 &+= step2 &* Int64(first)
        }
        let groups = row(y)
        for unit in (walk.firstUnit &+ first)...(walk.firstUnit &+ last) {
            let base0 = walk.lanes(v0), base1 = walk.lanes(v1), base2 = walk.lanes(v2)
            let z = walk.depth.value(column: unit << shift, row: y)
            for phase in 0..<(Int32(1) &<< pattern.phaseShift) {
                let outside =
                    e0.values(base0, phase) | e1.values(base1, phase) | e2.values(base2, phase)
                let depth = walk.depth.lanes + (z + Float(phase) * walk.depth.phase)
                sink.visit(
                    groups + ((unit << Int(pattern.phaseShift)) &+ Int(phase)), outside: outside,
                    inverseDepth: limited(depth, low: walk.depth.low, high: walk.depth.high),
                    at: GroupPlace(
                        column: Int32(truncatingIfNeeded: unit << shift),
                        row: Int32(truncatingIfNeeded: y), phase: phase))
            }
            v0 &+= step0
            v1 &+= step1
            v2 &+= step2
        }
    }

    /// A triangle on its way over the screen.
    private struct TriangleWalk {
        let edges: (EdgeFunction, EdgeFunction, EdgeFunction)
        let depth: DepthPlane
        let firstUnit: Int
        let lastUnit: Int

        /// An edge function's value in 32 bits, of the right sign wherever lanes look.
        @inline(__always)
        func lanes(_ value: Int64) -> Int32 {
            Int32(
                truncatingIfNeeded: max(-SampleTarget.limit, min(SampleTarget.limit, value)))
        }
    }
}

extension EdgeFunction {
    /// Leaves out units of a row that lie wholly beyond the edge.
    ///
    /// - Parameters:
    ///   - first: the first unit that may be covered, counted from where `value` holds.
    ///   - last: the last one.
    ///   - value: the function at the corner of unit 0.
    ///   - shift: base-2 logarithm of a unit's pixels.
    @inline(__always)
    fileprivate func narrow(_ first: inout Int, _ last: inout Int, value: Int64, shift: Int) {
        let step = stepX &<< Int64(shift)
        // No sample of a unit has a value further above its corner's than this.
        let highest = value &+ max(0, stepY) &+ max(0, step)
        guard step != 0 else {
            if highest < 0 { last = -1 }
            return
        }
        // Truncation towards zero can only add a unit.
        let crossing = Double(-highest) / Double(step)
        if step > 0 {
            first = max(first, Int(min(max(crossing, 0), 0x1p20)))
        } else {
            last = min(last, Int(min(max(crossing, -1), 0x1p20)))
        }
    }
}
