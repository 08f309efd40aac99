extension ColorBand {
    /// Puts transparent layers into the order of pixels, row by row, keeping the order of triangles
    /// within a pixel.
    ///
    /// - Returns: `count`.
    /// - Complexity: linear in the layers and the pixels of the band.
    func sortLayers(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        let rect = target.rect
        let cells = rect.y.count * rect.x.count
        scratch.layerStarts.reserve(cells + 1)
        scratch.sortedLayers.reserve(count)
        let starts = scratch.layerStarts.base
        starts.update(repeating: 0, count: cells + 1)
        func cell(_ layer: TransparentLayer) -> Int {
            (Int(layer.y) &- rect.y.lowerBound) &* rect.x.count
                &+ Int(layer.x) &- rect.x.lowerBound
        }
        for i in 0..<count { starts[cell(scratch.layers.base[i]) + 1] += 1 }
        for i in 0..<cells { starts[i + 1] += starts[i] }
        for i in 0..<count {
            let layer = scratch.layers.base[i]
            let c = cell(layer)
            scratch.sortedLayers.base[Int(starts[c])] = layer
            starts[c] += 1
        }
        return count
    }

    /// Queues the fragments of all pixels of the band, emptying the queue whenever it is full.
    func collect(layerCount: Int) {
        var cursor = LayerCursor(layers: scratch.sortedLayers.base, count: layerCount)
        let range = target.groupRange
        for y in target.rect.y {
            let row = target.row(y)
            switch target.pattern.count {
            case 1: collectOne(row, range, y, &cursor)
            case 4: collectFour(row, range, y, &cursor)
            default: collectSixteen(row, range, y, &cursor)
            }
        }
    }

    private func collectOne(
        _ row: UnsafePointer<SampleGroup>, _ groups: Range<Int>, _ y: Int,
        _ cursor: inout LayerCursor
    ) {
        for g in groups {
            let ids = row[g].triangle
            guard any(ids .!= IntLanes(repeating: SampleGroup.noTriangle)) || cursor.isInRow(y)
            else { continue }
            for lane in 0..<8 where 8 &* g &+ lane < job.width {
                add(x: 8 &* g &+ lane, y: y, SIMD4(repeating: ids[lane]), mask: 1, &cursor)
            }
            flushIfFull()
        }
    }

    private func collectFour(
        _ row: UnsafePointer<SampleGroup>, _ groups: Range<Int>, _ y: Int,
        _ cursor: inout LayerCursor
    ) {
        for g in groups {
            let ids = row[g].triangle
            guard any(ids .!= IntLanes(repeating: SampleGroup.noTriangle)) || cursor.isInRow(y)
            else { continue }
            add(x: 2 &* g, y: y, ids.lowHalf, mask: 15, &cursor)
            if 2 &* g &+ 1 < job.width {
                add(x: 2 &* g &+ 1, y: y, ids.highHalf, mask: 15, &cursor)
            }
            flushIfFull()
        }
    }

    private func collectSixteen(
        _ row: UnsafePointer<SampleGroup>, _ groups: Range<Int>, _ y: Int,
        _ cursor: inout LayerCursor
    ) {
        for x in groups.lowerBound / 2..<groups.upperBound / 2 {
            let low = row[2 &* x].triangle, high = row[2 &* x &+ 1].triangle
            let none = IntLanes(repeating: SampleGroup.noTriangle)
            guard any((low .!= none) .| (high .!= none)) || cursor.isInRow(y) else { continue }
            let first = low[0]
            if !any((low .!= IntLanes(repeating: first)) .| (high .!= IntLanes(repeating: first))) {
                add(x: x, y: y, SIMD4(repeating: first), mask: 0xffff, &cursor)
            } else {
                begin(x: x, y: y, cursor)
                addDistinct(count: 16) { $0 < 8 ? low[$0] : high[$0 &- 8] }
                end(x: x, y: y, &cursor)
            }
            flushIfFull()
        }
    }

    private func flushIfFull() {
        if scratch.queue.isFull { flush() }
    }

    /// Queues a pixel of one or four samples, or of more that all see one triangle.
    ///
    /// - Parameter mask: all samples of a pixel.
    @inline(__always)
    private func add(
        x: Int, y: Int, _ ids: SIMD4<Int32>, mask: UInt32, _ cursor: inout LayerCursor
    ) {
        let first = ids.x
        let isUniform = ids == SIMD4(repeating: first)
        if isUniform, first == SampleGroup.noTriangle, !cursor.isAt(x: x, y: y) { return }
        begin(x: x, y: y, cursor)
        if isUniform {
            if first != SampleGroup.noTriangle { append(first, mask) }
        } else {
            addDistinct(count: 4) { ids[$0] }
        }
        end(x: x, y: y, &cursor)
    }

    /// Adds a fragment for each triangle that some sample sees, in the order of samples.
    @inline(__always)
    private func addDistinct(count: Int, _ id: (Int) -> Int32) {
        var done: UInt32 = 0
        for s in 0..<count where done >> UInt32(s) & 1 == 0 {
            let triangle = id(s)
            var mask: UInt32 = 0
            for r in s..<count where id(r) == triangle { mask |= 1 << UInt32(r) }
            done |= mask
            if triangle != SampleGroup.noTriangle { append(triangle, mask) }
        }
    }

    @inline(__always)
    private func begin(x: Int, y: Int, _ cursor: LayerCursor) {
        scratch.queue.beginPixel(
            x: x, y: y, fragmentCount: target.pattern.count &+ cursor.countAt(x: x, y: y))
    }

    @inline(__always)
    private func append(_ triangle: Int32, _ mask: UInt32) {
        scratch.queue.append(triangle: triangle, mask: mask, offset: coverage.centroid(mask))
    }

    @inline(__always)
    private func end(x: Int, y: Int, _ cursor: inout LayerCursor) {
        let layers = cursor.take(x: x, y: y)
        for layer in layers {
            append(cursor.layers[layer].triangle, cursor.layers[layer].mask)
        }
        scratch.queue.endPixel(layerCount: layers.count)
    }
}

/// Walks along transparent layers that are sorted by row and column.
struct LayerCursor {
    let layers: UnsafePointer<TransparentLayer>
    let count: Int
    private var next = 0

    init(layers: UnsafePointer<TransparentLayer>, count: Int) {
        self.layers = layers
        self.count = count
    }

    /// Whether the next layer lies in a row.
    @inline(__always)
    func isInRow(_ y: Int) -> Bool { next < count && Int(layers[next].y) == y }

    /// Whether the next layer lies in a pixel.
    @inline(__always)
    func isAt(x: Int, y: Int) -> Bool {
        next < count && Int(layers[next].y) == y && Int(layers[next].x) == x
    }

    /// The layers of a pixel that is next.
    @inline(__always)
    func countAt(x: Int, y: Int) -> Int {
        guard isAt(x: x, y: y) else { return 0 }
        var end = next
        while end < count, Int(layers[end].y) == y, Int(layers[end].x) == x { end += 1 }
        return end - next
    }

    /// The layers of a pixel, after which the cursor stands.
    @inline(__always)
    mutating func take(x: Int, y: Int) -> Range<Int> {
        let first = next
        next += countAt(x: x, y: y)
        return first..<next
    }
}
