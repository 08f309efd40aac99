import Foundation
import Geometry

/// How a surface moves, in 64 small numbers that moving it, scaling it, turning it about the
/// vertical axis and cutting it into other triangles hardly change.
///
/// The surface of frame 0 is divided into eight: above and below its middle, and four quarters
/// around the vertical axis, the first about the direction of its ``CanonicalPose``. At four times
/// spread over the sequence, the numbers say how far the points of each part are from where they
/// were, and how far above that, as their share of the mean over all points, in root mean square
/// distances of frame 0 from its middle.
public struct MotionSignature: Sendable, Equatable {
    static let timeCount = 4
    static let quarterCount = 4
    static let partCount = 2 * quarterCount
    /// How many numbers there are.
    public static let count = 2 * timeCount * partCount
    /// What one unit of the numbers stands for.
    static let unit = 1e-4
    /// Numbers end here, below what a `Float` holds exactly: what flies apart is far from all else.
    static let limit = 1e7
    /// Movements whose mean is smaller than this are alike.
    static let least = 0.01

    /// `[4, 8, 2]`: times, parts (four quarters below, four above), displacement and rise.
    private let values: SIMD64<Float>

    /// The signature of a sequence; nil where frame 0 has no surface.
    ///
    /// - Complexity: O(`triangleCount` + N) for N = 2048 points.
    public init?(_ mesh: MeshSequence) {
        guard let sample = SurfaceSample(mesh, count: ShapeSignature.pointCount) else { return nil }
        self.init(mesh, sample)
    }

    init(_ mesh: MeshSequence, _ sample: SurfaceSample) {
        let parts = MotionSignature.parts(sample)
        var sums = [Double](repeating: 0, count: MotionSignature.count)
        for time in 0..<MotionSignature.timeCount {
            let frame = (time + 1) * (mesh.frameCount - 1) / MotionSignature.timeCount
            for (i, point) in sample.points.enumerated() {
                let moved = sample.place(i, of: mesh, frame: frame) - point
                let distance = length(moved)
                guard distance.isFinite else { continue }
                let place = 2 * (time * MotionSignature.partCount + parts[i])
                sums[place] += distance
                sums[place + 1] += moved.y
            }
        }
        let scale = 1 / (Double(sample.points.count) * sample.pose.radius * MotionSignature.unit)
        var values = SIMD64<Float>.zero
        for (i, sum) in sums.enumerated() {
            let value = min(
                max((sum * scale).rounded(), -MotionSignature.limit), MotionSignature.limit)
            // Minus zero would not come back from a store.
            values[i] = value == 0 ? 0 : Float(value)
        }
        self.values = values
    }

    /// The part that each point is in.
    private static func parts(_ sample: SurfaceSample) -> [Int] {
        let pose = sample.pose
        return sample.points.map { point in
            let p = point - pose.center
            let azimuth = atan2(p.x, p.z) * 180 / .pi - pose.azimuthDegrees
            let quarter = Int((azimuth / 90).rounded()) & (quarterCount - 1)
            return quarter + (p.y > 0 ? quarterCount : 0)
        }
    }

    /// A signature of stored numbers; nil where they are none.
    public init?(numbers: [Double]) {
        guard numbers.count == MotionSignature.count,
            numbers.allSatisfy({ abs($0) <= MotionSignature.limit && $0 == $0.rounded() })
        else { return nil }
        values = SIMD64(numbers.map(Float.init))
    }

    /// The numbers as they are stored.
    public var numbers: [Double] { (0..<MotionSignature.count).map { Double(values[$0]) } }

    /// How far two motions are from each other, relative to the larger of them: 0 where they are
    /// the same, 1 where one stands still, up to 2 where other parts move.
    ///
    /// - Parameter quarters: by how many quarters the parts of `b` are turned against those of `a`,
    ///   as in ``ViewSignature/turned(_:)``.
    public static func distance(
        _ a: MotionSignature, _ b: MotionSignature, quarters: Int = 0
    ) -> Double {
        var difference = SIMD2<Float>.zero
        var size = SIMD2<Float>.zero
        for i in 0..<timeCount * partCount {
            // The lower two bits of a part are its quarter.
            let j = i & ~3 | (i + quarters) & 3
            let p = SIMD2(a.values[2 * i], a.values[2 * i + 1])
            let q = SIMD2(b.values[2 * j], b.values[2 * j + 1])
            difference += SIMD2(abs(p.x - q.x), abs(p.y - q.y))
            size += SIMD2(p.x, q.x)
        }
        let least = Float(MotionSignature.least / unit) * Float(timeCount)
        return Double(difference.max() / max(size.max(), least))
    }
}
