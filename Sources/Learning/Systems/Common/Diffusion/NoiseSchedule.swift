import Foundation

/// How much of a sample remains after each step of a diffusion with whole-numbered steps: the
/// products ᾱ of Ho et al. 2020, equation 4.
public struct NoiseSchedule: Sendable, Equatable {
    /// ᾱ of each step, falling, each from 0 to below 1: `[T]`.
    public let alphasCumprod: [Double]

    /// How many steps there are.
    public var count: Int { alphasCumprod.count }

    /// A schedule of given variances.
    ///
    /// - Parameter betas: of each step, above 0 and at most 1.
    public init(betas: [Double]) {
        precondition(betas.allSatisfy { $0 > 0 && $0 <= 1 }, "variances are above 0 and at most 1")
        var product = 1.0
        alphasCumprod = betas.map { beta in
            product *= 1 - beta
            return product
        }
    }

    private init(alphasCumprod: [Double]) { self.alphasCumprod = alphasCumprod }

    /// Variances that rise in a straight line (Ho et al. 2020, section 4).
    public static func linear(
        count: Int = 1000, from first: Double = 1e-4, to last: Double = 0.02
    ) -> NoiseSchedule {
        NoiseSchedule(betas: line(count, first, last))
    }

    /// Variances whose roots rise in a straight line: latent diffusion's.
    public static func scaledLinear(
        count: Int = 1000, from first: Double = 0.00085, to last: Double = 0.012
    ) -> NoiseSchedule {
        NoiseSchedule(betas: line(count, first.squareRoot(), last.squareRoot()).map { $0 * $0 })
    }

    /// ᾱ along a squared cosine (Nichol and Dhariwal 2021, equation 17), with variances of at most
    /// 0.999.
    ///
    /// - Parameter offset: s of the paper.
    public static func cosine(count: Int = 1000, offset: Double = 0.008) -> NoiseSchedule {
        func remaining(_ t: Double) -> Double {
            let c = cos((t + offset) / (1 + offset) * Double.pi / 2)
            return c * c
        }
        return NoiseSchedule(
            betas: (0..<count).map { step in
                let (a, b) = (Double(step) / Double(count), Double(step + 1) / Double(count))
                return min(0.999, 1 - remaining(b) / remaining(a))
            })
    }

    /// The schedule with √ᾱ shifted and scaled so that nothing remains after the last step and the
    /// first stays as it is (Lin et al. 2024, algorithm 1).
    public func withZeroTerminalSNR() -> NoiseSchedule {
        let roots = alphasCumprod.map { $0.squareRoot() }
        guard let first = roots.first, let last = roots.last, roots.count > 1 else { return self }
        var result = roots.map { root in
            let scaled = (root - last) * first / (first - last)
            return scaled * scaled
        }
        // Exactly, whatever rounding did.
        result[0] = alphasCumprod[0]
        result[count - 1] = 0
        return NoiseSchedule(alphasCumprod: result)
    }

    /// The variances: β of each step.
    public var betas: [Double] {
        zip(alphasCumprod, [1] + alphasCumprod).map { 1 - $0 / $1 }
    }

    private static func line(_ count: Int, _ first: Double, _ last: Double) -> [Double] {
        precondition(count > 1, "a schedule has two steps or more")
        return (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
    }
}
