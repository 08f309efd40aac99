/// An array of numbers from a `.npy` file.
package struct NPYArray: Sendable, Equatable {
    /// The lengths of the axes; empty for a single number.
    package var shape: [Int]
    /// The elements in row-major (C) order. Integers above 2^53 are rounded.
    package var elements: [Double]

    /// An array of a shape that its elements fill.
    package init(shape: [Int], elements: [Double]) {
        self.shape = shape
        self.elements = elements
    }
}

/// The reader of NumPy's `.npy` files, versions 1 to 3: booleans, signed and unsigned integers and
/// floats of any size up to eight bytes, either byte order, C and Fortran order.
///
/// Pickled objects (`|O`) are refused: unpickling runs code.
package enum NPYReader {
    /// Reads one file.
    ///
    /// - Throws: ``AssetError/unreadable(path:reason:)``, ``AssetError/malformed(path:what:)``, or
    ///   ``AssetError/unsupported(path:what:)`` for element types that are no plain numbers.
    package static func array(
        path: String, limits: AssetLimits = .generous
    ) throws(AssetError) -> NPYArray {
        try array(
            reading: AssetFile.bytes(of: path, maximumByteCount: limits.fileBytes), path: path)
    }

    /// The array in the bytes of a file; `path` names it in errors.
    package static func array(reading bytes: [UInt8], path: String) throws(AssetError) -> NPYArray {
        let (header, dataStart) = try header(bytes, path: path)
        guard let element = NPYElement(header.descriptor) else {
            throw .unsupported(
                path: path,
                what: header.descriptor.hasSuffix("O")
                    ? "pickled Python objects; save plain numbers with numpy.save(path, "
                        + "numpy.asarray(values, dtype=float))"
                    : "elements of type \(header.descriptor); save floats or integers")
        }
        var count = 1
        for length in header.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow else { throw .malformed(path: path, what: "the shape overflows") }
            count = product
        }
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
        guard !overflow, byteCount <= bytes.count - dataStart else {
            throw .malformed(
                path: path,
                what: "shape \(header.shape) of \(header.descriptor) needs more than the "
                    + "\(bytes.count - dataStart) bytes of data")
        }
        var elements = bytes.withUnsafeBytes { raw in
            (0..<count).map { element.number(raw, at: dataStart + $0 * element.byteCount) }
        }
        if header.isFortranOrdered, header.shape.count > 1, count > 0 {
            elements = rowMajor(elements, shape: header.shape)
        }
        return NPYArray(shape: header.shape, elements: elements)
    }

    /// The header and where the data after it starts.
    private static func header(_ bytes: [UInt8], path: String) throws(AssetError)
        -> (NPYHeader, Int)
    {
        guard bytes.count >= 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw .malformed(path: path, what: "it does not begin as a .npy file")
        }
        guard (1...3).contains(bytes[6]) else {
            throw .unsupported(path: path, what: "version \(bytes[6]) of the .npy format")
        }
        let textStart = bytes[6] == 1 ? 10 : 12
        guard bytes.count >= textStart else {
            throw .malformed(path: path, what: "the header ends too early")
        }
        let length = bytes[8..<textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - textStart else {
            throw .malformed(path: path, what: "the header ends too early")
        }
        let text = String(decoding: bytes[textStart..<textStart + length], as: UTF8.self)
        do {
            return (try NPYHeader(text[...]), textStart + length)
        } catch {
            throw .malformed(path: path, what: error.what)
        }
    }

    /// Elements whose first index runs fastest, put so that the last one does.
    private static func rowMajor(_ elements: [Double], shape: [Int]) -> [Double] {
        var strides: [Int] = []
        var stride = 1
        for length in shape {
            strides.append(stride)
            stride *= length
        }
        var result: [Double] = []
        result.reserveCapacity(elements.count)
        var index = [Int](repeating: 0, count: shape.count)
        var source = 0
        for _ in elements.indices {
            result.append(elements[source])
            for axis in shape.indices.reversed() {
                index[axis] += 1
                source += strides[axis]
                guard index[axis] == shape[axis] else { break }
                source -= strides[axis] * shape[axis]
                index[axis] = 0
            }
        }
        return result
    }
}

/// How the bytes of an element make a number.
private struct NPYElement {
    enum Kind {
        case boolean, signed, unsigned, float
    }

    let kind: Kind
    let byteCount: Int
    let isBigEndian: Bool

    /// The element that a descriptor such as `<f4` names, or nil where it is no plain number.
    init?(_ descriptor: String) {
        let characters = Array(descriptor)
        guard characters.count == 3, let order = characters.first, "<>=|".contains(order),
            let byteCount = characters[2].wholeNumberValue
        else { return nil }
        switch (characters[1], byteCount) {
        case ("b", 1): kind = .boolean
        case ("i", 1), ("i", 2), ("i", 4), ("i", 8): kind = .signed
        case ("u", 1), ("u", 2), ("u", 4), ("u", 8): kind = .unsigned
        case ("f", 2), ("f", 4), ("f", 8): kind = .float
        default: return nil
        }
        self.byteCount = byteCount
        isBigEndian = order == ">"
    }

    func number(_ raw: UnsafeRawBufferPointer, at start: Int) -> Double {
        var bits: UInt64 = 0
        for k in 0..<byteCount {
            let byte = UInt64(raw[start + k])
            bits |= byte << UInt64(8 * (isBigEndian ? byteCount - 1 - k : k))
        }
        switch kind {
        case .boolean: return bits == 0 ? 0 : 1
        case .unsigned: return Double(bits)
        case .signed:
            let shift = UInt64(64 - 8 * byteCount)
            return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
        case .float:
            switch byteCount {
            case 2: return NPYElement.halfPrecision(UInt16(bits))
            case 4: return Double(Float(bitPattern: UInt32(bits)))
            default: return Double(bitPattern: bits)
            }
        }
    }

    /// The value of an IEEE 754 binary16 number; Swift has no such type on every processor.
    private static func halfPrecision(_ bits: UInt16) -> Double {
        let sign: Double = bits >> 15 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Double(bits & 0x3ff) / 1024
        switch exponent {
        case 0: return sign * fraction * 0x1p-14
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * (1 + fraction)
                * Double(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}
