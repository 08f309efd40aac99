import Foundation

/// sRGB and linear light (IEC 61966-2-1).
enum ColorEncoding {
    /// The linear value of an sRGB-encoded one; numbers outside 0...1 are clamped.
    static func linear(_ encoded: Float) -> Float {
        let c = min(max(encoded, 0), 1)
        return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }

    /// The linear values of an sRGB-encoded colour.
    static func linear(_ encoded: SIMD3<Float>) -> SIMD3<Float> {
        SIMD3(linear(encoded.x), linear(encoded.y), linear(encoded.z))
    }
}
