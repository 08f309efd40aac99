import Foundation

/// The sRGB transfer function of IEC 61966-2-1, between 8-bit codes and linear light.
public enum SRGB {
    /// `[256]`: linear light in `[0, 1]` for each code.
    public static let linearValues: [Float] = (0..<256).map { Float(linear(Double($0) / 255)) }

    /// Linear light in `[0, 1]` of an 8-bit code.
    @inlinable
    public static func linear(from code: UInt8) -> Float { linearValues[Int(code)] }

    /// The code nearest to linear light in double precision, without exception; light outside
    /// `[0, 1]` is clamped, and no number is black.
    @inlinable
    public static func encode(_ linear: Float) -> UInt8 { encoder.encode(linear) }

    /// The table behind ``encode(_:)``, for loops that encode many values.
    public static let encoder = Encoder()

    /// Linear light for an encoded value in `[0, 1]`.
    public static func linear(_ encoded: Double) -> Double {
        encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4)
    }

    /// The encoded value in `[0, 1]` for linear light.
    public static func encoded(_ linear: Double) -> Double {
        linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055
    }

    /// Rounds linear light to codes by table.
    ///
    /// A bucket holds the numbers that share a sign, an exponent and their upper seven bits of
    /// mantissa. From 2⁻¹³ (below lies only code 0) to 1 no bucket is as wide as a code, so one
    /// comparison with the next code's threshold decides.
    public struct Encoder: Sendable {
        @usableFromInline static let mantissaShift: UInt32 = 16
        @usableFromInline static let smallest: Float = 0x1p-13
        /// The code at the lower end of each bucket.
        @usableFromInline let codes: [UInt8]
        /// `[257]`: the smallest light of each code; infinity behind the last.
        @usableFromInline let thresholds: [Float]

        init() {
            let thresholds = (0..<256).map { Encoder.smallestLight(ofCode: $0) } + [.infinity]
            let first = Encoder.smallest.bitPattern >> Encoder.mantissaShift
            let last = Float(1).bitPattern >> Encoder.mantissaShift
            codes = (first..<last).map { bucket in
                let light = Float(bitPattern: bucket << Encoder.mantissaShift)
                return UInt8((thresholds.lastIndex { $0 <= light } ?? 0))
            }
            self.thresholds = thresholds
        }

        /// The smallest number whose encoded value rounds to `code` or higher.
        private static func smallestLight(ofCode code: Int) -> Float {
            guard code > 0 else { return -.infinity }
            let bound = (Double(code) - 0.5) / 255
            var light = Float(SRGB.linear(bound))
            while encoded(Double(light)) < bound { light = light.nextUp }
            while encoded(Double(light.nextDown)) >= bound { light = light.nextDown }
            return light
        }

        /// The code nearest to `linear`.
        @inlinable
        public func encode(_ linear: Float) -> UInt8 {
            guard linear >= Encoder.smallest else { return 0 }
            guard linear < 1 else { return 255 }
            let first = Encoder.smallest.bitPattern >> Encoder.mantissaShift
            let bucket = Int(linear.bitPattern >> Encoder.mantissaShift - first)
            let code = codes[bucket]
            return linear >= thresholds[Int(code) + 1] ? code + 1 : code
        }
    }
}
