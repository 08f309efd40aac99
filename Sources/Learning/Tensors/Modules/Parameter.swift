import CTorch

/// A tensor that learning changes: a leaf that needs gradients, found by its property's name in the
/// module that holds it.
///
/// Its memory holds NaN until `Module.initialise` draws its first value or `load` reads one, so a
/// model that somebody forgot to initialise computes nothing that looks like a result.
public final class Parameter: Tensor, @unchecked Sendable {
    /// How the first value is drawn.
    public let initialisation: Initialisation

    /// A parameter in float32 on the processor; of a shape alone inside `Module.withoutMemory`.
    public init(_ shape: [Int], _ initialisation: Initialisation) {
        self.initialisation = initialisation
        let type = TensorType.float32.rawValue
        guard
            let handle = Module.withholdsMemory
                ? torch_empty_meta(shape, shape.count, type)
                : torch_full(
                    shape, shape.count, Scalar(Double.nan).value, type, Device.cpu.number)
        else {
            fatalError("no memory for a parameter: \(TensorError.last("init"))")
        }
        _ = torch_set_requires_grad(handle, true)
        super.init(owning: handle)
    }

    /// Lets this parameter hold another tensor's elements, of any type and on any device; the
    /// gradient goes.
    func replaceData(with data: Tensor) throws {
        try setGradient(nil)
        try showMemory(of: data)
    }

    /// Lets this parameter show the memory of a tensor of the same form; the gradient stays.
    func showMemory(of data: Tensor) throws {
        try change("replaceData", by: data, torch_set_data)
    }
}

/// A tensor that belongs to a model and is saved with it, but does not learn: statistics, tables.
public final class Buffer: Tensor, @unchecked Sendable {
    /// Whether checkpoints hold it; one that is computed from the configuration need not be held.
    public let isSaved: Bool

    /// A buffer of a tensor's elements, which are not copied.
    public init(_ tensor: Tensor, isSaved: Bool = true) {
        self.isSaved = isSaved
        super.init(owning: torch_retain(tensor.handle))
    }

    func replaceData(with data: Tensor) throws {
        try change("replaceData", by: data, torch_set_data)
    }
}

/// How a parameter's first value is drawn.
public enum Initialisation: Sendable {
    /// 0.
    case zeros
    /// 1.
    case ones
    /// One number.
    case constant(Double)
    /// Uniform in −bound...bound.
    case uniform(bound: Double)
    /// Normal.
    case normal(mean: Double = 0, deviation: Double)
    /// Normal around 0, without what lies more than two deviations away.
    case truncatedNormal(deviation: Double)

    /// What PyTorch gives linear maps and convolutions: uniform with bound 1/√(inputs of one
    /// output).
    public static func fanIn(_ inputs: Int) -> Initialisation {
        .uniform(bound: inputs > 0 ? 1 / Double(inputs).squareRoot() : 0)
    }

    /// Uniform with bound √(6/(inputs + outputs)) (Glorot and Bengio 2010, equation 16).
    public static func glorotUniform(inputs: Int, outputs: Int) -> Initialisation {
        .uniform(bound: (6 / Double(inputs + outputs)).squareRoot())
    }

    /// Normal with deviation gain/√inputs (He et al. 2015, equation 10: gain √2).
    public static func heNormal(inputs: Int, gain: Double = 2.0.squareRoot()) -> Initialisation {
        .normal(deviation: gain / Double(inputs).squareRoot())
    }

    /// Draws the value of a tensor of the processor in float32.
    func value(_ shape: [Int], seed: UInt64) throws -> Tensor {
        let tensor = try Tensor.zeros(shape)
        switch self {
        case .zeros: break
        case .ones: try tensor.fillInPlace(1)
        case .constant(let value): try tensor.fillInPlace(value)
        case .uniform(let bound):
            try tensor.change("initialise") { torch_fill_uniform($0, -bound, bound, seed) }
        case .normal(let mean, let deviation):
            try tensor.change("initialise") { torch_fill_normal($0, mean, deviation, seed) }
        case .truncatedNormal(let deviation):
            // By inversion: erf⁻¹ of numbers uniform between erf(−2/√2) and erf(2/√2).
            let edge = 0.954_499_736_103_641_6
            try tensor.change("initialise") { torch_fill_uniform($0, -edge, edge, seed) }
            return try (tensor.erfinv() * (2.0.squareRoot() * deviation))
                .clamp(min: -2 * deviation, max: 2 * deviation)
        }
        return tensor
    }
}
