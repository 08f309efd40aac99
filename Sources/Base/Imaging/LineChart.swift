/// Curves over a common axis, with a legend: figures of a run, drawn without a plotting library.
public struct LineChart: Sendable {
    /// One curve.
    public struct Curve: Sendable {
        /// Its words in the legend.
        public var name: String
        /// Its colour.
        public var color: SIMD3<UInt8>
        /// Points (x, y); those that are no finite numbers are left out.
        public var points: [SIMD2<Double>]

        /// A curve through points, in their order.
        public init(name: String, color: SIMD3<UInt8>, points: [SIMD2<Double>]) {
            self.name = name
            self.color = color
            self.points = points
        }

        /// A curve whose points lie at x = 0, 1, 2, ...
        public init(name: String, color: SIMD3<UInt8>, values: [Double]) {
            self.init(
                name: name, color: color,
                points: values.enumerated().map { SIMD2(Double($0), $1) })
        }
    }

    /// Above everything.
    public var title: String
    /// Below the horizontal axis.
    public var horizontal: String
    /// Above the vertical axis.
    public var vertical: String
    /// The curves, the last on top.
    public var curves: [Curve]
    /// Pixels.
    public var width: Int
    /// Pixels.
    public var height: Int
    /// Whether the vertical axis begins at zero though no value is there.
    public var startsAtZero: Bool

    private let paper = SIMD3<UInt8>(repeating: 255)
    private let ink = SIMD3<UInt8>(repeating: 40)
    private let grid = SIMD3<UInt8>(repeating: 225)
    private static let margin = 14
    private static let lineHeight = BitmapFont.glyphHeight + 5
    private static let axisWidth = 62

    /// A chart of the given size; at least 240 by 160 pixels.
    public init(
        title: String, horizontal: String, vertical: String, curves: [Curve], width: Int = 640,
        height: Int = 360, startsAtZero: Bool = true
    ) {
        precondition(width >= 240 && height >= 160, "a chart needs room")
        self.title = title
        self.horizontal = horizontal
        self.vertical = vertical
        self.curves = curves
        self.width = width
        self.height = height
        self.startsAtZero = startsAtZero
    }

    /// The picture.
    public func drawn() -> Image {
        var image = Image(width: width, height: height)
        image.fill(paper, columns: 0..<width, rows: 0..<height)
        let margin = LineChart.margin
        let line = LineChart.lineHeight
        image.write(title, x: margin, y: margin, color: ink, scale: 2)
        image.write(vertical, x: margin, y: margin + 2 * line, color: ink)
        let top = margin + 3 * line + curves.count * line
        let frame = Frame(
            left: margin + LineChart.axisWidth, top: top, right: width - margin - 12,
            bottom: height - margin - 2 * line, box: box)
        drawAxes(on: &image, frame)
        for (i, curve) in curves.enumerated() {
            let y = margin + (3 + i) * line
            image.fill(curve.color, columns: frame.left..<frame.left + 18, rows: y + 2..<y + 5)
            image.write(curve.name, x: frame.left + 24, y: y, color: ink)
            draw(curve, on: &image, frame)
        }
        return image
    }

    // MARK: Coordinates

    private struct Box {
        var low: SIMD2<Double>
        var high: SIMD2<Double>
    }

    /// Where values lie on the picture.
    private struct Frame {
        var left: Int
        var top: Int
        var right: Int
        var bottom: Int
        var box: Box

        func place(_ p: SIMD2<Double>) -> SIMD2<Double> {
            let unit = (p - box.low) / (box.high - box.low)
            return SIMD2(
                Double(left) + unit.x * Double(right - left),
                Double(bottom) - unit.y * Double(bottom - top))
        }
    }

    private var box: Box {
        var low = SIMD2<Double>(repeating: .infinity)
        var high = -low
        for p in curves.lazy.flatMap(\.points) where p.x.isFinite && p.y.isFinite {
            low = pointwiseMin(low, p)
            high = pointwiseMax(high, p)
        }
        if !(low.x <= high.x) { return Box(low: .zero, high: SIMD2(1, 1)) }
        if startsAtZero {
            low.y = min(low.y, 0)
            high.y = max(high.y, 0)
        }
        for axis in 0..<2 where high[axis] - low[axis] < 1e-300 {
            high[axis] = low[axis] + max(1, abs(low[axis]))
        }
        return Box(low: low, high: high)
    }

    // MARK: Drawing

    private func drawAxes(on image: inout Image, _ frame: Frame) {
        for value in LineChart.ticks(frame.box.low.y, frame.box.high.y, count: 5) {
            let y = Int(frame.place(SIMD2(frame.box.low.x, value)).y.rounded())
            image.fill(grid, columns: frame.left..<frame.right + 1, rows: y..<y + 1)
            let text = LineChart.text(value)
            image.write(
                text, x: frame.left - 6 - text.count * BitmapFont.advance,
                y: y - BitmapFont.glyphHeight / 2, color: ink)
        }
        for value in LineChart.ticks(frame.box.low.x, frame.box.high.x, count: 8) {
            let x = Int(frame.place(SIMD2(value, frame.box.low.y)).x.rounded())
            image.fill(ink, columns: x..<x + 1, rows: frame.bottom..<frame.bottom + 4)
            let text = LineChart.text(value)
            image.write(
                text, x: x - text.count * BitmapFont.advance / 2, y: frame.bottom + 7, color: ink)
        }
        image.fill(ink, columns: frame.left..<frame.left + 1, rows: frame.top..<frame.bottom + 1)
        image.fill(
            ink, columns: frame.left..<frame.right + 1, rows: frame.bottom..<frame.bottom + 1)
        image.write(
            horizontal, x: (frame.left + frame.right - horizontal.count * BitmapFont.advance) / 2,
            y: frame.bottom + 7 + LineChart.lineHeight, color: ink)
    }

    /// The curve, two pixels wide.
    private func draw(_ curve: Curve, on image: inout Image, _ frame: Frame) {
        let places = curve.points.filter { $0.x.isFinite && $0.y.isFinite }.map(frame.place)
        for (a, b) in zip(places, places.dropFirst()) {
            let steps = max(1, Int(max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up)))
            for step in 0...steps {
                dot(a + (b - a) * (Double(step) / Double(steps)), curve.color, 1, &image)
            }
        }
        // Few points are shown as such.
        guard places.count <= 64 else { return }
        for place in places { dot(place, curve.color, 2, &image) }
    }

    private func dot(
        _ p: SIMD2<Double>, _ color: SIMD3<UInt8>, _ radius: Int, _ image: inout Image
    ) {
        let x = Int(p.x.rounded())
        let y = Int(p.y.rounded())
        image.fill(
            color, columns: max(0, x - radius + 1)..<min(width, x + radius),
            rows: max(0, y - radius + 1)..<min(height, y + radius))
    }

    /// Round numbers in a range: multiples of 1, 2 or 5 times a power of ten.
    static func ticks(_ low: Double, _ high: Double, count: Int) -> [Double] {
        let rough = (high - low) / Double(count)
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        let step = power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        guard first <= last else { return [] }
        return (Int(first)...Int(last)).map { Double($0) * step }
    }

    /// A number in at most nine letters.
    static func text(_ value: Double) -> String {
        if value == 0 { return "0" }
        let size = abs(value)
        if size >= 1e6 || size < 1e-4 {
            var exponent = 0
            var mantissa = value
            while abs(mantissa) >= 9.9995 {
                mantissa /= 10
                exponent += 1
            }
            while abs(mantissa) < 0.99995 {
                mantissa *= 10
                exponent -= 1
            }
            return "\((mantissa * 100).rounded() / 100)e\(exponent)"
        }
        let rounded = (value * 1e5).rounded() / 1e5
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
