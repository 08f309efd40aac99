import Foundation
import Imaging
import Testing

@Suite struct SRGBTests {
    private func exactCode(_ light: Float) -> UInt8 {
        let x = Double(light)
        let encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
        return UInt8(min(max((encoded * 255).rounded(), 0), 255))
    }

    @Test func codesSurviveTheRoundTrip() {
        for code in 0...UInt8.max { #expect(SRGB.encode(SRGB.linear(from: code)) == code) }
    }

    @Test func knownValues() {
        // IEC 61966-2-1: 0.5 encoded is 0.214041 linear; middle grey 0.18 is 0.461356 encoded.
        #expect(abs(SRGB.linear(0.5) - 0.214041) < 1e-6)
        #expect(abs(SRGB.encoded(0.18) - 0.461356) < 1e-6)
        #expect(SRGB.linear(from: 0) == 0 && SRGB.linear(from: 255) == 1)
    }

    @Test func encodingRoundsExactly() {
        var numbers = Numbers(seed: 11)
        for _ in 0..<300_000 {
            let light = Float.random(in: 0..<1, using: &numbers)
            #expect(SRGB.encode(light) == exactCode(light))
            let dim = light * light * light * 0.02
            #expect(SRGB.encode(dim) == exactCode(dim))
        }
    }

    @Test func encodingSwitchesAtTheRightNumber() {
        for code in 1...255 {
            let middle = Float(SRGB.linear((Double(code) - 0.5) / 255))
            var light = middle
            for _ in 0..<4 { light = light.nextDown }
            for _ in 0..<8 {
                #expect(SRGB.encode(light) == exactCode(light))
                light = light.nextUp
            }
        }
    }

    @Test func strangeLightIsClamped() {
        #expect(SRGB.encode(-.infinity) == 0 && SRGB.encode(.nan) == 0 && SRGB.encode(-1) == 0)
        #expect(SRGB.encode(1) == 255 && SRGB.encode(.infinity) == 255 && SRGB.encode(7) == 255)
    }
}

@Suite struct CompositingTests {
    @Test func alphaBlendsCodes() {
        let image = Image(
            width: 3, height: 1, pixels: [200, 100, 0, 0, 200, 100, 0, 255, 200, 100, 0, 51])
        let result = image.composited(over: SIMD3(10, 20, 250))
        // 51 / 255 is a fifth: 10 + 190 / 5, 20 + 80 / 5, 250 - 250 / 5.
        #expect(result.pixels == [10, 20, 250, 255, 200, 100, 0, 255, 48, 36, 200, 255])
    }

    @Test func drawingIsCutAtTheBorder() {
        let stamp = Image(width: 3, height: 3, pixels: [UInt8](repeating: 255, count: 36))
        for (x, y, covered) in [
            (-2, -2, 1), (0, 0, 9), (3, 1, 6), (4, 4, 1), (5, 0, 0), (-3, 0, 0),
        ] {
            var paper = Image(width: 5, height: 5)
            paper.draw(stamp, x: x, y: y)
            #expect(paper.pixels.filter { $0 == 255 }.count == covered * 4, "\(x), \(y)")
        }
    }
}

@Suite struct ResizingTests {
    @Test func halvingAveragesLight() {
        // Black and white in equal parts are half the light: code 188, not 128.
        let image = Image(
            width: 2, height: 2,
            pixels: [0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 255])
        #expect(image.resized(width: 1, height: 1).pixels == [188, 188, 188, 255])
    }

    @Test func transparentPixelsDoNotBleed() {
        let image = Image(width: 2, height: 1, pixels: [0, 0, 0, 0, 90, 160, 30, 255])
        #expect(image.resized(width: 1, height: 1).pixels == [90, 160, 30, 128])
    }

    @Test func oddRatiosWeighByArea() {
        // Three pixels to two: each new one takes one whole and half a neighbour.
        let image = Image(
            width: 3, height: 1, pixels: [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255])
        let result = image.resized(width: 2, height: 1)
        let two = SRGB.encode(2.0 / 3)
        let one = SRGB.encode(1.0 / 3)
        #expect(result.pixels == [two, one, 0, 255, 0, one, two, 255])
    }

    @Test func flatPicturesStayFlat() {
        var image = Image(width: 13, height: 7)
        image.fill(SIMD3(12, 200, 99), columns: 0..<13, rows: 0..<7)
        for (width, height) in [(1, 1), (5, 7), (13, 3), (40, 29), (6, 50)] {
            let result = image.resized(width: width, height: height)
            #expect(result.width == width && result.height == height)
            for y in 0..<height {
                for x in 0..<width { #expect(result[x, y] == SIMD4(12, 200, 99, 255)) }
            }
        }
    }

    @Test func growingIsLinearInLight() {
        let image = Image(width: 2, height: 1, pixels: [0, 0, 0, 255, 255, 255, 255, 255])
        let result = image.resized(width: 4, height: 1)
        let expected = [0, SRGB.encode(0.25), SRGB.encode(0.75), 255]
        for x in 0..<4 { #expect(result[x, 0].x == expected[x]) }
    }
}
