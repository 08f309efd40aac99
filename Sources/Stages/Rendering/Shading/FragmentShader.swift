import Geometry

/// Eight places on the screen where triangles are shaded.
struct FragmentLanes {
    /// The triangles.
    let triangles: IntLanes
    /// Their samples, and ``Fragment/isWhole``.
    let masks: IntLanes
    /// Pixel coordinates.
    let x: FloatLanes
    let y: FloatLanes

    /// Fragments out of a queue, by their indices.
    @inline(__always)
    init(_ fragments: UnsafePointer<Fragment>, _ indices: UnsafePointer<Int32>) {
        let raw = UnsafeRawPointer(fragments).assumingMemoryBound(to: SIMD4<Float>.self)
        @inline(__always)
        func row(_ lane: Int) -> SIMD4<Float> { raw[Int(indices[lane])] }
        let columns = ColorLanes(row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7))
        triangles = bits(columns.rgb.x)
        masks = bits(columns.rgb.y)
        x = columns.rgb.z
        y = columns.alpha
    }
}

/// Turns the fragments of a queue into linear colour.
struct FragmentShader {
    let view: ViewTransform
    let mesh: MeshPointers
    let lights: PreparedLights
    let queue: FragmentQueue
    /// Writes what pixels show that show one fragment alone.
    let encoder: PixelEncoder

    /// Shades fragments of one triangle.
    ///
    /// - Parameters:
    ///   - indices: theirs in the queue.
    ///   - count: a multiple of eight.
    @inline(never)
    func shadeRun(
        _ indices: UnsafePointer<Int32>, count: Int, _ material: UnsafePointer<PreparedMaterial>
    ) {
        let triangle = queue.fragments.base[Int(indices[0])].triangle
        shade(OneTriangle(triangle, of: mesh.triangles), indices, count: count, material)
    }

    /// Shades eight fragments of one material.
    @inline(never)
    func shadeEight(
        _ indices: UnsafePointer<Int32>, _ material: UnsafePointer<PreparedMaterial>
    ) {
        let fragments = queue.fragments.base
        let triangles = IntLanes(
            fragments[Int(indices[0])].triangle, fragments[Int(indices[1])].triangle,
            fragments[Int(indices[2])].triangle, fragments[Int(indices[3])].triangle,
            fragments[Int(indices[4])].triangle, fragments[Int(indices[5])].triangle,
            fragments[Int(indices[6])].triangle, fragments[Int(indices[7])].triangle)
        shade(EightTriangles(triangles, of: mesh.triangles), indices, count: 8, material)
    }

    @inline(__always)
    private func shade(
        _ corners: some TriangleCorners, _ indices: UnsafePointer<Int32>, count: Int,
        _ material: UnsafePointer<PreparedMaterial>
    ) {
        if let constant = constantColor(material) {
            return store(constant, indices, count: count)
        }
        let planes = SurfacePlanes(view, corners, mesh)
        let normals = TriangleNormals(corners, planes, mesh.normals)
        let binding = material.pointee.baseColorTexture
        let texture = binding.flatMap { TriangleTexture($0.pointee, corners, mesh) }
        var i = 0
        while i < count {
            let fragments = FragmentLanes(queue.fragments.base, indices + i)
            let surface = SurfaceLanes(view, planes, x: fragments.x, y: fragments.y)
            var color = ColorLanes(material.pointee.baseColor)
            if let colors = mesh.colors { color *= vertexColor(colors, corners, surface) }
            if let binding, let texture {
                color *= FragmentShader.straight(
                    texture.sample(binding.pointee.sampler, surface, queue.textureMemory.base),
                    binding.pointee.sampler)
            }
            if lights.showsOwnColor || material.pointee.unlit {
                if !material.pointee.unlit {
                    color.rgb = color.rgb + emission(corners, surface, material)
                }
            } else {
                color.rgb = lit(
                    color.rgb, corners, surface, normals.normal(surface), planes, material)
            }
            store(color, fragments, indices + i)
            if material.pointee.kind == .blend { storeDepth(planes, surface, indices + i) }
            i &+= 8
        }
    }

    /// The colour of a material that shows the same one everywhere; nil where it does not, or where
    /// more than its colour is asked for.
    @inline(__always)
    private func constantColor(_ material: UnsafePointer<PreparedMaterial>) -> ColorLanes? {
        let m = material.pointee
        guard lights.showsOwnColor || m.unlit, mesh.colors == nil, m.baseColorTexture == nil,
            m.unlit || m.emissiveTexture == nil, m.kind != .blend
        else { return nil }
        var color = ColorLanes(m.baseColor)
        if !m.unlit { color.rgb = color.rgb + VectorLanes(m.emissive) }
        return color
    }

    /// Gives fragments one colour.
    private func store(_ color: ColorLanes, _ indices: UnsafePointer<Int32>, count: Int) {
        for i in stride(from: 0, to: count, by: 8) {
            store(color, FragmentLanes(queue.fragments.base, indices + i), indices + i)
        }
    }

    /// Writes what pixels show that show nothing but their fragment, and keeps the colours of the
    /// others.
    @inline(__always)
    private func store(
        _ color: ColorLanes, _ fragments: FragmentLanes, _ indices: UnsafePointer<Int32>
    ) {
        let isWhole = fragments.masks .< IntLanes.zero
        if anyLane(isWhole) {
            encoder.encode(color.rgb, x: fragments.x, y: fragments.y, isWhole: fragments.masks)
        }
        if anyLane(.!isWhole) { color.scatter(to: queue.colors.base, indices) }
    }

    /// Colour that is not multiplied by alpha.
    @inline(__always)
    private static func straight(_ texel: ColorLanes, _ sampler: TextureSampler) -> ColorLanes {
        guard sampler.isPremultiplied else { return texel }
        let divisor = larger(texel.alpha, FloatLanes(repeating: 1e-6))
        return ColorLanes(rgb: texel.rgb * (1 / divisor), alpha: texel.alpha)
    }

    /// What surfaces of a base colour send to the viewer.
    @inline(__always)
    private func lit(
        _ baseColor: VectorLanes, _ corners: some TriangleCorners, _ surface: SurfaceLanes,
        _ front: VectorLanes, _ planes: SurfacePlanes,
        _ material: UnsafePointer<PreparedMaterial>
    ) -> VectorLanes {
        var normal = front
        if let binding = material.pointee.normalTexture {
            normal = perturbed(
                normal, binding.pointee, material.pointee.normalScale, corners, surface, planes)
        }
        let back = surface.facing .< FloatLanes.zero
        normal = normal.replacing(with: normal * FloatLanes(repeating: -1), where: back)
        var metallic = FloatLanes(repeating: material.pointee.metallic)
        var roughness = FloatLanes(repeating: material.pointee.roughness)
        let view = (surface.direction * FloatLanes(repeating: -1)).normalized
        // Interpolated normals may turn away from the viewer at silhouettes.
        let cosine = larger(dot(normal, view), FloatLanes(repeating: 1e-3))
        var albedo: DirectionalAlbedo.Lanes = (.one, .zero, .zero)
        if let binding = material.pointee.metallicRoughnessTexture,
            let texel = texel(binding, corners, surface)
        {
            roughness *= texel.rgb.y
            metallic *= texel.rgb.z
            if let table = lights.albedo {
                albedo = DirectionalAlbedo.lanes(table, cosine: cosine, roughness: roughness)
            }
        } else if let row = material.pointee.albedo {
            albedo = DirectionalAlbedo.lanes(row, cosine: cosine)
        }
        let reflection = Reflection(
            baseColor: baseColor, metallic: metallic, roughness: roughness, normal: normal,
            view: view, cosine: cosine, albedo: albedo)
        return reflection.radiance(under: lights) + emission(corners, surface, material)
    }

    @inline(__always)
    private func emission(
        _ corners: some TriangleCorners, _ surface: SurfaceLanes,
        _ material: UnsafePointer<PreparedMaterial>
    ) -> VectorLanes {
        let emissive = VectorLanes(material.pointee.emissive)
        guard let binding = material.pointee.emissiveTexture,
            let texel = texel(binding, corners, surface)
        else { return emissive }
        return emissive * texel.rgb
    }

    /// A texture's value; nil where the mesh lacks its UVs.
    @inline(never)
    private func texel(
        _ binding: UnsafePointer<TextureBinding>, _ corners: some TriangleCorners,
        _ surface: SurfaceLanes
    ) -> ColorLanes? {
        TriangleTexture(binding.pointee, corners, mesh)?
            .sample(binding.pointee.sampler, surface, queue.textureMemory.base)
    }

    /// The interpolated colours of the vertices.
    @inline(never)
    private func vertexColor(
        _ colors: UnsafePointer<SIMD4<Float>>, _ corners: some TriangleCorners,
        _ surface: SurfaceLanes
    ) -> ColorLanes {
        let w1 = surface.weight1, w2 = surface.weight2
        let a = corners.colors(0, of: colors)
        let b = corners.colors(1, of: colors)
        let c = corners.colors(2, of: colors)
        let w0 = 1 - w1 - w2
        return ColorLanes(
            rgb: a.rgb * w0 + b.rgb * w1 + c.rgb * w2,
            alpha: a.alpha * w0 + b.alpha * w1 + c.alpha * w2)
    }

    /// Writes one over the planes' depth at the rays, and what a pixel to the right and a pixel
    /// down add.
    @inline(never)
    private func storeDepth(
        _ planes: SurfacePlanes, _ surface: SurfaceLanes, _ indices: UnsafePointer<Int32>
    ) {
        // With 1 / depth = d·n / (p0·n), a step of the ray changes it by step·n / (p0·n).
        let n = cross(planes.e1, planes.e2)
        let value = 1 / surface.depth
        let alongRay = dot(surface.direction, n)
        let scale = FloatLanes.zero.replacing(
            with: value / alongRay,
            where: magnitude(alongRay) .> FloatLanes(repeating: 1e-37))
        let plane = VectorLanes(
            value, dot(VectorLanes(view.stepX), n) * scale,
            dot(VectorLanes(view.stepY), n) * scale)
        ColorLanes(rgb: plane, alpha: .zero).scatter(to: queue.depths.base, indices)
    }

    /// A normal bent by a normal map.
    ///
    /// The tangent is the direction on the triangle along which the map's u grows, made
    /// perpendicular to the interpolated normal; the bitangent is perpendicular to both, on the
    /// side of falling v (green points up). MikkTSpace's tangents are averages of these over the
    /// triangles around a vertex: on smooth charts the two agree but for the turn of the tangent
    /// inside the tangent plane from a triangle to its neighbour. Nothing has to be computed for
    /// frames that move.
    @inline(never)
    private func perturbed(
        _ normal: VectorLanes, _ binding: TextureBinding, _ scale: Float,
        _ corners: some TriangleCorners, _ surface: SurfaceLanes, _ planes: SurfacePlanes
    ) -> VectorLanes {
        guard let uv = TriangleTexture(binding, corners, mesh) else { return normal }
        let texel = uv.sample(binding.sampler, surface, queue.textureMemory.base).rgb
        let x = (texel.x * 2 - 1) * scale
        let y = (texel.y * 2 - 1) * scale
        let z = texel.z * 2 - 1
        let area = uv.du1 * uv.dv2 - uv.du2 * uv.dv1
        let one = FloatLanes.one, minusOne = FloatLanes(repeating: -1)
        let chart = one.replacing(with: minusOne, where: area .< FloatLanes.zero)
        let alongU = (planes.e1 * uv.dv2 - planes.e2 * uv.dv1) * chart
        let alongV = (planes.e2 * uv.du1 - planes.e1 * uv.du2) * chart
        let tangent = (alongU - normal * dot(alongU, normal)).normalized
        let side = cross(normal, tangent)
        let bitangent =
            side * one.replacing(with: minusOne, where: dot(side, alongV) .> FloatLanes.zero)
        let bent = (tangent * x + bitangent * y + normal * z).normalized
        let isUsable =
            (magnitude(area) .> FloatLanes(repeating: 1e-20))
            .& (dot(bent, bent) .> FloatLanes(repeating: 0.5))
        return normal.replacing(with: bent, where: isUsable)
    }
}
