import CTorch

/// Runs `body` without keeping what its backward pass needs, and runs it again when that is due
/// (Chen et al. 2016): memory for one more forward pass of time.
///
/// Random draws and mixed precision are the same both times, so values and gradients are those of
/// `body` itself. Under `withoutGradients` it is `body` itself.
///
/// - Parameters:
///   - inputs: all tensors that come from outside and need gradients, parameters apart.
///   - parameters: the leaves that `body` uses; a leaf that is left out gets no gradient.
///   - body: makes outputs of inputs. It is called twice, and must do the same both times.
/// - Throws: what `body` throws; in the backward pass, `TensorError` with its words.
public func checkpointed(
    _ inputs: [Tensor], parameters: [Tensor], _ body: @escaping ([Tensor]) throws -> [Tensor]
) throws -> [Tensor] {
    guard Tensor.recordsGradients else { return try body(inputs) }
    let parameters = parameters.filter(\.requiresGradient)
    let conditions = try Conditions.captured(on: inputs.first?.device ?? .cpu)
    let outputs = try withoutGradients { try withoutCastCache { try body(inputs) } }
    return try Tensor.attachBackward(to: outputs, from: inputs + parameters) { gradients in
        try conditions.reproduced {
            try recordingGradients(true) {
                let again = try inputs.map {
                    try $0.detached().requireGradient($0.requiresGradient)
                }
                let outputs = try body(again)
                let used = outputs.indices.filter {
                    outputs[$0].requiresGradient && gradients[$0] != nil
                }
                let sources = again.filter(\.requiresGradient) + parameters
                var found = try Tensor.gradients(
                    of: used.map { outputs[$0] }, by: sources, seeds: used.map { gradients[$0] }
                )[...]
                return again.map { $0.requiresGradient ? found.removeFirst() : nil } + found
            }
        }
    }
}

/// What the second run of a checkpointed body must find as the first did.
private struct Conditions {
    let device: Device
    let random: Tensor
    let deviceRandom: Tensor?
    let autocast: [Autocast]

    static func captured(on device: Device) throws -> Conditions {
        Conditions(
            device: device, random: try RandomState.tensor(of: .cpu),
            deviceRandom: device.isCUDA ? try RandomState.tensor(of: device) : nil,
            autocast: [Autocast.current(cuda: false), Autocast.current(cuda: true)])
    }

    func reproduced<Result>(_ body: () throws -> Result) throws -> Result {
        let before = try Conditions.captured(on: device)
        try restore()
        defer {
            // The states were just read from the generators: setting them cannot fail.
            try? before.restore()
        }
        return try autocast[0].applied {
            try autocast[1].applied { try withoutCastCache(body) }
        }
    }

    private func restore() throws {
        try RandomState.set(random, of: .cpu)
        if let deviceRandom { try RandomState.set(deviceRandom, of: device) }
    }
}
