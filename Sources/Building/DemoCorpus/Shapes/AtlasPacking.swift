/// Where charts go in a square of texels: each is put, largest first, at the first place of a coarse
/// grid where none of its cells is taken, at the largest scale at which all find a place.
struct AtlasPacking {
    /// The texel at which the zero of each chart's coordinates lies.
    private(set) var origins: [Vector2] = []
    /// Texels for a unit of the charts' coordinates.
    private(set) var texelsPerUnit: Float

    /// A part of a chart.
    struct Box {
        var low: Vector2
        var high: Vector2

        init(around points: [Vector2]) {
            low = points.reduce(points[0]) { pointwiseMin($0, $1) }
            high = points.reduce(points[0]) { pointwiseMax($0, $1) }
        }
    }

    /// Cells along a side of the square; a row of them fits in the bits of one number.
    private static let gridSize = 96
    /// Texels kept free around a chart, so that mipmaps do not mix it with its neighbours.
    private static let gap: Float = 1.5

    /// Packs charts that are made of boxes.
    init(_ charts: [[Box]], resolution: Int) {
        let area = charts.joined().reduce(Float(0)) {
            let size = $1.high - $1.low
            return $0 + size.x * size.y
        }
        texelsPerUnit = Float(resolution) / area.squareRoot()
        while !place(charts, resolution: Float(resolution)) { texelsPerUnit *= 0.97 }
    }

    /// Finds places for all charts at the present scale, if there are any.
    private mutating func place(_ charts: [[Box]], resolution: Float) -> Bool {
        let cell = resolution / Float(AtlasPacking.gridSize)
        let footprints = charts.map {
            Footprint($0, scale: texelsPerUnit, gap: AtlasPacking.gap, cell: cell)
        }
        let order = charts.indices.sorted {
            let a = footprints[$0].cellCount
            let b = footprints[$1].cellCount
            return a != b ? a > b : $0 < $1
        }
        var taken = [UInt128](repeating: 0, count: AtlasPacking.gridSize)
        origins = Array(repeating: .zero, count: charts.count)
        for chart in order {
            guard let (x, y) = footprints[chart].firstPlace(in: taken) else { return false }
            for (row, bits) in footprints[chart].rows.enumerated() { taken[y + row] |= bits << x }
            origins[chart] = Vector2(Float(x), Float(y)) * cell - footprints[chart].corner
        }
        return true
    }

    /// The cells of the grid that a chart covers.
    private struct Footprint {
        /// Bit x of a row stands for the cell in column x.
        var rows: [UInt128]
        var width: Int
        /// The texel of the footprint's corner relative to the zero of the chart's coordinates.
        var corner: Vector2

        var cellCount: Int { rows.reduce(0) { $0 + $1.nonzeroBitCount } }

        init(_ boxes: [Box], scale: Float, gap: Float, cell: Float) {
            let low = boxes.reduce(boxes[0].low) { pointwiseMin($0, $1.low) } * scale - gap
            let high = boxes.reduce(boxes[0].high) { pointwiseMax($0, $1.high) } * scale + gap
            corner = low
            width = Int((high.x - low.x) / cell) + 1
            rows = Array(repeating: 0, count: Int((high.y - low.y) / cell) + 1)
            guard width <= gridSize else { return }
            for box in boxes {
                let from = (box.low * scale - gap - low) / cell
                let to = (box.high * scale + gap - low) / cell
                let columns = Int(to.x) - Int(from.x) + 1
                let bits = ((UInt128(1) << columns) - 1) << Int(from.x)
                for row in Int(from.y)...Int(to.y) { rows[row] |= bits }
            }
        }

        /// The first column and row, row by row, at which no cell is taken.
        func firstPlace(in taken: [UInt128]) -> (x: Int, y: Int)? {
            guard width <= gridSize, rows.count <= gridSize else { return nil }
            for y in 0...gridSize - rows.count {
                for x in 0...gridSize - width {
                    var isFree = true
                    for (row, bits) in rows.enumerated() where taken[y + row] & (bits << x) != 0 {
                        isFree = false
                        break
                    }
                    if isFree { return (x, y) }
                }
            }
            return nil
        }
    }
}
