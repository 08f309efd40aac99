import CTorch

/// One number per axis; a single number means it for all axes.
public struct AxisSizes: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, Sendable {
    let values: [Int]

    /// The same for all axes.
    public init(_ value: Int) { values = [value] }
    /// The same for all axes.
    public init(integerLiteral value: Int) { values = [value] }
    /// One per axis.
    public init(arrayLiteral values: Int...) { self.values = values }
    /// One per axis.
    public init(_ values: [Int]) { self.values = values }

    func expanded(to axes: Int) -> [Int] {
        if values.count == 1 { return Array(repeating: values[0], count: axes) }
        precondition(values.count == axes, "\(values) for \(axes) axes")
        return values
    }

    fileprivate func tuple(_ axes: Int) -> (Int, Int, Int) {
        let all = expanded(to: axes) + [0, 0]
        return (all[0], all[1], all[2])
    }
}

/// A convolution over 1, 2 or 3 axes.
public final class Convolution: Module, Layer {
    /// `[output, input / groups, kernel...]`.
    public let weight: Parameter
    /// `[output]`, or nil.
    public let bias: Parameter?
    private var form: TorchConvolution

    /// A convolution from `input` to `output` channels.
    ///
    /// - Parameters:
    ///   - axes: 1, 2 or 3.
    ///   - padding: zeros on both sides of each axis; nil keeps the lengths of odd kernels at
    ///     stride 1.
    ///   - weightInitialisation: nil is uniform with bound 1/√(inputs of one output), as in
    ///     PyTorch, for weights and bias.
    public init(
        axes: Int, _ input: Int, _ output: Int, kernel: AxisSizes, stride: AxisSizes = 1,
        padding: AxisSizes? = nil, dilation: AxisSizes = 1, groups: Int = 1, hasBias: Bool = true,
        weight weightInitialisation: Initialisation? = nil,
        bias biasInitialisation: Initialisation? = nil
    ) {
        precondition((1...3).contains(axes), "\(axes) axes")
        precondition(input % groups == 0 && output % groups == 0, "channels and \(groups) groups")
        let kernel = kernel.expanded(to: axes)
        let dilations = dilation.expanded(to: axes)
        let padding = padding ?? AxisSizes(zip(kernel, dilations).map { ($0 - 1) * $1 / 2 })
        let fanIn = kernel.reduce(input / groups, *)
        weight = Parameter(
            [output, input / groups] + kernel, weightInitialisation ?? .fanIn(fanIn))
        bias = hasBias ? Parameter([output], biasInitialisation ?? .fanIn(fanIn)) : nil
        form = TorchConvolution(
            axes: axes, stride: stride.tuple(axes), padding: padding.tuple(axes),
            dilation: dilation.tuple(axes), output_padding: (0, 0, 0), groups: groups,
            transposed: false)
    }

    /// `[batch, input, ...]` to `[batch, output, ...]`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.convolved(weight, bias, &form)
    }
}

/// The transpose of a convolution over 1, 2 or 3 axes: it makes large of small.
public final class TransposedConvolution: Module, Layer {
    /// `[input, output / groups, kernel...]`.
    public let weight: Parameter
    /// `[output]`, or nil.
    public let bias: Parameter?
    private var form: TorchConvolution

    /// A transposed convolution from `input` to `output` channels. A length n becomes
    /// (n − 1) stride − 2 padding + dilation (kernel − 1) + outputPadding + 1.
    public init(
        axes: Int, _ input: Int, _ output: Int, kernel: AxisSizes, stride: AxisSizes = 1,
        padding: AxisSizes = 0, outputPadding: AxisSizes = 0, dilation: AxisSizes = 1,
        groups: Int = 1, hasBias: Bool = true,
        weight weightInitialisation: Initialisation? = nil,
        bias biasInitialisation: Initialisation? = nil
    ) {
        precondition((1...3).contains(axes), "\(axes) axes")
        precondition(input % groups == 0 && output % groups == 0, "channels and \(groups) groups")
        let kernel = kernel.expanded(to: axes)
        let fanIn = kernel.reduce(output / groups, *)
        weight = Parameter(
            [input, output / groups] + kernel, weightInitialisation ?? .fanIn(fanIn))
        bias = hasBias ? Parameter([output], biasInitialisation ?? .fanIn(fanIn)) : nil
        form = TorchConvolution(
            axes: axes, stride: stride.tuple(axes), padding: padding.tuple(axes),
            dilation: dilation.tuple(axes), output_padding: outputPadding.tuple(axes),
            groups: groups, transposed: true)
    }

    /// `[batch, input, ...]` to `[batch, output, ...]`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.convolved(weight, bias, &form)
    }
}
