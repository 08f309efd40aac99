import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct PNGTests {
    @Test(arguments: PNGEffort.allCases)
    func roundTrips(effort: PNGEffort) throws {
        var numbers = Numbers(seed: 7)
        for (width, height) in [(1, 1), (1, 300), (300, 1), (7, 5), (64, 64), (255, 131)] {
            let bytes = (0..<width * height * 4).map { _ in
                UInt8.random(in: 0...255, using: &numbers)
            }
            let noise = Image(width: width, height: height, pixels: bytes)
            #expect(try Image(decoding: noise.pngEncoded(effort)) == noise)
            var sparse = Image(width: width, height: height)
            for _ in 0..<10 {
                let x = Int.random(in: 0..<width, using: &numbers)
                let y = Int.random(in: 0..<height, using: &numbers)
                sparse[x, y] = SIMD4(1, 2, 3, UInt8.random(in: 0...255, using: &numbers))
            }
            #expect(try Image(decoding: sparse.pngEncoded(effort)) == sparse)
            #expect(try sparse.pngEncoded(effort) == sparse.pngEncoded(effort))
        }
    }

    @Test func emptySurroundingsCostLittle() throws {
        // 256 KiB of zeros; deflate can reach 1/1032 at best.
        let blank = Image(width: 256, height: 256)
        #expect(try blank.pngEncoded(.fast).count < 2600)
        #expect(try blank.pngEncoded(.small).count < 1600)
    }

    @Test func greyPicturesKeepTheirSamples() throws {
        let samples = (0..<12).map { UInt8($0 * 20) }
        let bytes = try Image.greyPNG(width: 4, height: 3, samples: samples)
        let image = try Image(decoding: bytes)
        for i in 0..<12 {
            #expect(image[i % 4, i / 4] == SIMD4(SIMD3(repeating: samples[i]), 255))
        }
        // Bytes 24 and 25 of a PNG are depth and colour type.
        #expect(Array(bytes[24...25]) == [8, 0])
    }

    @Test func deepGreyPicturesHoldBigEndianSamples() throws {
        let samples: [UInt16] = [0, 1, 255, 256, 0x1234, 0xffff]
        let bytes = try Image.greyPNG(width: 3, height: 2, samples: samples)
        #expect(Array(bytes[24...25]) == [16, 0])
        let decoded = try Image(decoding: bytes)
        for (i, sample) in samples.enumerated() {
            let expected = UInt8((Double(sample) / 257).rounded())
            #expect(decoded[i % 3, i / 3].x == expected)
        }
    }

    @Test func deepColourIsRounded() throws {
        let row: [UInt8] = [0, 0x12, 0x34, 0x80, 0x7f, 0xff, 0xff, 0x00, 0x81]
        let bytes = PlainFiles.png(width: 1, height: 1, depth: 16, colorType: 6, rows: row)
        let samples: [Double] = [0x1234, 0x807f, 0xffff, 0x0081]
        let expected = samples.map { UInt8(($0 / 257).rounded()) }
        #expect(try Image(decoding: bytes).pixels == expected)
    }

    @Test func gammaIsPassedOver() throws {
        let gamma = ("gAMA", PlainFiles.bigEndian(100_000))
        let bytes = PlainFiles.png(
            width: 2, height: 1, depth: 8, colorType: 2, before: [gamma],
            rows: [0, 10, 100, 200, 1, 2, 3])
        #expect(try Image(decoding: bytes).pixels == [10, 100, 200, 255, 1, 2, 3, 255])
    }

    @Test func filteredRowsAreRestored() throws {
        // Sub, Up, Average and Paeth of the specification, worked by hand for a grey picture.
        let rows: [UInt8] = [
            1, 10, 5, 5,  // 10 15 20
            2, 1, 2, 3,  // 11 17 23
            3, 5, 1, 250,  // 5+11/2=10, 1+(10+17)/2=14, 250+(14+23)/2=268-256=12
            4, 1, 2, 3,  // Paeth's predictors 10, 14 and 14: 11 16 17
        ]
        let bytes = PlainFiles.png(width: 3, height: 4, depth: 8, colorType: 0, rows: rows)
        let image = try Image(decoding: bytes)
        let expected: [[UInt8]] = [[10, 15, 20], [11, 17, 23], [10, 14, 12], [11, 16, 17]]
        for y in 0..<4 { for x in 0..<3 { #expect(image[x, y].x == expected[y][x]) } }
    }

    @Test func interlacedPicturesAreRead() throws {
        // Adam7's seven passes over 8 x 8 (start column, start row, column step, row step).
        let passes = [
            (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
            (0, 1, 1, 2),
        ]
        var rows: [UInt8] = []
        for (x0, y0, dx, dy) in passes {
            for y in stride(from: y0, to: 8, by: dy) {
                rows.append(0)
                for x in stride(from: x0, to: 8, by: dx) { rows.append(UInt8(x * 8 + y)) }
            }
        }
        let image = try Image(
            decoding: PlainFiles.png(
                width: 8, height: 8, depth: 8, colorType: 0, interlaced: true, rows: rows))
        for y in 0..<8 { for x in 0..<8 { #expect(image[x, y].x == UInt8(x * 8 + y)) } }
    }
}
