import Imaging

/// Slices through decoded fields at z = 0, where the surface's points lie near: a shape a column.
struct FieldSheet {
    /// The model's coordinates of a unit box's side.
    let scale: Float
    /// Pixels a side of a slice.
    var cell = 96

    /// Half a side of a slice: a little more than the box.
    private var half: Float { scale * 0.525 }

    /// The pixels' places in rows from the top, `[cell², 3]`.
    var places: [Float] {
        var result: [Float] = []
        result.reserveCapacity(cell * cell * 3)
        for y in 0..<cell {
            for x in 0..<cell {
                result += [
                    (Float(x) + 0.5) / Float(cell) * 2 * half - half,
                    half - (Float(y) + 0.5) / Float(cell) * 2 * half, 0,
                ]
            }
        }
        return result
    }

    /// Draws fields, blue inside and yellow outside, with the true surface's points near the slice
    /// in black.
    ///
    /// - Parameter shapes: values at the places, and points of the surface `[n, 3]`.
    func drawn(_ shapes: [(field: [Float], points: [Float])]) -> Image {
        var image = Image(width: max(1, shapes.count) * (cell + 2), height: cell)
        for y in 0..<cell {
            for x in 0..<image.width { image[x, y] = SIMD4(repeating: 255) }
        }
        for (column, shape) in shapes.enumerated() {
            let left = column * (cell + 2)
            for y in 0..<cell {
                for x in 0..<cell {
                    image[left + x, y] = Self.color(shape.field[y * cell + x])
                }
            }
            for n in 0..<shape.points.count / 3 where abs(shape.points[3 * n + 2]) < half / 40 {
                let x = Int((shape.points[3 * n] / half + 1) / 2 * Float(cell))
                let y = Int((1 - shape.points[3 * n + 1] / half) / 2 * Float(cell))
                guard (0..<cell).contains(x), (0..<cell).contains(y) else { continue }
                image[left + x, y] = SIMD4(0, 0, 0, 255)
            }
        }
        return image
    }

    private static func color(_ value: Float) -> SIMD4<UInt8> {
        guard value.isFinite else { return SIMD4(255, 0, 0, 255) }
        let strength = 0.35 + 0.65 * min(1, abs(value))
        let full: SIMD3<Float> = value > 0 ? SIMD3(60, 110, 200) : SIMD3(245, 215, 140)
        let color = SIMD3<Float>(repeating: 255) + (full - SIMD3(repeating: 255)) * strength
        return SIMD4(SIMD3<UInt8>(color), 255)
    }
}
