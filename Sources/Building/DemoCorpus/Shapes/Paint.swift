import Foundation
import Imaging

/// Colours as painters write them: sRGB components in [0, 1].
package typealias Paint = SIMD3<Float>

/// The colour of a hexadecimal number, as in style sheets: `0xF2994A`.
func paint(_ hex: UInt32) -> Paint {
    Paint(Float(hex >> 16 & 0xFF), Float(hex >> 8 & 0xFF), Float(hex & 0xFF)) / 255
}

/// The linear light of a colour, with alpha (IEC 61966-2-1).
func linear(_ paint: Paint, alpha: Float = 1) -> SIMD4<Float> {
    func decode(_ c: Float) -> Float {
        c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    return SIMD4(decode(paint.x), decode(paint.y), decode(paint.z), alpha)
}

/// The linear light of a colour written as in style sheets.
func linear(_ hex: UInt32, alpha: Float = 1) -> SIMD4<Float> { linear(paint(hex), alpha: alpha) }

/// The share of light that white paint sends back. Pictures hold the colours as painters see them,
/// and materials multiply them with this, so that lit whites do not burn out.
let whiteAlbedo: Float = 0.8

extension Image {
    /// A picture of which every texel is asked for its colour and alpha at its centre (u, v), v
    /// running down.
    static func painted(
        width: Int, height: Int, _ color: (Vector2) -> SIMD4<Float>
    ) -> Image {
        var image = Image(width: width, height: height)
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for y in 0..<height {
                for x in 0..<width {
                    let uv = Vector2(
                        (Float(x) + 0.5) / Float(width), (Float(y) + 0.5) / Float(height))
                    let c = bytes(color(uv))
                    let i = (y * width + x) * 4
                    for channel in 0..<4 { pixels[i + channel] = c[channel] }
                }
            }
        }
        return image
    }

    /// An opaque picture.
    static func painted(width: Int, height: Int, _ color: (Vector2) -> Paint) -> Image {
        painted(width: width, height: height) { SIMD4(color($0), 1) }
    }

    /// The tangent-space normals of a height field that repeats, in texels of height.
    ///
    /// Green points up the picture, as glTF's normal maps have it.
    static func normalMap(width: Int, height: Int, heights: (Vector2) -> Float) -> Image {
        let values = (0..<width * height).map { i in
            heights(
                Vector2(
                    (Float(i % width) + 0.5) / Float(width),
                    (Float(i / width) + 0.5) / Float(height)))
        }
        func value(_ x: Int, _ y: Int) -> Float {
            values[(y + height) % height * width + (x + width) % width]
        }
        var image = Image(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let dx = (value(x + 1, y) - value(x - 1, y)) / 2
                let dy = (value(x, y - 1) - value(x, y + 1)) / 2
                let n = Vector3(-dx, -dy, 1) / (dx * dx + dy * dy + 1).squareRoot()
                image[x, y] = bytes(SIMD4(n * 0.5 + 0.5, 1))
            }
        }
        return image
    }

    static func bytes(_ color: SIMD4<Float>) -> SIMD4<UInt8> {
        let scaled = color.clamped(lowerBound: .zero, upperBound: .one) * 255 + 0.5
        return SIMD4(UInt8(scaled.x), UInt8(scaled.y), UInt8(scaled.z), UInt8(scaled.w))
    }
}
