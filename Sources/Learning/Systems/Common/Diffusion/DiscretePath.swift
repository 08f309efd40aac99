import Foundation
import Geometry

/// The noise of a diffusion with whole-numbered steps; times between steps are filled in as
/// DPM-Solver does (Lu et al. 2022, appendix D), log α being linear between steps.
public struct DiscretePath: NoisePath {
    /// Which steps a sampler visits, of those that were learnt (Lin et al. 2024, table 2).
    public enum Spacing: String, Sendable, CaseIterable {
        /// From the last step down: the only one that begins where there is nothing but noise.
        case trailing
        /// From 0 up by ⌊T/count⌋, as DDIM's authors did.
        case leading
        /// Both ends included.
        case linspace
    }

    /// The schedule.
    public let schedule: NoiseSchedule
    /// Which steps a sampler visits.
    public let spacing: Spacing
    private let logAlphas: [Double]

    /// The path of a schedule.
    public init(_ schedule: NoiseSchedule, spacing: Spacing = .trailing) {
        self.schedule = schedule
        self.spacing = spacing
        logAlphas = schedule.alphasCumprod.map { 0.5 * log($0) }
    }

    /// The level of a step.
    public func level(ofStep step: Int) -> NoiseLevel {
        let remaining = schedule.alphasCumprod[step]
        return NoiseLevel(
            time: Double(step), alpha: remaining.squareRoot(),
            sigma: (1 - remaining).squareRoot())
    }

    /// The level of a step that is drawn uniformly: for training.
    public func draw(_ random: inout KeyedRandom) -> NoiseLevel {
        level(ofStep: Int.random(in: 0..<schedule.count, using: &random))
    }

    /// The level of time (n + 1)/T is that of step n; before 1/T it is step 0's.
    public func level(at time: Double) -> NoiseLevel {
        let place = min(max(time * Double(schedule.count) - 1, 0), Double(schedule.count - 1))
        let below = min(Int(place), schedule.count - 2)
        let part = place - Double(below)
        if part == 0 { return level(ofStep: below) }
        if part == 1 { return level(ofStep: below + 1) }
        let logAlpha = logAlphas[below] + part * (logAlphas[below + 1] - logAlphas[below])
        return NoiseLevel(
            time: place, alpha: exp(logAlpha), sigma: (-expm1(2 * logAlpha)).squareRoot())
    }

    /// The inverse of `level(at:)`; λ beyond the schedule's ends give the ends.
    ///
    /// - Complexity: O(log T).
    public func time(ofHalfLogSNR lambda: Double) -> Double {
        // α² = 1/(1 + e^(−2λ)), without overflow on either side.
        let logAlpha =
            lambda > 0 ? -0.5 * log1p(exp(-2 * lambda)) : lambda - 0.5 * log1p(exp(2 * lambda))
        var low = 0
        var high = schedule.count - 1
        if logAlpha >= logAlphas[low] { return 1 / Double(schedule.count) }
        if logAlpha <= logAlphas[high] { return 1 }
        while high - low > 1 {
            let middle = (low + high) / 2
            if logAlphas[middle] > logAlpha { low = middle } else { high = middle }
        }
        let fall = logAlphas[high] - logAlphas[low]
        // A fall to nothing at all has no middle.
        let part = fall.isFinite ? (logAlpha - logAlphas[low]) / fall : 0
        return (Double(low) + part + 1) / Double(schedule.count)
    }

    /// The levels of `count` of the steps, and `.clean`.
    ///
    /// - Precondition: `count` is from 1 to the schedule's.
    public func samplingLevels(count: Int) -> [NoiseLevel] {
        steps(count: count).map(level(ofStep:)) + [.clean]
    }

    /// The steps that a sampler of `count` evaluations visits, falling.
    public func steps(count: Int) -> [Int] {
        precondition((1...schedule.count).contains(count), "\(count) of \(schedule.count) steps")
        let total = Double(schedule.count)
        return (0..<count).map { place in
            switch spacing {
            case .trailing:
                // Rounded half to even, as NumPy rounds.
                Int((total - Double(place) * total / Double(count)).rounded(.toNearestOrEven)) - 1
            case .leading: (count - 1 - place) * (schedule.count / count)
            case .linspace:
                count == 1
                    ? schedule.count - 1
                    : Int(
                        (Double(count - 1 - place) * (total - 1) / Double(count - 1))
                            .rounded(.toNearestOrEven))
            }
        }
    }
}
