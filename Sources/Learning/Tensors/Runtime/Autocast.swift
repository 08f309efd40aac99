import CTorch

/// Mixed precision: inside, products and convolutions run in a narrow type, and what needs range
/// (norms, softmax, losses) in float32. Parameters stay float32.
public struct Autocast: Sendable {
    /// For CUDA devices, else for the processor.
    public let cuda: Bool
    /// The narrow type: `bfloat16`, or `float16` on CUDA devices.
    public let type: TensorType
    /// Whether it is on.
    public let isEnabled: Bool

    /// What holds on this thread.
    public static func current(cuda: Bool) -> Autocast {
        let state = torch_autocast_state(cuda)
        return Autocast(
            cuda: cuda, type: TensorType(rawValue: state.type) ?? .bfloat16,
            isEnabled: state.enabled)
    }

    /// Runs `body` with these settings on this thread.
    public func applied<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = torch_autocast_enter(cuda, type.rawValue, isEnabled)
        defer { torch_autocast_leave(before) }
        return try body()
    }
}

/// Runs `body` in mixed precision on this thread; the backward pass belongs outside.
public func autocast<Result>(
    to type: TensorType = .bfloat16, on device: Device, enabled: Bool = true,
    _ body: () throws -> Result
) rethrows -> Result {
    try Autocast(cuda: device.isCUDA, type: type, isEnabled: enabled).applied(body)
}

/// Runs `body` without keeping weights that were cast: a cast made while nothing is recorded must
/// not be used by what is.
func withoutCastCache<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = torch_autocast_cache(false)
    defer { _ = torch_autocast_cache(before) }
    return try body()
}
