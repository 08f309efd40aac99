import CTorch

/// A model that Python's `torch.jit.script` or `trace` has saved: how networks that others
/// published (CLIP, LPIPS, I3D) are run without Python.
///
/// A model written by a newer PyTorch than this libtorch may be refused.
public final class ScriptedModel {
    private let handle: OpaquePointer
    /// The file.
    public let path: String

    /// Loads a model to a device, in evaluation mode.
    ///
    /// - Throws: `TensorError` where the file is none, or of a version that this libtorch does not
    ///   read.
    public init(path: String, on device: Device = .cpu) throws {
        guard let handle = torch_script_load(path, device.number) else {
            throw TensorError(
                operation: "load \(path)", message: TensorError.last("load").message)
        }
        self.handle = handle
        self.path = path
    }

    deinit { torch_script_release(handle) }

    /// What a method makes of tensors: one tensor, or those of a tuple or list (at most 64).
    ///
    /// - Throws: `TensorError` where the model fails or returns something else.
    public func callAsFunction(_ inputs: [Tensor], method: String = "forward") throws -> [Tensor] {
        let capacity = 64
        return try Tensor.made("scripted model", count: capacity, inputs) { places in
            Tensor.withHandles(inputs) { inputs in
                var count = 0
                return torch_script_call(
                    handle, method, inputs, inputs.count, places, capacity, &count)
            }
        }.compactMap { $0 }
    }
}
