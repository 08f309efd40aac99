/// The moving window of one structural similarity, with the memory that it works in.
///
/// Instead of x and y it filters their sum s and difference d: Var s ± Var d and s̄² ± d̄² give all
/// of the formula's terms, so that four moments do for five, and equal pictures score exactly 1.
/// Moments are in double precision: over flat ground the variances are differences of nearly equal
/// numbers, and C₂ is small.
///
/// Where d is 0 throughout a window its similarity is exactly 1, whatever s is. Renderings share
/// much empty ground, so blocks of eight windows without any difference are not filtered at all.
struct SimilarityWindow {
    private let width: Int
    private let height: Int
    /// Pixels along a side of the window.
    private let size: Int
    private let c1: Double
    private let c2: Double
    /// Values from row to row: the width in whole blocks of eight.
    private let stride: Int
    /// Values from moment to moment: a row, and what the last block of windows reads past it.
    private let momentStride: Int
    /// How many blocks to its right a block of windows reaches into.
    private let reach: Int
    private let weights: UnsafeMutablePointer<Double>
    private let sums: UnsafeMutablePointer<Float>
    private let differences: UnsafeMutablePointer<Float>
    private let moments: UnsafeMutablePointer<Double>
    /// For each block of columns, the last row so far in which the pictures differ, or -1; with
    /// `reach` blocks of -1 on both sides.
    private let lastDifference: UnsafeMutablePointer<Int>

    /// A window for pictures of one size.
    ///
    /// - Parameters:
    ///   - weights: the window along one side, symmetric; an odd number of at most `width` and
    ///     `height`.
    ///   - c1: the constant that stabilises the means.
    ///   - c2: the constant that stabilises the covariances.
    init(width: Int, height: Int, weights: [Double], c1: Double, c2: Double) {
        self.width = width
        self.height = height
        self.c1 = c1
        self.c2 = c2
        size = weights.count
        stride = (width + 7) / 8 * 8
        reach = (weights.count + 6) / 8
        momentStride = stride + weights.count + 8
        self.weights = .allocate(capacity: size)
        self.weights.initialize(from: weights, count: size)
        sums = .allocate(capacity: stride * height)
        differences = .allocate(capacity: stride * height)
        moments = .allocate(capacity: 4 * momentStride)
        moments.initialize(repeating: 0, count: 4 * momentStride)
        lastDifference = .allocate(capacity: stride / 8 + 2 * reach)
        lastDifference.initialize(repeating: -1, count: stride / 8 + 2 * reach)
    }

    /// Frees the memory; the window must not be used afterwards.
    func deallocate() {
        weights.deallocate()
        sums.deallocate()
        differences.deallocate()
        moments.deallocate()
        lastDifference.deallocate()
    }

    /// The mean similarity of one value a pixel of two pictures of the window's size.
    func score(
        _ plane: Plane, _ first: Image, _ second: Image, over background: SIMD3<UInt8>
    ) -> Double {
        plane.write(first, over: background, to: sums, stride: stride)
        plane.write(second, over: background, to: differences, stride: stride)
        lastDifference.update(repeating: -1, count: stride / 8 + 2 * reach)
        let rows = height - size + 1
        let columns = width - size + 1
        for row in 0..<size - 1 { formSums(row) }
        var total = 0.0
        for row in 0..<rows {
            formSums(row + size - 1)
            filterDown(from: row)
            total += sumAcross(columns, from: row)
        }
        return total / Double(rows * columns)
    }

    /// Puts sum and difference of a row in the place of the two pictures' values.
    private func formSums(_ row: Int) {
        for x in Swift.stride(from: 0, to: stride, by: 8) {
            let position = row &* stride &+ x
            let first = load(sums + position)
            let second = load(differences + position)
            store(first + second, to: sums + position)
            store(first - second, to: differences + position)
            if any(first .!= second) { lastDifference[reach + x / 8] = row }
        }
    }

    /// Whether the pictures differ in some block of `blocks`, in the window's rows from `row`.
    @inline(__always)
    private func differs(in blocks: ClosedRange<Int>, from row: Int) -> Bool {
        for block in blocks where lastDifference[reach + block] >= row { return true }
        return false
    }

    /// Filters s, d, s² and d² of the rows from `row` into `moments`.
    private func filterDown(from row: Int) {
        for x in Swift.stride(from: 0, to: stride, by: 8)
        where differs(in: x / 8 - reach...min(x / 8 + reach, stride / 8 - 1), from: row) {
            var (s, d) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
            var (ss, dd) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
            var position = row &* stride &+ x
            for tap in 0..<size {
                let sum = SIMD8<Double>(load(sums + position))
                let difference = SIMD8<Double>(load(differences + position))
                let weightedSum = sum * weights[tap]
                let weightedDifference = difference * weights[tap]
                s += weightedSum
                d += weightedDifference
                ss += weightedSum * sum
                dd += weightedDifference * difference
                position &+= stride
            }
            store(s, to: moments + x)
            store(d, to: moments + momentStride + x)
            store(ss, to: moments + 2 &* momentStride + x)
            store(dd, to: moments + 3 &* momentStride + x)
        }
    }

    /// The sum of the similarities of the first `columns` windows of a row.
    private func sumAcross(_ columns: Int, from row: Int) -> Double {
        var total = SIMD8<Double>.zero
        var equal = 0
        for x in Swift.stride(from: 0, to: columns, by: 8) {
            let valid = min(8, columns - x)
            guard differs(in: x / 8...x / 8 + reach, from: row) else {
                equal += valid
                continue
            }
            let s = filteredAcross(moments + x)
            let d = filteredAcross(moments + momentStride + x)
            let ss = filteredAcross(moments + 2 &* momentStride + x)
            let dd = filteredAcross(moments + 3 &* momentStride + x)
            var values = similarity(
                s: s, d: d, varianceOfS: ss - s * s, varianceOfD: dd - d * d)
            for lane in valid..<8 { values[lane] = 0 }
            total += values
        }
        return total.sum() + Double(equal)
    }

    /// Eight neighbouring windows along one moment; the window is symmetric.
    @inline(__always)
    private func filteredAcross(_ moment: UnsafeMutablePointer<Double>) -> SIMD8<Double> {
        let middle = size / 2
        var sum = load(moment + middle) * weights[middle]
        for tap in 0..<middle {
            sum += (load(moment + tap) + load(moment + (size &- 1 &- tap))) * weights[tap]
        }
        return sum
    }

    /// Equation 13 of Wang et al. 2004, where x² + y² = (s² + d²) / 2 and 2 x y = (s² - d²) / 2.
    @inline(__always)
    private func similarity(
        s: SIMD8<Double>, d: SIMD8<Double>, varianceOfS: SIMD8<Double>,
        varianceOfD: SIMD8<Double>
    ) -> SIMD8<Double> {
        let (ss, dd) = (s * s, d * d)
        let numerator = ((ss - dd) * 0.5 + c1) * ((varianceOfS - varianceOfD) * 0.5 + c2)
        let denominator = ((ss + dd) * 0.5 + c1) * ((varianceOfS + varianceOfD) * 0.5 + c2)
        return numerator / denominator
    }

    @inline(__always)
    private func load<Scalar: SIMDScalar>(_ p: UnsafeMutablePointer<Scalar>) -> SIMD8<Scalar> {
        UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Scalar>.self)
    }

    @inline(__always)
    private func store<Scalar: SIMDScalar>(
        _ v: SIMD8<Scalar>, to p: UnsafeMutablePointer<Scalar>
    ) {
        UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD8<Scalar>.self)
    }
}
