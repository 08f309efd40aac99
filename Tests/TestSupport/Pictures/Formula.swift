/// The pictures behind ``PictureFixtures``, as formulas of column and row.
package enum Formula {
    package static let width = 6
    package static let height = 4

    package static func rgb(_ x: Int, _ y: Int) -> SIMD4<UInt8> {
        SIMD4(UInt8(20 + 40 * x), UInt8(30 + 50 * y), UInt8(200 - 25 * x - 10 * y), 255)
    }

    package static func rgba(_ x: Int, _ y: Int) -> SIMD4<UInt8> {
        var pixel = rgb(x, y)
        pixel.w = UInt8(255 - 30 * x - 35 * y)
        return pixel
    }

    package static func grey(_ x: Int, _ y: Int) -> SIMD4<UInt8> {
        SIMD4(SIMD3(repeating: UInt8(10 + 40 * x + 5 * y)), 255)
    }

    package static func greyAlpha(_ x: Int, _ y: Int) -> SIMD4<UInt8> {
        var pixel = grey(x, y)
        pixel.w = rgba(x, y).w
        return pixel
    }
}
