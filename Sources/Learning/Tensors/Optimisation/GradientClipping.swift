import CTorch

/// Scales all gradients together so that their norm is at most a limit (Pascanu et al. 2013).
///
/// Nothing waits for the device: where the norm is not finite, neither are the gradients
/// afterwards, and it is for the caller to read the norm and skip the step.
///
/// - Returns: the norm before, without axes, in float32 or wider.
@discardableResult
public func clipGradients(of parameters: [Parameter], toNorm limit: Double) throws -> Tensor {
    let gradients = parameters.compactMap(\.gradient)
    let norm = try gradientNorm(gradients)
    let succeeded = Tensor.withHandles(gradients) {
        torch_clip_all($0, $0.count, norm.handle, limit)
    }
    guard succeeded else { throw TensorError.last("clipGradients", gradients) }
    return norm
}

/// The Euclidean norm of all elements of some tensors together, without axes.
public func gradientNorm(_ gradients: [Tensor]) throws -> Tensor {
    try Tensor.made("gradientNorm", gradients) {
        Tensor.withHandles(gradients) { torch_total_norm($0, $0.count) }
    }
}

/// Multiplies all gradients, for example by 1/n after n backward passes.
public func scaleGradients(of parameters: [Parameter], by factor: Double) throws {
    let gradients = parameters.compactMap(\.gradient)
    guard Tensor.withHandles(gradients, { torch_scale_all($0, $0.count, factor) }) else {
        throw TensorError.last("scaleGradients", gradients)
    }
}
