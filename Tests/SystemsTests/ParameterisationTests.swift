import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    @Suite struct ParameterisationTests {
        private let levels = [
            NoiseLevel(time: 10, alpha: 0.96, sigma: 0.28),
            NoiseLevel(time: 900, alpha: 0.28, sigma: 0.96),
            NoiseLevel(time: 300, alpha: 0.7, sigma: 0.3),
        ]

        @Test(arguments: Parameterisation.allCases)
        func predictionsUndoTargets(parameterisation: Parameterisation) throws {
            for level in levels {
                let data = try Tensor.randn([3, 5], seed: 1)
                let noise = try Tensor.randn([3, 5], seed: 2)
                let batch = try Levels.same(level, count: 3)
                let x = try batch.mixed(data: data, noise: noise)
                let output = try parameterisation.target(data: data, noise: noise, levels: batch)
                let found = try parameterisation.prediction(output: output, input: x, level: level)
                #expect(try (found.data - data).abs().amax().item() < 1e-5)
                #expect(try (found.noise - noise).abs().amax().item() < 1e-5)
            }
        }

        /// An error of the output, carried over to the sample, is what the weights say it is.
        @Test(arguments: Parameterisation.allCases)
        func weightsTurnErrorsIntoErrorsOfTheSample(parameterisation: Parameterisation) throws {
            for level in levels {
                let data = try Tensor.randn([1, 50], seed: 1).to(.float64)
                let noise = try Tensor.randn([1, 50], seed: 2).to(.float64)
                let batch = try Levels.same(level, count: 1)
                let x = try data * level.alpha + noise * level.sigma
                let target = try parameterisation.target(data: data, noise: noise, levels: batch)
                let output = try target + Tensor.randn([1, 50], seed: 3) * 0.1
                let found = try parameterisation.prediction(output: output, input: x, level: level)
                // Measured between predictions, so that the levels' rounding to float32 is out.
                let best = try parameterisation.prediction(output: target, input: x, level: level)
                let expected = try (found.data - best.data).square().mean().item()
                let loss = try diffusionLoss(
                    output: output, data: data, noise: noise, levels: batch, parameterisation,
                    weight: .data
                ).item()
                #expect(abs(loss / expected - 1) < 1e-4)
                let limited = try diffusionLoss(
                    output: output, data: data, noise: noise, levels: batch, parameterisation,
                    weight: .minimumSNR(gamma: 5)
                ).item()
                #expect(abs(limited / (expected * min(level.signalToNoise, 5)) - 1) < 1e-4)
            }
        }

        @Test func noiseOfNothingIsRefused() throws {
            let level = NoiseLevel(time: 999, alpha: 0, sigma: 1)
            let x = try Tensor.randn([2, 3], seed: 1)
            #expect(throws: TensorError.self) {
                try Parameterisation.noise.prediction(output: x, input: x, level: level)
            }
            let velocity = try Parameterisation.velocity.prediction(
                output: x, input: x, level: level)
            #expect(try (velocity.data + x).abs().amax().item() == 0)
        }

        @Test func guidanceIsTheLinearCombination() throws {
            func model(_ conditions: [Double]) throws -> [Tensor] {
                try conditions.map { try Tensor.full([2, 2], $0, type: .float64) }
            }
            func value(_ guidance: Guidance<Double>) throws -> Double {
                try guidance.output(model)[0, 1].item()
            }
            // Diffusion4D's two terms; one of scale 0 is not evaluated.
            let terms: [(scale: Double, without: Double)] = [(7, 1), (0.5, 3), (0, .nan)]
            let two = 5.0 + 7.0 * (5.0 - 1.0) + 0.5 * (5.0 - 3.0)
            #expect(try value(Guidance(5, away: terms)) == two)
            let usual = Guidance<Double>.classifierFree(5, unconditional: 1, scale: 7.5)
            let one = 1.0 + 7.5 * (5.0 - 1.0)
            #expect(try value(usual) == one)
            #expect(try value(Guidance(5)) == 5)
        }
    }
}
