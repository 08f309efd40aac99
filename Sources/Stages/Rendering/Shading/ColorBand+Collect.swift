extension ColorBand {
    /// Queues the fragments of all pixels of the band, emptying the queue whenever it is full.
    ///
    /// - Parameter layerCount: the sorted transparent layers.
    func collect(layerCount: Int) {
        var cursor = LayerCursor(layers: scratch.sortedLayers.base, count: layerCount)
        let range = target.groupRange
        for y in target.rect.y {
            switch target.pattern.count {
            case 1: collectOne(range, y, &cursor)
            case 4: collectFour(range, y, &cursor)
            default: collectSixteen(range, y, &cursor)
            }
        }
    }

    private func collectOne(_ groups: Range<Int>, _ y: Int, _ cursor: inout LayerCursor) {
        let row = target.row(y)
        let none = IntLanes(repeating: SampleGroup.noTriangle)
        var writer = FragmentWriter(scratch.queue, centroids)
        for g in groups {
            let ids = row[g].triangle
            guard anyLane(ids .!= none) || cursor.isInRow(y) else { continue }
            for lane in 0..<8 where 8 &* g &+ lane < job.width {
                let id = ids[lane]
                addUniform(id, mask: 1, x: 8 &* g &+ lane, y: y, &writer, &cursor)
            }
            flushIfFull(&writer)
        }
        writer.commit()
    }

    private func collectFour(_ groups: Range<Int>, _ y: Int, _ cursor: inout LayerCursor) {
        let row = target.row(y)
        let none = IntLanes(repeating: SampleGroup.noTriangle)
        var writer = FragmentWriter(scratch.queue, centroids)
        for g in groups {
            let ids = row[g].triangle
            guard anyLane(ids .!= none) || cursor.isInRow(y) else { continue }
            let first = ids[0]
            if !anyLane(ids .!= IntLanes(repeating: first)), !cursor.isInRow(y),
                2 &* g &+ 1 < job.width
            {
                // Inside a triangle, as most groups are where triangles are large.
                writer.appendWholePair(triangle: first, x: 2 &* g, y: y)
                flushIfFull(&writer)
                continue
            }
            addFour(ids.lowHalf, x: 2 &* g, y: y, &writer, &cursor)
            if 2 &* g &+ 1 < job.width {
                addFour(ids.highHalf, x: 2 &* g &+ 1, y: y, &writer, &cursor)
            }
            flushIfFull(&writer)
        }
        writer.commit()
    }

    private func collectSixteen(_ groups: Range<Int>, _ y: Int, _ cursor: inout LayerCursor) {
        let row = target.row(y)
        let none = IntLanes(repeating: SampleGroup.noTriangle)
        var writer = FragmentWriter(scratch.queue, centroids)
        for x in groups.lowerBound / 2..<groups.upperBound / 2 {
            let low = row[2 &* x].triangle, high = row[2 &* x &+ 1].triangle
            guard anyLane((low .!= none) .| (high .!= none)) || cursor.isInRow(y) else { continue }
            let first = IntLanes(repeating: low[0])
            if anyLane((low .!= first) .| (high .!= first)) {
                writer.begin(x: x, y: y)
                addSixteen(low, high, &writer)
                end(x: x, y: y, &writer, &cursor)
            } else {
                addUniform(low[0], mask: 0xffff, x: x, y: y, &writer, &cursor)
            }
            flushIfFull(&writer)
        }
        writer.commit()
    }

    @inline(__always)
    private func flushIfFull(_ writer: inout FragmentWriter) {
        guard writer.isFull else { return }
        writer.commit()
        flush()
        writer = FragmentWriter(scratch.queue, centroids)
    }

    /// Queues a pixel all of whose samples, given by `mask`, see one triangle or none.
    @inline(__always)
    private func addUniform(
        _ triangle: Int32, mask: UInt32, x: Int, y: Int, _ writer: inout FragmentWriter,
        _ cursor: inout LayerCursor
    ) {
        guard cursor.isAt(x: x, y: y) else {
            if triangle != SampleGroup.noTriangle {
                writer.appendWhole(triangle: triangle, x: x, y: y)
            }
            return
        }
        writer.begin(x: x, y: y)
        if triangle != SampleGroup.noTriangle { writer.append(triangle: triangle, mask: mask) }
        end(x: x, y: y, &writer, &cursor)
    }

    /// Queues a pixel of four samples.
    @inline(__always)
    private func addFour(
        _ ids: SIMD4<Int32>, x: Int, y: Int, _ writer: inout FragmentWriter,
        _ cursor: inout LayerCursor
    ) {
        let (a, b, c, d) = (ids[0], ids[1], ids[2], ids[3])
        if all(ids .== SIMD4(repeating: a)) {
            return addUniform(a, mask: 15, x: x, y: y, &writer, &cursor)
        }
        writer.begin(x: x, y: y)
        var groups = PixelGroups(memory: scratch.groupsOfPixel.base)
        @inline(__always)
        func bit(_ i: UInt32, _ isSet: Bool) -> UInt32 { isSet ? 1 &<< i : 0 }
        groups.add(a, mask: 1 | bit(1, b == a) | bit(2, c == a) | bit(3, d == a), merger)
        if b != a { groups.add(b, mask: 2 | bit(2, c == b) | bit(3, d == b), merger) }
        if c != a, c != b { groups.add(c, mask: 4 | bit(3, d == c), merger) }
        if d != a, d != b, d != c { groups.add(d, mask: 8, merger) }
        if groups.count == 1, groups[0].mask == 15, !cursor.isAt(x: x, y: y) {
            return writer.appendWhole(triangle: groups[0].triangle, x: x, y: y)
        }
        for i in 0..<groups.count {
            writer.append(triangle: groups[i].triangle, mask: groups[i].mask)
        }
        end(x: x, y: y, &writer, &cursor)
    }

    /// Adds a fragment for each triangle, or few neighbours, that some of sixteen samples see.
    @inline(never)
    private func addSixteen(_ low: IntLanes, _ high: IntLanes, _ writer: inout FragmentWriter) {
        var groups = PixelGroups(memory: scratch.groupsOfPixel.base)
        let bitsOfLanes = IntLanes(1, 2, 4, 8, 16, 32, 64, 128)
        func mask(_ ids: IntLanes, _ id: Int32) -> UInt32 {
            let bits = IntLanes.zero.replacing(
                with: bitsOfLanes, where: ids .== IntLanes(repeating: id))
            return UInt32(truncatingIfNeeded: bits.wrappedSum())
        }
        var left: UInt32 = 0xffff
        while left != 0 {
            let s = left.trailingZeroBitCount
            let triangle = s < 8 ? low[s] : high[s &- 8]
            let seen = mask(low, triangle) | mask(high, triangle) << 8
            left &= ~seen
            groups.add(triangle, mask: seen, merger)
        }
        for i in 0..<groups.count {
            writer.append(triangle: groups[i].triangle, mask: groups[i].mask)
        }
    }

    /// Adds a pixel's transparent layers and ends it.
    @inline(__always)
    private func end(
        x: Int, y: Int, _ writer: inout FragmentWriter, _ cursor: inout LayerCursor
    ) {
        var count = 0
        if cursor.isAt(x: x, y: y) {
            let layers = cursor.take(x: x, y: y)
            count = layers.count
            writer.reserve(count)
            for i in layers {
                writer.append(
                    triangle: cursor.layers[i].triangle, mask: cursor.layers[i].mask)
            }
        }
        writer.end(pixel: y &* job.width &+ x, layerCount: count)
    }
}
