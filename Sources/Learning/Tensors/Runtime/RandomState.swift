import CTorch

/// The state of libtorch's default generators, which draw for `rand`, `randn`, dropout and the like.
///
/// A run that is to be repeated seeds them once; a run that is to be resumed keeps the state.
public struct RandomState {
    /// The states (`uint8`), the processor's first, then one for each CUDA device.
    public let tensors: [Tensor]

    /// Seeds the generators of all devices.
    public static func seed(_ seed: UInt64) { torch_seed(seed) }

    /// The states now.
    public static func current() throws -> RandomState {
        let devices = [Device.cpu] + (0..<Device.cudaDeviceCount).map { .cuda($0) }
        return RandomState(tensors: try devices.map(tensor(of:)))
    }

    /// States that `tensors` gave, on as many devices as there were.
    public init(tensors: [Tensor]) { self.tensors = tensors }

    /// Puts the generators where they were.
    ///
    /// - Throws: `TensorError` where a state is none of this version's, or of a device that is not
    ///   there.
    public func restore() throws {
        for (place, state) in tensors.enumerated() {
            try RandomState.set(state, of: place == 0 ? .cpu : .cuda(place - 1))
        }
    }

    static func tensor(of device: Device) throws -> Tensor {
        try Tensor.made("randomState") { torch_random_state(device.number) }
    }

    static func set(_ state: Tensor, of device: Device) throws {
        try state.change("setRandomState") { torch_set_random_state(device.number, $0) }
    }
}

/// A seed for one purpose: a hash of the run's seed and a name, so that a draw depends on neither
/// the order of work nor what else is drawn. The construction is that of Geometry's keyed generator:
/// FNV-1a over the UTF-8 bytes, then one step of SplitMix64.
public func keyedSeed(_ seed: UInt64, _ name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(seed)\0\(name)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var z = hash &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
}
