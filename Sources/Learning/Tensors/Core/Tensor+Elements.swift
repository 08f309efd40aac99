import CTorch

extension Tensor {
    /// A tensor of an array's elements in row-major order.
    ///
    /// - Parameters:
    ///   - elements: as many as the shape has places.
    ///   - shape: nil for one axis.
    ///   - device: where the elements are copied to.
    public convenience init<Element: TensorElement>(
        _ elements: [Element], shape: [Int]? = nil, on device: Device = .cpu
    ) throws {
        let handle = try elements.withUnsafeBytes {
            try Tensor.copy($0, shape ?? [elements.count], Element.tensorType, device)
        }
        self.init(owning: handle)
    }

    /// A tensor of a copy of memory that holds elements densely in row-major order.
    ///
    /// - Throws: `TensorError` where the memory has not exactly the shape's size.
    public convenience init(
        copying bytes: UnsafeRawBufferPointer, shape: [Int], type: TensorType,
        on device: Device = .cpu
    ) throws {
        self.init(owning: try Tensor.copy(bytes, shape, type, device))
    }

    private static func copy(
        _ bytes: UnsafeRawBufferPointer, _ shape: [Int], _ type: TensorType, _ device: Device
    ) throws -> OpaquePointer {
        try requireSize(bytes.count, shape, type)
        let here = withUnsafePointer(to: 0) { nowhere in
            torch_from_bytes(
                bytes.baseAddress ?? UnsafeRawPointer(nowhere), shape, shape.count,
                type.rawValue)
        }
        guard let here else { throw TensorError.last("init") }
        guard device.isCUDA else { return here }
        defer { torch_release(here) }
        guard let there = torch_to(here, -1, device.number, false, false) else {
            throw TensorError.last("to")
        }
        return there
    }

    /// A tensor that shows memory of somebody else's, without a copy: a mapped file, a buffer.
    ///
    /// - Parameters:
    ///   - bytes: the elements, densely in row-major order, aligned for their type. Read-only
    ///     memory must not be changed in place.
    ///   - owner: kept alive as long as any tensor shows the memory; let go on whatever thread the
    ///     last of them goes.
    /// - Throws: `TensorError` where the memory has not exactly the shape's size.
    public convenience init(
        showing bytes: UnsafeRawBufferPointer, shape: [Int], type: TensorType, owner: AnyObject
    ) throws {
        try Tensor.requireSize(bytes.count, shape, type)
        guard let base = bytes.baseAddress else {
            self.init(owning: try Tensor.copy(bytes, shape, type, .cpu))
            return
        }
        guard Int(bitPattern: base) % type.byteCount == 0 else {
            throw TensorError(
                operation: "init", message: "memory is not aligned for elements of \(type)")
        }
        let held = Unmanaged.passRetained(owner).toOpaque()
        let handle = torch_from_memory(
            UnsafeMutableRawPointer(mutating: base), shape, shape.count, type.rawValue, held
        ) { Unmanaged<AnyObject>.fromOpaque($0).release() }
        guard let handle else { throw TensorError.last("init") }
        self.init(owning: handle)
    }

    private static func requireSize(_ byteCount: Int, _ shape: [Int], _ type: TensorType) throws {
        var expected = type.byteCount
        var overflows = false
        for size in shape {
            let (product, overflow) = expected.multipliedReportingOverflow(by: size)
            overflows = overflows || overflow || size < 0
            expected = product
        }
        guard !overflows, expected == byteCount else {
            throw TensorError(
                operation: "init",
                message: "\(type)\(shape) has \(overflows ? "too many" : "\(expected)") bytes, "
                    + "the memory \(byteCount)")
        }
    }

    /// The elements in row-major order, converted to `Element`. Waits for the device.
    public final func elements<Element: TensorElement>(
        as element: Element.Type = Element.self
    ) throws -> [Element] {
        let count = self.count
        var succeeded = true
        let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialised in
            withExtendedLifetime(self) {
                withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { nowhere in
                    succeeded = torch_read(
                        handle, Element.tensorType.rawValue,
                        buffer.baseAddress ?? nowhere.baseAddress!,
                        count * MemoryLayout<Element>.stride)
                }
            }
            initialised = succeeded ? count : 0
        }
        guard succeeded else { throw TensorError.last("elements", [self]) }
        return result
    }

    /// The only element, as a real number. Waits for the device.
    ///
    /// - Throws: `TensorError` where there is not exactly one element.
    public final func item() throws -> Double {
        var value = 0.0
        try change("item") { torch_item_double($0, &value) }
        return value
    }

    /// The only element, as a whole number. Waits for the device.
    ///
    /// - Throws: `TensorError` where there is not exactly one element, or it is not whole.
    public final func integer() throws -> Int {
        var value: Int64 = 0
        try change("integer") { torch_item_integer($0, &value) }
        return Int(value)
    }

    /// Calls `body` with the elements' memory, densely in row-major order.
    ///
    /// The memory is a copy where the tensor is not contiguous or lies on another device.
    public final func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let dense = try detached().to(.cpu).contiguous()
        return try withExtendedLifetime(dense) {
            try body(
                UnsafeRawBufferPointer(
                    start: torch_data(dense.handle), count: dense.count * dense.type.byteCount))
        }
    }

    /// Calls `body` with the memory of a contiguous tensor of the processor, to be written.
    ///
    /// - Throws: `TensorError` where the tensor is not contiguous or lies elsewhere.
    public final func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard device == .cpu, hasMemory, isContiguous else {
            throw TensorError(
                operation: "withUnsafeMutableBytes",
                message: "the tensor is not contiguous memory of the processor", operands: [self])
        }
        return try withExtendedLifetime(self) {
            try body(
                UnsafeMutableRawBufferPointer(
                    start: torch_data(handle), count: count * type.byteCount))
        }
    }

    /// This tensor on a device; itself where it lies there already.
    ///
    /// - Parameter waiting: false lets a copy from pinned memory overlap with other work.
    public final func to(_ device: Device, waiting: Bool = true) throws -> Tensor {
        try made("to") { torch_to($0, -1, device.number, !waiting, false) }
    }

    /// A copy in memory that CUDA devices read directly, so that `to` need not wait.
    ///
    /// - Throws: `TensorError` also where there is no CUDA device.
    public final func pinned() throws -> Tensor { try made("pinned", torch_pin_memory) }

    /// This tensor with elements of a type; itself where they are already.
    public final func to(_ type: TensorType) throws -> Tensor {
        try made("to") { torch_to($0, type.rawValue, -2, false, false) }
    }

    /// This tensor with elements of a type on a device; itself where nothing changes.
    public final func to(_ type: TensorType, on device: Device) throws -> Tensor {
        try made("to") { torch_to($0, type.rawValue, device.number, false, false) }
    }

    /// Copies another tensor's elements here, converted and broadcast.
    public final func copyInPlace(from other: Tensor) throws {
        try change("copyInPlace", by: other, torch_copy_)
    }
}
