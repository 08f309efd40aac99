import Geometry

/// What a surface is like, in 64 small numbers that moving it, scaling it, turning it about the
/// vertical axis and cutting it into other triangles hardly change.
///
/// Three histograms over points that are spread evenly over frame 0, lengths being measured in the
/// root mean square distance of the points from their middle: distances of pairs of points (the D2
/// distribution of Osada, Funkhouser, Chazelle and Dobkin, "Shape Distributions", 2002), heights
/// above the middle, and distances from the vertical axis through it.
public struct ShapeSignature: Sendable, Equatable {
    /// Points that are drawn on the surface.
    static let pointCount = 2048

    /// The share of a histogram that one unit of its numbers stands for.
    static let unit = 1e-4

    /// One of the three histograms.
    struct Histogram {
        /// Where it lies in `counts`.
        let bins: Range<Int>
        /// What its bins divide evenly; what lies beyond counts in the first or the last.
        let range: ClosedRange<Double>

        var binWidth: Double { (range.upperBound - range.lowerBound) / Double(bins.count) }

        func bin(_ value: Double) -> Int {
            let scaled = (value - range.lowerBound) / binWidth
            return bins.lowerBound + min(max(Int(scaled), 0), bins.count - 1)
        }
    }

    static let pairs = Histogram(bins: 0..<32, range: 0...4)
    static let heights = Histogram(bins: 32..<48, range: -2.4...2.4)
    static let radii = Histogram(bins: 48..<64, range: 0...2.4)
    static let histograms = [pairs, heights, radii]

    /// How many numbers there are.
    public static let count = 64

    /// `[64]`: shares of each histogram in ten-thousandths.
    public let shares: SIMD64<UInt16>

    /// The signature of a mesh's first frame; nil where it has no surface.
    ///
    /// - Complexity: O(`triangleCount` + N²) for N = 2048 points.
    public init?(_ mesh: MeshSequence) {
        guard let sample = SurfaceSample(mesh, count: ShapeSignature.pointCount) else { return nil }
        self.init(sample)
    }

    init(_ sample: SurfaceSample) {
        let pose = sample.pose
        let points = sample.points.map { SIMD3<Float>(($0 - pose.center) / pose.radius) }
        var counts = [Int](repeating: 0, count: ShapeSignature.count)
        ShapeSignature.countPairs(points, into: &counts)
        for p in points {
            counts[ShapeSignature.heights.bin(Double(p.y))] += 1
            counts[ShapeSignature.radii.bin(Double((p.x * p.x + p.z * p.z).squareRoot()))] += 1
        }
        var shares = SIMD64<UInt16>.zero
        for histogram in ShapeSignature.histograms {
            let total = Double(counts[histogram.bins].reduce(0, +))
            for bin in histogram.bins {
                let share = Double(counts[bin]) / total / ShapeSignature.unit
                shares[bin] = UInt16(share.rounded())
            }
        }
        self.shares = shares
    }

    /// A signature of stored numbers; nil where they are none.
    public init?(numbers: [Double]) {
        let most = (1 / ShapeSignature.unit).rounded()
        guard numbers.count == ShapeSignature.count,
            numbers.allSatisfy({ $0 >= 0 && $0 <= most })
        else { return nil }
        shares = SIMD64(numbers.map { UInt16($0) })
    }

    /// The numbers as they are stored.
    public var numbers: [Double] { (0..<ShapeSignature.count).map { Double(shares[$0]) } }

    /// How far two surfaces are from each other: the largest, over the three histograms, of the
    /// earth mover's distance between them, in root mean square distances from the middle.
    public static func distance(_ a: ShapeSignature, _ b: ShapeSignature) -> Double {
        var largest = 0.0
        for histogram in histograms {
            // On a line, earth mover's distance is the area between the cumulative distributions.
            var (difference, area) = (0, 0)
            for bin in histogram.bins {
                difference += Int(a.shares[bin]) - Int(b.shares[bin])
                area += abs(difference)
            }
            largest = max(largest, Double(area) * unit * histogram.binWidth)
        }
        return largest
    }

    /// Counts the distances of all pairs.
    private static func countPairs(_ points: [SIMD3<Float>], into counts: inout [Int]) {
        let perUnit = Float(1 / pairs.binWidth)
        let last = pairs.bins.count - 1
        points.withUnsafeBufferPointer { points in
            counts.withUnsafeMutableBufferPointer { counts in
                for i in 0..<points.count {
                    let p = points[i]
                    for j in i + 1..<points.count {
                        let d = points[j] - p
                        let length = (d * d).sum().squareRoot()
                        counts[min(Int(length * perUnit), last)] += 1
                    }
                }
            }
        }
    }
}
