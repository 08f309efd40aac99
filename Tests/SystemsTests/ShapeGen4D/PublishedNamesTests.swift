import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    /// Weights under the names, and of the shapes, that the modules of Step1X-3D give them: its
    /// `michelangelo-autoencoder`, and a transformer of diffusers' Flux blocks.
    @Suite struct PublishedNamesTests {
        /// Tensors whose every number tells where it stands.
        private struct Published {
            var tensors: [String: Tensor] = [:]

            mutating func add(_ name: String, _ shape: [Int]) throws {
                let count = shape.reduce(1, *)
                let start = Double(tensors.count) * 1000
                tensors[name] = try Tensor.arange(
                    from: start, to: start + Double(count), type: .float32
                ).reshaped(shape)
            }

            mutating func linear(
                _ name: String, _ input: Int, _ output: Int, bias: Bool = true
            ) throws {
                try add(name + ".weight", [output, input])
                if bias { try add(name + ".bias", [output]) }
            }

            mutating func norm(_ name: String, _ width: Int) throws {
                try add(name + ".weight", [width])
                try add(name + ".bias", [width])
            }

            /// Michelangelo's MLP and norms of a residual block.
            mutating func residual(_ name: String, _ width: Int, norms: Int) throws {
                for n in 1...norms { try norm("\(name).ln_\(n)", width) }
                try linear("\(name).attn.c_proj", width, width)
                try linear("\(name).mlp.c_fc", width, 4 * width)
                try linear("\(name).mlp.c_proj", 4 * width, width)
            }

            mutating func selfAttention(_ name: String, _ width: Int) throws {
                try residual(name, width, norms: 2)
                try linear("\(name).attn.c_qkv", width, 3 * width, bias: false)
            }

            mutating func crossAttention(_ name: String, _ width: Int) throws {
                try residual(name, width, norms: 3)
                try linear("\(name).attn.c_q", width, width, bias: false)
                try linear("\(name).attn.c_kv", width, 2 * width, bias: false)
            }

            static func autoencoder(
                width: Int, encoder: Int, decoder: Int, channels: Int, frequencies: Int
            ) throws -> Published {
                var all = Published()
                let numbers = 3 * (2 * frequencies + 1)
                try all.linear("encoder.input_proj", numbers + 3, width)
                try all.linear("encoder.input_proj_sharp", numbers + 3, width)
                try all.crossAttention("encoder.cross_attn", width)
                try all.crossAttention("encoder.cross_attn_sharp", width)
                for n in 0..<encoder {
                    try all.selfAttention("encoder.self_attn.resblocks.\(n)", width)
                }
                try all.linear("pre_kl", width, 2 * channels)
                try all.linear("post_kl", channels, width)
                for n in 0..<decoder { try all.selfAttention("transformer.resblocks.\(n)", width) }
                try all.linear("decoder.query_proj", numbers, width)
                try all.crossAttention("decoder.cross_attn_decoder", width)
                try all.norm("decoder.ln_post", width)
                try all.linear("decoder.output_proj", width, 1)
                return all
            }

            static func transformer(
                width: Int, heads: Int, dual: Int, single: Int, channels: Int, image: Int,
                lead: String
            ) throws -> Published {
                var all = Published()
                try all.linear(lead + "time_proj.linear_1", width, 4 * width)
                try all.linear(lead + "time_proj.linear_2", 4 * width, width)
                try all.linear(lead + "proj_in", channels, width)
                try all.linear(lead + "proj_cross_attention", image, width)
                for n in 0..<dual {
                    let name = lead + "transformer_blocks.\(n)"
                    try all.linear("\(name).norm1.linear", width, 6 * width)
                    try all.linear("\(name).norm1_context.linear", width, 6 * width)
                    for part in ["to_q", "to_k", "to_v", "add_q_proj", "add_k_proj", "add_v_proj"] {
                        try all.linear("\(name).attn.\(part)", width, width)
                    }
                    for part in ["norm_q", "norm_k", "norm_added_q", "norm_added_k"] {
                        try all.add("\(name).attn.\(part).weight", [width / heads])
                    }
                    try all.linear("\(name).attn.to_out.0", width, width)
                    try all.linear("\(name).attn.to_add_out", width, width)
                    for part in ["ff", "ff_context"] {
                        try all.linear("\(name).\(part).net.0.proj", width, 4 * width)
                        try all.linear("\(name).\(part).net.2", 4 * width, width)
                    }
                }
                for n in 0..<single {
                    let name = lead + "single_transformer_blocks.\(n)"
                    try all.linear("\(name).norm.linear", width, 3 * width)
                    try all.linear("\(name).proj_mlp", width, 4 * width)
                    try all.linear("\(name).proj_out", 5 * width, width)
                    for part in ["to_q", "to_k", "to_v"] {
                        try all.linear("\(name).attn.\(part)", width, width)
                    }
                    for part in ["norm_q", "norm_k"] {
                        try all.add("\(name).attn.\(part).weight", [width / heads])
                    }
                }
                try all.linear(lead + "norm_out.linear", width, 2 * width)
                try all.linear(lead + "proj_out", width, channels)
                return all
            }
        }

        @Test func theAutoencodersNamesAllFit() throws {
            let published = try Published.autoencoder(
                width: 8, encoder: 2, decoder: 3, channels: 3, frequencies: 2)
            let system = try stage(
                ShapeAutoencoderStage.self,
                """
                model: {width: 8, heads: 2, encoder-depth: 2, decoder-depth: 3, channels: 3, \
                frequencies: 2}
                """
            ).makeSystem()
            let names = try #require(system.publishedNames["step1x-3d"])
            let report = try system.model.load(published.tensors, names: names)
            #expect(report.isComplete)
            let own = Dictionary(uniqueKeysWithValues: try system.model.state())
            func same(_ name: String, _ old: String, _ rows: [Int]? = nil) throws {
                var expected = try #require(published.tensors[old])
                if let rows { expected = try expected.indexSelect(0, Tensor(rows)) }
                #expect(try distance(#require(own[name]), expected) == 0, "\(name)")
            }
            // c_qkv is taken apart as [heads, 3 · 4]: rows 0..<4 ask for head 0, 12..<16 for head 1.
            let (first, second) = (Array(0..<4), Array(12..<16))
            for (place, part) in ["query", "key", "value"].enumerated() {
                let rows = (first + second).map { $0 + 4 * place }
                try same(
                    "encoder.blocks.1.attention.\(part).weight",
                    "encoder.self_attn.resblocks.1.attn.c_qkv.weight", rows)
                try same(
                    "decoder.blocks.2.attention.\(part).weight",
                    "transformer.resblocks.2.attn.c_qkv.weight", rows)
            }
            // c_kv as [heads, 2 · 4].
            for (place, part) in ["key", "value"].enumerated() {
                let rows = [0, 1, 2, 3, 8, 9, 10, 11].map { $0 + 4 * place }
                for (new, old) in [
                    ("encoder.cross", "encoder.cross_attn"),
                    ("encoder.sharpCross", "encoder.cross_attn_sharp"),
                    ("decoder.cross", "decoder.cross_attn_decoder"),
                ] {
                    try same("\(new).attention.\(part).weight", "\(old).attn.c_kv.weight", rows)
                }
            }
            for (new, old) in [
                ("encoder.input", "encoder.input_proj"),
                ("encoder.sharpInput", "encoder.input_proj_sharp"),
                ("encoder.cross.queryNorm", "encoder.cross_attn.ln_1"),
                ("encoder.cross.contextNorm", "encoder.cross_attn.ln_2"),
                ("encoder.sharpCross.feedForwardNorm", "encoder.cross_attn_sharp.ln_3"),
                ("encoder.blocks.0.attentionNorm", "encoder.self_attn.resblocks.0.ln_1"),
                ("encoder.blocks.0.feedForward.hidden", "encoder.self_attn.resblocks.0.mlp.c_fc"),
                ("decoder.blocks.0.feedForward.output", "transformer.resblocks.0.mlp.c_proj"),
                ("decoder.blocks.1.attention.output", "transformer.resblocks.1.attn.c_proj"),
                ("decoder.norm", "decoder.ln_post"), ("moments", "pre_kl"),
                ("decoder.input", "post_kl"), ("decoder.output", "decoder.output_proj"),
            ] {
                try same(new + ".weight", old + ".weight")
                try same(new + ".bias", old + ".bias")
            }
            try same("encoder.cross.attention.query.weight", "encoder.cross_attn.attn.c_q.weight")
        }

        @Test(arguments: ["", "dit_model."]) func theTransformersNamesAllFit(lead: String) throws {
            let published = try Published.transformer(
                width: 8, heads: 2, dual: 2, single: 3, channels: 3, image: 5, lead: lead)
            func load(_ scope: String) throws -> (ShapeFlowSystem, WeightReport) {
                let system = try stage(
                    ShapeFlowStage.self,
                    """
                    model: {width: 8, heads: 2, dual: 2, single: 3, channels: 3, \
                    across-frames: \(scope)}, \
                    images: {encoder: none.ts, size: 8, width: 5}
                    """
                ).makeSystem()
                let report = try system.model.load(
                    published.tensors, names: #require(system.publishedNames["step1x-3d"]),
                    isStrict: false)
                return (system, report)
            }
            let (system, report) = try load("none")
            #expect(report.unexpected.isEmpty && report.mismatched.isEmpty)
            #expect(report.missing == ["latentMean", "latentDeviation"])
            #expect(report.loaded.count == published.tensors.count)
            let (_, wide) = try load("all")
            #expect(wide.unexpected.isEmpty && wide.mismatched.isEmpty)
            #expect(
                wide.missing.allSatisfy { $0.hasPrefix("temporal.") || $0.hasPrefix("latent") })

            let own = Dictionary(uniqueKeysWithValues: try system.model.state())
            for (new, old) in [
                ("time.hidden", "time_proj.linear_1"), ("time.output", "time_proj.linear_2"),
                ("input", "proj_in"), ("imageInput", "proj_cross_attention"),
                ("modulation", "norm_out.linear"), ("output", "proj_out"),
                ("dual.1.shape.modulation", "transformer_blocks.1.norm1.linear"),
                ("dual.1.image.modulation", "transformer_blocks.1.norm1_context.linear"),
                ("dual.0.shape.projections.query", "transformer_blocks.0.attn.to_q"),
                ("dual.0.shape.projections.value", "transformer_blocks.0.attn.to_v"),
                ("dual.0.image.projections.key", "transformer_blocks.0.attn.add_k_proj"),
                ("dual.0.shape.output", "transformer_blocks.0.attn.to_out.0"),
                ("dual.0.image.output", "transformer_blocks.0.attn.to_add_out"),
                ("dual.1.shape.feedForward.hidden", "transformer_blocks.1.ff.net.0.proj"),
                ("dual.1.image.feedForward.output", "transformer_blocks.1.ff_context.net.2"),
                ("single.2.modulation", "single_transformer_blocks.2.norm.linear"),
                ("single.2.projections.key", "single_transformer_blocks.2.attn.to_k"),
                ("single.0.hidden", "single_transformer_blocks.0.proj_mlp"),
                ("single.0.output", "single_transformer_blocks.0.proj_out"),
            ] {
                for end in [".weight", ".bias"] {
                    let expected = try #require(published.tensors[lead + old + end])
                    #expect(
                        try distance(#require(own["base." + new + end]), expected) == 0, "\(new)")
                }
            }
            for (new, old) in [
                ("dual.0.shape.projections.queryNorm", "transformer_blocks.0.attn.norm_q"),
                ("dual.0.image.projections.queryNorm", "transformer_blocks.0.attn.norm_added_q"),
                ("dual.0.image.projections.keyNorm", "transformer_blocks.0.attn.norm_added_k"),
                ("single.1.projections.keyNorm", "single_transformer_blocks.1.attn.norm_k"),
            ] {
                let expected = try #require(published.tensors[lead + old + ".weight"])
                #expect(try distance(#require(own["base.\(new).weight"]), expected) == 0, "\(new)")
            }
        }
    }
}
