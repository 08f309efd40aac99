/// A sequence of pictures of one size.
public struct Video: Sendable, Equatable {
    /// The pictures in order of time; all of one size, at least one.
    public let frames: [Image]

    /// A video of `frames`, which must be one or more pictures of one size.
    public init(frames: [Image]) {
        precondition(!frames.isEmpty, "a video has at least one frame")
        precondition(
            frames.allSatisfy { $0.width == frames[0].width && $0.height == frames[0].height },
            "the frames of a video have one size")
        self.frames = frames
    }

    /// Pixels in a row of every frame.
    public var width: Int { frames[0].width }
    /// Rows of every frame.
    public var height: Int { frames[0].height }
}
