import Imaging

/// A picture of animated point sets: a sample a line, frames side by side, seen from the front
/// without perspective; a point keeps the colour of its place in the first frame.
struct PointSheet {
    /// Frames of a sample.
    let frames: Int
    /// Points of a frame.
    let points: Int
    /// Pixels a side of a frame.
    var cell = 96
    /// The most frames that are shown, evenly picked.
    var columns = 8

    /// Draws samples of positions `[T, N, 3]`, in a cube of side 1.2 around the origin.
    func drawn(_ samples: [[Float]]) -> Image {
        let shown = min(columns, frames)
        var image = Image(width: shown * cell, height: max(1, samples.count) * cell)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let isBorder = x % cell == 0 || y % cell == 0
                image[x, y] = SIMD4(SIMD3(repeating: isBorder ? 200 : 255), 255)
            }
        }
        for (row, positions) in samples.enumerated() {
            for column in 0..<shown {
                draw(positions, frame: column * frames / shown, column, row, &image)
            }
        }
        return image
    }

    private func draw(
        _ positions: [Float], frame: Int, _ column: Int, _ row: Int, _ image: inout Image
    ) {
        func place(_ frame: Int, _ point: Int) -> SIMD3<Float> {
            let start = (frame * points + point) * 3
            return SIMD3(positions[start], positions[start + 1], positions[start + 2])
        }
        // Near points cover far ones.
        let order = (0..<points).sorted { place(frame, $0).z < place(frame, $1).z }
        for point in order {
            let p = place(frame, point)
            guard p.x.isFinite, p.y.isFinite, max(abs(p.x), abs(p.y)) < 0.59 else { continue }
            let first = (place(0, point) + 0.5) * 255
            let color = first.clamped(
                lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 225))
            let x = column * cell + Int((p.x / 1.2 + 0.5) * Float(cell))
            let y = row * cell + Int((0.5 - p.y / 1.2) * Float(cell))
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)]
            where (x + dx) / cell == column && (y + dy) / cell == row {
                image[x + dx, y + dy] = SIMD4(
                    color.x.isFinite ? UInt8(color.x) : 0, color.y.isFinite ? UInt8(color.y) : 0,
                    color.z.isFinite ? UInt8(color.z) : 0, 255)
            }
        }
    }
}
