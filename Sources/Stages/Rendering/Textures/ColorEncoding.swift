import Foundation

/// The sRGB transfer function of IEC 61966-2-1.
enum ColorEncoding {
    /// Linear light, 0 to 1, of an encoded value, 0 to 1.
    static func linear(fromEncoded value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// The encoded value, 0 to 1, of linear light, 0 to 1.
    static func encoded(fromLinear value: Double) -> Double {
        value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    }

    /// `[256]`: linear light of every sRGB byte.
    static let linearOfByte = ConstantTable<Float>(count: 256) {
        Float(linear(fromEncoded: Double($0) / 255))
    }

    /// `[256]`: every byte over 255.
    static let fractionOfByte = ConstantTable<Float>(count: 256) { Float($0) / 255 }

    /// Linear light below this is encoded as 0.
    static let darkest: Float = 0x1p-13
    /// The bits of a float's mantissa that ``byteOfLight`` does not look at.
    static let lightShift: Int32 = 14
    /// The leading bits of ``darkest``.
    static let firstLight = Int32(bitPattern: darkest.bitPattern >> UInt32(lightShift))

    /// The sRGB byte of linear light from ``darkest`` to 1, by the leading bits of its float: the
    /// exponent and nine bits of the mantissa. An entry spans at most a fourth of a byte, so light is
    /// encoded as the nearest byte, or as its neighbour where both are within an eighth equally
    /// near.
    static let byteOfLight: ConstantTable<UInt8> = {
        let last = Int32(bitPattern: Float(1).bitPattern >> UInt32(lightShift))
        return ConstantTable(count: Int(last - firstLight) + 1) { i in
            let low = Float(bitPattern: UInt32(firstLight + Int32(i)) << UInt32(lightShift))
            let high = Float(bitPattern: UInt32(firstLight + Int32(i) + 1) << UInt32(lightShift))
            let middle = min(1, 0.5 * (Double(low) + Double(high)))
            return UInt8((255 * encoded(fromLinear: middle)).rounded())
        }
    }()
}
