extension Module {
    /// Draws the first value of every parameter. A value depends on the seed and the parameter's
    /// name alone: adding or reordering layers leaves the others' values as they were.
    ///
    /// - Throws: `TensorError` where memory is not enough.
    public final func initialise(seed: UInt64) throws {
        try withoutGradients {
            for (name, parameter) in namedParameters() {
                let value = try parameter.initialisation.value(
                    parameter.shape, seed: keyedSeed(seed, name))
                try parameter.copyInPlace(from: value)
            }
        }
    }

    /// Moves parameters and buffers to a device. Gradients go; an optimiser is made afterwards.
    public final func move(to device: Device) throws {
        try withoutGradients {
            for (_, parameter) in namedParameters() where parameter.device != device {
                try parameter.replaceData(with: try parameter.detached().to(device))
            }
            for (_, buffer) in namedBuffers() where buffer.device != device {
                try buffer.replaceData(with: try buffer.to(device))
            }
        }
    }

    /// Converts parameters and buffers of real numbers. Gradients go; an optimiser is made
    /// afterwards.
    public final func convert(to type: TensorType) throws {
        try withoutGradients {
            for (_, parameter) in namedParameters() where parameter.type != type {
                try parameter.replaceData(with: try parameter.detached().to(type))
            }
            for (_, buffer) in namedBuffers()
            where buffer.type.isFloatingPoint && buffer.type != type {
                try buffer.replaceData(with: try buffer.to(type))
            }
        }
    }

    /// Lets parameters learn or not, here and below.
    public final func requireGradients(_ required: Bool) throws {
        for parameter in parameters() { try parameter.requireGradient(required) }
    }

    /// Removes all gradients, so that the next backward pass starts from none.
    public final func clearGradients() throws {
        for parameter in parameters() { try parameter.setGradient(nil) }
    }

    /// What a checkpoint of this module holds: the parameters and the saved buffers, by name. The
    /// tensors show the module's own memory.
    public final func state() throws -> [(name: String, tensor: Tensor)] {
        try savedTensors().map { ($0.name, try $0.tensor.detached()) }
    }

    /// Runs `body` on an input as `checkpointed` does, with this module's parameters.
    public final func checkpointed(
        _ x: Tensor, _ body: @escaping (Tensor) throws -> Tensor
    ) throws -> Tensor {
        try Tensors.checkpointed([x], parameters: parameters()) { [try body($0[0])] }[0]
    }
}
