import Imaging

extension Image {
    /// This picture with its alpha taken from another: from that one's alpha where it has any
    /// that is not opaque, from its luma (Rec. 601) otherwise.
    ///
    /// The result has this picture's size; the other is read at the nearest pixel.
    func withAlpha(of other: Image) -> Image {
        let usesAlpha = other.hasTransparency
        return replacingPixels(with: other) { color, mask in
            var color = color
            if usesAlpha {
                color.w = mask.w
            } else {
                let sum = 299 * Int(mask.x) + 587 * Int(mask.y) + 114 * Int(mask.z)
                color.w = UInt8((sum + 500) / 1000)
            }
            return color
        }
    }

    /// A roughness map and a metalness map in one picture, as glTF has it: roughness in green,
    /// metalness in blue. Grey maps are read from red.
    static func metallicRoughness(roughness: Image, metalness: Image) -> Image {
        roughness.replacingPixels(with: metalness) { rough, metal in
            SIMD4(255, rough.x, metal.x, 255)
        }
    }

    /// Every pixel through `change`.
    func mapPixels(_ change: (SIMD4<UInt8>) -> SIMD4<UInt8>) -> Image {
        replacingPixels(with: self) { pixel, _ in change(pixel) }
    }

    /// Whether any pixel is not opaque.
    var hasTransparency: Bool {
        pixels.withUnsafeBufferPointer { bytes in
            stride(from: 3, to: bytes.count, by: 4).contains { bytes[$0] < 255 }
        }
    }

    /// Whether alpha only cuts out: all but one in a hundred of its values lie near one end.
    var hasCutoutAlpha: Bool {
        let between = pixels.withUnsafeBufferPointer { bytes in
            stride(from: 3, to: bytes.count, by: 4).reduce(0) {
                $0 + ((16...239).contains(bytes[$1]) ? 1 : 0)
            }
        }
        return between * 100 <= width * height
    }

    /// Whether the picture looks like a tangent-space normal map: blue on the whole, with red and
    /// green around the middle. Old formats have one slot for those and for height maps.
    var looksLikeNormalMap: Bool {
        var sums = (0, 0, 0)
        pixels.withUnsafeBufferPointer { bytes in
            for i in stride(from: 0, to: bytes.count, by: 4) {
                sums.0 += Int(bytes[i])
                sums.1 += Int(bytes[i + 1])
                sums.2 += Int(bytes[i + 2])
            }
        }
        let count = width * height
        return (96...160).contains(sums.0 / count) && (96...160).contains(sums.1 / count)
            && sums.2 / count >= 192
    }

    /// Every pixel together with the one at its place in `other`, through `combine`.
    private func replacingPixels(
        with other: Image, combine: (SIMD4<UInt8>, SIMD4<UInt8>) -> SIMD4<UInt8>
    ) -> Image {
        var result = self
        for y in 0..<height {
            let otherY = y * other.height / height
            for x in 0..<width {
                result[x, y] = combine(self[x, y], other[x * other.width / width, otherY])
            }
        }
        return result
    }
}
