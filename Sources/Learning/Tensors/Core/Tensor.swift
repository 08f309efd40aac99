import CTorch
import Foundation

/// An array of numbers with any number of axes, on some device, with gradients: libtorch's tensor.
///
/// A `Tensor` is one counted reference to the library's own object, as in Python: assigning it
/// copies no elements, and operations whose name ends in `InPlace` change what all references see.
/// Everything else makes a new tensor, which may show the same memory (`reshaped`, `transposed`,
/// slices). Memory is free at the instant the last reference goes.
///
/// Operations throw `TensorError`, with the operation's name and the operands' shapes: one `try`
/// covers a whole expression, `try x + attention(norm(x)) * 0.5`.
///
/// - Note: Tensors may be read on many threads at once, and references may go on any thread.
///   Whoever changes a tensor in place, sets or accumulates its gradient, must be the only one to
///   use it meanwhile. The compiler cannot see which methods do, hence `@unchecked`.
public class Tensor: @unchecked Sendable {
    final let handle: OpaquePointer

    /// Takes over a reference that the caller owns.
    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { torch_release(handle) }

    /// The number of axes.
    public final var rank: Int { withExtendedLifetime(self) { torch_rank(handle) } }

    /// The length of every axis.
    public final var shape: [Int] {
        withExtendedLifetime(self) {
            let rank = torch_rank(handle)
            return [Int](unsafeUninitializedCapacity: rank) { buffer, count in
                if let base = buffer.baseAddress { torch_shape(handle, base) }
                count = rank
            }
        }
    }

    /// How many elements apart neighbours along each axis lie in memory.
    public final var strides: [Int] {
        withExtendedLifetime(self) {
            let rank = torch_rank(handle)
            return [Int](unsafeUninitializedCapacity: rank) { buffer, count in
                if let base = buffer.baseAddress { torch_strides(handle, base) }
                count = rank
            }
        }
    }

    /// The length of one axis; negative axes count from the end.
    ///
    /// - Precondition: the tensor has that axis.
    public final func size(_ axis: Int) -> Int {
        let size = withExtendedLifetime(self) { torch_size(handle, axis) }
        precondition(size >= 0, "\(form) has no axis \(axis)")
        return size
    }

    /// The number of elements.
    public final var count: Int { withExtendedLifetime(self) { torch_count(handle) } }

    /// What the elements are.
    ///
    /// - Precondition: it is one of `TensorType`; others (complex numbers, int8) come only from
    ///   operations that this module does not offer.
    public final var type: TensorType {
        let number = withExtendedLifetime(self) { torch_type(handle) }
        guard let type = TensorType(rawValue: number) else {
            preconditionFailure("a tensor of a type that TensorType does not name")
        }
        return type
    }

    /// Where the elements lie.
    public final var device: Device {
        Device(number: withExtendedLifetime(self) { torch_device(handle) })
    }

    /// Whether there are elements at all: parameters made in `Module.withoutMemory` have none, and
    /// `.cpu` for a device.
    public final var hasMemory: Bool { withExtendedLifetime(self) { torch_has_memory(handle) } }

    /// Whether the elements lie densely in row-major order.
    public final var isContiguous: Bool {
        withExtendedLifetime(self) { torch_is_contiguous(handle) }
    }

    /// Whether both tensors show the same memory.
    public final func sharesMemory(with other: Tensor) -> Bool {
        withExtendedLifetime((self, other)) { torch_shares_storage(handle, other.handle) }
    }

    /// Element type and shape: `float32[2, 3]`.
    public final var form: String {
        let type = TensorType(rawValue: withExtendedLifetime(self) { torch_type(handle) })
        return "\(type?.description ?? "other")\(shape)"
    }

    /// References to tensors that are alive in the whole process: what a test for leaks counts.
    public static var liveCount: Int { Int(torch_live_handles()) }
}

extension Tensor: CustomStringConvertible {
    /// The elements as libtorch prints them; of more than 1,000, type, shape and device alone.
    public var description: String {
        guard count <= 1000 else { return "\(form) on \(device)" }
        return withExtendedLifetime(self) {
            guard let text = torch_description(handle) else { return form }
            defer { free(text) }
            return String(cString: text)
        }
    }
}
