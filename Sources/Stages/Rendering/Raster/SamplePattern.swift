import Geometry

/// Where a pixel is sampled, and how samples lie in memory.
///
/// `n * n` samples form a square grid turned by `atan(1 / n)`: sample `n i + j` lies at
/// `x = (i + (j + 1/2) / n) / n`, `y = (j + (n - i - 1/2) / n) / n`, so that no two share a column
/// or a row and their mean is the pixel's centre. All offsets are multiples of 1/32 pixel.
///
/// Samples are stored in groups of eight that are tested at once: eight pixels of one sample, two
/// pixels of four, or half a pixel of sixteen. A *unit* is what a step to the right moves by: the
/// pixels of a group, or the one pixel that two groups share.
struct SamplePattern: BitwiseCopyable {
    /// Samples a pixel.
    let count: Int
    /// Base-2 logarithm of the pixels in a unit.
    let unitShift: Int32
    /// Base-2 logarithm of the groups in a unit.
    let phaseShift: Int32
    /// The offsets of the eight lanes from their unit's corner, in 1/32 pixel, in a unit's first
    /// group.
    let laneX: IntLanes
    let laneY: IntLanes
    /// The same in pixels.
    let laneXPixels: FloatLanes
    let laneYPixels: FloatLanes
    /// What is added to them in a unit's second group, in 1/32 pixel.
    let phaseX: Int32
    let phaseY: Int32
    /// The smallest offset along either axis in 1/256 pixel; the largest is 256 minus it.
    let margin: Int32
    /// Base-2 logarithm of the distance between samples in pixels.
    let levelBias: Float

    /// The pattern of a sample count, at an address that stays valid.
    static func shared(_ samples: SampleCount) -> UnsafePointer<SamplePattern> {
        switch samples {
        case .one: one.base
        case .four: four.base
        case .sixteen: sixteen.base
        }
    }

    private static let one = ConstantTable(count: 1) { _ in SamplePattern(.one) }
    private static let four = ConstantTable(count: 1) { _ in SamplePattern(.four) }
    private static let sixteen = ConstantTable(count: 1) { _ in SamplePattern(.sixteen) }

    private init(_ samples: SampleCount) {
        count = samples.rawValue
        switch samples {
        case .one: (unitShift, phaseShift) = (OneSample.unitShift, OneSample.phaseShift)
        case .four: (unitShift, phaseShift) = (FourSamples.unitShift, FourSamples.phaseShift)
        case .sixteen:
            (unitShift, phaseShift) = (SixteenSamples.unitShift, SixteenSamples.phaseShift)
        }
        var x = IntLanes.zero
        var y = IntLanes.zero
        for lane in 0..<8 {
            let offset = SamplePattern.offset(of: lane % count, count: count)
            x[lane] = Int32(offset.x * 32) + 32 * Int32(lane / count)
            y[lane] = Int32(offset.y * 32)
        }
        laneX = x
        laneY = y
        laneXPixels = FloatLanes(x) / 32
        laneYPixels = FloatLanes(y) / 32
        // Samples 8 to 15 are samples 0 to 7 two columns of the grid further.
        (phaseX, phaseY) = count == 16 ? (16, -4) : (0, 0)
        margin = 128 / Int32(count)
        levelBias = count == 16 ? -2 : count == 4 ? -1 : 0
    }

    /// The place of one sample inside its pixel.
    static func offset(of sample: Int, count: Int) -> SIMD2<Double> {
        let n = count == 16 ? 4 : count == 4 ? 2 : 1
        let i = Double(sample / n)
        let j = Double(sample % n)
        let m = Double(n)
        return SIMD2((i + (j + 0.5) / m) / m, (j + (m - i - 0.5) / m) / m)
    }

    /// Units that cover a row of `width` pixels.
    func units(width: Int) -> Int { (width + (1 << Int(unitShift)) - 1) >> Int(unitShift) }

    /// Groups that cover a row of `width` pixels.
    func groups(width: Int) -> Int { units(width: width) << Int(phaseShift) }
}

/// What of a pattern decides how loops run, known when they are compiled.
protocol SampleLayout {
    /// Base-2 logarithm of the pixels in a unit.
    static var unitShift: Int32 { get }
    /// Base-2 logarithm of the groups in a unit.
    static var phaseShift: Int32 { get }
}

enum OneSample: SampleLayout {
    static var unitShift: Int32 { 3 }
    static var phaseShift: Int32 { 0 }
}

enum FourSamples: SampleLayout {
    static var unitShift: Int32 { 1 }
    static var phaseShift: Int32 { 0 }
}

enum SixteenSamples: SampleLayout {
    static var unitShift: Int32 { 0 }
    static var phaseShift: Int32 { 1 }
}

/// The mean places of the samples of coverage masks.
///
/// They lie inside whatever convex shape covers the samples, so attributes are never extrapolated.
struct CoverageCentroids: @unchecked Sendable {
    /// For each value of a mask of up to eight samples, their mean place; for sixteen, the sum of the
    /// places of each value of the low byte, then of the high byte.
    private let table: ConstantTable<SIMD2<Float>>
    private let entries: UnsafePointer<SIMD2<Float>>
    private let isSummed: Bool

    init(_ samples: SampleCount) {
        let count = samples.rawValue
        isSummed = count > 8
        table = ConstantTable(count: count > 8 ? 512 : 256) { entry in
            let places = (0..<8).compactMap { bit -> SIMD2<Double>? in
                let sample = entry >> 8 * 8 + bit
                guard entry >> bit & 1 == 1, sample < count else { return nil }
                return SamplePattern.offset(of: sample, count: count)
            }
            let sum = places.reduce(.zero, +)
            return SIMD2<Float>(count > 8 ? sum : sum / Double(max(1, places.count)))
        }
        entries = table.base
    }

    /// The mean place of the samples of a mask, which must not be empty, from the pixel's corner.
    @inline(__always)
    func centroid(_ mask: UInt32) -> SIMD2<Float> {
        guard isSummed else { return entries[Int(mask)] }
        return (entries[Int(mask & 255)] + entries[256 &+ Int(mask >> 8)])
            / Float(mask.nonzeroBitCount)
    }
}
