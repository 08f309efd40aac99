import CTorch

/// Where a tensor's elements lie.
public enum Device: Hashable, Sendable, CustomStringConvertible {
    /// The processor's memory.
    case cpu
    /// A CUDA device, counted from 0.
    case cuda(Int)

    /// The first CUDA device where libtorch has one, else the processor.
    public static var best: Device { cudaDeviceCount > 0 ? .cuda(0) : .cpu }

    /// How many CUDA devices libtorch sees; 0 where it was built without CUDA.
    public static var cudaDeviceCount: Int { Int(torch_cuda_count()) }

    /// `cpu`, `cuda` (the first) or `cuda:1`.
    ///
    /// - Returns: nil where the text is none of these.
    public init?(_ text: String) {
        if text == "cpu" {
            self = .cpu
        } else if text == "cuda" {
            self = .cuda(0)
        } else if text.hasPrefix("cuda:"), let index = Int(text.dropFirst(5)), index >= 0 {
            self = .cuda(index)
        } else {
            return nil
        }
    }

    /// The name by which `init` makes it again.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        }
    }

    /// Whether this is a CUDA device.
    public var isCUDA: Bool { self != .cpu }

    var number: Int32 {
        switch self {
        case .cpu: -1
        case .cuda(let index): Int32(index)
        }
    }

    init(number: Int32) { self = number < 0 ? .cpu : .cuda(Int(number)) }

    /// Waits until the device has done all that was asked of it; the processor always has.
    ///
    /// - Throws: `TensorError` where the device failed.
    public func synchronise() throws {
        guard case .cuda(let index) = self else { return }
        guard torch_cuda_synchronise(Int32(index)) else { throw TensorError.last("synchronise") }
    }

    /// Bytes that tensors hold on a CUDA device, now and at most since `resetPeakMemory`.
    ///
    /// - Throws: `TensorError` for the processor, and where libtorch is older than 2.9.
    public func memory() throws -> (allocated: Int, peak: Int) {
        var allocated: Int64 = 0
        var peak: Int64 = 0
        guard isCUDA else {
            throw TensorError(operation: "memory", message: "only CUDA devices count their memory")
        }
        guard torch_cuda_memory(number, &allocated, &peak) else { throw TensorError.last("memory") }
        return (Int(allocated), Int(peak))
    }

    /// Begins a new count of the most memory held.
    ///
    /// - Throws: as `memory`.
    public func resetPeakMemory() throws {
        guard isCUDA else {
            throw TensorError(operation: "memory", message: "only CUDA devices count their memory")
        }
        guard torch_cuda_reset_peak(number) else { throw TensorError.last("resetPeakMemory") }
    }
}
