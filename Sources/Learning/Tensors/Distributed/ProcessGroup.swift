import CTorch
import Foundation

/// Several processes that train together: c10d's process groups. Tensors of the processor travel by
/// Gloo; those of CUDA devices by NCCL where `hasNCCL`, else by Gloo through the processor's memory.
///
/// All processes must call the same operations in the same order.
public final class ProcessGroup {
    /// This process's number, from 0.
    public let rank: Int
    /// How many processes there are.
    public let size: Int
    private let handle: OpaquePointer

    /// Where the processes meet.
    public struct Meeting: Sendable, Equatable {
        /// This process's number, from 0.
        public var rank: Int
        /// How many processes there are.
        public var size: Int
        /// The name or address of process 0's machine.
        public var host: String
        /// A port there.
        public var port: Int
        /// Whether the launcher serves the store; else process 0 does.
        public var storeIsServed = false
        /// Keeps this run's keys apart from others'.
        public var prefix = "muybridge"
        /// How long to wait for the others, at the start and in every operation.
        public var timeoutSeconds = 1800.0

        /// A meeting of processes.
        public init(rank: Int, size: Int, host: String = "127.0.0.1", port: Int) {
            self.rank = rank
            self.size = size
            self.host = host
            self.port = port
        }

        /// What torchrun (and most schedulers' scripts) set: RANK, WORLD_SIZE, MASTER_ADDR and
        /// MASTER_PORT.
        ///
        /// - Returns: nil where RANK and WORLD_SIZE are not set: the process is alone.
        /// - Throws: `TensorError` where they are set and make no sense.
        public init?(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
            guard environment["RANK"] != nil || environment["WORLD_SIZE"] != nil else { return nil }
            func number(_ name: String) throws -> Int {
                guard let value = environment[name].flatMap({ Int($0) }), value >= 0 else {
                    throw TensorError(
                        operation: "processGroup",
                        message: "\(name) is \(environment[name] ?? "not set"), not a number")
                }
                return value
            }
            self.init(
                rank: try number("RANK"), size: try number("WORLD_SIZE"),
                host: environment["MASTER_ADDR"] ?? "127.0.0.1", port: try number("MASTER_PORT"))
            guard rank < size else {
                throw TensorError(
                    operation: "processGroup", message: "RANK is \(rank) of \(size) processes")
            }
            storeIsServed = environment["TORCHELASTIC_USE_AGENT_STORE"] == "True"
            prefix = "/muybridge/attempt_\(environment["TORCHELASTIC_RESTART_COUNT"] ?? "0")"
        }
    }

    /// Whether this program was built with NCCL and libtorch can use CUDA.
    public static var hasNCCL: Bool { torch_group_has_nccl() }

    /// The CUDA device of this process on its machine, by LOCAL_RANK; the processor where there
    /// are none.
    public static func localDevice(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Device {
        let devices = Device.cudaDeviceCount
        guard devices > 0 else { return .cpu }
        return .cuda((environment["LOCAL_RANK"].flatMap { Int($0) } ?? 0) % devices)
    }

    /// Meets the others; returns when all are there.
    ///
    /// - Throws: `TensorError` where they are not within the meeting's timeout.
    public init(_ meeting: Meeting) throws {
        rank = meeting.rank
        size = meeting.size
        let handle = torch_group_create(
            meeting.host, Int32(meeting.port), meeting.storeIsServed, meeting.prefix,
            Int32(meeting.rank), Int32(meeting.size), meeting.timeoutSeconds)
        guard let handle else { throw TensorError.last("processGroup") }
        self.handle = handle
    }

    deinit { torch_group_release(handle) }

    /// Replaces a tensor by the sum of all processes' tensors.
    public func sumInPlace(_ tensor: Tensor) throws {
        try tensor.change("sumInPlace") { torch_group_sum(handle, $0) }
    }

    /// Replaces a tensor by that of one process.
    public func broadcastInPlace(_ tensor: Tensor, from root: Int = 0) throws {
        try tensor.change("broadcastInPlace") { torch_group_broadcast(handle, $0, Int32(root)) }
    }

    /// All processes' tensors, of one shape, in the order of ranks.
    public func gather(_ tensor: Tensor) throws -> [Tensor] {
        let dense = try tensor.detached().contiguous()
        return try Tensor.made("gather", count: size, [tensor]) {
            torch_group_gather(handle, dense.handle, $0, size)
        }.map { $0! }
    }

    /// Waits until all processes are here.
    public func barrier() throws {
        guard torch_group_barrier(handle) else { throw TensorError.last("barrier") }
    }
}
