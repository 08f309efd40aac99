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
}

/// Walks along transparent layers that are sorted by row and column.
struct LayerCursor {
    let layers: UnsafePointer<TransparentLayer>
    private let count: Int
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

    /// The layers of a pixel, after which the cursor stands.
    mutating func take(x: Int, y: Int) -> Range<Int> {
        let first = next
        while isAt(x: x, y: y) { next += 1 }
        return first..<next
    }
}
