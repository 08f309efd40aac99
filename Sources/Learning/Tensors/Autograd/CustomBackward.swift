import CTorch

extension Tensor {
    /// Gives computed tensors a backward pass of the caller's: for kernels that libtorch has not.
    ///
    /// Compute the outputs inside `withoutGradients`, from anything; then hand them over with the
    /// inputs that gradients are for. `backward` may capture inputs and outputs: what is returned
    /// are aliases, so nothing holds itself. What it captures is let go with the graph.
    ///
    /// - Parameters:
    ///   - inputs: what the outputs were computed from.
    ///   - outputs: computed without recording.
    ///   - backward: is given the gradient by each output (nil: zero) and returns the gradient by
    ///     each input (nil: none). It runs without recording, on whatever thread the backward pass
    ///     of the inputs' device runs.
    /// - Returns: the outputs, with gradients where an input needs them.
    public static func attachBackward(
        to outputs: [Tensor], from inputs: [Tensor],
        _ backward: @escaping ([Tensor?]) throws -> [Tensor?]
    ) throws -> [Tensor] {
        let context = Unmanaged.passRetained(BackwardClosure(backward)).toOpaque()
        let callback = TorchBackward(
            context: context,
            run: { context, outputs, outputCount, inputs, inputCount in
                Unmanaged<BackwardClosure>.fromOpaque(context).takeUnretainedValue().run(
                    UnsafeBufferPointer(start: outputs, count: outputCount),
                    UnsafeMutableBufferPointer(start: inputs, count: inputCount))
            },
            release: { Unmanaged<BackwardClosure>.fromOpaque($0).release() })
        return try made("attachBackward", count: outputs.count, inputs + outputs) { places in
            withHandles(inputs) { inputs in
                withHandles(outputs) { outputs in
                    torch_attach_backward(
                        inputs, inputs.count, outputs, outputs.count, callback, places)
                }
            }
        }.map { $0! }
    }
}

/// A backward pass while the graph holds it.
private final class BackwardClosure {
    private let backward: ([Tensor?]) throws -> [Tensor?]

    init(_ backward: @escaping ([Tensor?]) throws -> [Tensor?]) { self.backward = backward }

    func run(
        _ outputs: UnsafeBufferPointer<OpaquePointer?>,
        _ inputs: UnsafeMutableBufferPointer<OpaquePointer?>
    ) -> Bool {
        do {
            let gradients = try backward(
                outputs.map { $0.map { Tensor(owning: torch_retain($0)) } })
            guard gradients.count == inputs.count else {
                torch_set_error(
                    "the backward pass made \(gradients.count) gradients for \(inputs.count) inputs"
                )
                return false
            }
            for (place, gradient) in gradients.enumerated() {
                inputs[place] = gradient.map { torch_retain($0.handle) }
            }
            return true
        } catch {
            torch_set_error("\(error)")
            return false
        }
    }
}
