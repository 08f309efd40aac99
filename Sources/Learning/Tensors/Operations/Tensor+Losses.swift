import CTorch

/// What is made of the losses of single elements.
public enum LossReduction: Int32, Sendable {
    /// All of them; their mean; their sum.
    case none, mean, sum
}

extension Tensor {
    /// (self − target)².
    public final func meanSquaredError(
        _ target: Tensor, _ reduction: LossReduction = .mean
    ) throws -> Tensor {
        try made("meanSquaredError", with: target) { torch_mse_loss($0, $1, reduction.rawValue) }
    }

    /// |self − target|.
    public final func absoluteError(
        _ target: Tensor, _ reduction: LossReduction = .mean
    ) throws -> Tensor {
        try made("absoluteError", with: target) { torch_l1_loss($0, $1, reduction.rawValue) }
    }

    /// d²/2β where d = |self − target| is below β, else d − β/2.
    public final func smoothAbsoluteError(
        _ target: Tensor, beta: Double = 1, _ reduction: LossReduction = .mean
    ) throws -> Tensor {
        try made("smoothAbsoluteError", with: target) {
            torch_smooth_l1_loss($0, $1, reduction.rawValue, beta)
        }
    }

    /// Binary cross-entropy of σ(self) and targets in 0...1.
    ///
    /// - Parameter positiveWeight: weighs the part of the positive class, broadcast.
    public final func binaryCrossEntropy(
        _ target: Tensor, positiveWeight: Tensor? = nil, _ reduction: LossReduction = .mean
    ) throws -> Tensor {
        try made("binaryCrossEntropy", with: target) { input, target in
            withExtendedLifetime(positiveWeight) {
                torch_bce_with_logits(input, target, positiveWeight?.handle, reduction.rawValue)
            }
        }
    }

    /// −ln softmax(self)[class] for logits `[batch, classes, ...]` and classes `[batch, ...]` of
    /// `int64`.
    public final func crossEntropy(
        _ classes: Tensor, labelSmoothing: Double = 0, _ reduction: LossReduction = .mean
    ) throws -> Tensor {
        try made("crossEntropy", with: classes) {
            torch_cross_entropy($0, $1, reduction.rawValue, labelSmoothing)
        }
    }
}
