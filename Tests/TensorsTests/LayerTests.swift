import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct LayerTests {
        @Test func masksMeanWhatTheySay() throws {
            RandomState.seed(5)
            let (q, k, v) = (try randn(2, 3, 4, 6), try randn(2, 3, 5, 6), try randn(2, 3, 5, 6))
            let seen = try Tensor.rand([4, 5]).greater(0.4).logicalOr(
                Tensor.arange(to: 5).equal(0))
            func byHand(_ scores: Tensor) throws -> Tensor { try scores.softmax(-1).matmul(v) }
            let scores = try q.matmul(k.transposed()) / 6.0.squareRoot()
            let hidden = try scores.maskedFill(seen.logicalNot(), -Double.infinity)
            let attended = try Tensor.attention(query: q, key: k, value: v)
            try expectClose(attended, byHand(scores), tolerance: 1e-12)
            try expectClose(
                Tensor.attention(query: q, key: k, value: v, mask: seen), byHand(hidden),
                tolerance: 1e-12)
            let bias = try randn(1, 3, 4, 5)
            try expectClose(
                Tensor.attention(query: q, key: k, value: v, mask: bias), byHand(scores + bias),
                tolerance: 1e-12)
            try expectClose(
                Tensor.attention(query: q, key: k, value: v, scale: 0.1),
                byHand(q.matmul(k.transposed()) * 0.1), tolerance: 1e-12)
            let square = try randn(2, 3, 4, 6)
            let triangle = try Tensor.ones([4, 4], type: .bool).lowerTriangle()
            try expectClose(
                Tensor.attention(query: q, key: square, value: square, causal: true),
                Tensor.attention(query: q, key: square, value: square, mask: triangle),
                tolerance: 1e-12)
        }

        @Test func maskedGradientsAgreeWithDifferences() throws {
            RandomState.seed(6)
            let mask = try Tensor.ones([3, 3], type: .bool).lowerTriangle()
            try expectGradients(of: [randn(1, 2, 3, 4), randn(1, 2, 3, 4), randn(1, 2, 3, 4)]) {
                try Tensor.attention(query: $0[0], key: $0[1], value: $0[2], mask: mask)
            }
            try expectGradients(of: [randn(1, 2, 3, 4)]) {
                try Tensor.attention(query: $0[0], key: $0[0], value: $0[0], causal: true)
            }
        }

        @Test func attentionDoesNotDependOnTheOrderOfWhatItSees() throws {
            RandomState.seed(7)
            let layer = Attention(8, heads: 2, contextWidth: 6, norm: .layer)
            try layer.initialise(seed: 1)
            try layer.convert(to: .float64)
            let (x, context) = (try randn(2, 3, 8), try randn(2, 5, 6))
            let order = try Tensor([3, 1, 4, 0, 2])
            try expectClose(
                layer(x, context: context), layer(x, context: context.indexSelect(1, order)),
                tolerance: 1e-12)
            try expectGradients(of: [x, context], through: layer) {
                try layer($0[0], context: $0[1])
            }
        }

        @Test func rotationsDependOnDistanceAlone() throws {
            RandomState.seed(8)
            let (q, k) = (try randn(1, 8), try randn(1, 8))
            for pairing in [RotaryEmbedding.Pairing.neighbours, .halves] {
                func product(_ a: Double, _ b: Double) throws -> Double {
                    func turned(_ x: Tensor, _ position: Double) throws -> Tensor {
                        try RotaryEmbedding(
                            positions: Tensor([position]), width: 8, pairing: pairing)(x)
                    }
                    return try (turned(q, a) * turned(k, b)).sum().item()
                }
                #expect(try abs(product(3, 7) - product(103, 107)) < 1e-9)
                #expect(try abs(product(3, 7) - product(3, 8)) > 1e-6)
                #expect(try abs(product(5, 5) - (q * k).sum().item()) < 1e-12)
            }
        }

        /// Positions of several axes stand for as many axes: here frames, and all tokens of one.
        @Test func tokensOfAPlaceAreTurnedAlike() throws {
            RandomState.seed(9)
            let x = try randn(1, 2, 3, 1, 8).expanded([1, 2, 3, 5, 8]).contiguous()
            for pairing in [RotaryEmbedding.Pairing.neighbours, .halves] {
                let rotary = try RotaryEmbedding(
                    positions: Tensor.arange(to: 3).unsqueezed(-1), width: 8, pairing: pairing)
                let turned = try rotary(x)
                for token in 1..<5 {
                    try expectClose(turned.select(3, token), turned.select(3, 0), tolerance: 0)
                }
                for frame in 0..<3 {
                    let alone = try RotaryEmbedding(
                        positions: Tensor([Double(frame)]), width: 8, pairing: pairing)
                    try expectClose(
                        turned.select(2, frame), alone(x.select(2, frame)), tolerance: 1e-12)
                }
            }
        }

        @Test func timesHaveTheirFeatures() throws {
            let features: [Double] = try timeFeatures(Tensor([0.0, 250.5]), width: 6).elements()
            let expected = [0.0, 250.5].flatMap { time in
                let angles = (0..<3).map { time * pow(10_000, -Double($0) / 3) }
                return angles.map { cos($0) } + angles.map { sin($0) }
            }
            #expect(try timeFeatures(Tensor([0.0]), width: 6).type == .float64)
            try expectClose(features, expected, tolerance: 1e-12)
            let single = try timeFeatures(Tensor([0, 250.5] as [Float]), width: 6)
            #expect(single.type == .float32)
            try expectClose(single.elements(), expected, tolerance: 3e-5)
        }

        @Test func videoKernelsAndChainsOfLayers() throws {
            let chain = Sequential([
                Convolution(axes: 3, 2, 4, kernel: [3, 1, 1], stride: [1, 2, 2]),
                GroupNorm(groups: 2, 4), Dropout(0.5),
            ])
            try chain.initialise(seed: 1)
            #expect(
                chain.namedParameters().map(\.name) == [
                    "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
                ])
            let x = try Tensor.randn([1, 2, 5, 6, 8])
            #expect(try chain(x).shape == [1, 4, 5, 3, 4])
            chain.train(false)
            #expect(try chain(x).elements() == chain(x).elements() as [Float])
        }

        @Test func dropPathDropsWholeSamplesAndKeepsTheMean() throws {
            RandomState.seed(9)
            let layer = DropPath(0.25)
            let y = try layer(.ones([4000, 3]))
            let rows: [Double] = try y.mean(1).elements()
            #expect(Set(rows.map { ($0 * 1000).rounded() }) == [0, 1333])
            #expect(try abs(y.mean().item() - 1) < 0.04)
            layer.train(false)
            #expect(try layer(.ones([4, 3])).elements() == [Double](repeating: 1, count: 12))
        }

        @Test func activationsAreTheirFunctions() throws {
            let x = try Tensor([-2.0, -0.5, 0, 0.5, 2])
            let all: [(Activation, (Double) -> Double)] = [
                (.relu, { max($0, 0) }), (.silu, { $0 / (1 + exp(-$0)) }),
                (.gelu, { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }), (.tanh, { tanh($0) }),
                (.sigmoid, { 1 / (1 + exp(-$0)) }), (.leakyReLU(0.1), { max($0, 0.1 * $0) }),
                (.softplus(2), { log1p(exp(2 * $0)) / 2 }),
                (
                    .geluTanh,
                    {
                        0.5 * $0
                            * (1
                                + tanh(
                                    (2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
                    }
                ),
            ]
            for (activation, function) in all {
                try expectClose(
                    activation(x).elements(), [-2.0, -0.5, 0, 0.5, 2].map(function),
                    tolerance: 1e-12)
            }
        }

        @Test func mixedPrecisionKeepsParametersWide() throws {
            let layer = FeedForward(16)
            try layer.initialise(seed: 2)
            let x = try Tensor.randn([4, 16])
            let wide = try layer(x)
            let narrow = try autocast(on: .cpu) {
                #expect(Autocast.current(cuda: false).isEnabled)
                return try layer(x)
            }
            #expect(!Autocast.current(cuda: false).isEnabled)
            #expect(narrow.type == .bfloat16)
            #expect(try autocast(on: .cpu, enabled: false) { try layer(x).type } == .float32)
            try expectClose(narrow.to(.float64), wide.to(.float64), tolerance: 0.02)
            try narrow.to(.float32).sum().backward()
            #expect(layer.hidden.weight.gradient?.type == .float32)
        }

        /// Written by PyTorch 1.13 (Reference/make_script.py).
        @Test func scriptedModelsRun() throws {
            let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "Reference/scripted.pt").path
            let model = try ScriptedModel(path: path)
            let outputs = try model([Tensor([1, 2] as [Float]), Tensor([4, 6] as [Float])])
            #expect(try outputs.map { try $0.elements() } == [[2, 6], [25]] as [[Float]])
            #expect(try model([.zeros([2])], method: "single")[0].elements() == [1, 1])
            let error = #expect(throws: TensorError.self) { try model([.zeros([2])]) }
            #expect(error?.operands == ["float32[2]"])
            #expect(throws: TensorError.self) { try model([.zeros([2])], method: "absent") }
            #expect(throws: TensorError.self) { try ScriptedModel(path: "/absent.pt") }
        }
    }
}
