import Evaluation
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct FrechetTests {
    /// scipy 1.17.1's sqrtm of the product of both covariances (Reference/make_reference.py): more
    /// samples than features.
    @Test func agreesWithSciPy() throws {
        let x = Formula.features(40, 6, sin, 0.37, 0.05)
        let y = Formula.features(30, 6, cos, 0.21, 0.08)
        let distance = try FrechetDistance.ofFeatures(
            Tensor(x, shape: [40, 6]), Tensor(y, shape: [30, 6]))
        #expect(isClose(distance, 0.05468073705305798, within: 1e-9))
    }

    /// The same with fewer samples than features, where sqrtm of a singular product is good for
    /// half of its digits.
    @Test func agreesWithSciPyWhereCovariancesAreSingular() throws {
        let x = Formula.features(5, 12, sin, 0.37, 0.05)
        let y = Formula.features(7, 12, cos, 0.21, 0.08)
        let distance = try FrechetDistance.ofFeatures(
            Tensor(x, shape: [5, 12]), Tensor(y, shape: [7, 12]))
        #expect(isClose(distance, 8.705742162666056, within: 1e-5))
    }

    /// Diagonal covariances: Σ (μ₁ − μ₂)² + Σ (σ₁ − σ₂)².
    @Test func diagonalGaussiansHaveAClosedForm() throws {
        let means: ([Double], [Double]) = ([1, -2, 0.5, 0], [0, 1, 0.5, 2])
        let deviations: ([Double], [Double]) = ([1, 2, 0, 0.5], [3, 0.25, 1, 0.5])
        func covariance(_ d: [Double]) throws -> Tensor {
            var values = [Double](repeating: 0, count: 16)
            for k in 0..<4 { values[5 * k] = d[k] * d[k] }
            return try Tensor(values, shape: [4, 4])
        }
        let expected = (0..<4).reduce(0.0) { sum, k in
            let m = means.0[k] - means.1[k], d = deviations.0[k] - deviations.1[k]
            return sum + m * m + d * d
        }
        let distance = try FrechetDistance.ofGaussians(
            mean: Tensor(means.0), covariance: covariance(deviations.0), mean: Tensor(means.1),
            covariance: covariance(deviations.1))
        #expect(isClose(distance, expected, within: 1e-12))
    }

    /// C₂ = s² C₁ for a full covariance: tr(C₁) (1 − s)².
    @Test func scaledGaussiansHaveAClosedForm() throws {
        let x = try Tensor.randn([50, 20], seed: 3, type: .float64)
        let distance = try FrechetDistance.ofFeatures(x, x * 1.5)
        let center = try x.mean(0)
        let trace: Double = try (x - center).square().sum().item() / 49
        let way: Double = try (center * 0.5).square().sum().item()
        #expect(isClose(distance, way + trace * 0.25, relative: 1e-10))
        #expect(isClose(try FrechetDistance.ofFeatures(x, x), 0, within: 1e-9))
    }

    @Test func oneVideoHasNoCovariance() throws {
        let x = try Tensor.randn([1, 4], seed: 1)
        #expect(throws: EvaluationError.self) { try FrechetDistance.ofFeatures(x, x) }
    }
}
