import Tensors

/// Cosines between features, which CLIP scores are.
public enum FeatureSimilarity {
    /// `[n]` cosines between rows of `[n, D]` and `[n, D]`, or one row `[1, D]`, from -1 to 1.
    ///
    /// - Throws: `EvaluationError` where the shapes do not fit.
    public static func cosines(_ a: Tensor, _ b: Tensor) throws -> [Double] {
        guard a.shape.count == 2, b.shape.count == 2, a.shape[1] == b.shape[1],
            b.shape[0] == a.shape[0] || b.shape[0] == 1
        else {
            throw EvaluationError(
                "features",
                "\(a.shape) and \(b.shape) cannot be compared; both must come from one model")
        }
        return try (normalised(a) * normalised(b)).sum(1).elements()
    }

    private static func normalised(_ x: Tensor) throws -> Tensor {
        let x = try x.to(.float64)
        return try x / x.norm([1], keeping: true).clamp(min: 1e-12)
    }
}
