import Foundation
import Imaging
import MeshFiles

/// A Windows bitmap of 24 bits a pixel, without compression; alpha is left out.
package enum BMPFile {
    package static func data(_ image: Image) -> Data {
        let rowBytes = (image.width * 3 + 3) / 4 * 4
        let size = rowBytes * image.height
        var bytes = ByteBuffer()
        bytes.append(text: "BM")
        bytes.append(UInt32(54 + size))
        bytes.append(UInt32(0))
        bytes.append(UInt32(54))
        bytes.append(UInt32(40))
        bytes.append(Int32(image.width))
        bytes.append(Int32(image.height))
        bytes.append(UInt16(1))
        bytes.append(UInt16(24))
        bytes.append(UInt32(0))
        bytes.append(UInt32(size))
        // 72 dots an inch.
        bytes.append(Int32(2835))
        bytes.append(Int32(2835))
        bytes.append(UInt32(0))
        bytes.append(UInt32(0))
        // Rows run from the bottom, colours from blue to red.
        for y in (0..<image.height).reversed() {
            for x in 0..<image.width {
                let pixel = image[x, y]
                bytes.append(contentsOf: [pixel.z, pixel.y, pixel.x])
            }
            bytes.append(contentsOf: [UInt8](repeating: 0, count: rowBytes - image.width * 3))
        }
        return bytes.data
    }
}
