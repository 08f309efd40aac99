/// Brings what a video shows to a fixed place and size in square frames, as generators that were
/// trained on such pictures expect it: Step1X-3D's foreground takes 0.9 of the side in training and
/// 0.95 in use.
///
/// All frames are cut by one square, so what moves in the video moves in the result.
public struct ForegroundFraming: Sendable, Equatable {
    /// Over which frames the foreground is measured.
    public enum Extent: Sendable, Equatable {
        /// The box around the foreground of all frames: it never leaves the picture.
        case allFrames
        /// The box of frame 0; later frames may be cut off.
        case firstFrame
    }

    /// Pixels a side of the result.
    public var size: Int
    /// What the longer side of the foreground's box takes of the picture's side, above 0.
    public var share: Double
    /// A pixel belongs to the foreground where its alpha is above this.
    public var threshold: UInt8
    /// Over which frames the foreground is measured.
    public var extent: Extent
    /// What the result is laid over, blended in sRGB codes; nil keeps alpha.
    public var background: SIMD3<UInt8>?

    /// - Parameters:
    ///   - size: pixels a side of the result; 1 at least.
    ///   - share: above 0; more than 1 cuts the foreground off.
    ///   - threshold: 12 by default, so that the traces that background removal leaves far away do
    ///     not count.
    ///   - extent: over which frames the foreground is measured.
    ///   - background: nil keeps alpha.
    public init(
        size: Int, share: Double = 0.95, threshold: UInt8 = 12, extent: Extent = .allFrames,
        background: SIMD3<UInt8>? = nil
    ) {
        precondition(size > 0, "an image has at least one pixel")
        precondition(share > 0 && share.isFinite, "the foreground takes some of the picture")
        self.size = size
        self.share = share
        self.threshold = threshold
        self.extent = extent
        self.background = background
    }

    /// The video cut to the foreground. A video without alpha is cropped to the square in its
    /// middle; so is one of which nothing is above the threshold.
    ///
    /// - Complexity: linear in the pixels of the video and of the result; frames are worked on by
    ///   all cores.
    public func framed(_ video: Video) -> FramedVideo {
        let (basis, square) = square(of: video)
        // Where there is alpha there is nothing beyond the borders; else the picture would fade.
        let isContinued = basis == .noAlpha
        var frames = [Image?](repeating: nil, count: video.frames.count)
        frames.withUnsafeMutableBufferPointer { buffer in
            // Every frame is written once, by its own iteration.
            nonisolated(unsafe) let out = buffer
            Parallel.perform(video.frames.count) { t in
                let frame = video.frames[t].resampled(
                    x: square.x, y: square.y, side: square.side, size: size,
                    isContinued: isContinued)
                out[t] = background.map(frame.composited) ?? frame
            }
        }
        return FramedVideo(
            video: Video(frames: frames.compactMap { $0 }), basis: basis, square: square)
    }

    private func square(of video: Video) -> (FramedVideo.Basis, FramedVideo.Square) {
        let middle = FramedVideo.Square(
            x: Double(video.width - min(video.width, video.height)) / 2,
            y: Double(video.height - min(video.width, video.height)) / 2,
            side: Double(min(video.width, video.height)))
        if video.frames.allSatisfy(\.isOpaque) { return (.noAlpha, middle) }
        let measured = extent == .allFrames ? video.frames : [video.frames[0]]
        guard let first = measured.lazy.compactMap({ $0.alphaBox(above: threshold) }).first else {
            return (.nothingSeen, middle)
        }
        let box = measured.reduce(first) { union, frame in
            frame.alphaBox(above: threshold).map(union.union) ?? union
        }
        let side = Double(max(box.columns.count, box.rows.count)) / share
        return (
            .foreground(columns: box.columns, rows: box.rows),
            FramedVideo.Square(
                x: Double(box.columns.lowerBound + box.columns.upperBound) / 2 - side / 2,
                y: Double(box.rows.lowerBound + box.rows.upperBound) / 2 - side / 2, side: side)
        )
    }
}

/// A video that ``ForegroundFraming`` cut, and how.
public struct FramedVideo: Sendable, Equatable {
    /// What the cut went by.
    public enum Basis: Sendable, Equatable {
        /// The box around pixels whose alpha is above the threshold.
        case foreground(columns: Range<Int>, rows: Range<Int>)
        /// Nothing: every pixel is opaque, and the middle was taken as it is.
        case noAlpha
        /// Nothing: no pixel's alpha is above the threshold, and the middle was taken.
        case nothingSeen
    }

    /// A square of the input, which may reach beyond its borders.
    public struct Square: Sendable, Equatable {
        /// The left border in pixels.
        public var x: Double
        /// The upper border in pixels.
        public var y: Double
        /// Pixels a side.
        public var side: Double

        /// A square by its upper left corner.
        public init(x: Double, y: Double, side: Double) {
            self.x = x
            self.y = y
            self.side = side
        }
    }

    /// The square frames.
    public let video: Video
    /// What the cut went by.
    public let basis: Basis
    /// What of the input became the picture.
    public let square: Square

    /// What a user should know about the cut, in a sentence; nil where it went by the foreground.
    public var remark: String? {
        switch basis {
        case .foreground: nil
        case .noAlpha:
            "The video has no alpha: its middle was taken as it is. Remove the background first "
                + "where the object should fill the frame."
        case .nothingSeen:
            "No pixel of the video is opaque enough to count as foreground: its middle was taken."
        }
    }
}

/// Columns and rows of a picture.
private struct PixelBox: Equatable {
    var columns: Range<Int>
    var rows: Range<Int>

    func union(_ other: PixelBox) -> PixelBox {
        PixelBox(
            columns: min(
                columns.lowerBound, other.columns.lowerBound)..<max(
                    columns.upperBound, other.columns.upperBound),
            rows: min(
                rows.lowerBound, other.rows.lowerBound)..<max(
                    rows.upperBound, other.rows.upperBound))
    }
}

extension Image {
    fileprivate var isOpaque: Bool {
        pixels.withUnsafeBufferPointer { p in
            stride(from: 3, to: p.count, by: 4).allSatisfy { p[$0] == 255 }
        }
    }

    /// The box around the pixels whose alpha is above a threshold.
    fileprivate func alphaBox(above threshold: UInt8) -> PixelBox? {
        var (left, right, top, bottom) = (width, -1, height, -1)
        pixels.withUnsafeBufferPointer { p in
            for y in 0..<height {
                for x in 0..<width where p[(y * width + x) * 4 + 3] > threshold {
                    left = min(left, x)
                    right = max(right, x)
                    top = min(top, y)
                    bottom = y
                }
            }
        }
        guard bottom >= 0 else { return nil }
        return PixelBox(columns: left..<right + 1, rows: top..<bottom + 1)
    }
}
