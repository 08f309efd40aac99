import CTorch

extension Tensor {
    /// Whether operations on this tensor are recorded, so that its gradient can be asked for. Only
    /// leaves (tensors that no recorded operation made) can be changed.
    public final var requiresGradient: Bool {
        withExtendedLifetime(self) { torch_requires_grad(handle) }
    }

    /// Turns recording for a leaf on or off.
    ///
    /// - Throws: `TensorError` for a tensor that is no leaf or holds no real numbers.
    /// - Returns: the tensor itself.
    @discardableResult
    public final func requireGradient(_ required: Bool = true) throws -> Self {
        try change("requireGradient") { torch_set_requires_grad($0, required) }
        return self
    }

    /// Whether no recorded operation made this tensor.
    public final var isLeaf: Bool { withExtendedLifetime(self) { torch_is_leaf(handle) } }

    /// What `backward` has added up here; nil where nothing has been.
    public final var gradient: Tensor? {
        withExtendedLifetime(self) { torch_grad(handle) }.map(Tensor.init(owning:))
    }

    /// Replaces or removes the gradient.
    ///
    /// - Throws: `TensorError` where the shape, type or device is another.
    public final func setGradient(_ gradient: Tensor?) throws {
        let succeeded = withExtendedLifetime((self, gradient)) {
            torch_set_grad(handle, gradient?.handle)
        }
        guard succeeded else {
            throw TensorError.last("setGradient", [self] + (gradient.map { [$0] } ?? []))
        }
    }

    /// The same memory, outside of what is recorded.
    public final func detached() throws -> Tensor { try made("detached", torch_detach) }

    /// Adds to the gradient of every leaf below this tensor.
    ///
    /// - Parameters:
    ///   - gradient: the gradient by this tensor; nil for a single element, whose own is 1.
    ///   - keepingGraph: what was recorded can be used again; else it is let go.
    public final func backward(_ gradient: Tensor? = nil, keepingGraph: Bool = false) throws {
        let succeeded = withExtendedLifetime((self, gradient)) {
            withUnsafePointer(to: Optional(handle)) { output in
                guard let gradient else {
                    return torch_backward(output, nil, 1, keepingGraph, false)
                }
                return withUnsafePointer(to: Optional(gradient.handle)) {
                    torch_backward(output, $0, 1, keepingGraph, false)
                }
            }
        }
        guard succeeded else { throw TensorError.last("backward", [self]) }
    }

    /// The gradients of outputs by inputs, without touching any `gradient`.
    ///
    /// - Parameters:
    ///   - seeds: the gradient by each output; nil where each output is a single element.
    ///   - creatingGraph: records the computation, for gradients of gradients.
    /// - Returns: one for each input; nil where no output depends on it.
    public static func gradients(
        of outputs: [Tensor], by inputs: [Tensor], seeds: [Tensor?]? = nil,
        keepingGraph: Bool = false, creatingGraph: Bool = false
    ) throws -> [Tensor?] {
        precondition(seeds == nil || seeds?.count == outputs.count, "one seed per output")
        guard !outputs.isEmpty, !inputs.isEmpty else {
            return Array(repeating: nil, count: inputs.count)
        }
        return try made("gradients", count: inputs.count, outputs + inputs) { places in
            withHandles(outputs) { outputs in
                withHandles(inputs) { inputs in
                    func run(_ seeds: UnsafePointer<OpaquePointer?>?) -> Bool {
                        torch_gradients(
                            outputs, seeds, outputs.count, inputs, inputs.count,
                            keepingGraph || creatingGraph, creatingGraph, places)
                    }
                    guard let seeds else { return run(nil) }
                    return withHandles(seeds) { seeds in
                        seeds.withUnsafeBufferPointer { run($0.baseAddress) }
                    }
                }
            }
        }
    }

    /// Whether operations on this thread are recorded.
    public static var recordsGradients: Bool { torch_gradients_enabled() }
}

/// Runs `body` with nothing recorded on this thread: for inference, updates and measures.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    try recordingGradients(false, body)
}

/// Runs `body` with recording on this thread turned on or off.
public func recordingGradients<Result>(
    _ records: Bool, _ body: () throws -> Result
) rethrows -> Result {
    let before = torch_gradients_enabled()
    torch_enable_gradients(records)
    defer { torch_enable_gradients(before) }
    return try body()
}
