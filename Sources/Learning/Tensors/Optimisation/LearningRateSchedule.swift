import Foundation

/// How the step size changes over a run, as a factor of its full value.
public struct LearningRateSchedule: Sendable, Codable, Equatable {
    /// What follows the warm-up.
    public enum Decay: Sendable, Codable, Equatable {
        /// Stays.
        case constant
        /// Falls to `final` in a straight line, by the last step.
        case linear(final: Double)
        /// Falls to `final` along half a cosine, by the last step (Loshchilov and Hutter 2017).
        case cosine(final: Double)
        /// Falls with 1/√step, from the end of the warm-up (Vaswani et al. 2017).
        case inverseSquareRoot
    }

    /// Steps over which the factor rises from 0 in a straight line; step 0 has 1/warmUpSteps.
    public var warmUpSteps: Int
    /// What follows.
    public var decay: Decay
    /// The run's length, where decay ends; nil for decays that have no end.
    public var totalSteps: Int?

    /// A schedule.
    ///
    /// - Precondition: linear and cosine decay have a `totalSteps` after the warm-up.
    public init(warmUpSteps: Int = 0, decay: Decay = .constant, totalSteps: Int? = nil) {
        switch decay {
        case .linear, .cosine:
            precondition(
                (totalSteps ?? 0) > warmUpSteps, "a decay needs steps after the warm-up")
        case .constant, .inverseSquareRoot: break
        }
        self.warmUpSteps = warmUpSteps
        self.decay = decay
        self.totalSteps = totalSteps
    }

    /// The factor of a step, counted from 0; after the run's end, that of its end.
    public func factor(at step: Int) -> Double {
        if step < warmUpSteps { return Double(step + 1) / Double(warmUpSteps) }
        let since = Double(step - warmUpSteps)
        func progress() -> Double {
            min(1, since / Double(max(1, (totalSteps ?? 0) - warmUpSteps)))
        }
        switch decay {
        case .constant: return 1
        case .linear(let final): return 1 + (final - 1) * progress()
        case .cosine(let final):
            return final + (1 - final) * (1 + cos(Double.pi * progress())) / 2
        case .inverseSquareRoot:
            let start = Double(max(1, warmUpSteps))
            return (start / (start + since)).squareRoot()
        }
    }
}
