import Tensors

/// The Fréchet distance of two Gaussians (Dowson and Landau 1982), which FID and FVD are of the
/// features of a network: ‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁ C₂)^½), in double precision.
///
/// With Cᵢ = Fᵢᵀ Fᵢ, the eigenvalues of C₁ C₂ are the squared singular values of F₁ F₂ᵀ, so the
/// trace of the root is their sum. No root of a product that is not symmetric is taken, which needs
/// complex numbers and offsets on the diagonal where there are fewer samples than features.
public enum FrechetDistance {
    /// The distance of the Gaussians that fit two sets of features, covariances divided by n − 1
    /// as `numpy.cov` does.
    ///
    /// - Parameters:
    ///   - a: `[n, D]`, n at least 2.
    ///   - b: `[m, D]`, m at least 2.
    /// - Throws: `EvaluationError` where there are fewer or sizes differ.
    public static func ofFeatures(_ a: Tensor, _ b: Tensor) throws -> Double {
        guard a.shape.count == 2, b.shape.count == 2, a.shape[1] == b.shape[1],
            a.shape[0] > 1, b.shape[0] > 1
        else {
            throw EvaluationError(
                "features",
                "\(a.shape) and \(b.shape) have no Fréchet distance: it takes at least two videos "
                    + "on each side and one model")
        }
        let (x, y) = (try Gaussian(features: a), try Gaussian(features: b))
        return try distance(x, y)
    }

    /// The distance of two Gaussians of known means `[D]` and covariances `[D, D]`, symmetric and
    /// positive semidefinite.
    public static func ofGaussians(
        mean a: Tensor, covariance c: Tensor, mean b: Tensor, covariance d: Tensor
    ) throws -> Double {
        try distance(
            Gaussian(mean: a.to(.float64), factor: factor(c.to(.float64))),
            Gaussian(mean: b.to(.float64), factor: factor(d.to(.float64))))
    }

    private struct Gaussian {
        /// `[D]`.
        var mean: Tensor
        /// `[k, D]`, whose product with itself, transposed first, is the covariance.
        var factor: Tensor

        init(mean: Tensor, factor: Tensor) {
            self.mean = mean
            self.factor = factor
        }

        init(features: Tensor) throws {
            let x = try features.to(.float64)
            mean = try x.mean(0)
            let deviations = try (x - mean) / Double(x.shape[0] - 1).squareRoot()
            factor =
                x.shape[0] <= x.shape[1]
                ? deviations
                : try FrechetDistance.factor(deviations.transposed().matmul(deviations))
        }
    }

    /// The root of the eigenvalues times the eigenvectors, `[D, D]`. Of a symmetric matrix without
    /// negative eigenvalues, singular values and vectors are just those.
    private static func factor(_ covariance: Tensor) throws -> Tensor {
        let (_, s, vT) = try covariance.singularValues()
        return try s.sqrt().unsqueezed(1) * vT
    }

    private static func distance(_ a: Gaussian, _ b: Gaussian) throws -> Double {
        let ways: Double = try (a.mean - b.mean).square().sum().item()
        let spreads: Double = try (a.factor.square().sum() + b.factor.square().sum()).item()
        let root: Double = try a.factor.matmul(b.factor.transposed()).singularValues().s.sum()
            .item()
        return ways + spreads - 2 * root
    }
}
