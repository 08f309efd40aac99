import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    /// Samplers with a perfect denoiser of a known distribution.
    @Suite struct SamplerTests {
        static let line = GaussianMixture(
            weights: [0.3, 0.7], means: [[-2], [1]], deviations: [0.4, 0.25])
        static let plane = GaussianMixture(
            weights: [0.2, 0.5, 0.3], means: [[-2, 0], [1, 1.5], [1, -1.5]],
            deviations: [0.3, 0.2, 0.4])
        static let count = 20_000

        /// Weights, means and variances of samples `[B, D]` that lie nearest to each mean.
        private func expect(
            _ samples: Tensor, from mixture: GaussianMixture,
            bias: Double, sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let dimensions = samples.size(1)
            let numbers: [Double] = try samples.elements()
            let all = numbers.count / dimensions
            var members: [[[Double]]] = Array(repeating: [], count: mixture.weights.count)
            for i in 0..<all {
                let point = Array(numbers[i * dimensions..<(i + 1) * dimensions])
                let nearest = mixture.means.indices.min {
                    distance(point, mixture.means[$0]) < distance(point, mixture.means[$1])
                }!
                members[nearest].append(point)
            }
            for (k, points) in members.enumerated() {
                let share = Double(points.count) / Double(all)
                let weight = mixture.weights[k]
                let error = 4.5 * (weight * (1 - weight) / Double(all)).squareRoot()
                #expect(
                    abs(share - weight) < error + bias, "weight \(k): \(share)",
                    sourceLocation: sourceLocation)
                let n = Double(max(1, points.count))
                let deviation = mixture.deviations[k]
                for d in 0..<dimensions {
                    let mean = points.reduce(0) { $0 + $1[d] } / n
                    let variance = points.reduce(0) { $0 + ($1[d] - mean) * ($1[d] - mean) } / n
                    #expect(
                        abs(mean - mixture.means[k][d])
                            < 4.5 * deviation / n.squareRoot() + bias,
                        "mean \(k): \(mean)", sourceLocation: sourceLocation)
                    #expect(
                        abs(variance.squareRoot() - deviation)
                            < 4.5 * deviation / (2 * n).squareRoot() + bias,
                        "deviation \(k): \(variance.squareRoot())", sourceLocation: sourceLocation)
                }
            }
        }

        private func distance(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }

        private func noise(_ dimensions: Int) throws -> Tensor {
            try Tensor.randn([Self.count, dimensions], seed: 11).to(.float64)
        }

        @Test(arguments: [Parameterisation.noise, .data, .velocity])
        func ancestralSamplesHaveTheDistribution(parameterisation: Parameterisation) throws {
            let levels = DiscretePath(.linear()).samplingLevels(count: 500)
            let samples = try Sampler.ancestral().sample(
                from: noise(1), levels: levels, seed: 5, Self.line.denoiser(parameterisation))
            try expect(samples, from: Self.line, bias: 0.01)
        }

        @Test func ancestralSamplesOfTheStepsVarianceHaveTheDistribution() throws {
            let levels = DiscretePath(.linear()).samplingLevels(count: 1000)
            let samples = try Sampler.ancestral(.step).sample(
                from: noise(1), levels: levels, seed: 5, Self.line.denoiser(.noise))
            try expect(samples, from: Self.line, bias: 0.01)
        }

        @Test func implicitSamplesHaveTheDistribution() throws {
            let levels = DiscretePath(.cosine()).samplingLevels(count: 250)
            for eta in [0, 0.5] {
                let samples = try Sampler.implicit(eta: eta).sample(
                    from: noise(2), levels: levels, seed: 5, Self.plane.denoiser(.velocity))
                try expect(samples, from: Self.plane, bias: 0.015)
            }
        }

        /// From pure noise, which only v and x₀ can be learnt at.
        @Test func samplesBeginWithoutSignal() throws {
            let schedule = NoiseSchedule.scaledLinear().withZeroTerminalSNR()
            let levels = DiscretePath(schedule).samplingLevels(count: 200)
            #expect(levels[0].alpha == 0)
            for sampler in [Sampler.ancestral(), .implicit(), .multistep] {
                let samples = try sampler.sample(
                    from: noise(1), levels: levels, seed: 5, Self.line.denoiser(.velocity))
                try expect(samples, from: Self.line, bias: 0.015)
            }
        }

        @Test func multistepSamplesHaveTheDistributionSoon() throws {
            let levels = DiscretePath(.linear()).samplingLevels(count: 60)
            let samples = try Sampler.multistep.sample(
                from: noise(2), levels: levels, Self.plane.denoiser(.noise))
            try expect(samples, from: Self.plane, bias: 0.015)
        }

        @Test func flowSamplesHaveTheDistribution() throws {
            let flow = RectifiedFlow(shift: 1.5)
            let samples = try Sampler.euler.sample(
                from: noise(2), levels: flow.samplingLevels(count: 300),
                Self.plane.denoiser(.flow))
            try expect(samples, from: Self.plane, bias: 0.015)
        }

        @Test func adaptiveSamplesHaveTheDistribution() throws {
            let solver = AdaptiveSolver(
                absoluteTolerance: 0.002, relativeTolerance: 0.01, removesRest: true)
            let result = try solver.sample(
                from: noise(2), along: DiscretePath(.cosine()), startTime: 0.998,
                Self.plane.denoiser(.velocity))
            try expect(result.x, from: Self.plane, bias: 0.02)
        }

        /// With eta 1 DDIM is DDPM, and along a flow Euler's rule is DDIM: different formulas, the
        /// same numbers.
        @Test func samplersAgreeWhereTheyShould() throws {
            let x = try Tensor.randn([64, 2], seed: 2).to(.float64)
            let levels = DiscretePath(.linear()).samplingLevels(count: 20)
            let denoiser = Self.plane.denoiser(.noise)
            let a = try Sampler.implicit(eta: 1).sample(from: x, levels: levels, seed: 3, denoiser)
            let b = try Sampler.ancestral().sample(from: x, levels: levels, seed: 3, denoiser)
            #expect(try (a - b).abs().amax().item() < 1e-6)
            let flow = RectifiedFlow().samplingLevels(count: 20)
            let c = try Sampler.euler.sample(from: x, levels: flow, Self.plane.denoiser(.flow))
            let d = try Sampler.implicit().sample(from: x, levels: flow, Self.plane.denoiser(.flow))
            #expect(try (c - d).abs().amax().item() < 1e-6)
        }

        /// Levels at equal distances in λ, from one time of a flow to another.
        private func levels(_ count: Int) -> [NoiseLevel] {
            let flow = RectifiedFlow()
            let (start, end) = (flow.level(at: 0.95).halfLogSNR, flow.level(at: 0.1).halfLogSNR)
            return (0...count).map {
                let lambda = start + (end - start) * Double($0) / Double(count)
                return flow.level(at: flow.time(ofHalfLogSNR: lambda))
            }
        }

        @Test func ordersOfConvergenceAreThoseOfThePapers() throws {
            let start = try Tensor.randn([256, 2], seed: 4).to(.float64)
            let exact = try Self.plane.flowed(start * 0.95, from: 0.95, to: 0.1, steps: 4000)
            // Runge and Kutta's own error is far below what is measured.
            let coarse = try Self.plane.flowed(start * 0.95, from: 0.95, to: 0.1, steps: 2000)
            #expect(try (exact - coarse).abs().amax().item() < 1e-8)
            func error(_ sampler: Sampler, _ count: Int) throws -> Double {
                let x = try sampler.sample(
                    from: start, levels: levels(count), Self.plane.denoiser(.flow))
                return try (x - exact).square().mean().sqrt().item()
            }
            for (sampler, order) in [(Sampler.implicit(), 1.0), (.multistep, 2.0)] {
                let errors = try [80, 160, 320].map { try error(sampler, $0) }
                for (a, b) in zip(errors, errors.dropFirst()) {
                    #expect(
                        abs(log2(a / b) - order) < 0.25, "\(sampler): \(errors)")
                }
            }
        }

        @Test func adaptiveErrorsFollowTheTolerance() throws {
            let start = try Tensor.randn([256, 2], seed: 4).to(.float64)
            let exact = try Self.plane.flowed(start * 0.95, from: 0.95, to: 0.1, steps: 4000)
            var last = (error: Double.infinity, evaluations: 0)
            for tolerance in [3e-2, 1e-2, 3e-3, 1e-3] {
                let solver = AdaptiveSolver(
                    absoluteTolerance: tolerance, relativeTolerance: tolerance, endTime: 0.1)
                let result = try solver.sample(
                    from: start, along: RectifiedFlow(), startTime: 0.95,
                    Self.plane.denoiser(.flow))
                let error = try (result.x - exact).square().mean().sqrt().item()
                #expect(error < tolerance, "\(error) for \(tolerance)")
                #expect(error < last.error && result.evaluations > last.evaluations)
                last = (error, result.evaluations)
            }
            #expect(throws: TensorError.self) {
                try AdaptiveSolver(
                    absoluteTolerance: 1e-9, relativeTolerance: 1e-9, evaluationLimit: 50
                ).sample(
                    from: start, along: RectifiedFlow(), startTime: 0.95,
                    Self.plane.denoiser(.flow))
            }
            #expect(throws: TensorError.self) {
                try AdaptiveSolver().sample(
                    from: start, along: RectifiedFlow(), Self.plane.denoiser(.flow))
            }
        }
    }
}
