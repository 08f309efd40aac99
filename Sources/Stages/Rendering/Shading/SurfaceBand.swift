import Geometry

/// Renders a band of rows of what is not colour: one sample a pixel, in its centre.
struct SurfaceBand {
    let job: FrameJob
    let target: SampleTarget
    let outputs: SurfaceOutputs
    /// The camera of the next view, or nil where there is none.
    let next: ViewTransform?
    /// `[parts]`: where each part's triangles end.
    let partEnds: [Int]

    /// The alpha from which a transparent surface counts as the nearest one.
    static let transparentCutoff: Float = 0.5

    /// Draws the band and writes its pixels.
    func render() {
        job.drawSolid(into: target, transparentCutoff: SurfaceBand.transparentCutoff)
        let none = IntLanes(repeating: SampleGroup.noTriangle)
        for y in target.rect.y {
            let row = target.row(y)
            for g in target.groupRange {
                let ids = row[g].triangle
                let seen = ids .!= none
                guard anyLane(seen) else { continue }
                // Lanes that see nothing take part with a triangle that some lane sees.
                var someone: Int32 = 0
                for lane in 0..<8 where seen[lane] { someone = ids[lane] }
                let triangles = IntLanes(repeating: someone).replacing(with: ids, where: seen)
                write(triangles, seen: seen, column: 8 * g, row: y)
            }
        }
    }

    private func write(
        _ triangles: IntLanes, seen: SIMDMask<IntLanes>, column: Int, row: Int
    ) {
        let pattern = target.pattern
        let fragments = FragmentLanes(
            triangles: triangles, x: pattern.laneXPixels + Float(column),
            y: pattern.laneYPixels + Float(row))
        let geometry = FragmentGeometry(fragments, job.mesh, job.view)
        let pixel = row * job.width + column
        func forEachSeen(_ body: (_ lane: Int, _ pixel: Int) -> Void) {
            for lane in 0..<min(8, job.width - column) where seen[lane] {
                body(lane, pixel + lane)
            }
        }
        func store(_ v: VectorLanes, to output: UnsafeMutablePointer<Float>) {
            forEachSeen { lane, pixel in
                output[3 * pixel] = v.x[lane]
                output[3 * pixel + 1] = v.y[lane]
                output[3 * pixel + 2] = v.z[lane]
            }
        }
        if let output = outputs.depth {
            forEachSeen { output[$1] = geometry.surface.depth[$0] }
        }
        if let output = outputs.triangleID { forEachSeen { output[$1] = triangles[$0] } }
        if let output = outputs.partID {
            forEachSeen { output[$1] = part(of: Int(triangles[$0])) }
        }
        if let output = outputs.normal { store(cameraNormal(geometry), to: output) }
        let relative = place(geometry)
        if let output = outputs.position {
            store(relative + VectorLanes(job.view.origin), to: output)
        }
        guard let next else { return }
        let moved = movedPlace(geometry, origin: next.origin)
        if let output = outputs.sceneFlow {
            let shift = VectorLanes(next.origin - job.view.origin)
            store(moved + shift - relative, to: output)
        }
        if let output = outputs.flow {
            let seenAt = project(moved, next)
            forEachSeen { lane, pixel in
                output[2 * pixel] = seenAt.x[lane] - fragments.x[lane]
                output[2 * pixel + 1] = seenAt.y[lane] - fragments.y[lane]
            }
        }
    }

    /// The part that holds a triangle.
    private func part(of triangle: Int) -> Int32 {
        var low = 0
        var high = partEnds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if partEnds[middle] <= triangle { low = middle + 1 } else { high = middle }
        }
        return Int32(truncatingIfNeeded: low)
    }

    private func cameraNormal(_ geometry: FragmentGeometry) -> VectorLanes {
        let front = geometry.normal(job.mesh.normals)
        let normal = front.replacing(
            with: front * FloatLanes(repeating: -1),
            where: geometry.surface.facing .< FloatLanes.zero)
        return VectorLanes(
            dot(normal, VectorLanes(job.view.right)), dot(normal, VectorLanes(job.view.up)),
            dot(normal, VectorLanes(-job.view.forward)))
    }

    /// Where the surface is, relative to the camera.
    private func place(_ geometry: FragmentGeometry) -> VectorLanes {
        geometry.p0 + geometry.e1 * geometry.surface.weight1
            + geometry.e2 * geometry.surface.weight2
    }

    /// Where it is at the next view's frame, relative to that view's camera.
    private func movedPlace(
        _ geometry: FragmentGeometry, origin: SIMD3<Float>
    ) -> VectorLanes {
        let positions = job.mesh.nextPositions
        let p0 = geometry.vertices.0.vectors(positions)
        let e1 = geometry.vertices.1.vectors(positions) - p0
        let e2 = geometry.vertices.2.vectors(positions) - p0
        return p0 - VectorLanes(origin) + e1 * geometry.surface.weight1
            + e2 * geometry.surface.weight2
    }

    /// Pixel coordinates of places relative to a camera; not a number behind it.
    private func project(
        _ p: VectorLanes, _ view: ViewTransform
    ) -> (x: FloatLanes, y: FloatLanes) {
        let depth = dot(p, VectorLanes(view.forward))
        let scale = FloatLanes(repeating: .nan).replacing(
            with: view.focalLengthPixels / depth, where: depth .> FloatLanes.zero)
        return (
            dot(p, VectorLanes(view.right)) * scale + view.center.x,
            view.center.y - dot(p, VectorLanes(view.up)) * scale
        )
    }
}
