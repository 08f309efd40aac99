import Geometry

/// Reads a material's alpha at samples of one triangle.
struct AlphaReader {
    let view: ViewTransform
    let mesh: MeshPointers
    let material: PreparedMaterial
    let pattern: SamplePattern
    private let textureMemory = ScratchBuffer<TextureSampler.Memory>(capacity: 1)

    init(
        view: ViewTransform, mesh: MeshPointers, material: PreparedMaterial, pattern: SamplePattern
    ) {
        self.view = view
        self.mesh = mesh
        self.material = material
        self.pattern = pattern
    }

    /// The alpha of `triangle` at the samples of a group.
    ///
    /// The level of detail is that of the distance between samples: a mask is tested once a sample.
    func alpha(of triangle: Int, at place: GroupPlace) -> FloatLanes {
        let (i0, i1, i2) = mesh.vertices(of: triangle)
        let phase = Float(place.phase)
        let x = pattern.laneXPixels + (Float(place.column) + phase * Float(pattern.phaseX) / 32)
        let y = pattern.laneYPixels + (Float(place.row) + phase * Float(pattern.phaseY) / 32)
        let p0 = mesh.position(i0, from: view.origin)
        let planes = SurfacePlanes(
            view, VectorLanes(p0), VectorLanes(mesh.position(i1, from: view.origin) - p0),
            VectorLanes(mesh.position(i2, from: view.origin) - p0))
        let surface = SurfaceLanes(view, planes, x: x, y: y)
        var alpha = FloatLanes(repeating: material.baseColor.w)
        if let colors = mesh.colors {
            let a = colors[i0].w
            alpha *= surface.interpolate(
                FloatLanes(repeating: a), FloatLanes(repeating: colors[i1].w - a),
                FloatLanes(repeating: colors[i2].w - a))
        }
        guard let binding = material.baseColorTexture?.pointee,
            let uvs = mesh.uvSet(binding.uvSet)
        else { return alpha }
        let (uv0, d1, d2) = (uvs[i0], uvs[i1] - uvs[i0], uvs[i2] - uvs[i0])
        let (u0, v0) = binding.transformed(
            FloatLanes(repeating: uv0.x), FloatLanes(repeating: uv0.y))
        let (du1, dv1) = binding.transformed(
            differenceU: FloatLanes(repeating: d1.x), FloatLanes(repeating: d1.y))
        let (du2, dv2) = binding.transformed(
            differenceU: FloatLanes(repeating: d2.x), FloatLanes(repeating: d2.y))
        let sampler = binding.sampler
        let level = surface.levelOfDetail(
            sampler, du1, dv1, du2, dv2, bias: pattern.levelBias)
        let texel = sampler.sample(
            surface.interpolate(u0, du1, du2), surface.interpolate(v0, dv1, dv2), level: level,
            textureMemory.base)
        return alpha * texel.alpha
    }
}

/// Keeps the nearest triangle among those whose alpha reaches a cutoff where they are seen.
struct CutoutSink: SampleSink {
    let reader: AlphaReader
    let cutoff: Float
    var triangle: Int32 = 0

    mutating func visit(
        _ group: UnsafeMutablePointer<SampleGroup>, outside: IntLanes,
        inverseDepth: IntLanes, at place: GroupPlace
    ) {
        let candidate = covered(inverseDepth, outside)
        let kept = bits(group.pointee.inverseDepth)
        let nearer = candidate .> kept
        guard anyLane(nearer) else { return }
        let alpha = reader.alpha(of: Int(triangle), at: place)
        let solid = nearer .& (alpha .>= FloatLanes(repeating: cutoff))
        guard anyLane(solid) else { return }
        group.pointee.inverseDepth = floats(bits: kept.replacing(with: candidate, where: solid))
        group.pointee.triangle = group.pointee.triangle.replacing(
            with: IntLanes(repeating: triangle), where: solid)
    }
}

/// A triangle that covers samples of a pixel without hiding what is behind.
struct TransparentLayer: BitwiseCopyable {
    /// Column and row of the pixel.
    var x: Int32
    var y: Int32
    var triangle: Int32
    /// The samples, one bit each.
    var mask: UInt32
}

/// Collects the triangles that are in front of the nearest opaque one.
struct LayerSink: SampleSink {
    let layers: ScratchBuffer<TransparentLayer>
    let pattern: SamplePattern
    /// The picture's width: the last group of a row may reach beyond it.
    let width: Int32
    var count = 0
    var triangle: Int32 = 0

    mutating func visit(
        _ group: UnsafeMutablePointer<SampleGroup>, outside: IntLanes,
        inverseDepth: IntLanes, at place: GroupPlace
    ) {
        let nearer = covered(inverseDepth, outside) .> bits(group.pointee.inverseDepth)
        guard anyLane(nearer) else { return }
        let perPixel = min(8, pattern.count)
        layers.grow(count + 8, keeping: count)
        for pixel in 0..<8 / perPixel {
            var mask: UInt32 = 0
            for sample in 0..<perPixel where nearer[pixel * perPixel + sample] {
                mask |= 1 << UInt32(sample)
            }
            let x = place.column &+ Int32(truncatingIfNeeded: pixel)
            guard mask != 0, x < width else { continue }
            mask <<= UInt32(8 * place.phase)
            // The second half of a pixel's sixteen samples joins the first.
            if place.phase == 1, count > 0 {
                let last = layers.base[count - 1]
                if last.triangle == triangle, last.x == x, last.y == place.row {
                    layers.base[count - 1].mask |= mask
                    continue
                }
            }
            layers.base[count] = TransparentLayer(
                x: x, y: place.row, triangle: triangle, mask: mask)
            count += 1
        }
    }
}
