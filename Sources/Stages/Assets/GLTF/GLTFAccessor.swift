/// How an accessor's numbers lie in the buffers; everything in it was checked against their
/// lengths.
struct GLTFAccessor {
    /// The stored type of a component.
    enum Component: Int {
        case int8 = 5120
        case uint8 = 5121
        case int16 = 5122
        case uint16 = 5123
        case uint32 = 5125
        case float = 5126

        /// Bytes.
        var size: Int {
            switch self {
            case .int8, .uint8: 1
            case .int16, .uint16: 2
            case .uint32, .float: 4
            }
        }
    }

    /// Elements at a fixed distance in a buffer.
    struct Run {
        /// Index of the buffer.
        var buffer: Int
        /// Bytes from the buffer's start to the first element.
        var offset: Int
        /// Bytes from an element to the next.
        var stride: Int
    }

    /// Elements that replace some of the others.
    struct Sparse {
        var count: Int
        var indices: Run
        var indexComponent: Component
        var values: Run
    }

    /// Elements.
    var count: Int
    /// Components an element.
    var width: Int
    var component: Component
    /// Whether integers stand for fractions.
    var normalized: Bool
    /// The elements; nil where all are zero.
    var run: Run?
    var sparse: Sparse?
    /// Where the accessor stands in the JSON.
    var place: GLTFPlace

    /// Components of an element type; nil for types that nothing here has.
    static func width(of type: String) -> Int? {
        switch type {
        case "SCALAR": 1
        case "VEC2": 2
        case "VEC3": 3
        case "VEC4": 4
        case "MAT4": 16
        default: nil
        }
    }
}

extension GLTFReader {
    /// The accessor at an index that was checked.
    mutating func accessor(_ index: Int) throws(GLTFError) -> GLTFAccessor {
        let object = accessors[index]
        let place = object.place
        guard
            let component = GLTFAccessor.Component(
                rawValue: try object.requiredCount("componentType"))
        else { throw .malformed("\(place) has an unknown componentType") }
        let type = object.string("type") ?? "none"
        guard let width = GLTFAccessor.width(of: type) else {
            throw .malformed("\(place) has the type \(type.prefix(40))")
        }
        var accessor = GLTFAccessor(
            count: try object.requiredCount("count"), width: width, component: component,
            normalized: object.member("normalized")?.bool ?? false, place: place)
        accessor.run = try run(
            object, count: accessor.count, size: width * component.size)
        if let sparse = object.object("sparse") {
            let count = try sparse.requiredCount("count")
            guard let indices = sparse.object("indices"), let values = sparse.object("values"),
                let indexComponent = GLTFAccessor.Component(
                    rawValue: try indices.requiredCount("componentType")),
                let indexRun = try run(indices, count: count, size: indexComponent.size),
                let valueRun = try run(values, count: count, size: width * component.size),
                count <= accessor.count
            else { throw .malformed("\(sparse.place) is incomplete") }
            accessor.sparse = GLTFAccessor.Sparse(
                count: count, indices: indexRun, indexComponent: indexComponent, values: valueRun)
        }
        return accessor
    }

    /// The elements to which an accessor or a part of a sparse one points, checked to lie within
    /// their view and the view within its buffer; nil where there is no view.
    private mutating func run(_ object: GLTFObject, count: Int, size: Int) throws(GLTFError)
        -> GLTFAccessor.Run?
    {
        guard let viewIndex = try object.index("bufferView", below: bufferViews.count) else {
            return nil
        }
        let view = try bufferView(viewIndex)
        let offset = try object.count("byteOffset") ?? 0
        // Some writers state a stride of zero where they mean none.
        let stride = view.stride == 0 ? size : view.stride
        let place = object.place
        guard count > 0 else {
            return GLTFAccessor.Run(buffer: view.buffer, offset: 0, stride: stride)
        }
        guard stride >= size else {
            throw .malformed("\(place) has elements of \(size) bytes every \(stride) bytes")
        }
        let (last, overflow) = stride.multipliedReportingOverflow(by: count - 1)
        let (end, overflow2) = last.addingReportingOverflow(size)
        guard !overflow, !overflow2, offset <= view.range.count, end <= view.range.count - offset
        else {
            throw .malformed(
                "\(place) has \(count) elements at byte \(offset), which the \(view.range.count) "
                    + "bytes of bufferViews[\(viewIndex)] do not hold")
        }
        return GLTFAccessor.Run(
            buffer: view.buffer, offset: view.range.lowerBound + offset, stride: stride)
    }
}

// MARK: - Numbers

extension GLTFReader {
    /// An accessor's numbers, `[count, width]`.
    ///
    /// - Parameters:
    ///   - widths: the widths that the caller can use.
    ///   - fraction: whether integers stand for fractions even where the file forgot to say so.
    mutating func floats(_ accessor: GLTFAccessor, widths: ClosedRange<Int>, fraction: Bool = false)
        throws(GLTFError) -> [Float]
    {
        guard widths.contains(accessor.width) else {
            throw .malformed("\(accessor.place) has \(accessor.width) components an element")
        }
        try charge(accessor.count, elementsOf: accessor.width * 4, for: accessor.place)
        let scale = fraction || accessor.normalized
        var numbers = [Float](repeating: 0, count: accessor.count * accessor.width)
        if let run = accessor.run {
            try read(run, accessor, count: accessor.count, scaled: scale, into: &numbers)
        }
        guard let sparse = accessor.sparse else { return numbers }
        let positions = try sparseIndices(sparse, below: accessor.count, accessor.place)
        var values = [Float](repeating: 0, count: sparse.count * accessor.width)
        try read(sparse.values, accessor, count: sparse.count, scaled: scale, into: &values)
        for (i, position) in positions.enumerated() {
            for c in 0..<accessor.width {
                numbers[Int(position) * accessor.width + c] = values[i * accessor.width + c]
            }
        }
        return numbers
    }

    /// An accessor's unsigned integers, `[count, width]`: vertex or joint indices.
    mutating func integers(_ accessor: GLTFAccessor, width: Int) throws(GLTFError) -> [UInt32] {
        guard accessor.width == width else {
            throw .malformed("\(accessor.place) has \(accessor.width) components an element")
        }
        try charge(accessor.count, elementsOf: width * 4, for: accessor.place)
        var numbers = [UInt32](repeating: 0, count: accessor.count * width)
        if let run = accessor.run {
            try read(
                run, accessor.component, count: accessor.count, width: width, accessor.place,
                into: &numbers)
        }
        guard let sparse = accessor.sparse else { return numbers }
        let positions = try sparseIndices(sparse, below: accessor.count, accessor.place)
        var values = [UInt32](repeating: 0, count: sparse.count * width)
        try read(
            sparse.values, accessor.component, count: sparse.count, width: width, accessor.place,
            into: &values)
        for (i, position) in positions.enumerated() {
            for c in 0..<width { numbers[Int(position) * width + c] = values[i * width + c] }
        }
        return numbers
    }

    private mutating func sparseIndices(
        _ sparse: GLTFAccessor.Sparse, below count: Int, _ place: GLTFPlace
    ) throws(GLTFError) -> [UInt32] {
        var indices = [UInt32](repeating: 0, count: sparse.count)
        try read(
            sparse.indices, sparse.indexComponent, count: sparse.count, width: 1, place,
            into: &indices)
        guard indices.allSatisfy({ Int($0) < count }) else {
            throw .malformed("\(place).sparse replaces elements that are absent")
        }
        return indices
    }

    private mutating func read(
        _ run: GLTFAccessor.Run, _ component: GLTFAccessor.Component, count: Int, width: Int,
        _ place: GLTFPlace, into numbers: inout [UInt32]
    ) throws(GLTFError) {
        let bytes = try buffer(run.buffer).bytes
        switch component {
        case .uint8:
            gather(bytes, run, count, width, into: &numbers) { (x: UInt8) in UInt32(x) }
        case .uint16:
            gather(bytes, run, count, width, into: &numbers) { (x: UInt16) in
                UInt32(UInt16(littleEndian: x))
            }
        case .uint32:
            gather(bytes, run, count, width, into: &numbers) { (x: UInt32) in
                UInt32(littleEndian: x)
            }
        case .int8, .int16, .float:
            throw .malformed("\(place) holds indices that are not of an unsigned type")
        }
    }

    /// Reads numbers; integers that stand for fractions are divided by their largest value
    /// (glTF 2.0, section 3.11).
    private mutating func read(
        _ run: GLTFAccessor.Run, _ accessor: GLTFAccessor, count: Int, scaled: Bool,
        into numbers: inout [Float]
    ) throws(GLTFError) {
        let bytes = try buffer(run.buffer).bytes
        let width = accessor.width
        switch accessor.component {
        case .float:
            gather(bytes, run, count, width, into: &numbers) { (x: UInt32) in
                Float(bitPattern: UInt32(littleEndian: x))
            }
        case .uint8:
            let factor: Float = scaled ? 255 : 1
            gather(bytes, run, count, width, into: &numbers) { (x: UInt8) in Float(x) / factor }
        case .uint16:
            let factor: Float = scaled ? 65535 : 1
            gather(bytes, run, count, width, into: &numbers) { (x: UInt16) in
                Float(UInt16(littleEndian: x)) / factor
            }
        case .int8:
            gather(bytes, run, count, width, into: &numbers) { (x: Int8) in
                scaled ? max(Float(x) / 127, -1) : Float(x)
            }
        case .int16:
            gather(bytes, run, count, width, into: &numbers) { (x: Int16) in
                let number = Float(Int16(littleEndian: x))
                return scaled ? max(number / 32767, -1) : number
            }
        case .uint32:
            gather(bytes, run, count, width, into: &numbers) { (x: UInt32) in
                Float(UInt32(littleEndian: x))
            }
        }
    }
}

/// Reads `count` elements of `width` components. The run was checked against the bytes when its
/// accessor was read; reading outside them traps.
@inline(__always)
private func gather<Stored: BitwiseCopyable, Number>(
    _ bytes: [UInt8], _ run: GLTFAccessor.Run, _ count: Int, _ width: Int,
    into numbers: inout [Number], _ convert: (Stored) -> Number
) {
    let size = MemoryLayout<Stored>.size
    bytes.withUnsafeBytes { raw in
        precondition(
            count == 0 || run.offset + (count - 1) * run.stride + width * size <= raw.count,
            "an accessor was checked against its buffer")
        numbers.withUnsafeMutableBufferPointer { out in
            // One loop over what is packed, which the compiler turns into wide loads.
            if run.stride == width * size {
                for i in 0..<count * width {
                    out[i] = convert(
                        raw.loadUnaligned(fromByteOffset: run.offset + i * size, as: Stored.self))
                }
                return
            }
            for i in 0..<count {
                let element = run.offset + i * run.stride
                for c in 0..<width {
                    out[i * width + c] = convert(
                        raw.loadUnaligned(fromByteOffset: element + c * size, as: Stored.self))
                }
            }
        }
    }
}
