import Geometry
import Imaging

extension Renderer {
    /// Samples of a band that are held in memory at once, in groups of eight: a megabyte or so for
    /// each thread, however large the picture is.
    private static let largestBand = 1 << 17

    /// Renders one view into new pictures.
    func render(
        _ view: View, next: View?, threads: Int, scratch: FrameScratch
    ) -> RenderedFrame {
        precondition(
            (0..<mesh.frameCount).contains(view.frame),
            "view of frame \(view.frame) of \(mesh.frameCount)")
        precondition(
            view.camera.width == settings.width && view.camera.height == settings.height,
            "a view's camera has the size of the settings")
        precondition(
            next.map { (0..<mesh.frameCount).contains($0.frame) } ?? true,
            "the next view is of a frame of the mesh")
        var frame = RenderedFrame()
        scratch.surfaces.clear(settings.outputs, pixels: settings.width * settings.height)
        if settings.outputs.contains(.color) {
            frame.color = Image(width: settings.width, height: settings.height)
        }
        let transform = ViewTransform(view.camera)
        mesh.withPointers(frame: view.frame, next: next?.frame ?? view.frame) { pointers in
            let bounds = project(pointers, transform, threads: threads, scratch)
            let job = FrameJob(
                scene: scene, mesh: pointers, view: transform,
                vertices: UnsafePointer(scratch.vertices.base),
                lights: PreparedLights(settings.lights, camera: view.camera, suns: scratch.suns),
                width: settings.width, height: settings.height)
            let rect = bounds.pixels(width: settings.width, height: settings.height)
            guard !rect.isEmpty else { return }
            if settings.outputs.contains(.color) {
                renderColor(job, rect, threads: threads, scratch, into: &frame)
            }
            if !settings.outputs.subtracting(.color).isEmpty {
                renderSurfaces(
                    job, rect, next: next.map { ViewTransform($0.camera) }, threads: threads,
                    scratch)
            }
        }
        scratch.surfaces.copy(to: &frame, width: settings.width, height: settings.height)
        return frame
    }

    /// Moves the frame's vertices to the screen.
    private func project(
        _ pointers: MeshPointers, _ transform: ViewTransform, threads: Int,
        _ scratch: FrameScratch
    ) -> ScreenBounds {
        scratch.vertices.reserve(mesh.vertexCount)
        // Small meshes are not worth waking other threads for.
        let chunk = 1 << 15
        let chunks = (mesh.vertexCount + chunk - 1) / chunk
        // Every thread writes vertices of its own.
        nonisolated(unsafe) let vertices = scratch.vertices.base
        let parts = ParallelWork.map(count: chunks, threads: threads) { i in
            transform.project(
                i * chunk..<min(mesh.vertexCount, (i + 1) * chunk), of: pointers.positions,
                into: vertices)
        }
        return parts.reduce(into: ScreenBounds()) { $0.formUnion($1) }
    }

    private func renderColor(
        _ job: FrameJob, _ rect: PixelRect, threads: Int, _ scratch: FrameScratch,
        into frame: inout RenderedFrame
    ) {
        frame.color?.pixels.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let output = ColorBand.ColorOutput(
                pixels: base.assumingMemoryBound(to: SIMD4<UInt8>.self))
            let merger = FragmentMerger(
                job, isSmooth: isSmooth, pixels: rect.x.count * rect.y.count)
            forEachBand(rect, settings.samples, threads, scratch) { target, band in
                ColorBand(
                    job: job, target: target, centroids: centroids, scratch: band,
                    merger: merger, output: output
                ).render()
            }
        }
    }

    private func renderSurfaces(
        _ job: FrameJob, _ rect: PixelRect, next: ViewTransform?, threads: Int,
        _ scratch: FrameScratch
    ) {
        let outputs = scratch.surfaces.outputs
        forEachBand(rect, .one, threads, scratch) { target, _ in
            SurfaceBand(
                job: job, target: target, outputs: outputs, next: next, partEnds: partEnds
            ).render()
        }
    }

    /// Divides a rectangle into bands of rows, one or more a thread, and calls `body` for each.
    private func forEachBand(
        _ rect: PixelRect, _ samples: SampleCount, _ threads: Int, _ scratch: FrameScratch,
        _ body: @Sendable (SampleTarget, BandScratch) -> Void
    ) {
        let groupsPerRow = SamplePattern.shared(samples).pointee.groups(width: settings.width)
        // Some more bands than threads even out rows that hold more than others.
        let fair = threads > 1 ? (rect.y.count + 3 * threads - 1) / (3 * threads) : rect.y.count
        let rows = max(1, min(fair, Renderer.largestBand / groupsPerRow))
        let count = (rect.y.count + rows - 1) / rows
        scratch.reserveBands(min(threads, count))
        let bands = scratch.bands
        ParallelWork.forEach(count: count, threads: threads) { i, thread in
            let first = rect.y.lowerBound + i * rows
            let last = min(rect.y.upperBound, first + rows)
            let band = bands[thread]
            band.groups.reserve((last - first) * groupsPerRow)
            body(
                SampleTarget(
                    groups: band.groups.base, groupsPerRow: groupsPerRow,
                    rect: PixelRect(x: rect.x, y: first..<last), samples: samples), band)
        }
    }
}
