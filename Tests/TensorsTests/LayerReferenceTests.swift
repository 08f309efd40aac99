import Foundation
import Tensors
import Testing

/// An array of reference.json.
private struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
    func tensor() throws -> Tensor { try Tensor(values, shape: shape) }
}

/// What PyTorch 2.13.0 made of weights and inputs, in float64: Reference/make_reference.py.
private struct Reference: Decodable {
    struct Case: Decodable {
        let inputs: [Numbers]
        let parameters: [String: Numbers]
        let output: Numbers
        let seed: Numbers
        let gradients: [Numbers]
        let parameterGradients: [String: Numbers]
    }
    struct Optimiser: Decodable {
        let start: Numbers
        let gradients: [Numbers]
        let end: Numbers
    }
    let versions: [String: String]
    let cases: [String: Case]
    let optimisers: [String: Optimiser]

    static let stored = Result {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }
}

/// A layer and how it is called, by the reference's name.
private struct LayerCase {
    let name: String
    var wholeInputs: Set<Int> = []
    let make: () throws -> (module: Module?, body: ([Tensor]) throws -> Tensor)

    init(
        _ name: String, wholeInputs: Set<Int> = [],
        _ make: @escaping () throws -> (Module?, ([Tensor]) throws -> Tensor)
    ) {
        self.name = name
        self.wholeInputs = wholeInputs
        self.make = { try make() }
    }

    /// A layer of one input.
    static func layer(
        _ name: String, wholeInputs: Set<Int> = [], _ make: @escaping () throws -> any Layer
    ) -> LayerCase {
        LayerCase(name, wholeInputs: wholeInputs) {
            let layer = try make()
            return (layer, { try layer($0[0]) })
        }
    }

    /// A function without weights.
    static func function(
        _ name: String, wholeInputs: Set<Int> = [], _ body: @escaping ([Tensor]) throws -> Tensor
    ) -> LayerCase {
        LayerCase(name, wholeInputs: wholeInputs) { (nil, body) }
    }

    static var norms: [LayerCase] {
        [
            .layer("linear") { Linear(3, 4) },
            .layer("layerNorm") { LayerNorm(5) },
            .layer("rmsNorm") { RMSNorm(5) },
            .layer("groupNorm") { GroupNorm(groups: 2, 4) },
            .layer("embedding", wholeInputs: [0]) { Embedding(3, 4) },
            .layer("feedForward") { FeedForward(3, multiple: 2, activation: .geluTanh) },
            .layer("gatedFeedForward") { FeedForward(3, multiple: 2, isGated: true) },
            .layer("fourierFeatures") { try FourierFeatures(count: 3, timesPi: false) },
        ]
    }

    static var convolutions: [LayerCase] {
        (1...3).flatMap { axes in
            [
                .layer("convolution\(axes)") {
                    Convolution(axes: axes, 4, 2, kernel: 3, stride: 2, groups: 2)
                },
                .layer("transposedConvolution\(axes)") {
                    TransposedConvolution(
                        axes: axes, 2, 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1)
                },
            ]
        }
    }

    static var attentions: [LayerCase] {
        [
            LayerCase("attention") {
                let layer = Attention(8, heads: 2, contextWidth: 6, hasBias: false, norm: .rms)
                return (layer, { try layer($0[0], context: $0[1]) })
            },
            LayerCase("causalAttention") {
                let layer = Attention(8, heads: 2)
                return (layer, { try layer($0[0], causal: true) })
            },
            .function("rotaryNeighbours") {
                try RotaryEmbedding(positions: .arange(to: 4), width: 6)($0[0])
            },
            .function("rotaryHalves") {
                try RotaryEmbedding(positions: .arange(to: 4), width: 6, pairing: .halves)($0[0])
            },
        ]
    }

    static var sampling: [LayerCase] {
        [
            .function("interpolate.nearest.None") { try $0[0].interpolated(to: [5, 7], .nearest) },
            .function("interpolate.bilinear.False") {
                try $0[0].interpolated(to: [5, 7], .linear)
            },
            .function("interpolate.bilinear.True") {
                try $0[0].interpolated(to: [5, 7], .linear, alignCorners: true)
            },
            .function("interpolate.bicubic.False") { try $0[0].interpolated(to: [5, 7], .cubic) },
            .function("interpolate.bicubic.True") {
                try $0[0].interpolated(to: [5, 7], .cubic, alignCorners: true)
            },
            .function("interpolate.trilinear") { try $0[0].interpolated(to: [3, 5, 4], .linear) },
            .function("interpolate.antialias") {
                try $0[0].interpolated(to: [3, 4], .cubic, antialias: true)
            },
            .function("gridSample3") {
                try $0[0].sampled(at: $0[1], beyond: .border, alignCorners: true)
            },
            .function("averagePool") { try $0[0].averagePooled(axes: 3, size: 2) },
            .function("maxPool") { try $0[0].maxPooled(axes: 2, size: 3, stride: 2, padding: 1) },
        ]
    }

    static var losses: [LayerCase] {
        [
            .function("loss.mse") { try $0[0].meanSquaredError($0[1]) },
            .function("loss.l1") { try $0[0].absoluteError($0[1]) },
            .function("loss.smoothL1") { try $0[0].smoothAbsoluteError($0[1], beta: 0.5) },
            .function("loss.bce") { try $0[0].binaryCrossEntropy($0[1].sigmoid()) },
            .function("loss.crossEntropy", wholeInputs: [1]) {
                try $0[0].crossEntropy($0[1], labelSmoothing: 0.1)
            },
        ]
    }
}

extension AllTests {
    @Suite struct LayerReferenceTests {
        @Test func theReferenceIsWhatTheCommentSays() throws {
            let reference = try Reference.stored.get()
            #expect(reference.versions["torch"] == "2.13.0+cpu")
            let all =
                LayerCase.norms + LayerCase.convolutions + LayerCase.attentions
                + LayerCase.sampling + LayerCase.losses
            #expect(Set(all.map(\.name)) == Set(reference.cases.keys))
        }

        @Test func norms() throws { try check(LayerCase.norms) }
        @Test func convolutions() throws { try check(LayerCase.convolutions) }
        @Test func attentions() throws { try check(LayerCase.attentions) }
        @Test func sampling() throws { try check(LayerCase.sampling) }
        @Test func losses() throws { try check(LayerCase.losses) }

        /// Values and gradients against PyTorch's, and gradients against differences.
        private func check(_ cases: [LayerCase]) throws {
            for layerCase in cases {
                do { try check(layerCase) } catch { Issue.record("\(layerCase.name): \(error)") }
            }
        }

        private func check(_ layerCase: LayerCase) throws {
            let stored = try #require(Reference.stored.get().cases[layerCase.name])
            let (module, body) = try layerCase.make()
            try module?.convert(to: .float64)
            let parameters = module?.namedParameters() ?? []
            #expect(Set(parameters.map(\.name)) == Set(stored.parameters.keys))
            for (name, parameter) in parameters {
                let value = try #require(stored.parameters[name]).tensor()
                #expect(value.shape == parameter.shape, "\(layerCase.name) \(name)")
                try withoutGradients { try parameter.copyInPlace(from: value) }
            }
            let inputs = try stored.inputs.enumerated().map { place, numbers in
                layerCase.wholeInputs.contains(place)
                    ? try numbers.tensor().to(.int64)
                    : try numbers.tensor().requireGradient()
            }
            let output = try body(inputs)
            try expectClose(output, stored.output.tensor(), tolerance: 1e-11)

            let leaves = inputs.filter(\.requiresGradient)
            let gradients = try Tensor.gradients(
                of: [output], by: leaves, seeds: [stored.seed.tensor()], keepingGraph: true)
            for (gradient, expected) in zip(gradients, stored.gradients) {
                try expectClose(#require(gradient), expected.tensor(), tolerance: 1e-10)
            }
            let weightGradients = try Tensor.gradients(
                of: [output], by: parameters.map(\.parameter), seeds: [stored.seed.tensor()])
            for ((name, _), gradient) in zip(parameters, weightGradients) {
                let expected = try #require(stored.parameterGradients[name]).tensor()
                try expectClose(#require(gradient), expected, tolerance: 1e-10)
            }
            try expectGradients(of: leaves, through: module) { leaves in
                var leaves = leaves[...]
                return try body(inputs.map { $0.requiresGradient ? leaves.removeFirst() : $0 })
            }
        }

        @Test func optimisersTakePyTorchsSteps() throws {
            for (name, stored) in try Reference.stored.get().optimisers {
                final class One: Module { let weight = Parameter([3, 4], .zeros) }
                let one = One()
                try one.convert(to: .float64)
                try withoutGradients { try one.weight.copyInPlace(from: stored.start.tensor()) }
                let optimiser = Adam(
                    one.namedParameters(),
                    name == "adamw"
                        ? .init(learningRate: 0.01, beta2: 0.99, weightDecay: 0.1)
                        : .init(learningRate: 0.01, weightDecay: 0.1, isDecoupled: false))
                for gradient in stored.gradients {
                    try one.weight.setGradient(gradient.tensor())
                    try optimiser.step()
                }
                try expectClose(one.weight, stored.end.tensor(), tolerance: 1e-12)
            }
        }
    }
}
