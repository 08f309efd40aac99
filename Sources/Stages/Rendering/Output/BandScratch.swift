/// Memory of one thread that renders bands of rows; in one thread's hands at a time, hence safe to
/// hand over.
final class BandScratch: @unchecked Sendable {
    let groups = ScratchBuffer<SampleGroup>()
    let queue = FragmentQueue()
    let layers = ScratchBuffer<TransparentLayer>()
    let sortedLayers = ScratchBuffer<TransparentLayer>()
    let layerStarts = ScratchBuffer<Int32>()
    /// What a pixel's samples see, while it is found out.
    let groupsOfPixel = ScratchBuffer<PixelGroups.Group>(capacity: 16)
    /// Transparent fragments of a pixel in order of depth.
    let stack = ScratchBuffer<Int32>(capacity: 64)
}

/// Memory of one frame that is being rendered.
final class FrameScratch {
    let vertices = ScratchBuffer<ScreenVertex>()
    let suns = ScratchBuffer<PreparedLights.Sun>()
    let surfaces = SurfaceScratch()
    /// One for each thread that works on the frame.
    private(set) var bands: [BandScratch] = []

    /// Makes sure that there is memory for `count` threads.
    func reserveBands(_ count: Int) {
        while bands.count < count { bands.append(BandScratch()) }
    }
}
