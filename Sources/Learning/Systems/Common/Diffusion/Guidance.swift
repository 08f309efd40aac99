import Tensors

/// Classifier-free guidance with any number of terms (Ho and Salimans 2022):
/// o = o(c) + Σₖ sₖ (o(c) − o(cₖ)), away from what the model would put out under other conditions.
///
/// Diffusion4D's is `terms: [(7, nothing), (0.5, withoutMotion)]`.
public struct Guidance<Condition> {
    /// What is wanted.
    public var condition: Condition
    /// What to keep away from, and how much.
    public var terms: [(scale: Double, without: Condition)]

    /// Guidance by some terms; without any it is the condition alone.
    public init(_ condition: Condition, away terms: [(scale: Double, without: Condition)] = []) {
        self.condition = condition
        self.terms = terms
    }

    /// The one term by which most models are used: o(∅) + w (o(c) − o(∅)).
    ///
    /// - Parameter scale: w; 1 is the condition alone.
    public static func classifierFree(
        _ condition: Condition, unconditional: Condition, scale: Double
    ) -> Guidance {
        Guidance(condition, away: [(scale - 1, unconditional)])
    }

    /// The guided output.
    ///
    /// - Parameter model: gives the outputs under several conditions, in their order; it may
    ///   evaluate them as one batch. Terms of scale 0 are not asked for.
    public func output(_ model: ([Condition]) throws -> [Tensor]) throws -> Tensor {
        let used = terms.filter { $0.scale != 0 }
        let outputs = try model([condition] + used.map(\.without))
        precondition(outputs.count == used.count + 1, "an output for each condition")
        let total = used.reduce(1) { $0 + $1.scale }
        var result = used.isEmpty ? outputs[0] : try outputs[0] * total
        for (term, output) in zip(used, outputs.dropFirst()) {
            result = try result - output * term.scale
        }
        return result
    }
}
