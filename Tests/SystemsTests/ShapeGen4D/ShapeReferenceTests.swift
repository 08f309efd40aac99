import Foundation
import Systems
import Tensors
import Testing

/// What PyTorch 2.13.0 made of weights and inputs, in float64:
/// Reference/make_shapegen4d_reference.py.
private struct Reference {
    let file: SafetensorsFile

    init(_ name: String) throws {
        file = try SafetensorsFile(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Reference/shapegen4d-\(name).safetensors"))
        #expect(file.metadata["torch"] == "2.13.0+cpu")
    }

    /// The tensors of a kind, by their names in it.
    func tensors(_ kind: String) throws -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for name in file.names where name.hasPrefix(kind + ".") {
            result[String(name.dropFirst(kind.count + 1))] = try file.tensor(name).to(.float64)
        }
        return result
    }

    /// Compares gradients: of each parameter its sum, the sum of its squares and that of its
    /// products with the parameter; and the whole tensors that are stored.
    ///
    /// - Parameter prefix: of the names in the file.
    func check(
        _ total: Tensor, _ module: Module, inputs: [String: Tensor], prefix: String = ""
    ) throws {
        let parameters = module.namedParameters()
        let leaves = inputs.map { ($0.key, $0.value) } + parameters.map { ($0, $1 as Tensor) }
        let gradients = try Tensor.gradients(of: [total], by: leaves.map(\.1))
        let checks = try tensors("check")
        let whole = try tensors("gradient")
        let stored = checks.keys.filter { $0.hasPrefix(prefix) }
        #expect(stored.count == parameters.count)
        for ((name, leaf), gradient) in zip(leaves, gradients) {
            let gradient = try #require(gradient, "\(name) has no gradient")
            if let expected = whole[prefix + name] {
                #expect(try distance(gradient, expected) < 1e-9, "\(prefix)\(name)")
            }
            guard inputs[name] == nil else { continue }
            let sums = try Tensor.stack([
                gradient.sum(), gradient.square().sum(), (gradient * leaf.detached()).sum(),
            ])
            let expected: [Double] = try #require(checks[prefix + name], "\(prefix)\(name)")
                .elements()
            // What the sums could be at most: small ones may be differences of large numbers.
            let length = expected[1].squareRoot()
            let size = try leaf.detached().square().sum().item().squareRoot()
            let most = [
                length * Double(leaf.count).squareRoot(), expected[1], length * size,
            ]
            for (place, sum) in (try sums.elements() as [Double]).enumerated() {
                let off = abs(sum - expected[place]) / max(1, most[place])
                #expect(off < 1e-9, "\(prefix)\(name) \(place)")
            }
        }
    }
}

extension AllTests {
    @Suite struct ShapeReferenceTests {
        @Test(arguments: [false, true]) func theAutoencoderIsPyTorchs(recomputes: Bool) throws {
            let reference = try Reference("autoencoder")
            var form = ShapeAutoencoder.Form()
            (form.width, form.heads, form.channels, form.frequencies) = (16, 2, 4, 2)
            (form.encoderDepth, form.decoderDepth) = (1, 2)
            let model = try ShapeAutoencoder(form, recomputes: recomputes)
            try model.convert(to: .float64)
            try model.load(reference.tensors("model"))

            let stored = try reference.tensors("input")
            var inputs = stored.filter { $0.key != "noise" && $0.key != "seed" }
            for (name, value) in inputs { inputs[name] = try value.requireGradient() }
            let posterior = try model.encode(queries: inputs["queries"]!, cloud: inputs["cloud"]!)
            let field = try model.field(
                at: inputs["points"]!,
                features: model.features(of: posterior.sample(stored["noise"]!)))
            let divergence = try posterior.divergence()

            let outputs = try reference.tensors("output")
            for (name, value) in [
                ("mean", posterior.mean), ("logVariance", posterior.logVariance),
                ("field", field), ("divergence", divergence),
            ] {
                #expect(try distance(value, #require(outputs[name])) < 1e-11, "\(name)")
            }
            try reference.check(
                (field * stored["seed"]!).sum() + divergence, model, inputs: inputs)
        }

        @Test(
            arguments: SpatiotemporalScope.allCases.map { $0 as SpatiotemporalScope? } + [nil],
            [false, true])
        func theFlowIsPyTorchs(scope: SpatiotemporalScope?, recomputes: Bool) throws {
            let reference = try Reference("flow")
            var form = ShapeFlowTransformer.Form()
            (form.width, form.heads, form.channels, form.imageWidth) = (16, 2, 4, 8)
            (form.dualDepth, form.singleDepth, form.scope) = (1, 1, scope)
            var patches = PatchEncoder.Form()
            (patches.size, patches.patch, patches.width) = (8, 4, 8)
            (patches.heads, patches.depth) = (2, 1)
            let model = try ShapeFlowTransformer(
                form, images: PatchEncoder(patches), recomputes: recomputes)
            try model.convert(to: .float64)
            var weights = try reference.tensors("model")
            if scope == nil { weights = weights.filter { !$0.key.hasPrefix("temporal.") } }
            weights["latentMean"] = try .zeros([4])
            weights["latentDeviation"] = try .ones([4])
            try model.load(weights)

            let stored = try reference.tensors("input")
            let inputs = [
                "x": try stored["x"]!.requireGradient(),
                "pictures": try stored["pictures"]!.requireGradient(),
            ]
            let tokens = try model.images!(inputs["pictures"]!.flattened(from: 0, through: 1))
                .unflattened(0, [2, 3])
            let output = try model(inputs["x"]!, time: stored["time"]!, tokens: tokens)
            let name = scope?.rawValue ?? "none"
            let expected = try reference.tensors("output")[name]
            #expect(try distance(output, #require(expected)) < 1e-11)
            try reference.check(
                (output * stored["seed"]!).sum(), model, inputs: inputs, prefix: "\(name).")
        }
    }
}
