import Geometry

/// Eight places on triangles of one material.
struct FragmentLanes {
    /// The triangles.
    var triangles: IntLanes
    /// Pixel coordinates.
    var x: FloatLanes
    var y: FloatLanes

    @inline(__always)
    init(triangles: IntLanes, x: FloatLanes, y: FloatLanes) {
        self.triangles = triangles
        self.x = x
        self.y = y
    }

    /// Fragments out of a queue, by their indices.
    @inline(__always)
    init(_ fragments: UnsafePointer<Fragment>, _ indices: UnsafePointer<Int32>) {
        let raw = UnsafeRawPointer(fragments).assumingMemoryBound(to: SIMD4<Float>.self)
        @inline(__always)
        func row(_ lane: Int) -> SIMD4<Float> { raw[Int(indices[lane])] }
        let columns = ColorLanes(row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7))
        triangles = bits(columns.rgb.x)
        x = columns.rgb.z
        y = columns.alpha
    }
}

/// The geometry of eight fragments.
struct FragmentGeometry {
    let vertices: (VertexLanes, VertexLanes, VertexLanes)
    let surface: SurfaceLanes
    /// From the first vertex to the others.
    let e1: VectorLanes
    let e2: VectorLanes
    /// The first vertex relative to the camera.
    let p0: VectorLanes

    @inline(__always)
    init(_ fragments: FragmentLanes, _ mesh: MeshPointers, _ view: ViewTransform) {
        vertices = (
            VertexLanes(corner: 0, of: fragments.triangles, in: mesh.triangles),
            VertexLanes(corner: 1, of: fragments.triangles, in: mesh.triangles),
            VertexLanes(corner: 2, of: fragments.triangles, in: mesh.triangles)
        )
        let first = vertices.0.vectors(mesh.positions)
        e1 = vertices.1.vectors(mesh.positions) - first
        e2 = vertices.2.vectors(mesh.positions) - first
        p0 = first - VectorLanes(view.origin)
        surface = SurfaceLanes(view, p0, e1, e2, x: fragments.x, y: fragments.y)
    }

    /// One over the planes' depth at the rays, and what a pixel to the right and a pixel down add.
    @inline(__always)
    func inverseDepthPlane(
        _ view: ViewTransform
    ) -> (value: FloatLanes, stepX: FloatLanes, stepY: FloatLanes) {
        // With 1 / depth = d·n / (p0·n), a step of the ray changes it by step·n / (p0·n).
        let n = cross(e1, e2)
        let value = 1 / surface.depth
        let alongRay = dot(surface.direction, n)
        let scale = FloatLanes.zero.replacing(
            with: value / alongRay,
            where: magnitude(alongRay) .> FloatLanes(repeating: 1e-37))
        return (
            value, dot(VectorLanes(view.stepX), n) * scale,
            dot(VectorLanes(view.stepY), n) * scale
        )
    }

    /// The interpolated normals of the triangles' fronts, in the world: those of the vertices, or
    /// the triangle's own where a vertex has none.
    @inline(__always)
    func normal(_ normals: UnsafePointer<Float>?) -> VectorLanes {
        let flat = cross(e1, e2).normalized
        guard let normals else { return flat }
        let n0 = vertices.0.vectors(normals)
        let n1 = vertices.1.vectors(normals)
        let n2 = vertices.2.vectors(normals)
        let w1 = surface.weight1, w2 = surface.weight2
        let sum = n0 * (1 - w1 - w2) + n1 * w1 + n2 * w2
        // A vertex without a normal has a zero vector; others have length one.
        let shortest = smaller(smaller(dot(n0, n0), dot(n1, n1)), dot(n2, n2))
        let isSmooth =
            (shortest .> FloatLanes(repeating: 0.25))
            .& (dot(sum, sum) .> FloatLanes(repeating: 1e-12))
        return flat.replacing(with: sum.normalized, where: isSmooth)
    }
}

/// A texture's coordinates at eight fragments, and how they change over the triangles.
struct TextureCoordinates {
    let u: FloatLanes
    let v: FloatLanes
    let du1: FloatLanes
    let dv1: FloatLanes
    let du2: FloatLanes
    let dv2: FloatLanes

    @inline(__always)
    init?(_ binding: TextureBinding, _ geometry: FragmentGeometry, _ mesh: MeshPointers) {
        guard let uvs = mesh.uvSet(binding.uvSet) else { return nil }
        let a = geometry.vertices.0.uvs(uvs)
        let b = geometry.vertices.1.uvs(uvs)
        let c = geometry.vertices.2.uvs(uvs)
        let (u0, v0) = binding.transformed(a.u, a.v)
        (du1, dv1) = binding.transformed(differenceU: b.u - a.u, b.v - a.v)
        (du2, dv2) = binding.transformed(differenceU: c.u - a.u, c.v - a.v)
        u = geometry.surface.interpolate(u0, du1, du2)
        v = geometry.surface.interpolate(v0, dv1, dv2)
    }

    /// Reads a texture.
    @inline(__always)
    func sample(_ sampler: TextureSampler, _ surface: SurfaceLanes) -> ColorLanes {
        sampler.sample(
            u, v, level: surface.levelOfDetail(sampler, du1, dv1, du2, dv2, bias: 0))
    }
}

/// Turns fragments into linear colour.
struct FragmentShader {
    let view: ViewTransform
    let mesh: MeshPointers
    let lights: PreparedLights

    /// The colour, not multiplied by alpha, and the alpha of eight fragments of one material.
    func shade(
        _ fragments: FragmentLanes, _ pointer: UnsafePointer<PreparedMaterial>
    ) -> (color: ColorLanes, geometry: FragmentGeometry) {
        let geometry = FragmentGeometry(fragments, mesh, view)
        let material = pointer.pointee
        var color = baseColor(geometry, material)
        if lights.showsOwnColor || material.unlit {
            if !material.unlit { color.rgb = color.rgb + emission(geometry, material) }
            return (color, geometry)
        }
        let back = geometry.surface.facing .< FloatLanes.zero
        var normal = geometry.normal(mesh.normals)
        if let binding = material.normalTexture {
            normal = perturbed(normal, binding, material.normalScale, geometry)
        }
        normal = normal.replacing(with: normal * FloatLanes(repeating: -1), where: back)
        var metallic = FloatLanes(repeating: material.metallic)
        var roughness = FloatLanes(repeating: material.roughness)
        var hasTexture = false
        if let binding = material.metallicRoughnessTexture,
            let coordinates = TextureCoordinates(binding, geometry, mesh)
        {
            let texel = coordinates.sample(binding.sampler, geometry.surface)
            roughness *= texel.rgb.y
            metallic *= texel.rgb.z
            hasTexture = true
        }
        let reflection = Reflection(
            baseColor: color.rgb, metallic: metallic, roughness: roughness, normal: normal,
            view: (geometry.surface.direction * FloatLanes(repeating: -1)).normalized
        ) { cosine in
            guard let table = lights.albedo, let row = material.albedo else {
                return (.one, .zero, .zero)
            }
            return hasTexture
                ? DirectionalAlbedo.lanes(table, cosine: cosine, roughness: roughness)
                : DirectionalAlbedo.lanes(row, cosine: cosine)
        }
        color.rgb = reflection.radiance(under: lights) + emission(geometry, material)
        return (color, geometry)
    }

    @inline(__always)
    private func baseColor(
        _ geometry: FragmentGeometry, _ material: PreparedMaterial
    ) -> ColorLanes {
        var color = ColorLanes(material.baseColor)
        if let colors = mesh.colors {
            let w1 = geometry.surface.weight1, w2 = geometry.surface.weight2
            let a = geometry.vertices.0.colors(colors)
            let b = geometry.vertices.1.colors(colors)
            let c = geometry.vertices.2.colors(colors)
            let w0 = 1 - w1 - w2
            color *= ColorLanes(
                rgb: a.rgb * w0 + b.rgb * w1 + c.rgb * w2,
                alpha: a.alpha * w0 + b.alpha * w1 + c.alpha * w2)
        }
        if let binding = material.baseColorTexture,
            let coordinates = TextureCoordinates(binding, geometry, mesh)
        {
            var texel = coordinates.sample(binding.sampler, geometry.surface)
            if binding.sampler.isPremultiplied {
                let divisor = larger(texel.alpha, FloatLanes(repeating: 1e-6))
                texel.rgb = texel.rgb * (1 / divisor)
            }
            color *= texel
        }
        return color
    }

    @inline(__always)
    private func emission(
        _ geometry: FragmentGeometry, _ material: PreparedMaterial
    ) -> VectorLanes {
        let emissive = VectorLanes(material.emissive)
        guard let binding = material.emissiveTexture,
            let coordinates = TextureCoordinates(binding, geometry, mesh)
        else { return emissive }
        return emissive * coordinates.sample(binding.sampler, geometry.surface).rgb
    }

    /// A normal bent by a normal map.
    ///
    /// The tangent is the direction on the triangle along which the map's u grows, made
    /// perpendicular to the interpolated normal; the bitangent is perpendicular to both, on the
    /// side of falling v (green points up). MikkTSpace's tangents are averages of these over the
    /// triangles around a vertex: on smooth charts the two agree but for the turn of the tangent
    /// inside the tangent plane from a triangle to its neighbour. Nothing has to be computed for
    /// frames that move.
    @inline(__always)
    private func perturbed(
        _ normal: VectorLanes, _ binding: TextureBinding, _ scale: Float,
        _ geometry: FragmentGeometry
    ) -> VectorLanes {
        guard let uv = TextureCoordinates(binding, geometry, mesh) else { return normal }
        let texel = uv.sample(binding.sampler, geometry.surface).rgb
        let x = (texel.x * 2 - 1) * scale
        let y = (texel.y * 2 - 1) * scale
        let z = texel.z * 2 - 1
        let area = uv.du1 * uv.dv2 - uv.du2 * uv.dv1
        let one = FloatLanes.one, minusOne = FloatLanes(repeating: -1)
        let chart = one.replacing(with: minusOne, where: area .< FloatLanes.zero)
        let alongU = (geometry.e1 * uv.dv2 - geometry.e2 * uv.dv1) * chart
        let alongV = (geometry.e2 * uv.du1 - geometry.e1 * uv.du2) * chart
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
