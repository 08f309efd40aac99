import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct OptimisationTests {
        private final class Pair: Module {
            let a = Parameter([3], .normal(deviation: 1))
            let b = Parameter([2, 2], .normal(deviation: 1))
            let unused = Parameter([2], .ones)
        }

        private func pair() throws -> Pair {
            let pair = Pair()
            try pair.initialise(seed: 4)
            try pair.convert(to: .float64)
            return pair
        }

        @Test func schedulesHaveTheirShapes() {
            let cosine = LearningRateSchedule(
                warmUpSteps: 10, decay: .cosine(final: 0.1), totalSteps: 110)
            #expect(cosine.factor(at: 0) == 0.1)
            #expect(cosine.factor(at: 9) == 1)
            #expect(cosine.factor(at: 10) == 1)
            #expect(abs(cosine.factor(at: 60) - 0.55) < 1e-12)
            #expect(abs(cosine.factor(at: 110) - 0.1) < 1e-12)
            #expect(cosine.factor(at: 1000) == cosine.factor(at: 110))
            let linear = LearningRateSchedule(decay: .linear(final: 0), totalSteps: 4)
            #expect((0...4).map { linear.factor(at: $0) } == [1, 0.75, 0.5, 0.25, 0])
            let root = LearningRateSchedule(warmUpSteps: 4, decay: .inverseSquareRoot)
            #expect(root.factor(at: 3) == 1)
            #expect(abs(root.factor(at: 16) - 0.5) < 1e-12)
            #expect(LearningRateSchedule().factor(at: 7) == 1)
            for step in 0..<120 {
                #expect(cosine.factor(at: step) <= 1 && cosine.factor(at: step) >= 0.1 - 1e-12)
            }
        }

        @Test func clippingKeepsDirectionAndLimitsLength() throws {
            let pair = try pair()
            let parameters = pair.parameters()
            for (limit, scale) in [(1.0, 1 / 5.0), (10.0, 1.0)] {
                try pair.a.setGradient(Tensor([3.0, 0, 0]))
                try pair.b.setGradient(Tensor([0, 4.0, 0, 0], shape: [2, 2]))
                let norm = try clipGradients(of: parameters, toNorm: limit)
                #expect(try abs(norm.item() - 5) < 1e-12)
                try expectClose(pair.a.gradient!.elements(), [3 * scale, 0, 0])
                try expectClose(pair.b.gradient!.elements(), [0, 4 * scale, 0, 0])
            }
            try pair.a.setGradient(Tensor([Double.nan, 0, 0]))
            #expect(try clipGradients(of: parameters, toNorm: 1).item().isNaN)
        }

        @Test func accumulatedStepsEqualOneLargeStep() throws {
            RandomState.seed(2)
            let x = try randn(6, 3)
            func gradient(parts: Int) throws -> [Double] {
                let layer = Linear(3, 2)
                try layer.initialise(seed: 9)
                try layer.convert(to: .float64)
                for part in try x.chunks(parts, axis: 0) {
                    try (layer(part).square().mean() / parts).backward()
                }
                return try layer.weight.gradient!.elements()
            }
            try expectClose(gradient(parts: 3), gradient(parts: 1), tolerance: 1e-14)
        }

        @Test func averagesFollowTheirFormulaAndStepAside() throws {
            let pair = try pair()
            let average = try ExponentialAverage(pair.namedParameters(), decay: 0.9)
            let start: [Double] = try pair.a.elements()
            try withoutGradients { try pair.a.addInPlace(1) }
            try average.update()
            try withoutGradients { try pair.a.addInPlace(1) }
            try average.update()
            try pair.a.setGradient(Tensor([1.0, 2, 3]))
            let own: [Double] = try pair.a.elements()
            try average.applied {
                // 0.9 (0.9 s + 0.1 (s + 1)) + 0.1 (s + 2) = s + 0.29.
                try expectClose(pair.a.elements(), start.map { $0 + 0.29 }, tolerance: 1e-12)
            }
            #expect(try pair.a.elements() == own)
            #expect(try pair.a.gradient!.elements() == [1, 2, 3])
            struct Stop: Error {}
            #expect(throws: Stop.self) { try average.applied { throw Stop() } }
            #expect(try pair.a.elements() == own)
            try withoutGradients { try pair.a.addInPlace(5) }
            #expect(try average.state()[0].tensor.elements() != pair.a.elements() as [Double])

            let warm = try ExponentialAverage(pair.namedParameters(), decay: 0.999, warmsUp: true)
            try withoutGradients { try pair.a.addInPlace(1) }
            let now: [Double] = try pair.a.elements()
            try warm.update()
            try expectClose(
                warm.state()[0].tensor.elements(), now.map { $0 - 0.1 }, tolerance: 1e-12)
        }

        @Test func anOptimiserResumesExactly() throws {
            func gradients(_ pair: Pair, _ step: Int) throws {
                RandomState.seed(UInt64(step))
                try pair.a.setGradient(randn(3))
                try pair.b.setGradient(randn(2, 2))
            }
            let whole = try pair()
            let optimiser = Adam(whole.namedParameters())
            for step in 0..<6 {
                try gradients(whole, step)
                try optimiser.step()
            }
            let first = try pair()
            let before = Adam(first.namedParameters())
            for step in 0..<3 {
                try gradients(first, step)
                try before.step()
            }
            let state = Dictionary(uniqueKeysWithValues: try before.state())
            #expect(state.keys.contains("a.first") && !state.keys.contains("unused.first"))
            let second = try pair()
            try second.load(Dictionary(uniqueKeysWithValues: first.state()))
            let after = Adam(second.namedParameters())
            try after.load(state)
            for step in 3..<6 {
                try gradients(second, step)
                try after.step()
            }
            #expect(try second.a.elements() == whole.a.elements() as [Double])
            #expect(try second.b.elements() == whole.b.elements() as [Double])

            #expect(throws: TensorError.self) { try after.load(["c.first": .zeros([3])]) }
            #expect(throws: TensorError.self) { try after.load(["a.first": .zeros([3])]) }
        }

        @Test func aSmallNetworkLearnsXor() throws {
            final class Xor: Module {
                let first = Linear(2, 16)
                let second = Linear(16, 1)
                func callAsFunction(_ x: Tensor) throws -> Tensor { try second(first(x).tanh()) }
            }
            let model = Xor()
            try model.initialise(seed: 1)
            let x = try Tensor([0.0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2]).to(.float32)
            let y = try Tensor([0.0, 1, 1, 0], shape: [4, 1]).to(.float32)
            let optimiser = Adam(model.namedParameters(), .init(learningRate: 0.02))
            for _ in 0..<400 {
                try optimiser.clearGradients()
                try model(x).binaryCrossEntropy(y).backward()
                try clipGradients(of: model.parameters(), toNorm: 1)
                try optimiser.step()
            }
            let answers: [Double] = try model.evaluating {
                try model(x).sigmoid().round().elements()
            }
            #expect(answers == [0, 1, 1, 0])
        }
    }
}
