import Systems
import Tensors

/// Steps of ShapeGen4D's stages, small: the autoencoder of Manifests/Training/shapegen4d-tiny.yaml, and
/// a flow somewhat larger than its.
/// Benchmarks/Peers/shapegen4d_models.py has the same models.
struct ShapeWork {
    let name: String
    let model: Module
    let inputs: [(name: String, tensor: Tensor)]
    let loss: () throws -> Tensor

    /// Eight frames of 96 queries, 1,024 points of the cloud and 1,024 of the field.
    static func autoencoder() throws -> ShapeWork {
        var form = ShapeAutoencoder.Form()
        (form.width, form.heads, form.channels, form.frequencies) = (96, 4, 16, 6)
        (form.encoderDepth, form.decoderDepth) = (1, 3)
        let model = try ShapeAutoencoder(form)
        try model.initialise(seed: 3)
        let queries = try Tensor.randn([8, 96, 6])
        let cloud = try Tensor.randn([8, 1024, 6])
        let points = try Tensor.randn([8, 1024, 3])
        let targets = try Tensor.randn([8, 1024])
        let noise = try Tensor.randn([8, 96, 16])
        return ShapeWork(
            name: "shapegen4d-autoencoder", model: model,
            inputs: [
                ("queries", queries), ("cloud", cloud), ("points", points), ("targets", targets),
                ("noise", noise),
            ]
        ) {
            let posterior = try model.encode(queries: queries, cloud: cloud)
            let features = try model.features(of: posterior.sample(noise))
            let error = try model.field(at: points, features: features).meanSquaredError(targets)
            return try error + posterior.divergence() * 1e-4
        }
    }

    /// Four sequences of eight frames of 96 latents, with pictures of 64x64.
    static func flow() throws -> ShapeWork {
        var form = ShapeFlowTransformer.Form()
        (form.width, form.heads, form.channels, form.imageWidth) = (128, 4, 16, 96)
        (form.dualDepth, form.singleDepth) = (2, 4)
        var patches = PatchEncoder.Form()
        (patches.size, patches.width) = (64, 96)
        let encoder = PatchEncoder(patches)
        let model = try ShapeFlowTransformer(form, images: encoder)
        try model.initialise(seed: 3)
        let data = try Tensor.randn([4, 8, 96, 16])
        let noise = try Tensor.randn([4, 1, 96, 16])
        let pictures = try Tensor.randn([4, 8, 3, 64, 64])
        let flow = RectifiedFlow()
        let times: [Float] = [0.2, 0.4, 0.6, 0.8]
        return ShapeWork(
            name: "shapegen4d-flow", model: model,
            inputs: [
                ("data", data), ("noise", noise), ("pictures", pictures),
                ("time", try Tensor(times)),
            ]
        ) {
            let latents = try model.normalised(data)
            let noise = try noise.expanded(latents.shape)
            let levels = try LevelBatch(times.map { flow.level(at: Double($0)) }, on: .cpu)
            let tokens = try encoder(pictures.flattened(from: 0, through: 1))
                .unflattened(0, [4, 8])
            let output = try model(
                levels.mixed(data: latents, noise: noise), time: levels.times, tokens: tokens)
            return try diffusionLoss(
                output: output, data: latents, noise: noise, levels: levels, .flow, weight: .data)
        }
    }
}
