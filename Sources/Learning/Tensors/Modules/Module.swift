/// A part of a model: parameters, buffers and smaller modules, kept in properties.
///
/// A subclass declares what it holds as stored properties and computes in `callAsFunction`. The
/// properties are found by reflection, so none can be forgotten, and their names, joined by dots,
/// are the names of the parameters in checkpoints: `blocks.0.attention.query.weight`. Arrays count
/// from 0; dictionaries go by key. Renaming a property renames what checkpoints hold.
///
/// ```swift
/// final class Perceptron: Module {
///     let hidden: Linear
///     let output: Linear
///     init(width: Int) {
///         hidden = Linear(width, 4 * width)
///         output = Linear(4 * width, width)
///     }
///     func callAsFunction(_ x: Tensor) throws -> Tensor { try output(hidden(x).gelu()) }
/// }
/// ```
///
/// - Note: a module belongs to the thread that trains it; it is not `Sendable`.
open class Module {
    /// Whether dropout and the like are on, in this module.
    public private(set) final var isTraining = true

    /// A module without parts of its own.
    public init() {}

    @TaskLocal static var withholdsMemory = false

    /// Runs `body`, in which parameters are made without memory: they have shapes and names, and
    /// nothing can be computed with them. So a model of any size can be looked at.
    public static func withoutMemory<Result>(_ body: () throws -> Result) rethrows -> Result {
        try $withholdsMemory.withValue(true, operation: body)
    }

    /// Turns dropout and the like on or off, here and below.
    public final func train(_ training: Bool = true) {
        isTraining = training
        for (_, module) in submodules() { module.isTraining = training }
    }

    /// Runs `body` with dropout and the like off and nothing recorded, and puts both back.
    public final func evaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
        let modules = [self] + submodules().map(\.module)
        let before = modules.map(\.isTraining)
        for module in modules { module.isTraining = false }
        defer { for (module, training) in zip(modules, before) { module.isTraining = training } }
        return try withoutGradients(body)
    }
}

/// A module that makes one tensor of one tensor, as most layers do.
public protocol Layer: Module {
    /// The output for an input.
    func callAsFunction(_ x: Tensor) throws -> Tensor
}
