import Foundation

/// What came of loading weights into a module.
public struct WeightReport: Sendable, CustomStringConvertible {
    /// A tensor whose shape is not its parameter's.
    public struct Mismatch: Sendable, Equatable {
        /// The parameter.
        public let name: String
        /// Its shape.
        public let expected: [Int]
        /// The tensor's.
        public let found: [Int]
    }

    /// Parameters and buffers that were given their values.
    public internal(set) var loaded: [String] = []
    /// Parameters and buffers for which there was no tensor.
    public internal(set) var missing: [String] = []
    /// Tensors for which there was no parameter, by the names that the map gave them.
    public internal(set) var unexpected: [String] = []
    /// Tensors of another shape.
    public internal(set) var mismatched: [Mismatch] = []

    /// Whether every parameter was given its value and no tensor was left.
    public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty }

    /// Counts, and every name that did not match, a line each.
    public var description: String {
        ([
            "loaded \(loaded.count), missing \(missing.count), unexpected \(unexpected.count), "
                + "of another shape \(mismatched.count)"
        ] + missing.map { "  missing: \($0)" } + unexpected.map { "  unexpected: \($0)" }
            + mismatched.map { "  \($0.name): is \($0.expected), the file has \($0.found)" })
            .joined(separator: "\n")
    }
}

extension Module {
    /// Gives parameters and saved buffers their values, converted to their types and devices.
    ///
    /// - Parameters:
    ///   - tensors: by the names that `names` maps to this module's.
    ///   - isStrict: where not everything matches, throws before anything is changed; else what
    ///     matches is loaded.
    /// - Returns: what matched and what did not.
    /// - Throws: `TensorError`, with the whole report where strict.
    @discardableResult
    public final func load(
        _ tensors: [String: Tensor], names: NameMap = .identity, isStrict: Bool = true
    ) throws -> WeightReport {
        var report = WeightReport()
        var values: [String: Tensor] = [:]
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            for (name, tensor) in try names.applied(to: name, tensor) ?? [] {
                guard values.updateValue(tensor, forKey: name) == nil else {
                    throw TensorError(
                        operation: "load", message: "two tensors would be named \(name)")
                }
            }
        }
        var pairs: [(Tensor, Tensor)] = []
        for (name, own) in savedTensors() {
            guard let value = values.removeValue(forKey: name) else {
                report.missing.append(name)
                continue
            }
            if value.shape == own.shape {
                report.loaded.append(name)
                pairs.append((own, value))
            } else {
                report.mismatched.append(
                    .init(name: name, expected: own.shape, found: value.shape))
            }
        }
        report.unexpected = values.keys.sorted()
        guard report.isComplete || !isStrict else {
            throw TensorError(operation: "load", message: report.description)
        }
        try withoutGradients { for (own, value) in pairs { try own.copyInPlace(from: value) } }
        return report
    }

    /// Gives parameters and saved buffers the values of a safetensors file.
    ///
    /// - Throws: `SafetensorsError` where the file cannot be read, and as `load` of tensors.
    @discardableResult
    public final func load(
        _ file: SafetensorsFile, names: NameMap = .identity, isStrict: Bool = true
    ) throws -> WeightReport {
        try load(file.tensors(), names: names, isStrict: isStrict)
    }

    /// Parameters and saved buffers, by name.
    final func savedTensors() -> [(name: String, tensor: Tensor)] {
        namedParameters().map { ($0.name, $0.parameter) }
            + namedBuffers().filter(\.buffer.isSaved).map { ($0.name, $0.buffer) }
    }
}
