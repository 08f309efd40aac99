/// One view of a scene, ready to be drawn band by band. Threads only read it, hence safe to share.
struct FrameJob: @unchecked Sendable {
    let scene: PreparedScene
    let mesh: MeshPointers
    let view: ViewTransform
    /// `[V]`
    let vertices: UnsafePointer<ScreenVertex>
    let lights: PreparedLights
    let width: Int
    let height: Int

    /// Draws what hides what is behind it into a target, which is cleared first.
    ///
    /// - Parameter transparentCutoff: the alpha from which transparent surfaces count as well, or
    ///   nil to leave them out.
    func drawSolid(into target: SampleTarget, transparentCutoff: Float?) {
        target.clear()
        let pass = trianglePass(target)
        for run in scene.runs {
            switch run.kind {
            case .opaque:
                var sink = NearestSink()
                pass.draw(run.triangles, culls: run.culls, into: &sink)
            case .mask(let cutoff):
                drawCutout(run, cutoff: cutoff, pass)
            case .blend:
                if let transparentCutoff { drawCutout(run, cutoff: transparentCutoff, pass) }
            }
        }
    }

    /// Collects the transparent triangles that the target's solid ones do not hide.
    ///
    /// - Returns: how many entries were written to `layers`.
    func collectLayers(
        in target: SampleTarget, into layers: ScratchBuffer<TransparentLayer>
    ) -> Int {
        let pass = trianglePass(target)
        var sink = LayerSink(
            layers: layers, pattern: target.pattern, width: Int32(truncatingIfNeeded: width))
        for run in scene.runs where run.kind == .blend {
            pass.draw(run.triangles, culls: run.culls, into: &sink)
        }
        return sink.count
    }

    private func drawCutout(_ run: DrawRun, cutoff: Float, _ pass: TrianglePass) {
        let material = scene.materials.base[run.material]
        var sink = CutoutSink(
            reader: AlphaReader(
                view: view, mesh: mesh, material: material, pattern: pass.target.pattern),
            cutoff: cutoff)
        pass.draw(run.triangles, culls: run.culls, into: &sink)
    }

    private func trianglePass(_ target: SampleTarget) -> TrianglePass {
        TrianglePass(
            mesh: mesh, vertices: vertices, view: view, target: target,
            clipper: Clipper(width: width, height: height))
    }
}
