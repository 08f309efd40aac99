import Imaging
import Testing

@Suite struct ContactSheetTests {
    @Test func framesStandWhereTheyBelong() {
        let colors: [SIMD3<UInt8>] = [SIMD3(250, 0, 0), SIMD3(0, 250, 0), SIMD3(0, 0, 250)]
        let frames = colors.map { color in
            var image = Image(width: 20, height: 20)
            image.fill(color, columns: 0..<20, rows: 0..<20)
            return image
        }
        let sheet = ContactSheet(columns: 3, cellSize: 20, entriesAcross: 2)
        let entries = (0..<4).map { _ in ContactSheet.Entry(heading: "", frames: frames) }
        let picture = sheet.composed(title: "", entries: entries)
        for color in colors {
            let count = stride(from: 0, to: picture.pixels.count, by: 4).count { i in
                (0..<3).allSatisfy { picture.pixels[i + $0] == color[$0] }
            }
            #expect(count == 4 * 400)
        }
        // Frames run from left to right.
        let first = { (color: SIMD3<UInt8>) in
            (0..<picture.width).first { x in
                (0..<picture.height).contains { picture[x, $0] == SIMD4(color, 255) }
            }
        }
        let columns = colors.compactMap(first)
        #expect(columns.count == 3 && columns == columns.sorted())
        #expect(picture.pixels.enumerated().allSatisfy { $0.offset % 4 != 3 || $0.element == 255 })
    }

    @Test func longVideosArePickedFromEvenly() {
        // Twelve frames of twelve levels on three columns: frames 0, 4 and 8.
        let frames = (0..<12).map { level in
            var image = Image(width: 8, height: 8)
            image.fill(SIMD3(repeating: UInt8(100 + level)), columns: 0..<8, rows: 0..<8)
            return image
        }
        let sheet = ContactSheet(columns: 3, cellSize: 8, ground: .plain(SIMD3(1, 2, 3)))
        let picture = sheet.composed(title: "", entries: [.init(heading: "", frames: frames)])
        let levels = Set(picture.pixels.filter { (100..<112).contains($0) })
        #expect(levels == [100, 104, 108])
    }

    @Test func lettersAreLegible() {
        // A capital T: the top row is full, the rows below have the middle column only.
        var image = Image(width: 5, height: 7)
        image.write("T", x: 0, y: 0, color: SIMD3(9, 9, 9))
        for y in 0..<7 {
            for x in 0..<5 { #expect((image[x, y].w == 255) == (y == 0 || x == 2)) }
        }
    }

    @Test func everyPrintableCharacterHasItsOwnShape() {
        var shapes: Set<[UInt8]> = []
        for code in UInt8(32)...126 {
            var image = Image(width: 6, height: 8)
            image.write(String(UnicodeScalar(code)), x: 0, y: 0, color: SIMD3(9, 9, 9))
            #expect(shapes.insert(image.pixels).inserted, "character \(code)")
            // The sixth column and the eighth row stay free: letters do not touch.
            #expect((0..<8).allSatisfy { image[5, $0].w == 0 })
            #expect((0..<6).allSatisfy { image[$0, 7].w == 0 })
        }
    }

    @Test func emptySheetsAndLongWordsFit() {
        let sheet = ContactSheet(columns: 1, cellSize: 16)
        #expect(sheet.composed(title: "none", entries: []).height > 0)
        let long = String(repeating: "word ", count: 100) + String(repeating: "x", count: 500)
        let entry = ContactSheet.Entry(
            heading: long, remark: long, frames: [Image(width: 300, height: 2)])
        #expect(sheet.composed(title: long, entries: [entry]).width == 32)
    }
}
