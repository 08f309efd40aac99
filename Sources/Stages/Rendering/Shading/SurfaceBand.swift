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
        let x = pattern.laneXPixels + Float(column), y = pattern.laneYPixels + Float(row)
        let corners = EightTriangles(triangles, of: job.mesh.triangles)
        let planes = SurfacePlanes(job.view, corners, job.mesh)
        let surface = SurfaceLanes(job.view, planes, x: x, y: y)
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
            forEachSeen { output[$1] = surface.depth[$0] }
        }
        if let output = outputs.triangleID { forEachSeen { output[$1] = triangles[$0] } }
        if let output = outputs.partID {
            forEachSeen { output[$1] = part(of: Int(triangles[$0])) }
        }
        if let output = outputs.normal {
            store(cameraNormal(corners, planes, surface), to: output)
        }
        let relative = SurfaceBand.place(planes.p0, planes.e1, planes.e2, surface)
        if let output = outputs.position {
            store(relative + VectorLanes(job.view.origin), to: output)
        }
        guard let next else { return }
        let moved = movedPlace(corners, surface, origin: next.origin)
        if let output = outputs.sceneFlow {
            let shift = VectorLanes(next.origin - job.view.origin)
            store(moved + shift - relative, to: output)
        }
        if let output = outputs.flow {
            let seenAt = project(moved, next)
            forEachSeen { lane, pixel in
                output[2 * pixel] = seenAt.x[lane] - x[lane]
                output[2 * pixel + 1] = seenAt.y[lane] - y[lane]
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

    private func cameraNormal(
        _ corners: EightTriangles, _ planes: SurfacePlanes, _ surface: SurfaceLanes
    ) -> VectorLanes {
        let front = TriangleNormals(corners, planes, job.mesh.normals).normal(surface)
        let normal = front.replacing(
            with: front * FloatLanes(repeating: -1), where: surface.facing .< FloatLanes.zero)
        return VectorLanes(
            dot(normal, VectorLanes(job.view.right)), dot(normal, VectorLanes(job.view.up)),
            dot(normal, VectorLanes(-job.view.forward)))
    }

    /// Where surfaces are, relative to what their first vertex is given relative to.
    private static func place(
        _ p0: VectorLanes, _ e1: VectorLanes, _ e2: VectorLanes, _ surface: SurfaceLanes
    ) -> VectorLanes {
        p0 + e1 * surface.weight1 + e2 * surface.weight2
    }

    /// Where they are at the next view's frame, relative to that view's camera.
    private func movedPlace(
        _ corners: EightTriangles, _ surface: SurfaceLanes, origin: SIMD3<Float>
    ) -> VectorLanes {
        let positions = job.mesh.nextPositions
        let p0 = corners.vectors(0, of: positions)
        return SurfaceBand.place(
            p0 - VectorLanes(origin), corners.vectors(1, of: positions) - p0,
            corners.vectors(2, of: positions) - p0, surface)
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
