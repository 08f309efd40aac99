/// Sums over pairs of points that a closed-form registration needs; sums of several threads add up.
public struct CorrespondenceSums: Sendable {
    /// Σ w.
    public private(set) var weight = 0.0
    private var source = SIMD3<Double>.zero
    private var target = SIMD3<Double>.zero
    /// Columns of Σ w g sᵀ.
    private var products = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
    private var sourceSquares = 0.0
    private var targetSquares = 0.0

    /// Sums over no pairs.
    public init() {}

    /// Adds the pair of a source and a target point.
    public mutating func add(_ s: SIMD3<Float>, _ g: SIMD3<Float>, weight w: Double) {
        let s = SIMD3<Double>(s), g = SIMD3<Double>(g)
        let ws = s * w, wg = g * w
        weight += w
        source += ws
        target += wg
        products.0 += wg * s.x
        products.1 += wg * s.y
        products.2 += wg * s.z
        sourceSquares += dot(ws, s)
        targetSquares += dot(wg, g)
    }

    /// Adds the sums over other pairs.
    public mutating func add(_ other: CorrespondenceSums) {
        weight += other.weight
        source += other.source
        target += other.target
        products.0 += other.products.0
        products.1 += other.products.1
        products.2 += other.products.2
        sourceSquares += other.sourceSquares
        targetSquares += other.targetSquares
    }

    /// The similarity that brings the source points closest to the target points: Kabsch's
    /// rotation (1976), and for the scale Horn's ratio of the two sets' spreads (1987, section
    /// 2.C). The least-squares scale (Umeyama 1991) shrinks by whatever pairs are off; the ratio
    /// treats both sides alike.
    ///
    /// - Parameter scale: held where given.
    /// - Returns: nil where no pair counts, or all points of a side lie at one place.
    public func similarity(scale fixed: Double? = nil) -> Similarity? {
        guard weight > 0 else { return nil }
        let s = source / weight, g = target / weight
        let sourceSpread = sourceSquares - weight * dot(s, s)
        let targetSpread = targetSquares - weight * dot(g, g)
        guard sourceSpread > 0, targetSpread > 0 else { return nil }
        let columns = [
            products.0 - target * s.x, products.1 - target * s.y, products.2 - target * s.z,
        ]
        let rotation = RigidRegistration.rotation(
            ofCovariance: columns.flatMap { [$0.x, $0.y, $0.z] })
        let scale = fixed ?? (targetSpread / sourceSpread).squareRoot()
        return Similarity(
            rotation: rotation, scale: scale,
            translation: g - rotation.transform(direction: s) * scale)
    }

    /// The mean of what lies between target points and the images of source points under a
    /// similarity; zero where no pair counts.
    public func meanResidual(_ similarity: Similarity) -> SIMD3<Double> {
        weight > 0 ? target / weight - similarity(source / weight) : .zero
    }
}
