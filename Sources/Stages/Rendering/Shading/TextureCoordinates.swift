/// A texture's coordinates on eight triangles: at the first corner, and what is added to them at the
/// others.
struct TriangleTexture {
    let u0: FloatLanes
    let v0: FloatLanes
    let du1: FloatLanes
    let dv1: FloatLanes
    let du2: FloatLanes
    let dv2: FloatLanes

    /// The coordinates by which a binding reads its texture; nil where the mesh has no such UVs.
    @inline(__always)
    init?(_ binding: TextureBinding, _ corners: some TriangleCorners, _ mesh: MeshPointers) {
        guard let uvs = mesh.uvSet(binding.uvSet) else { return nil }
        let a = corners.uvs(0, of: uvs)
        let b = corners.uvs(1, of: uvs)
        let c = corners.uvs(2, of: uvs)
        (u0, v0) = binding.transformed(a.u, a.v)
        (du1, dv1) = binding.transformed(differenceU: b.u - a.u, b.v - a.v)
        (du2, dv2) = binding.transformed(differenceU: c.u - a.u, c.v - a.v)
    }

    /// Reads the texture.
    ///
    /// - Parameter memory: for this call alone.
    @inline(__always)
    func sample(
        _ sampler: TextureSampler, _ surface: SurfaceLanes,
        _ memory: UnsafeMutablePointer<TextureSampler.Memory>
    ) -> ColorLanes {
        sampler.sample(
            surface.interpolate(u0, du1, du2), surface.interpolate(v0, dv1, dv2),
            level: surface.levelOfDetail(sampler, du1, dv1, du2, dv2, bias: 0), memory)
    }
}
