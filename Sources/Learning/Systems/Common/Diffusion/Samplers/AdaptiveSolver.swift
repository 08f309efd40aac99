import Foundation
import Tensors

/// DPM-Solver++ of order 2 whose steps are as long as a tolerance allows: DPM-Solver-12 of Lu et al.
/// 2022, appendix C, for predictions of the sample (Lu et al. 2023).
public struct AdaptiveSolver: Sendable {
    /// The error that a number may have however small it is.
    public var absoluteTolerance: Double
    /// The error that a number may have as a part of its size.
    public var relativeTolerance: Double
    /// The time at which sampling ends; the rest of the noise is taken away at once where
    /// `removesRest`.
    public var endTime: Double
    /// Whether the sample that is predicted at the end is the result, rather than the state there.
    public var removesRest: Bool
    /// The first step in λ.
    public var firstStep: Double
    /// What the proposed step is shortened by.
    public var safety: Double
    /// The most evaluations of the model.
    public var evaluationLimit: Int

    /// The paper's numbers.
    public init(
        absoluteTolerance: Double = 0.0078, relativeTolerance: Double = 0.05,
        endTime: Double = 1e-3, removesRest: Bool = false, firstStep: Double = 0.05,
        safety: Double = 0.9, evaluationLimit: Int = 10_000
    ) {
        self.absoluteTolerance = absoluteTolerance
        self.relativeTolerance = relativeTolerance
        self.endTime = endTime
        self.removesRest = removesRest
        self.firstStep = firstStep
        self.safety = safety
        self.evaluationLimit = evaluationLimit
    }

    /// What sampling came to.
    public struct Result {
        /// The samples.
        public let x: Tensor
        /// How often the model was evaluated.
        public let evaluations: Int
        /// Steps whose error was too large, which were tried again shorter.
        public let rejections: Int
    }

    /// Draws samples.
    ///
    /// - Parameters:
    ///   - noise: a standard normal batch `[B, ...]`.
    ///   - startTime: where to begin; 1 is nothing but noise, or as near as the path comes. On
    ///     paths that reach noise without signal it must be a little less, since λ is infinite
    ///     there.
    /// - Throws: `TensorError` where the evaluations do not suffice, or λ at the start is infinite.
    public func sample(
        from noise: Tensor, along path: some NoisePath, startTime: Double = 1,
        _ denoiser: Denoiser
    ) throws -> Result {
        try withoutGradients {
            var run = Run(solver: self, x: noise, level: path.level(at: startTime))
            let end = path.level(at: endTime)
            guard run.level.halfLogSNR.isFinite, end.halfLogSNR.isFinite else {
                throw TensorError(
                    operation: "sample",
                    message: "the path has no signal at time \(startTime); begin a little later")
            }
            run.x = try noise * run.level.sigma
            run.previous = run.x
            while end.halfLogSNR - run.level.halfLogSNR > 1e-9 {
                guard run.evaluations + 2 <= evaluationLimit else {
                    throw TensorError(
                        operation: "sample",
                        message: "\(evaluationLimit) evaluations did not reach the tolerance")
                }
                try run.step(to: end, path, denoiser)
            }
            if removesRest {
                run.x = try denoiser.predict(run.x, at: run.level).data
                run.evaluations += 1
            }
            return Result(x: run.x, evaluations: run.evaluations, rejections: run.rejections)
        }
    }

    private struct Run {
        let solver: AdaptiveSolver
        var x: Tensor
        var level: NoiseLevel
        var previous: Tensor
        var step: Double
        var evaluations = 0
        var rejections = 0
        /// The prediction at the present state, which a rejected step leaves as it is.
        private var known: Prediction?

        init(solver: AdaptiveSolver, x: Tensor, level: NoiseLevel) {
            self.solver = solver
            self.x = x
            self.level = level
            previous = x
            step = solver.firstStep
        }

        mutating func step(
            to end: NoiseLevel, _ path: some NoisePath, _ denoiser: Denoiser
        ) throws {
            let h = min(step, end.halfLogSNR - level.halfLogSNR)
            let isLast = h == end.halfLogSNR - level.halfLogSNR
            let middle = path.level(at: path.time(ofHalfLogSNR: level.halfLogSNR + 0.5 * h))
            let next =
                isLast ? end : path.level(at: path.time(ofHalfLogSNR: level.halfLogSNR + h))
            let first = try known ?? denoiser.predict(x, at: level)
            if known == nil { evaluations += 1 }
            known = first
            let lower = try exponentialStep(x, first.data, level, next)
            let halfway = try exponentialStep(x, first.data, level, middle)
            let second = try denoiser.predict(halfway, at: middle)
            evaluations += 1
            // Order 2 with its middle at half the step in λ: the data there stand for the step's.
            let higher = try exponentialStep(x, second.data, level, next)
            let error = try largestError(lower, higher)
            if error <= 1 {
                previous = lower
                x = higher
                level = next
                known = nil
            } else {
                rejections += 1
            }
            // The error grows with the second power of the step.
            step = max(1e-6, solver.safety * h * pow(max(error, 1e-12), -0.5))
        }

        /// The root mean square over a sample's numbers of errors as parts of what they may be, of
        /// the worst sample.
        private func largestError(_ lower: Tensor, _ higher: Tensor) throws -> Double {
            let size = try lower.abs().maximum(previous.abs()) * solver.relativeTolerance
            let allowed = try size.clamp(min: solver.absoluteTolerance)
            let parts = try ((higher - lower) / allowed).square().flattened(from: 1).mean(1)
            let error = try parts.amax().sqrt().item()
            guard error.isFinite else {
                throw TensorError(operation: "sample", message: "the model's output is not finite")
            }
            return error
        }
    }
}
