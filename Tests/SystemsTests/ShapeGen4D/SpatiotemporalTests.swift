import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    /// What the blocks across frames do, whatever the weights are.
    @Suite struct SpatiotemporalTests {
        private static let scopes: [SpatiotemporalScope] = [.all, .shapes, .times]

        /// A flow with random numbers where the base starts at zero, the same for every scope.
        ///
        /// - Parameter isMoved: the blocks across frames, too.
        private func makeFlow(
            _ scope: SpatiotemporalScope?, isMoved: Bool = false
        ) throws -> ShapeFlowTransformer {
            var form = ShapeFlowTransformer.Form()
            (form.width, form.heads, form.channels, form.imageWidth) = (32, 2, 4, 6)
            (form.dualDepth, form.singleDepth, form.scope) = (2, 2, scope)
            let model = try ShapeFlowTransformer(form)
            try model.initialise(seed: 4)
            try withoutGradients {
                for (name, parameter) in model.namedParameters()
                where (name.hasPrefix("base") || isMoved)
                    && (name.contains("modulation") || name.contains("output"))
                {
                    try parameter.copyInPlace(
                        from: Tensor.randn(parameter.shape, seed: keyedSeed(9, name)) * 0.3)
                }
            }
            return model
        }

        private let x = Result { try Tensor.randn([2, 4, 5, 4], seed: 1) }
        private let tokens = Result { try Tensor.randn([2, 4, 3, 6], seed: 2) }
        private let time = Result { try Tensor([120, 700] as [Float]) }

        private func output(
            _ model: ShapeFlowTransformer, x: Tensor? = nil, tokens: Tensor? = nil
        ) throws -> Tensor {
            try model.evaluating {
                try model(
                    x ?? self.x.get(), time: time.get(), tokens: tokens ?? self.tokens.get())
            }
        }

        @Test(arguments: scopes) func insertedBlocksDoNothingAtFirst(
            scope: SpatiotemporalScope
        ) throws {
            let plain = try output(makeFlow(nil))
            #expect(try plain.abs().amax().item() > 0.1)
            #expect(try distance(output(makeFlow(scope)), plain) < 1e-6)
            #expect(try distance(output(makeFlow(scope, isMoved: true)), plain) > 0.01)
        }

        /// Neither zero keeps the other from learning.
        @Test(arguments: scopes) func insertedBlocksLearn(scope: SpatiotemporalScope) throws {
            let model = try makeFlow(scope)
            let plain = try output(model)
            let temporal = model.namedParameters().filter { $0.name.hasPrefix("temporal") }
            let optimiser = Adam(temporal, .init(learningRate: 1e-2))
            for _ in 0..<2 {
                try optimiser.clearGradients()
                try model(x.get(), time: time.get(), tokens: tokens.get())
                    .meanSquaredError(x.get()).backward()
                try optimiser.step()
            }
            var moved = 0
            for (name, parameter) in temporal where name.hasSuffix("weight") {
                let size = try parameter.detached().abs().amax().item()
                #expect(size > 0, "\(name)")
                if name.hasSuffix("block.output.weight") || name.contains("modulation") {
                    moved += 1
                }
            }
            #expect(moved == 2 * 4)
            #expect(try distance(output(model), plain) > 1e-3)
        }

        @Test func framesAreAloneWithoutThoseBlocks() throws {
            let model = try makeFlow(nil)
            let together = try output(model)
            for frame in 0..<4 {
                let alone = try output(
                    model, x: x.get().slice(1, from: frame, to: frame + 1),
                    tokens: tokens.get().slice(1, from: frame, to: frame + 1))
                #expect(
                    try distance(alone, together.slice(1, from: frame, to: frame + 1)) < 1e-5)
            }
        }

        /// A change of one frame's noise or picture reaches the others, and other sequences never.
        @Test(arguments: scopes) func framesSeeEachOther(scope: SpatiotemporalScope) throws {
            let model = try makeFlow(scope, isMoved: true)
            let before = try output(model)
            let mask = try Tensor.zeros([2, 4, 1, 1])
            try mask[.at(0), .at(1)].fillInPlace(1)
            for after in [
                try output(model, x: x.get() + mask),
                try output(model, tokens: tokens.get() + mask),
            ] {
                for frame in 0..<4 {
                    let change = try (after - before).select(0, 0).select(0, frame).abs().amax()
                    #expect(try change.item() > 1e-4, "frame \(frame)")
                }
                #expect(try distance(after.select(0, 1), before.select(0, 1)) < 1e-6)
            }
        }

        /// Rotary positions turn all tokens of a frame alike: within a frame there is no order, even
        /// where frames are put in different ones.
        @Test(arguments: [SpatiotemporalScope.all, .shapes])
        func tokensOfAFrameHaveNoOrder(scope: SpatiotemporalScope) throws {
            let model = try makeFlow(scope, isMoved: true)
            let orders = [[4, 2, 0, 1, 3], [0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [3, 4, 1, 2, 0]]
            func reordered(_ y: Tensor) throws -> Tensor {
                try Tensor.stack(
                    orders.enumerated().map { frame, order in
                        try y.select(1, frame).indexSelect(1, Tensor(order))
                    }, axis: 1)
            }
            let straight = try output(model)
            #expect(try distance(reordered(straight), straight) > 0.01)
            let shuffled = try output(model, x: reordered(x.get()))
            #expect(try distance(shuffled, reordered(straight)) < 1e-5)
        }

        /// The order of frames matters, by the rotary positions alone.
        @Test(arguments: scopes) func framesHaveAnOrder(scope: SpatiotemporalScope) throws {
            let model = try makeFlow(scope, isMoved: true)
            let order = try Tensor([2, 0, 3, 1])
            let shuffled = try output(
                model, x: x.get().indexSelect(1, order),
                tokens: tokens.get().indexSelect(1, order))
            #expect(try distance(shuffled, output(model).indexSelect(1, order)) > 1e-3)
        }
    }

    @Suite struct ShapeEncoderTests {
        private func makeAutoencoder(sharp: Bool = true) throws -> ShapeAutoencoder {
            var form = ShapeAutoencoder.Form()
            (form.width, form.heads, form.channels, form.frequencies) = (32, 2, 4, 4)
            (form.encoderDepth, form.decoderDepth, form.separatesSharp) = (1, 1, sharp)
            let model = try ShapeAutoencoder(form)
            try model.initialise(seed: 2)
            try withoutGradients {
                for (name, parameter) in model.namedParameters() where name.hasSuffix("weight") {
                    try parameter.copyInPlace(
                        from: parameter.detached()
                            + Tensor.randn(parameter.shape, seed: keyedSeed(3, name)) * 0.2)
                }
            }
            return model
        }

        @Test(arguments: [true, false]) func latentsAreAsManyAndInTheOrderOfQueries(
            sharp: Bool
        ) throws {
            let model = try makeAutoencoder(sharp: sharp)
            let queries = try Tensor.randn([2, 6, 6], seed: 1)
            let cloud = try Tensor.randn([2, 20, 6], seed: 2)
            try model.evaluating {
                let latents = try model.encode(queries: queries, cloud: cloud).mean
                #expect(latents.shape == [2, 6, 4])
                let order = try Tensor([3, 5, 0, 1, 4, 2])
                let turned = try model.encode(
                    queries: queries.indexSelect(1, order), cloud: cloud
                ).mean
                #expect(try distance(turned, latents.indexSelect(1, order)) < 1e-5)
                #expect(try distance(turned, latents) > 1e-2)
            }
        }

        @Test(arguments: [true, false]) func cloudsAreSetsOfTwoKinds(sharp: Bool) throws {
            let model = try makeAutoencoder(sharp: sharp)
            let queries = try Tensor.randn([1, 6, 6], seed: 1)
            let cloud = try Tensor.randn([1, 20, 6], seed: 2)
            try model.evaluating {
                func latents(_ order: [Int]) throws -> Tensor {
                    try model.encode(
                        queries: queries, cloud: cloud.indexSelect(1, Tensor(order))
                    ).mean
                }
                let straight = try latents(Array(0..<20))
                let within = (0..<10).reversed() + (10..<20).reversed()
                #expect(try distance(latents(Array(within)), straight) < 1e-5)
                let across = try distance(latents(Array((0..<20).reversed())), straight)
                #expect(sharp ? across > 1e-2 : across < 1e-5)
            }
        }

        /// By quadrature of ∫ q log(q/p), for numbers one by one.
        @Test func divergenceIsTheIntegral() throws {
            let means = [0.7, -1.2, 0, 2.5]
            let logarithms = [-0.4, 0.9, 0, -3.0]
            var expected = 0.0
            for (mean, logarithm) in zip(means, logarithms) {
                let deviation = Foundation.exp(logarithm / 2)
                let step = 1e-3
                for n in -10_000...10_000 {
                    let z = Double(n) * step
                    let x = mean + deviation * z
                    let density = Foundation.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
                    expected +=
                        step * density * (x * x / 2 - z * z / 2 - Foundation.log(deviation))
                }
            }
            let found = try DiagonalGaussian(mean: Tensor(means), logVariance: Tensor(logarithms))
                .divergence().item()
            #expect(abs(found - expected / 4) < 1e-9)
            let standard = try DiagonalGaussian(
                mean: Tensor.zeros([3]), logVariance: Tensor.zeros([3]))
            #expect(try standard.divergence().item() == 0)
        }
    }
}
