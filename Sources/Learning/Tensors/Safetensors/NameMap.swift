import Foundation

/// How the names of published weights become those of a module's parameters: rules that are tried
/// in order, the first that matches deciding. Names that no rule matches stay.
///
/// Patterns are regular expressions that must match the whole name; templates take groups as `$1`.
///
/// ```swift
/// NameMap([
///     .drop(#"mask_token"#),
///     .split(#"blocks\.(\d+)\.attn\.qkv\.(weight|bias)"#, into: [
///         "blocks.$1.attention.query.$2", "blocks.$1.attention.key.$2",
///         "blocks.$1.attention.value.$2",
///     ]),
///     .rename(#"blocks\.(\d+)\.attn\.proj\.(.*)"#, to: "blocks.$1.attention.output.$2"),
/// ])
/// ```
public struct NameMap: Sendable {
    /// What is done with the tensors whose names match a pattern.
    public enum Rule: Sendable {
        /// Takes a new name.
        case rename(String, to: String)
        /// Divides into equal parts along the first axis, one for each name.
        case split(String, into: [String])
        /// Divides the first axis into heads, and each head's rows into equal parts, one for each
        /// name: how queries, keys and values lie where each head's are together.
        case splitHeads(String, heads: Int, into: [String])
        /// Exchanges the first two axes, for tables that were stored the other way.
        case transpose(String, to: String)
        /// Is not asked for.
        case drop(String)

        var pattern: String {
            switch self {
            case .rename(let pattern, _), .split(let pattern, _), .splitHeads(let pattern, _, _),
                .transpose(let pattern, _), .drop(let pattern):
                pattern
            }
        }
    }

    /// The rules, in order.
    public let rules: [Rule]

    /// Names stay as they are.
    public static let identity = NameMap([])

    /// A map of some rules.
    public init(_ rules: [Rule]) { self.rules = rules }

    /// The tensors under their new names; nil where the first rule that matches drops them.
    func applied(to name: String, _ tensor: Tensor) throws -> [(name: String, tensor: Tensor)]? {
        for rule in rules {
            let expression = try NSRegularExpression(pattern: "^(?:\(rule.pattern))$")
            let all = NSRange(name.startIndex..., in: name)
            guard expression.firstMatch(in: name, range: all) != nil else { continue }
            func named(_ template: String) -> String {
                expression.stringByReplacingMatches(in: name, range: all, withTemplate: template)
            }
            switch rule {
            case .rename(_, let template): return [(named(template), tensor)]
            case .split(_, let templates):
                let parts = try tensor.chunks(templates.count, axis: 0)
                return zip(templates, parts).map { (named($0), $1) }
            case .splitHeads(_, let heads, let templates):
                let parts = try tensor.unflattened(0, [heads, templates.count, -1])
                return try templates.enumerated().map { place, template in
                    (named(template), try parts.select(1, place).flattened(from: 0, through: 1))
                }
            case .transpose(_, let template):
                return [(named(template), try tensor.transposed(0, 1))]
            case .drop: return nil
            }
        }
        return [(name, tensor)]
    }
}
