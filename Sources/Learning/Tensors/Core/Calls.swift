import CTorch

// How operations call the C functions: nothing is allocated but the result, and the operands live
// until the call is done. Names and shapes are put together only after a failure.

extension Tensor {
    /// The result of a call that gives a reference, or the library's error.
    @inline(__always)
    static func made(
        _ operation: StaticString, _ operands: @autoclosure () -> [Tensor] = [],
        _ call: () -> OpaquePointer?
    ) throws -> Tensor {
        guard let handle = call() else { throw TensorError.last(operation, operands()) }
        return Tensor(owning: handle)
    }

    /// The result of a call on this tensor alone.
    @inline(__always)
    final func made(
        _ operation: StaticString, _ call: (OpaquePointer) -> OpaquePointer?
    ) throws -> Tensor {
        guard let handle = withExtendedLifetime(self, { call(handle) }) else {
            throw TensorError.last(operation, [self])
        }
        return Tensor(owning: handle)
    }

    /// The result of a call on this tensor and another.
    @inline(__always)
    final func made(
        _ operation: StaticString, with other: Tensor,
        _ call: (OpaquePointer, OpaquePointer) -> OpaquePointer?
    ) throws -> Tensor {
        let result = withExtendedLifetime((self, other)) { call(handle, other.handle) }
        guard let result else { throw TensorError.last(operation, [self, other]) }
        return Tensor(owning: result)
    }

    /// The result of a call on this tensor and two others.
    @inline(__always)
    final func made(
        _ operation: StaticString, with a: Tensor, _ b: Tensor,
        _ call: (OpaquePointer, OpaquePointer, OpaquePointer) -> OpaquePointer?
    ) throws -> Tensor {
        let result = withExtendedLifetime((self, a, b)) { call(handle, a.handle, b.handle) }
        guard let result else { throw TensorError.last(operation, [self, a, b]) }
        return Tensor(owning: result)
    }

    /// A call that changes this tensor.
    @inline(__always)
    final func change(_ operation: StaticString, _ call: (OpaquePointer) -> Bool) throws {
        guard withExtendedLifetime(self, { call(handle) }) else {
            throw TensorError.last(operation, [self])
        }
    }

    /// A call that changes this tensor by another.
    @inline(__always)
    final func change(
        _ operation: StaticString, by other: Tensor, _ call: (OpaquePointer, OpaquePointer) -> Bool
    ) throws {
        guard withExtendedLifetime((self, other), { call(handle, other.handle) }) else {
            throw TensorError.last(operation, [self, other])
        }
    }

    /// Calls `body` with the tensors' references, which live until it returns.
    @inline(__always)
    static func withHandles<Result>(
        _ tensors: [Tensor], _ body: ([OpaquePointer?]) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(tensors) { try body(tensors.map { $0.handle }) }
    }

    /// Calls `body` with the tensors' references, null for an absent one.
    static func withHandles<Result>(
        _ tensors: [Tensor?], _ body: ([OpaquePointer?]) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(tensors) { try body(tensors.map { $0?.handle }) }
    }

    /// The tensors that a call writes to an array of `count` places; places left null are nil.
    static func made(
        _ operation: StaticString, count: Int, _ operands: @autoclosure () -> [Tensor],
        _ call: (UnsafeMutablePointer<OpaquePointer?>) -> Bool
    ) throws -> [Tensor?] {
        try withUnsafeTemporaryAllocation(of: OpaquePointer?.self, capacity: max(count, 1)) {
            places in
            places.initialize(repeating: nil)
            let succeeded = call(places.baseAddress!)
            let results = places.prefix(count).map { $0.map(Tensor.init(owning:)) }
            guard succeeded else { throw TensorError.last(operation, operands()) }
            return results
        }
    }
}
