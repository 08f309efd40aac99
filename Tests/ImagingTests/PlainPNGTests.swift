import Imaging
import TestSupport
import Testing

/// The reader of plain PNG files against libpng.
@Suite struct PlainPNGTests {
    /// The pixels by both ways; nil where a way refuses.
    private func expectAgreement(_ bytes: [UInt8], _ comment: Comment? = nil) {
        let quick = try? Image(decoding: bytes, maximumPixelCount: 1 << 22)
        let library = try? Image(decodingByLibrary: bytes, maximumPixelCount: 1 << 22)
        #expect(quick == library, comment)
    }

    /// Rows of noise under every filter, the first and single rows and columns among them.
    @Test(arguments: [UInt8(2), 6])
    func everyFilter(colorType: UInt8) throws {
        var numbers = Numbers(seed: UInt64(colorType))
        let channels = colorType == 6 ? 4 : 3
        for (width, height) in [(1, 1), (1, 9), (9, 1), (16, 12), (67, 41), (256, 31)] {
            for filter in UInt8(0)...5 {
                let rows = (0..<height).flatMap { _ -> [UInt8] in
                    let kind = filter == 5 ? UInt8.random(in: 0...4, using: &numbers) : filter
                    return [kind]
                        + (0..<width * channels).map { _ in .random(in: 0...255, using: &numbers) }
                }
                let bytes = PlainFiles.png(
                    width: UInt32(width), height: UInt32(height), depth: 8, colorType: colorType,
                    rows: rows)
                #expect(Image.isPlainPNG(bytes))
                let image = try Image(decoding: bytes)
                #expect(image == (try Image(decodingByLibrary: bytes)))
            }
        }
    }

    /// libpng cuts the stream of a large picture into chunks.
    @Test(arguments: PNGEffort.allCases)
    func picturesOfBothEncoders(effort: PNGEffort) throws {
        for kind in 0..<4 {
            let image = TestPictures.picture(kind, width: 700, height: 400)
            let bytes = try image.pngEncoded(effort)
            #expect(Image.isPlainPNG(bytes))
            #expect(try Image(decoding: bytes) == image)
        }
    }

    @Test func otherKindsAreNotPlain() {
        for bytes in [
            PictureFixtures.pngGrey, PictureFixtures.pngGreyAlpha, PictureFixtures.pngGrey16,
            PictureFixtures.pngBits, PictureFixtures.pngPalette, PictureFixtures.pngColourKey,
        ] {
            #expect(!Image.isPlainPNG(bytes))
            expectAgreement(bytes)
        }
        #expect(Image.isPlainPNG(PictureFixtures.pngRGB))
        #expect(Image.isPlainPNG(PictureFixtures.pngRGBA))
    }

    /// Rows too few or too many, filters that there are none of, chunks that libpng passes over
    /// and chunks that it does not.
    @Test func whatIsNotQuiteRight() {
        let row: [UInt8] = [1, 10, 20, 30, 40, 1, 2, 3, 4]
        func file(_ rows: [UInt8], before: [(String, [UInt8])] = []) -> [UInt8] {
            PlainFiles.png(
                width: 2, height: 2, depth: 8, colorType: 6, before: before, rows: rows)
        }
        expectAgreement(file(row + row))
        expectAgreement(file(row))
        expectAgreement(file(row + row + row))
        expectAgreement(file(row + [5] + row.dropFirst()))
        for chunk in ["tEXt", "tRNS", "PLTE", "gAMA", "zzZz", "ZZZZ", "z1Zz", "IHDR", "IEND"] {
            expectAgreement(file(row + row, before: [(chunk, [0, 1, 2])]), "\(chunk)")
            expectAgreement(file(row + row, before: [(chunk, [])]), "\(chunk), empty")
        }
        let whole = file(row + row)
        for count in 0..<whole.count { expectAgreement(Array(whole[..<count]), "\(count) bytes") }
        for bit in 0..<whole.count * 8 {
            var damaged = whole
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            expectAgreement(damaged, "bit \(bit)")
        }
    }

    /// Mutants of plain files mean to both ways the same: the same pixels, or nothing.
    @Test func mutantsMeanTheSame() throws {
        let files =
            [PictureFixtures.pngRGB, PictureFixtures.pngRGBA]
            + (try (0..<4).map { kind in
                try TestPictures.picture(kind, width: 40, height: 30)
                    .pngEncoded(kind % 2 == 0 ? .small : .fast)
            })
        for index in 0..<1500 {
            var mutator = Mutator(seed: 5, name: "plain-\(index)")
            let file = mutator.pick(files)
            let mutant = mutator.mutant(
                of: file, donors: files, syntax: Mutator.Syntax(ofFile: "png", bytes: file))
            expectAgreement(mutant, "mutant \(index)")
        }
    }

    /// A picture goes to the beginning of the caller's memory, and no farther.
    @Test func decodesIntoABatch() throws {
        let image = TestPictures.picture(1, width: 31, height: 17)
        let bytes = try image.pngEncoded()
        var batch = [UInt8](repeating: 7, count: image.pixels.count + 5)
        var span = batch.mutableSpan
        var pixels = span.mutableBytes
        let size = try Image.decode(bytes.span.bytes, into: &pixels)
        #expect(size == (31, 17))
        #expect(batch == image.pixels + [7, 7, 7, 7, 7])
    }

    @Test func refusesMemoryThatIsTooSmall() throws {
        let image = TestPictures.picture(1, width: 31, height: 17)
        let bytes = try image.pngEncoded()
        var batch = [UInt8](repeating: 7, count: image.pixels.count - 1)
        var span = batch.mutableSpan
        var pixels = span.mutableBytes
        var refusal: ImageCodecError?
        do throws(ImageCodecError) {
            _ = try Image.decode(bytes.span.bytes, into: &pixels)
        } catch {
            refusal = error
        }
        #expect(
            refusal
                == .tooLarge(format: .png, width: 31, height: 17, maximumPixelCount: 31 * 17 - 1))
    }
}
