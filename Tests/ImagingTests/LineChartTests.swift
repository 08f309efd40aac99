import Imaging
import Testing

struct LineChartTests {
    private let blue = SIMD3<UInt8>(0, 0, 255)

    private func chart(_ curves: [LineChart.Curve]) -> Image {
        LineChart(title: "Loss", horizontal: "step", vertical: "loss", curves: curves).drawn()
    }

    private func places(_ image: Image, _ color: SIMD3<UInt8>) -> [SIMD2<Int>] {
        (0..<image.height).flatMap { y in
            (0..<image.width).compactMap { x in
                image[x, y] == SIMD4(color, 255) ? SIMD2(x, y) : nil
            }
        }
    }

    /// A straight line from the origin covers the axes' box from corner to corner, and its middle
    /// lies in the middle.
    @Test func aLineGoesFromCornerToCorner() {
        let image = chart([
            LineChart.Curve(name: "", color: blue, points: [SIMD2(0, 0), SIMD2(4, 20)])
        ])
        let all = places(image, blue)
        // The legend's stroke is above the axes.
        let curve = all.filter { $0.y > 75 }
        let left = curve.map(\.x).min()!
        let right = curve.map(\.x).max()!
        let top = curve.map(\.y).min()!
        let bottom = curve.map(\.y).max()!
        #expect(right - left > 500 && bottom - top > 200)
        let middle = SIMD2((left + right) / 2, (top + bottom) / 2)
        #expect(curve.contains { abs($0.x - middle.x) <= 1 && abs($0.y - middle.y) <= 1 })
        #expect(!curve.contains { $0.x < left + 50 && $0.y < top + 50 })
    }

    /// Numbers that are none leave a gap and do not reach the axes; no curve is a chart, too.
    @Test func numbersThatAreNone() {
        let image = chart([
            LineChart.Curve(name: "a", color: blue, values: [1, .nan, 2, .infinity, 3])
        ])
        let clean = chart([
            LineChart.Curve(
                name: "a", color: blue, points: [SIMD2(0, 1), SIMD2(2, 2), SIMD2(4, 3)])
        ])
        #expect(image == clean)
        #expect(chart([]).width == 640)
        #expect(!places(chart([LineChart.Curve(name: "", color: blue, values: [7])]), blue).isEmpty)
    }
}
