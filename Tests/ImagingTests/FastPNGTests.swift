import Imaging
import Testing

/// The project's own encoder against libpng, which decodes what it wrote.
@Suite struct FastPNGTests {
    private func expectRoundTrip(_ image: Image, _ comment: Comment? = nil) throws {
        let decoded = try Image(decodingByLibrary: image.pngEncoded(.fast))
        #expect(decoded == image, comment)
    }

    private func picture(_ width: Int, _ height: Int, _ value: (Int) -> UInt8) -> Image {
        Image(width: width, height: height, pixels: (0..<width * height * 4).map(value))
    }

    @Test func smallSizes() throws {
        var numbers = Numbers(seed: 1)
        for width in 1...20 {
            for height in 1...5 {
                try expectRoundTrip(picture(width, height) { _ in 0 })
                try expectRoundTrip(picture(width, height) { UInt8($0 / 4 % 2 * 255) })
                try expectRoundTrip(
                    picture(width, height) { _ in .random(in: 0...255, using: &numbers) })
                try expectRoundTrip(
                    picture(width, height) { _ in .random(in: 0...1, using: &numbers) })
            }
        }
    }

    /// Pieces copied from anywhere above: matches of all lengths and distances, up to and past
    /// deflate's window of 32 KiB.
    @Test func repetitionsNearAndFar() throws {
        var numbers = Numbers(seed: 2)
        for (width, height) in [(64, 64), (67, 200), (300, 120), (2100, 40), (8191, 6), (8193, 6)] {
            var image = picture(width, height) { _ in .random(in: 0...255, using: &numbers) }
            for _ in 0..<400 {
                let count = Int.random(in: 1...min(width, 90), using: &numbers)
                let from = Int.random(in: 0...(width * height - count), using: &numbers)
                let to = Int.random(in: 0...(width * height - count), using: &numbers)
                let piece = Array(image.pixels[4 * from..<4 * (from + count)])
                image.pixels.replaceSubrange(4 * to..<4 * (to + count), with: piece)
            }
            try expectRoundTrip(image, "\(width) x \(height)")
        }
    }

    @Test func renderingLikePictures() throws {
        for kind in 0..<4 {
            for (width, height) in [(256, 256), (511, 260), (33, 1000)] {
                let image = TestPictures.picture(kind, width: width, height: height)
                try expectRoundTrip(image, "\(kind), \(width) x \(height)")
            }
        }
    }

    /// More pixels than a block holds, and rows longer than one.
    @Test func manyBlocks() throws {
        try expectRoundTrip(TestPictures.picture(1, width: 700, height: 400))
        try expectRoundTrip(TestPictures.picture(2, width: 70_001, height: 3))
    }

    /// Byte frequencies that grow like Fibonacci's numbers make a Huffman tree as deep as it has
    /// symbols, 22 here, where deflate allows 15.
    @Test func deepTreesAreCutToLength() throws {
        var frequencies = [1, 1]
        while frequencies.count < 22 { frequencies.append(frequencies.suffix(2).reduce(0, +)) }
        var steps = frequencies.enumerated().flatMap { symbol, count in
            [UInt8](repeating: UInt8(symbol * 9 + 20), count: count)
        }
        var numbers = Numbers(seed: 4)
        steps.shuffle(using: &numbers)
        steps.removeLast(steps.count % 4)
        // A row whose differences from pixel to pixel are the steps.
        var row = steps
        for i in 4..<row.count { row[i] &+= row[i - 4] }
        try expectRoundTrip(Image(width: row.count / 4, height: 1, pixels: row))
    }

    /// Noise cannot shrink; it grows by deflate's bookkeeping alone.
    @Test func noiseHardlyGrows() throws {
        var numbers = Numbers(seed: 5)
        let noise = picture(256, 256) { _ in .random(in: 0...255, using: &numbers) }
        #expect(try noise.pngEncoded(.fast).count < 262_144 + 262_144 / 100)
    }

    @Test func repetitionIsUsed() throws {
        // 16 random rows over and over: one copy of them and little more.
        var numbers = Numbers(seed: 6)
        let tile = (0..<16 * 256).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        let image = picture(64, 512) { tile[$0 % tile.count] }
        #expect(try image.pngEncoded(.fast).count < 2 * tile.count + 8000)
    }
}
