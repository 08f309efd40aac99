import Imaging

extension Measures {
    /// The frames that `ssim.front` looks at: τ0, τT/4 and τT/2 of T frames (0, 6 and 12 of 24).
    public static func frontFrameIndices(frameCount: Int) -> [Int] {
        precondition(frameCount > 0, "a video has at least one frame")
        return [0, frameCount / 4, frameCount / 2]
    }

    /// `ssim.front`: SSIM of the view at τ0 with those at τT/4 and τT/2, by which Diffusion4D
    /// (section 3) tells what hardly moves from what moves and what comes apart. The paper names
    /// neither window nor colour; the project's are the defaults of ``StructuralSimilarity``.
    ///
    /// - Parameter front: the fixed front view, all its frames.
    /// - Returns: two numbers.
    /// - Throws: ``ImageComparisonError`` where the pictures are smaller than the window.
    public static func ssim(
        front: Video, similarity: StructuralSimilarity = StructuralSimilarity()
    ) throws(ImageComparisonError) -> [Double] {
        let frames = frontFrameIndices(frameCount: front.frames.count).map { front.frames[$0] }
        return try ssim(first: frames[0], others: Array(frames[1...]), similarity: similarity)
    }

    /// `ssim.front` of frames that were rendered for it alone: SSIM of the first with each other.
    ///
    /// - Throws: ``ImageComparisonError`` where sizes differ, or are smaller than the window.
    public static func ssim(
        first: Image, others: [Image], similarity: StructuralSimilarity = StructuralSimilarity()
    ) throws(ImageComparisonError) -> [Double] {
        var scores: [Double] = []
        for other in others { scores.append(try similarity.score(first, other)) }
        return scores
    }

    /// `motion.magnitude`: equation 1 of Diffusion4D, m = (1/T) Σ ‖Iᵢ − Īᵢ‖² between an orbit and
    /// the same orbit frozen at frame 0.
    ///
    /// The paper leaves the norm's scale open. Here ‖·‖² is the mean over pixels and over red,
    /// green and blue of the squared difference of sRGB codes in `[0, 1]`, both pictures over white,
    /// so that m does not depend on the size of the picture and lies in `[0, 1]`.
    ///
    /// - Parameter scale: a factor on the result, for other conventions: `3 * width * height` gives
    ///   the sum over pixels and channels, 65025 counts in codes of 0 to 255.
    /// - Throws: ``ImageComparisonError`` where sizes or frame counts differ.
    public static func motionMagnitude(
        orbit: Video, frozen: Video, scale: Double = 1
    ) throws(ImageComparisonError) -> Double {
        scale * (try orbit.meanSquaredError(to: frozen))
    }

    /// `alpha.border`: per frame, the share of pixels within `ringWidth` of the picture's border
    /// that are not fully transparent. Anything above 0 means that the object leaves the frame.
    public static func borderAlpha(_ video: Video, ringWidth: Int = 1) -> [Double] {
        precondition(ringWidth > 0, "a ring is at least one pixel wide")
        let (width, height) = (video.width, video.height)
        let inner = max(0, width - 2 * ringWidth) * max(0, height - 2 * ringWidth)
        return video.frames.map { frame in
            var touched = 0
            for y in 0..<height {
                let isEdgeRow = y < ringWidth || y >= height - ringWidth
                if isEdgeRow || width <= 2 * ringWidth {
                    touched += visiblePixels(of: frame, row: y, columns: 0..<width)
                } else {
                    touched += visiblePixels(of: frame, row: y, columns: 0..<ringWidth)
                    touched += visiblePixels(
                        of: frame, row: y, columns: width - ringWidth..<width)
                }
            }
            return Double(touched) / Double(width * height - inner)
        }
    }

    private static func visiblePixels(of frame: Image, row: Int, columns: Range<Int>) -> Int {
        columns.count { frame.pixels[(row * frame.width + $0) * 4 + 3] > 0 }
    }

    /// `alpha.coverage`: per frame, the share of the picture that the object covers: mean alpha, so
    /// that a pixel covered by half counts half.
    public static func coverage(_ video: Video) -> [Double] {
        video.frames.map { frame in
            let sum = frame.pixels.withUnsafeBufferPointer { pixels in
                stride(from: 3, to: pixels.count, by: 4).reduce(0) { $0 &+ Int(pixels[$1]) }
            }
            return Double(sum) / Double(255 * frame.width * frame.height)
        }
    }
}
