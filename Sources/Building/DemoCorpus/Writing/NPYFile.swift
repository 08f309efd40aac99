import Foundation
import MeshFiles

/// A NumPy array file, version 1.0 (NEP 1), little-endian and row-major.
package enum NPYFile {
    package static func data(_ values: [Float], shape: [Int]) -> Data {
        var bytes = header("<f4", shape)
        bytes.append(floats: values)
        return bytes.data
    }

    package static func data(_ values: [Int32], shape: [Int]) -> Data {
        var bytes = header("<i4", shape)
        for value in values { bytes.append(value) }
        return bytes.data
    }

    private static func header(_ type: String, _ shape: [Int]) -> ByteBuffer {
        let axes = shape.map { "\($0)," }.joined(separator: " ")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }"
        // Magic, version and length take ten bytes; data begins at a multiple of 64.
        while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
        text += "\n"
        var bytes = ByteBuffer()
        bytes.append(UInt8(0x93))
        bytes.append(text: "NUMPY")
        bytes.append(UInt16(1))
        bytes.append(UInt16(text.utf8.count))
        bytes.append(text: text)
        return bytes
    }
}
