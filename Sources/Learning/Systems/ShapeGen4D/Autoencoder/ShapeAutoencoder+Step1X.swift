import Tensors

extension ShapeAutoencoder {
    /// How Step1X-3D's names (`vae/diffusion_pytorch_model.safetensors` of its release) become this
    /// model's. Its queries, keys and values lie together for each head.
    static func step1XNames(heads: Int) -> NameMap {
        let end = #"\.(weight|bias)"#
        /// A rule from one place to another; `group` is the number of the group of `end`.
        func rename(_ old: String, _ new: String, _ group: Int) -> NameMap.Rule {
            .rename(old + end, to: "\(new).$\(group)")
        }
        func split(_ old: String, _ new: String, _ parts: [String], _ group: Int) -> NameMap.Rule {
            .splitHeads(
                old + end, heads: heads, into: parts.map { "\(new).attention.\($0).$\(group)" })
        }
        func common(_ old: String, _ new: String, _ group: Int) -> [NameMap.Rule] {
            [
                rename(old + #"\.attn\.c_proj"#, new + ".attention.output", group),
                rename(old + #"\.mlp\.c_fc"#, new + ".feedForward.hidden", group),
                rename(old + #"\.mlp\.c_proj"#, new + ".feedForward.output", group),
            ]
        }
        func blocks(_ old: String, _ new: String) -> [NameMap.Rule] {
            let (from, to) = (old + #"\.resblocks\.(\d+)"#, new + ".blocks.$1")
            return common(from, to, 2) + [
                split(from + #"\.attn\.c_qkv"#, to, ["query", "key", "value"], 2),
                rename(from + #"\.ln_1"#, to + ".attentionNorm", 2),
                rename(from + #"\.ln_2"#, to + ".feedForwardNorm", 2),
            ]
        }
        func cross(_ old: String, _ new: String) -> [NameMap.Rule] {
            common(old, new, 1) + [
                rename(old + #"\.attn\.c_q"#, new + ".attention.query", 1),
                split(old + #"\.attn\.c_kv"#, new, ["key", "value"], 1),
                rename(old + #"\.ln_1"#, new + ".queryNorm", 1),
                rename(old + #"\.ln_2"#, new + ".contextNorm", 1),
                rename(old + #"\.ln_3"#, new + ".feedForwardNorm", 1),
            ]
        }
        return NameMap(
            blocks(#"encoder\.self_attn"#, "encoder") + blocks("transformer", "decoder")
                + cross(#"encoder\.cross_attn"#, "encoder.cross")
                + cross(#"encoder\.cross_attn_sharp"#, "encoder.sharpCross")
                + cross(#"decoder\.cross_attn_decoder"#, "decoder.cross") + [
                    rename(#"encoder\.input_proj"#, "encoder.input", 1),
                    rename(#"encoder\.input_proj_sharp"#, "encoder.sharpInput", 1),
                    rename("pre_kl", "moments", 1), rename("post_kl", "decoder.input", 1),
                    rename(#"decoder\.query_proj"#, "decoder.query", 1),
                    rename(#"decoder\.ln_post"#, "decoder.norm", 1),
                    rename(#"decoder\.output_proj"#, "decoder.output", 1),
                ])
    }
}
