import Imaging
import TestSupport
import Testing

@Suite struct HostileFileTests {
    static let files =
        Fixture.lossless.map { ($0.name, $0.bytes) } + [
            ("JPEG", PictureFixtures.jpegRGB),
            ("JPEG progressive", PictureFixtures.jpegProgressive),
            ("JPEG grey", PictureFixtures.jpegGrey), ("JPEG CMYK", PictureFixtures.jpegCMYK),
            ("WebP lossy", PictureFixtures.webpLossy),
            ("WebP animated", PictureFixtures.webpAnimated),
        ]

    /// Files with flipped bits, other bytes, pieces cut out, doubled or filled in end in a picture
    /// of the size allowed or in an error.
    @Test(arguments: files)
    func mutantsDoNoHarm(name: String, bytes: [UInt8]) {
        var numbers = Numbers(seed: 0x5eed)
        var refused = 0
        for _ in 0..<600 {
            let mutant = mutated(bytes, &numbers)
            do {
                let image = try Image(decoding: mutant, maximumPixelCount: 1 << 14)
                #expect(image.width * image.height <= 1 << 14)
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(refused > 0, "some of 600 mutants are no pictures")
    }

    /// The mutants of the long run, a few of each format.
    @Test(arguments: PictureFixtures.byFormat)
    func mutantsOfTheLongRun(format: String, files: [[UInt8]]) {
        for index in 0..<200 {
            var mutator = Mutator(seed: 1, name: "\(format)-\(index)")
            let file = mutator.pick(files)
            let mutant = mutator.mutant(
                of: file, donors: files, syntax: Mutator.Syntax(ofFile: format, bytes: file))
            if let image = try? Image(decoding: mutant, maximumPixelCount: 1 << 20) {
                #expect(image.pixels.count == image.width * image.height * 4)
            }
        }
    }

    @Test(arguments: [
        Array("BM".utf8), Array("GIF89a".utf8), Array("8BPS".utf8), Array("P6 ".utf8),
        [0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
        Array("RIFF0000WEBPVP8 ".utf8), [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 16, 0, 24, 0],
    ])
    func signaturesWithNoiseDoNoHarm(signature: [UInt8]) {
        var numbers = Numbers(seed: 99)
        for _ in 0..<300 {
            let noise = (0..<Int.random(in: 0..<400, using: &numbers)).map { _ in
                UInt8.random(in: 0...255, using: &numbers)
            }
            if let image = try? Image(decoding: signature + noise, maximumPixelCount: 1 << 14) {
                #expect(image.width * image.height <= 1 << 14)
            }
        }
    }

    /// stb_image 2.27 would read past its buffer here.
    @Test func deepPNMIsRefused() {
        let bytes = Array("P6\n6 4\n65535\n".utf8) + (0..<144).map { UInt8($0) }
        #expect {
            try Image(decoding: bytes)
        } throws: { error in
            "\(error)".contains("16-bit")
        }
    }

    private func mutated(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &numbers) where !result.isEmpty {
            let at = Int.random(in: 0..<result.count, using: &numbers)
            let end = min(result.count, at + Int.random(in: 1...16, using: &numbers))
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: result[at] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 1: result[at] = UInt8.random(in: 0...255, using: &numbers)
            case 2: result.removeSubrange(at..<end)
            case 3: result.insert(contentsOf: result[at..<end], at: at)
            case 4: result.replaceSubrange(at..<end, with: repeatElement(0xff, count: end - at))
            default: result.removeSubrange(at...)
            }
        }
        return result
    }
}

/// Small files that announce huge pictures.
@Suite struct ImageBombTests {
    @Test func png() {
        let bytes = PlainFiles.png(
            width: 60000, height: 60000, depth: 8, colorType: 6, rows: [0, 0, 0])
        expectTooLarge(bytes, .png, 60000, 60000)
        let widest = PlainFiles.png(
            width: 0x7fff_ffff, height: 0x7fff_ffff, depth: 1, colorType: 0, rows: [0])
        expectTooLarge(widest, .png, 0x7fff_ffff, 0x7fff_ffff)
    }

    @Test func jpeg() throws {
        // SOF0: marker, length 2, precision 1, height 2, width 2.
        var bytes = PictureFixtures.jpegRGB
        let marker = try #require(
            bytes.indices.dropLast().first { bytes[$0...$0 + 1] == [0xff, 0xc0] })
        bytes.replaceSubrange(marker + 5..<marker + 9, with: [0xff, 0x00, 0xff, 0x00])
        expectTooLarge(bytes, .jpeg, 0xff00, 0xff00)
    }

    @Test func webp() throws {
        // VP8L: signature byte 0x2f, then 14 bits of width - 1 and 14 bits of height - 1.
        var bytes = PictureFixtures.webpLossless
        let start = try #require(bytes.indices.first { bytes[$0] == 0x2f })
        bytes.replaceSubrange(start + 1..<start + 5, with: [0xff, 0xff, 0xff, 0x1f])
        expectTooLarge(bytes, .webp, 16384, 16384)
    }

    @Test func bmp() {
        var bytes = PictureFixtures.bmpRGB
        bytes.replaceSubrange(18..<26, with: [0, 0, 1, 0, 0, 0, 1, 0])
        expectTooLarge(bytes, .bmp, 65536, 65536)
    }

    @Test func gif() {
        var bytes = PictureFixtures.gif
        bytes.replaceSubrange(6..<10, with: [0xff, 0xff, 0xff, 0xff])
        expectTooLarge(bytes, .gif, 65535, 65535)
    }

    @Test func tga() {
        var bytes = PictureFixtures.tgaRGB
        bytes.replaceSubrange(12..<16, with: [0xff, 0xff, 0xff, 0xff])
        expectTooLarge(bytes, .tga, 65535, 65535)
    }

    @Test func psd() {
        var bytes = PlainFiles.psd
        bytes.replaceSubrange(14..<22, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
        expectTooLarge(bytes, .psd, 30000, 30000)
    }

    @Test func pnm() {
        expectTooLarge(Array("P6\n40000 30000\n255\n...".utf8), .pnm, 40000, 30000)
    }

    /// A whole file of 30,000 squared, not a header alone, in half a megabyte.
    @Test func uniformPNG() throws {
        let bytes = PlainFiles.blackPNG(width: 30_000, height: 30_000)
        #expect(bytes.count < 1 << 20)
        expectTooLarge(bytes, .png, 30_000, 30_000)
        let size = try Image.size(ofEncoded: bytes)
        #expect(size.width == 30_000 && size.height == 30_000)
        // The same writer's small pictures are sound.
        let small = try Image(decoding: PlainFiles.blackPNG(width: 300, height: 300))
        #expect(small.pixels == Array(repeatElement([0, 0, 0, 255], count: 90_000).joined()))
    }

    /// Sixteen pixels square by the header, a hundred megabytes by the stream.
    @Test func deflateBomb() {
        let bytes = PlainFiles.blackPNG(width: 16, height: 16, inflatingTo: 100 << 20)
        let image = try? Image(decoding: bytes)
        #expect(image.map { $0.width == 16 && $0.pixels.count == 1024 } ?? true)
    }

    @Test func theLimitIsTheCallers() throws {
        #expect(try Image(decoding: PictureFixtures.pngRGB, maximumPixelCount: 24).width == 6)
        #expect(throws: ImageCodecError.self) {
            try Image(decoding: PictureFixtures.pngRGB, maximumPixelCount: 23)
        }
    }

    private func expectTooLarge(
        _ bytes: [UInt8], _ format: ImageFormat, _ width: Int, _ height: Int
    ) {
        let expected = ImageCodecError.tooLarge(
            format: format, width: width, height: height, maximumPixelCount: 1 << 26)
        #expect(throws: expected) { try Image(decoding: bytes) }
    }
}
