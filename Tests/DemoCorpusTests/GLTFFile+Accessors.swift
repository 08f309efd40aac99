extension GLTFFile {
    /// The numbers of an accessor.
    struct Accessor {
        var componentType: Int
        var isNormalized: Bool
        var count: Int
        /// Numbers an element.
        var width: Int
        /// As the file holds them.
        var stored: [Double]
        var minimum: [Double]?
        var maximum: [Double]?

        /// The numbers, integers divided by their largest value where they are normalised
        /// (section 3.6.2.2).
        var values: [Double] {
            guard isNormalized else { return stored }
            return switch componentType {
            case 5120: stored.map { max($0 / 127, -1) }
            case 5121: stored.map { $0 / 255 }
            case 5122: stored.map { max($0 / 32767, -1) }
            default: stored.map { $0 / 65535 }
            }
        }

        /// The elements as lists of `width` numbers.
        var rows: [[Double]] {
            let values = self.values
            return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
        }
    }

    private static let widths = ["SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16]
    private static let sizes = [5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4]

    func accessor(_ index: Int) throws -> Accessor {
        guard list("accessors").indices.contains(index) else { throw Fault("accessor \(index)") }
        let entry = list("accessors")[index]
        guard let type = entry["componentType"] as? Int, let size = GLTFFile.sizes[type],
            let count = entry["count"] as? Int, count > 0,
            let width = GLTFFile.widths[entry["type"] as? String ?? ""]
        else { throw Fault("accessor \(index) is incomplete") }
        var stored = [Double](repeating: 0, count: count * width)
        if let view = entry["bufferView"] as? Int {
            stored = try numbers(view, type, size, count * width, exactly: true)
        }
        if let sparse = entry["sparse"] as? [String: Any] {
            try overlay(sparse, on: &stored, type: type, size: size, width: width)
        }
        return Accessor(
            componentType: type, isNormalized: entry["normalized"] as? Bool ?? false, count: count,
            width: width, stored: stored, minimum: (entry["min"] as? [Any]).map(GLTFFile.doubles),
            maximum: (entry["max"] as? [Any]).map(GLTFFile.doubles))
    }

    /// Puts the elements that a sparse accessor lists in their places.
    private func overlay(
        _ sparse: [String: Any], on stored: inout [Double], type: Int, size: Int, width: Int
    ) throws {
        guard let count = sparse["count"] as? Int, count > 0,
            let indices = sparse["indices"] as? [String: Any],
            let indexView = indices["bufferView"] as? Int,
            let indexType = indices["componentType"] as? Int,
            let indexSize = GLTFFile.sizes[indexType],
            let values = sparse["values"] as? [String: Any],
            let valueView = values["bufferView"] as? Int
        else { throw Fault("a sparse accessor is incomplete") }
        let places = try numbers(indexView, indexType, indexSize, count, exactly: true)
        let substitutes = try numbers(valueView, type, size, count * width, exactly: true)
        var previous = -1.0
        for (i, place) in places.enumerated() {
            guard place > previous, Int(place) * width < stored.count else {
                throw Fault("sparse indices must ascend and fit")
            }
            previous = place
            for k in 0..<width { stored[Int(place) * width + k] = substitutes[i * width + k] }
        }
    }

    private func numbers(
        _ view: Int, _ type: Int, _ size: Int, _ count: Int, exactly: Bool
    ) throws -> [Double] {
        let bytes = try viewBytes(view)
        guard bytes.count == count * size else {
            throw Fault("view \(view) has \(bytes.count) bytes for \(count) numbers of \(size)")
        }
        // Offsets must be multiples of the number's size, and of four for vertex attributes.
        guard bytes.startIndex % 4 == 0 else { throw Fault("view \(view) is not aligned") }
        return (0..<count).map { i in
            let start = bytes.startIndex + i * size
            let bits = (0..<size).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
            return switch type {
            case 5120: Double(Int8(truncatingIfNeeded: bits))
            case 5122: Double(Int16(truncatingIfNeeded: bits))
            case 5126: Double(Float(bitPattern: bits))
            default: Double(bits)
            }
        }
    }

    static func doubles(_ list: [Any]) -> [Double] {
        list.map { ($0 as? Double) ?? Double($0 as? Int ?? .min) }
    }
}
