import Foundation
import Tensors
import Testing

/// All suites of this target run one after another: they share libtorch's default generator, and
/// some count the live tensors of the whole process.
@Suite(.serialized) struct AllTests {}

/// Whether two tensors have one shape and elements no further apart than `tolerance`, absolutely
/// or relative to the expected one.
func expectClose(
    _ actual: Tensor, _ expected: Tensor, tolerance: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(actual.shape == expected.shape, sourceLocation: sourceLocation)
    guard actual.shape == expected.shape else { return }
    try expectClose(
        actual.elements(), expected.elements(), tolerance: tolerance,
        sourceLocation: sourceLocation)
}

/// Whether elements are no further apart than `tolerance`.
func expectClose(
    _ actual: [Double], _ expected: [Double], tolerance: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(actual.count == expected.count, sourceLocation: sourceLocation)
    var worst = 0.0
    for (a, b) in zip(actual, expected) {
        let distance = abs(a - b) / max(1, abs(b))
        worst = distance.isNaN ? .infinity : max(worst, distance)
    }
    #expect(
        worst <= tolerance, "the worst element is off by \(worst)", sourceLocation: sourceLocation)
}

/// Compares the gradients of Σ wᵢ outputᵢ, with fixed random weights, with central differences in
/// float64, for every element of the inputs and parameters (a spread of at most 40 of each).
///
/// - Parameters:
///   - inputs: float64; they are made to need gradients.
///   - module: converted to float64 and initialised.
func expectGradients(
    of inputs: [Tensor], through module: Module? = nil, tolerance: Double = 1e-6,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: ([Tensor]) throws -> Tensor
) throws {
    let parameters = module?.namedParameters() ?? []
    for input in inputs { try input.requireGradient() }
    RandomState.seed(7)
    let weights = try body(inputs).detached().randnLike()
    func loss() throws -> Tensor { try (body(inputs) * weights).sum() }
    let leaves = inputs.enumerated().map { ("input \($0)", $1) } + parameters.map { ($0, $1) }
    let gradients = try Tensor.gradients(of: [loss()], by: leaves.map(\.1))
    let step = 1e-5
    for ((name, leaf), gradient) in zip(leaves, gradients) {
        let gradient = try #require(
            gradient, "\(name) has no gradient", sourceLocation: sourceLocation)
        let analytic: [Double] = try gradient.elements()
        let stride = max(1, leaf.count / 40)
        for place in Swift.stride(from: 0, to: leaf.count, by: stride) {
            let difference = try withoutGradients {
                let flat = try leaf.detached().reshaped(-1)
                #expect(flat.sharesMemory(with: leaf))
                let before = try flat[.at(place)].item()
                try flat[.at(place)].fillInPlace(before + step)
                let above = try loss().item()
                try flat[.at(place)].fillInPlace(before - step)
                let below = try loss().item()
                try flat[.at(place)].fillInPlace(before)
                return (above - below) / (2 * step)
            }
            let distance = abs(difference - analytic[place]) / max(1, abs(difference))
            #expect(
                distance <= tolerance,
                "\(name)[\(place)]: \(analytic[place]), but differences give \(difference)",
                sourceLocation: sourceLocation)
        }
    }
}

/// Standard normal numbers in float64.
func randn(_ shape: Int...) throws -> Tensor { try .randn(shape, type: .float64) }
