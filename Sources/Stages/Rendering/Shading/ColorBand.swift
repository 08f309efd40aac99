import Geometry

/// Renders a band of rows in colour.
///
/// Visibility comes first: every sample gets the index of its nearest triangle. Then each triangle
/// that a pixel's samples see is shaded once, where it is seen, and the samples are averaged. At
/// dataset sizes triangles are often smaller than pixels; shading after visibility spends nothing on
/// those that turn out to be hidden, and lets the shader fill its lanes with fragments of any
/// triangles, where a conventional rasterizer would shade mostly empty two-by-two quads.
struct ColorBand {
    /// Where colour is written. Threads write into different rows, hence safe to share.
    struct ColorOutput: @unchecked Sendable {
        /// `[height, width]` of the whole picture.
        let pixels: UnsafeMutablePointer<SIMD4<UInt8>>
    }

    let job: FrameJob
    let target: SampleTarget
    let centroids: CoverageCentroids
    let scratch: BandScratch
    let merger: FragmentMerger
    let output: ColorOutput

    /// Draws the band and writes its pixels.
    func render() {
        job.drawSolid(into: target, transparentCutoff: nil)
        let layerCount = sortLayers(job.collectLayers(in: target, into: scratch.layers))
        collect(layerCount: layerCount)
        flush()
    }

    /// Shades, resolves and writes what is queued.
    func flush() {
        let queue = scratch.queue
        let encoder = PixelEncoder(output: output.pixels, width: job.width)
        shade(encoder)
        let resolver = PixelResolver(
            queue: queue, pattern: target.pattern, width: job.width, stack: scratch.stack)
        for i in 0..<queue.pixelCount {
            queue.resolved.base[i] = resolver.resolve(queue.pixels.base[i])
        }
        encoder.encode(queue)
        queue.count = 0
        queue.pixelCount = 0
    }

    private func shade(_ encoder: PixelEncoder) {
        let queue = scratch.queue
        guard queue.count > 0 else { return }
        queue.colors.reserve(queue.count + FragmentQueue.slack)
        queue.depths.reserve(queue.count + FragmentQueue.slack)
        let shader = FragmentShader(
            view: job.view, mesh: job.mesh, lights: job.lights, queue: queue,
            encoder: encoder)
        let materials = job.scene.materials.base
        queue.order.arrange(queue, job.scene, gathersTriangles: merger.hasLargeTriangles)
        for run in queue.order.runs {
            let indices = queue.order.indices + Int(run.start)
            if run.isOneTriangle {
                shader.shadeRun(indices, count: Int(run.count), materials + Int(run.material))
            } else {
                for i in stride(from: 0, to: Int(run.count), by: 8) {
                    shader.shadeEight(indices + i, materials + Int(run.material))
                }
            }
        }
    }
}
