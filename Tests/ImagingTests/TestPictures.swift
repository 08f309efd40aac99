import Imaging

/// Pictures by integer formulas that any language can repeat.
enum TestPictures {
    /// Between 0 and 255 and back with a period of 2 `half`.
    static func triangle(_ n: Int, _ half: Int) -> Int {
        let m = n % (2 * half)
        return min(m, 2 * half - m) * 255 / half
    }

    static func picture(_ kind: Int, width: Int, height: Int) -> Image {
        var image = Image(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let rgb =
                    switch kind {
                    case 0: [triangle(3 * x + y, 40), triangle(x + 2 * y, 29), triangle(x * y, 97)]
                    case 1:
                        [
                            triangle(3 * x + y + 7, 40), triangle(x + 2 * y + 3, 29),
                            triangle(x * y + 40, 97),
                        ]
                    case 2: [(x * x + 3 * y) % 256, (x * y) % 256, (7 * x + 13 * y) % 256]
                    default: [200, 120, 60 + (x / 8 + y / 8) % 2 * 10]
                    }
                let s = x + y + 3 * kind - width / 2
                let alpha = s < 0 ? 0 : s < 8 ? (x * 37 + y * 11) % 256 : 255
                image[x, y] = SIMD4(UInt8(rgb[0]), UInt8(rgb[1]), UInt8(rgb[2]), UInt8(alpha))
            }
        }
        return image
    }
}
