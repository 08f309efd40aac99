import Geometry

/// How a surface moves, in 16 numbers that moving it, scaling it, turning it about the vertical
/// axis and cutting it into other triangles hardly change: at eight times spread over the sequence,
/// how far points of the surface are from where they were in frame 0, and how far above that, on
/// average and in root mean square distances of frame 0 from its middle.
public struct MotionSignature: Sendable, Equatable {
    /// Times that are looked at.
    static let timeCount = 8
    /// How many numbers there are.
    public static let count = 2 * timeCount
    /// What one unit of the numbers stands for.
    static let unit = 1e-3
    /// Numbers end here: a surface that flies apart is far from any other.
    static let limit = 1e6  // which a Float holds exactly

    /// `[16]`: mean displacements in thousandths, then mean rises.
    private let values: SIMD16<Float>

    /// The signature of a sequence; nil where frame 0 has no surface.
    public init?(_ mesh: MeshSequence) {
        guard let sample = SurfaceSample(mesh, count: ShapeSignature.pointCount) else { return nil }
        self.init(mesh, sample)
    }

    init(_ mesh: MeshSequence, _ sample: SurfaceSample) {
        var lengths: [Double] = []
        var rises: [Double] = []
        for k in 1...MotionSignature.timeCount {
            let frame = k * (mesh.frameCount - 1) / MotionSignature.timeCount
            var (length, rise, count) = (0.0, 0.0, 0)
            for (i, point) in sample.points.enumerated() {
                let moved =
                    sample.place(i, of: mesh, frame: frame) - SIMD3<Double>(point)
                let distance = Geometry.length(moved)
                guard distance.isFinite else { continue }
                length += distance
                rise += moved.y
                count += 1
            }
            lengths.append(MotionSignature.rounded(length, count, sample.radius))
            rises.append(MotionSignature.rounded(rise, count, sample.radius))
        }
        values = SIMD16((lengths + rises).map(Float.init))
    }

    private static func rounded(_ sum: Double, _ count: Int, _ radius: Double) -> Double {
        let value = count > 0 ? sum / Double(count) / radius / unit : 0
        let clamped = min(max(value.rounded(), -limit), limit)
        // Minus zero would not come back from a store.
        return clamped == 0 ? 0 : clamped
    }

    /// A signature of stored numbers; nil where they are none.
    public init?(numbers: [Double]) {
        guard numbers.count == MotionSignature.count,
            numbers.allSatisfy({ abs($0) <= MotionSignature.limit && $0 == $0.rounded() })
        else { return nil }
        values = SIMD16(numbers.map(Float.init))
    }

    /// The numbers as they are stored.
    public var numbers: [Double] { (0..<MotionSignature.count).map { Double(values[$0]) } }

    /// How far two motions are from each other: the larger of the mean differences, over the times,
    /// of displacements and of rises.
    public static func distance(_ a: MotionSignature, _ b: MotionSignature) -> Double {
        var sums = SIMD2<Double>.zero
        for k in 0..<timeCount {
            sums.x += Double(abs(a.values[k] - b.values[k]))
            sums.y += Double(abs(a.values[k + timeCount] - b.values[k + timeCount]))
        }
        return sums.max() / Double(timeCount) * unit
    }
}
