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

    /// Steps of the square root of linear light in ``byteOfSquareRoot``.
    static let squareRootSteps = 4095

    /// `[4096]`: the sRGB byte of linear light by its square root, in which the encoding is nearly
    /// a straight line: a byte spans at least eight steps, so at most one value in sixteen is
    /// rounded to a neighbour, and by less than 0.07 of a byte.
    static let byteOfSquareRoot = ConstantTable<UInt8>(count: squareRootSteps + 1) {
        let root = Double($0) / Double(squareRootSteps)
        return UInt8((255 * encoded(fromLinear: root * root)).rounded())
    }
}
