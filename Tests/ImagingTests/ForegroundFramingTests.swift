import Imaging
import Testing

/// Squares and discs of known places and sizes.
@Suite struct ForegroundFramingTests {
    /// Frames in which a rectangle of one colour stands on nothing.
    private func video(
        width: Int, height: Int, _ boxes: [(columns: Range<Int>, rows: Range<Int>)],
        color: SIMD3<UInt8> = SIMD3(200, 100, 50)
    ) -> Video {
        Video(
            frames: boxes.map { box in
                var image = Image(width: width, height: height)
                image.fill(color, columns: box.columns, rows: box.rows)
                return image
            })
    }

    /// The sum of alpha over a picture, in pixels, and its centre.
    private func coverage(_ image: Image) -> (area: Double, x: Double, y: Double) {
        var (area, x, y) = (0.0, 0.0, 0.0)
        for row in 0..<image.height {
            for column in 0..<image.width {
                let alpha = Double(image[column, row].w) / 255
                area += alpha
                x += alpha * (Double(column) + 0.5)
                y += alpha * (Double(row) + 0.5)
            }
        }
        return (area, x / area, y / area)
    }

    @Test(arguments: [(0.9, 200), (0.95, 64), (0.5, 37), (0.95, 1000)])
    func foregroundTakesItsShareInTheMiddle(share: Double, size: Int) {
        let input = video(width: 320, height: 240, [(40..<140, 31..<91)])
        let framed = ForegroundFraming(size: size, share: share).framed(input)
        #expect(framed.basis == .foreground(columns: 40..<140, rows: 31..<91))
        #expect(framed.remark == nil)
        #expect(abs(framed.square.side - 100 / share) < 1e-9)
        let frame = framed.video.frames[0]
        #expect(frame.width == size && frame.height == size)
        let seen = coverage(frame)
        let long = share * Double(size)
        // Alpha is rounded to 1/255 at the border alone.
        #expect(abs(seen.area - long * long * 0.6) < 0.01 * long * long)
        #expect(abs(seen.x - Double(size) / 2) < 0.05)
        #expect(abs(seen.y - Double(size) / 2) < 0.05)
    }

    @Test func colourDoesNotBleedIntoEdges() {
        let input = video(width: 100, height: 100, [(13..<50, 20..<87)])
        for size in [30, 64, 300] {
            let frame = ForegroundFraming(size: size).framed(input).video.frames[0]
            for y in 0..<size {
                for x in 0..<size where frame[x, y].w > 8 {
                    let pixel = frame[x, y]
                    #expect(SIMD3(pixel.x, pixel.y, pixel.z) == SIMD3(200, 100, 50))
                }
            }
        }
    }

    @Test func allFramesAreCutByOneSquare() {
        let input = video(
            width: 200, height: 100, [(10..<30, 40..<60), (150..<170, 30..<50), (80..<90, 0..<9)])
        let all = ForegroundFraming(size: 160, share: 1).framed(input)
        #expect(all.basis == .foreground(columns: 10..<170, rows: 0..<60))
        #expect(all.square == FramedVideo.Square(x: 10, y: -50, side: 160))
        // One to one: pixels are moved as they are, and what lies outside is empty.
        for (t, frame) in all.video.frames.enumerated() {
            for y in 0..<160 {
                for x in 0..<160 {
                    let (sx, sy) = (x + 10, y - 50)
                    let expected =
                        (0..<100).contains(sy) ? input.frames[t][sx, sy] : SIMD4<UInt8>.zero
                    #expect(frame[x, y] == expected)
                }
            }
        }
        let first = ForegroundFraming(size: 100, share: 0.8, extent: .firstFrame).framed(input)
        #expect(first.basis == .foreground(columns: 10..<30, rows: 40..<60))
        #expect(coverage(first.video.frames[1]).area == 0)
    }

    @Test func tracesOfAlphaDoNotCount() {
        var input = video(width: 90, height: 90, [(40..<50, 40..<50)]).frames[0]
        input[3, 80] = SIMD4(255, 255, 255, 12)
        let clean = ForegroundFraming(size: 50).framed(Video(frames: [input]))
        #expect(clean.basis == .foreground(columns: 40..<50, rows: 40..<50))
        let all = ForegroundFraming(size: 50, threshold: 0).framed(Video(frames: [input]))
        #expect(all.basis == .foreground(columns: 3..<50, rows: 40..<81))
    }

    @Test func backgroundIsOpaque() {
        let input = video(width: 50, height: 50, [(10..<30, 10..<30)])
        let framed = ForegroundFraming(size: 40, share: 0.5, background: SIMD3(255, 255, 255))
            .framed(input)
        let frame = framed.video.frames[0]
        #expect(frame[0, 0] == SIMD4(255, 255, 255, 255))
        #expect(frame[20, 20] == SIMD4(200, 100, 50, 255))
    }

    @Test func opaqueVideosAreCroppedInTheMiddle() {
        var image = Image(width: 30, height: 12)
        for y in 0..<12 {
            for x in 0..<30 { image[x, y] = SIMD4(UInt8(8 * x), UInt8(20 * y), 7, 255) }
        }
        let framed = ForegroundFraming(size: 12).framed(Video(frames: [image, image]))
        #expect(framed.basis == .noAlpha)
        #expect(framed.remark?.contains("no alpha") == true)
        #expect(framed.video.frames[1] == image.cropped(x: 9, y: 0, width: 12, height: 12))
        // Larger and smaller pictures stay opaque to the border.
        for size in [5, 47] {
            let frame = ForegroundFraming(size: size).framed(Video(frames: [image])).video.frames[0]
            #expect((0..<size * size).allSatisfy { frame.pixels[4 * $0 + 3] == 255 })
        }
    }

    @Test func transparentVideosAreSaidToBe() {
        let framed = ForegroundFraming(size: 8).framed(
            Video(frames: [Image(width: 20, height: 10)]))
        #expect(framed.basis == .nothingSeen)
        #expect(framed.square == FramedVideo.Square(x: 5, y: 0, side: 10))
        #expect(framed.remark?.isEmpty == false)
    }

    /// A spline of the third degree goes through straight lines exactly.
    @Test func growingKeepsStraightRamps() {
        var image = Image(width: 16, height: 16)
        for y in 0..<16 {
            for x in 0..<16 {
                let code = SRGB.encode(0.1 + 0.05 * Float(x))
                image[x, y] = SIMD4(code, code, code, 255)
            }
        }
        let frame = ForegroundFraming(size: 64).framed(Video(frames: [image])).video.frames[0]
        for x in 12..<52 {
            let at = (Float(x) + 0.5) / 4 - 0.5
            let expected = Int(SRGB.encode(0.1 + 0.05 * at))
            #expect(abs(Int(frame[x, 30].x) - expected) <= 1)
        }
    }
}
