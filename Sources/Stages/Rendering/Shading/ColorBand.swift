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
    let coverage: CoverageTables
    let scratch: BandScratch
    let output: ColorOutput

    /// Draws the band and writes its pixels.
    func render() {
        job.drawSolid(into: target, transparentCutoff: nil)
        let layerCount = sortLayers(job.collectLayers(in: target, into: scratch.layers))
        collect(layerCount: layerCount)
        flush()
    }

    /// Shades and resolves what is queued.
    func flush() {
        let queue = scratch.queue
        guard queue.pixelCount > 0 else { return }
        shade()
        let encoder = PixelEncoder()
        let resolver = PixelResolver(
            queue: queue, pattern: target.pattern, stack: scratch.stack)
        for i in 0..<queue.pixelCount {
            let pixel = queue.pixels.base[i]
            output.pixels[Int(pixel.y) &* job.width &+ Int(pixel.x)] = encoder.encode(
                resolver.resolve(pixel))
        }
        queue.removeAll()
    }

    private func shade() {
        let queue = scratch.queue
        let materialCount = job.scene.materialCount
        let order = queue.sort(
            byMaterialOf: job.scene.materialOfTriangle.base, materialCount: materialCount)
        let shader = FragmentShader(view: job.view, mesh: job.mesh, lights: job.lights)
        queue.depths.reserve(queue.count)
        for m in 0..<materialCount {
            let material = job.scene.materials.base[m]
            var i = Int(queue.starts.base[m])
            let end = Int(queue.starts.base[m + 1])
            while i < end {
                shadeEight(order + i, count: min(8, end - i), shader, material)
                i += 8
            }
        }
    }

    @inline(__always)
    private func shadeEight(
        _ order: UnsafePointer<Int32>, count: Int, _ shader: FragmentShader,
        _ material: PreparedMaterial
    ) {
        let queue = scratch.queue
        var fragments = FragmentLanes(triangles: .zero, x: .zero, y: .zero)
        for lane in 0..<8 {
            // The last fragment fills the lanes that are left over.
            let f = queue.fragments.base[Int(order[min(lane, count &- 1)])]
            fragments.triangles[lane] = f.triangle
            fragments.x[lane] = f.x
            fragments.y[lane] = f.y
        }
        let (color, geometry) = shader.shade(fragments, material)
        for lane in 0..<count {
            queue.colors.base[Int(order[lane])] = color[lane]
        }
        guard material.kind == .blend else { return }
        let plane = geometry.inverseDepthPlane(job.view)
        for lane in 0..<count {
            queue.depths.base[Int(order[lane])] = SIMD4(
                plane.value[lane], plane.stepX[lane], plane.stepY[lane], 0)
        }
    }
}
