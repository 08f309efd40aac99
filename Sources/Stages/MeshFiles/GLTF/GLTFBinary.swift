import Foundation
import Geometry

/// The binary buffer of a glTF file under construction, with the views and accessors into it.
///
/// Every accessor has a view of its own, which starts at a multiple of four bytes; elements of
/// vertex attributes are multiples of four bytes too (glTF 2.0, section 3.6.2.4).
struct GLTFBinary {
    private(set) var buffer = ByteBuffer()
    private(set) var views: [OrderedJSON] = []
    private(set) var accessors: [OrderedJSON] = []
    private var timeAccessors: [[Float]: Int] = [:]

    /// What a buffer view is bound to, with OpenGL's codes.
    enum Target: Int {
        case vertices = 34962
        case indices = 34963
    }

    /// Adds bytes of their own view and returns the view's index.
    mutating func addView(_ bytes: ByteBuffer, target: Target? = nil) -> Int {
        buffer.pad(to: 4)
        var view: [(String, OrderedJSON)] = [
            ("buffer", .integer(0)), ("byteOffset", .integer(buffer.count)),
            ("byteLength", .integer(bytes.count)),
        ]
        if let target { view.append(("target", .integer(target.rawValue))) }
        buffer.append(contentsOf: bytes.bytes)
        views.append(.object(view))
        return views.count - 1
    }

    /// Adds an accessor over `bytes` and returns its index.
    mutating func addAccessor(
        _ bytes: ByteBuffer, component: GLTFDocument.Component, normalized: Bool = false,
        count: Int, type: String, target: Target? = nil, bounds: [(String, OrderedJSON)] = []
    ) -> Int {
        let view = addView(bytes, target: target)
        var accessor: [(String, OrderedJSON)] = [
            ("bufferView", .integer(view)), ("componentType", .integer(component.rawValue)),
        ]
        if normalized { accessor.append(("normalized", .boolean(true))) }
        accessor += [("count", .integer(count)), ("type", .string(type))]
        accessors.append(.object(accessor + bounds))
        return accessors.count - 1
    }

    /// Adds vectors of a vertex attribute; `hasBounds` writes the box, as positions must.
    mutating func add(vectors: Vector3Array, hasBounds: Bool) -> Int {
        var bytes = ByteBuffer()
        bytes.append(floats: vectors.scalars)
        return addAccessor(
            bytes, component: .float, count: vectors.count, type: "VEC3", target: .vertices,
            bounds: hasBounds ? GLTFBinary.bounds(vectors) : [])
    }

    /// Adds displacements of which only those that are not zero are written.
    mutating func add(sparseVectors vectors: Vector3Array, hasBounds: Bool) -> Int {
        var moved = vectors.indices.filter { vectors[$0] != .zero }
        if moved.isEmpty { moved = [0] }
        let component: GLTFDocument.Component =
            vectors.count <= 0xFFFF ? .unsignedShort : .unsignedInt
        var indices = ByteBuffer()
        var values = ByteBuffer()
        for vertex in moved {
            GLTFBinary.append(index: UInt32(vertex), as: component, to: &indices)
            values.append(floats: [vectors[vertex].x, vectors[vertex].y, vectors[vertex].z])
        }
        let sparse: OrderedJSON = .object([
            ("count", .integer(moved.count)),
            (
                "indices",
                .object([
                    ("bufferView", .integer(addView(indices))),
                    ("componentType", .integer(component.rawValue)),
                ])
            ),
            ("values", .object([("bufferView", .integer(addView(values)))])),
        ])
        accessors.append(
            .object(
                [
                    ("componentType", .integer(GLTFDocument.Component.float.rawValue)),
                    ("count", .integer(vectors.count)), ("type", .string("VEC3")),
                ] + (hasBounds ? GLTFBinary.bounds(vectors) : []) + [("sparse", sparse)]))
        return accessors.count - 1
    }

    mutating func add(uvs: [SIMD2<Float>]) -> Int {
        var bytes = ByteBuffer()
        for uv in uvs { bytes.append(floats: [uv.x, uv.y]) }
        return addAccessor(
            bytes, component: .float, count: uvs.count, type: "VEC2", target: .vertices)
    }

    mutating func add(colors: [SIMD4<Float>], component: GLTFDocument.Component) -> Int {
        var bytes = ByteBuffer()
        for color in colors {
            for channel in 0..<4 {
                GLTFBinary.append(color[channel], as: component, to: &bytes)
            }
        }
        return addAccessor(
            bytes, component: component, normalized: component != .float, count: colors.count,
            type: "VEC4", target: .vertices)
    }

    mutating func add(indices: [UInt32], component requested: GLTFDocument.Component?) -> Int {
        let largest = indices.max() ?? 0
        // The largest number of each type is kept free: it restarts primitives on some hardware.
        let component: GLTFDocument.Component =
            requested
            ?? (largest < 0xFF ? .unsignedByte : largest < 0xFFFF ? .unsignedShort : .unsignedInt)
        var bytes = ByteBuffer()
        if component == .unsignedInt {
            bytes.append(integers: indices)
        } else {
            bytes.reserveCapacity(2 * indices.count)
            for index in indices { GLTFBinary.append(index: index, as: component, to: &bytes) }
        }
        return addAccessor(
            bytes, component: component, count: indices.count, type: "SCALAR", target: .indices)
    }

    mutating func add(matrices: [Matrix4]) -> Int {
        var bytes = ByteBuffer()
        for matrix in matrices { bytes.append(floats: matrix.columnMajor) }
        return addAccessor(bytes, component: .float, count: matrices.count, type: "MAT4")
    }

    /// Adds key times, once for all channels that share them.
    mutating func add(times: [Float]) -> Int {
        if let accessor = timeAccessors[times] { return accessor }
        var bytes = ByteBuffer()
        bytes.append(floats: times)
        let accessor = addAccessor(
            bytes, component: .float, count: times.count, type: "SCALAR",
            bounds: [
                ("min", .floats([times.min() ?? 0])), ("max", .floats([times.max() ?? 0])),
            ])
        timeAccessors[times] = accessor
        return accessor
    }

    /// Adds key values, `type` of them at a time.
    mutating func add(
        values: [Float], type: String, width: Int, component: GLTFDocument.Component
    ) -> Int {
        var bytes = ByteBuffer()
        for value in values { GLTFBinary.append(value, as: component, to: &bytes) }
        return addAccessor(
            bytes, component: component, normalized: component != .float,
            count: values.count / width, type: type)
    }

    private static func bounds(_ vectors: Vector3Array) -> [(String, OrderedJSON)] {
        let box = Bounds(vectors)
        guard !box.isEmpty else { return [] }
        return [
            ("min", .floats([box.minimum.x, box.minimum.y, box.minimum.z])),
            ("max", .floats([box.maximum.x, box.maximum.y, box.maximum.z])),
        ]
    }

    static func append(
        index: UInt32, as component: GLTFDocument.Component, to bytes: inout ByteBuffer
    ) {
        switch component {
        case .unsignedByte: bytes.append(UInt8(truncatingIfNeeded: index))
        case .unsignedShort: bytes.append(UInt16(truncatingIfNeeded: index))
        default: bytes.append(index)
        }
    }

    /// Adds a number; as an integer it is scaled so that 1 becomes the largest one (glTF 2.0,
    /// section 3.6.2.2), rounded and clamped.
    static func append(
        _ value: Float, as component: GLTFDocument.Component, to bytes: inout ByteBuffer
    ) {
        func scaled(_ largest: Float, _ smallest: Float) -> Float {
            min(max((value * largest).rounded(), smallest), largest)
        }
        switch component {
        case .float: bytes.append(value)
        case .byte: bytes.append(Int8(scaled(127, -127)))
        case .unsignedByte: bytes.append(UInt8(scaled(255, 0)))
        case .short: bytes.append(Int16(scaled(32767, -32767)))
        case .unsignedShort: bytes.append(UInt16(scaled(65535, 0)))
        case .unsignedInt: preconditionFailure("glTF has no normalised 32-bit integers")
        }
    }
}

extension Matrix4 {
    /// The sixteen numbers in column-major order, in single precision.
    var columnMajor: [Float] {
        [columns.0, columns.1, columns.2, columns.3].flatMap { column in
            (0..<4).map { Float(column[$0]) }
        }
    }
}
