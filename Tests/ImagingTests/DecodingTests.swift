import Imaging
import TestSupport
import Testing

/// A file with what it shows.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let pixel: @Sendable (Int, Int) -> SIMD4<UInt8>

    var testDescription: String { name }

    static let lossless: [Fixture] = [
        Fixture(name: "PNG RGBA", bytes: PictureFixtures.pngRGBA, pixel: Formula.rgba),
        Fixture(name: "PNG RGB", bytes: PictureFixtures.pngRGB, pixel: Formula.rgb),
        Fixture(name: "PNG grey", bytes: PictureFixtures.pngGrey, pixel: Formula.grey),
        Fixture(
            name: "PNG grey and alpha", bytes: PictureFixtures.pngGreyAlpha,
            pixel: Formula.greyAlpha),
        Fixture(name: "PNG 16-bit grey", bytes: PictureFixtures.pngGrey16) { x, y in
            let sample = 1000 * x + 9257 * y
            return SIMD4(SIMD3(repeating: UInt8((sample * 255 + 32767) / 65535)), 255)
        },
        Fixture(name: "PNG 1-bit", bytes: PictureFixtures.pngBits) { x, y in
            SIMD4(SIMD3(repeating: (x + y) % 2 == 1 ? 255 : 0), 255)
        },
        Fixture(
            name: "PNG palette with alpha", bytes: PictureFixtures.pngPalette,
            pixel: Formula.rgba),
        Fixture(name: "PNG colour key", bytes: PictureFixtures.pngColourKey) { x, y in
            var pixel = Formula.rgb(x, y)
            if x == 2, y == 1 { pixel.w = 0 }
            return pixel
        },
        Fixture(name: "WebP lossless", bytes: PictureFixtures.webpLossless, pixel: Formula.rgba),
        Fixture(name: "BMP RGB", bytes: PictureFixtures.bmpRGB, pixel: Formula.rgb),
        Fixture(name: "BMP palette", bytes: PictureFixtures.bmpPalette, pixel: Formula.rgb),
        Fixture(name: "BMP RGBA", bytes: PictureFixtures.bmpRGBA, pixel: Formula.rgba),
        Fixture(name: "TGA RGB", bytes: PictureFixtures.tgaRGB, pixel: Formula.rgb),
        Fixture(name: "TGA RGBA run-length", bytes: PictureFixtures.tgaRGBA, pixel: Formula.rgba),
        Fixture(name: "TGA grey", bytes: PictureFixtures.tgaGrey, pixel: Formula.grey),
        Fixture(name: "TGA palette", bytes: PictureFixtures.tgaPalette, pixel: Formula.rgb),
        Fixture(name: "GIF", bytes: PictureFixtures.gif) { x, y in
            // Index 8 of the palette is transparent.
            x == 2 && y == 1 ? SIMD4(0, 0, 0, 0) : Formula.rgb(x, y)
        },
        Fixture(name: "GIF animated", bytes: PictureFixtures.gifAnimated, pixel: Formula.rgb),
        Fixture(name: "PPM", bytes: PictureFixtures.ppm, pixel: Formula.rgb),
        Fixture(name: "PGM", bytes: PictureFixtures.pgm, pixel: Formula.grey),
        Fixture(name: "PSD", bytes: PlainFiles.psd, pixel: Formula.rgb),
    ]
}

@Suite struct DecodingTests {
    @Test(arguments: Fixture.lossless)
    func losslessFilesGiveTheirPixels(fixture: Fixture) throws {
        let image = try Image(decoding: fixture.bytes)
        #expect(image.width == Formula.width && image.height == Formula.height)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let expected = fixture.pixel(x, y)
                if expected.w == 0 {
                    #expect(image[x, y].w == 0)
                } else {
                    #expect(image[x, y] == expected, "pixel \(x), \(y)")
                }
            }
        }
    }

    /// Pixels (0, 0), (5, 9) and (15, 15) as Pillow 13.0.0 decodes them; decoders may round the
    /// inverse transform and the chroma differently.
    @Test(arguments: [
        (
            PictureFixtures.jpegRGB,
            [[21, 30, 221, 255], [81, 147, 145, 255], [201, 224, 54, 255]]
        ),
        (
            PictureFixtures.jpegProgressive,
            [[21, 32, 210, 255], [81, 147, 145, 255], [198, 224, 65, 255]]
        ),
        (
            PictureFixtures.jpegGrey,
            [[10, 10, 10, 255], [104, 104, 104, 255], [220, 220, 220, 255]]
        ),
        (
            PictureFixtures.jpegCMYK,
            [[195, 195, 164, 255], [135, 115, 125, 255], [62, 71, 82, 255]]
        ),
        (
            PictureFixtures.webpLossy,
            [[25, 31, 213, 255], [79, 148, 145, 152], [198, 226, 66, 30]]
        ),
    ])
    func lossyFilesGiveTheirPixelsNearly(bytes: [UInt8], expected: [[Int]]) throws {
        let image = try Image(decoding: bytes)
        #expect(image.width == 16 && image.height == 16)
        for (place, pixel) in zip([(0, 0), (5, 9), (15, 15)], expected) {
            for c in 0..<4 {
                #expect(abs(Int(image[place.0, place.1][c]) - pixel[c]) <= 2, "\(place), \(c)")
            }
        }
    }

    @Test func whatIsNoPictureIsSaid() {
        #expect(throws: ImageCodecError.unknownFormat(firstBytes: [])) {
            try Image(decoding: [])
        }
        let text = Array("solid teapot\nfacet normal 0 0 1\n".utf8)
        #expect(throws: ImageCodecError.unknownFormat(firstBytes: Array("solid te".utf8))) {
            try Image(decoding: text)
        }
    }

    @Test func animatedWebPIsRefused() throws {
        let error = #expect(throws: ImageCodecError.self) {
            try Image(decoding: PictureFixtures.webpAnimated)
        }
        #expect(error?.description.contains("animation") == true)
    }

    /// Every proper beginning of a file is refused, but for what stands behind the pixels: the
    /// trailer and further frames of a GIF, the last row's padding of a BMP, the footer of a TGA.
    @Test(arguments: Fixture.lossless)
    func truncatedFilesAreRefused(fixture: Fixture) {
        let tail =
            switch fixture.name {
            case "GIF": 1
            case "GIF animated": 160
            case "BMP RGB", "BMP palette": 2
            default: fixture.name.hasPrefix("TGA") ? 26 : 0
            }
        for count in 0..<fixture.bytes.count - tail {
            #expect(throws: ImageCodecError.self, "\(count) bytes") {
                try Image(decoding: Array(fixture.bytes.prefix(count)))
            }
        }
    }

    @Test(arguments: [
        PictureFixtures.jpegRGB, PictureFixtures.jpegProgressive, PictureFixtures.jpegGrey,
        PictureFixtures.jpegCMYK, PictureFixtures.webpLossy,
    ])
    func truncatedLossyFilesAreRefused(bytes: [UInt8]) {
        for count in 0..<bytes.count - 2 {
            #expect(throws: ImageCodecError.self, "\(count) bytes") {
                try Image(decoding: Array(bytes.prefix(count)))
            }
        }
    }
}
