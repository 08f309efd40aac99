import Geometry

/// glTF's metallic-roughness surface at eight places: a Lambert base under a GGX layer.
///
/// The parts follow Blender's Principled BSDF, which reference renders use. The layer is GGX with
/// height-correlated Smith masking (Heitz 2014) and a Fresnel term from 0.04 (dielectric) or the base
/// colour (metal) to 1; what single scattering loses is given back in proportion (Turquin 2019);
/// what the layer reflects does not reach the base.
struct Reflection {
    private let normal: VectorLanes
    private let view: VectorLanes
    private let normalView: FloatLanes
    private let alphaSquared: FloatLanes
    /// The view's part in the masking of every light.
    private let viewRoot: FloatLanes
    /// The base's albedo below the layer.
    private let diffuse: VectorLanes
    /// The layer's reflectance along the normal, and what is added to it at grazing angles as
    /// ``Fresnel`` says for metals and for dielectrics. All include what multiple scattering gives
    /// back.
    private let facing: VectorLanes
    private let grazingMetal: VectorLanes
    private let grazingDielectric: FloatLanes
    /// The layer's albedo under uniform surroundings.
    private let specularAlbedo: VectorLanes

    /// - Parameters:
    ///   - cosine: that of the angle between normal and view; positive.
    ///   - albedo: the layer's at that angle.
    @inline(__always)
    init(
        baseColor: VectorLanes, metallic: FloatLanes, roughness: FloatLanes, normal: VectorLanes,
        view: VectorLanes, cosine: FloatLanes, albedo: DirectionalAlbedo.Lanes
    ) {
        self.normal = normal
        self.view = view
        normalView = cosine
        let alpha = larger(
            roughness * roughness, FloatLanes(repeating: DirectionalAlbedo.smallestAlpha))
        alphaSquared = alpha * alpha
        viewRoot = Reflection.root(cosine * cosine * (1 - alphaSquared) + alphaSquared)
        let (e, metal, glass) = albedo
        let lost = (1 - e) / e
        // A surface that is metal in part is a mixture of both, each of which keeps its energy.
        let dielectric = 1 - metallic
        let gain = dielectric * (1 + 0.04 * lost)
        let gray = 0.04 * gain
        grazingDielectric = 0.96 * gain
        @inline(__always)
        func facing(_ f0: FloatLanes) -> FloatLanes { gray + metallic * f0 * (1 + f0 * lost) }
        @inline(__always)
        func grazing(_ f0: FloatLanes) -> FloatLanes {
            metallic * (1 - f0) * (1 + f0 * lost)
        }
        self.facing = VectorLanes(facing(baseColor.x), facing(baseColor.y), facing(baseColor.z))
        grazingMetal = VectorLanes(
            grazing(baseColor.x), grazing(baseColor.y), grazing(baseColor.z))
        let grazingAlbedo = grazingDielectric * glass
        specularAlbedo = self.facing * e + grazingMetal * metal + grazingAlbedo
        diffuse = baseColor * (dielectric - gray * e - grazingAlbedo)
    }

    /// What the surface sends to the viewer.
    @inline(__always)
    func radiance(under lights: PreparedLights) -> VectorLanes {
        var sum = VectorLanes(.zero, .zero, .zero)
        if lights.hasSurroundings { sum = surroundings(lights) }
        var i = 0
        while i < lights.sunCount {
            let sun = lights.suns + i
            let normalLight = dot(normal, VectorLanes(sun.pointee.direction))
            // Many surfaces turn away from some suns, and neighbours from the same.
            let faces = normalLight .> FloatLanes.zero
            if anyLane(faces) {
                let light = reflected(sun.pointee, smaller(normalLight, .one))
                sum.x += FloatLanes.zero.replacing(with: light.x, where: faces)
                sum.y += FloatLanes.zero.replacing(with: light.y, where: faces)
                sum.z += FloatLanes.zero.replacing(with: light.z, where: faces)
            }
            i &+= 1
        }
        return sum
    }

    @inline(__always)
    private func surroundings(_ lights: PreparedLights) -> VectorLanes {
        let sky = VectorLanes(lights.sky)
        guard !lights.isUniform else { return (diffuse + specularAlbedo) * sky }
        let ground = VectorLanes(lights.ground)
        let up = VectorLanes(lights.up)
        let mirrored = normal * (2 * dot(normal, view)) - view
        let irradiance = ground + (sky - ground) * saturated(0.5 * dot(normal, up) + 0.5)
        let reflected = ground + (sky - ground) * saturated(0.5 * dot(mirrored, up) + 0.5)
        return diffuse * irradiance + specularAlbedo * reflected
    }

    @inline(__always)
    private func reflected(
        _ sun: PreparedLights.Sun, _ normalLight: FloatLanes
    ) -> VectorLanes {
        let viewLight = dot(view, VectorLanes(sun.direction))
        // h = (l + v) / |l + v|, and |l + v|² = 2 (1 + v·l).
        let inverseLength = roughInverseSquareRoot(
            larger(2 + 2 * viewLight, FloatLanes(repeating: 1e-12)))
        let normalHalf = smaller((normalLight + normalView) * inverseLength, .one)
        let viewHalf = saturated((1 + viewLight) * inverseLength)
        let d = normalHalf * normalHalf * (alphaSquared - 1) + 1
        let rest = 1 - alphaSquared
        let shadowing =
            normalLight * viewRoot
            + normalView * Reflection.root(normalLight * normalLight * rest + alphaSquared)
        // D V = α² / (π d²) * 1 / (2 shadowing); the Lambert base has 1 / π.
        let lobe = 0.5 * alphaSquared / (d * d * larger(shadowing, FloatLanes(repeating: 1e-9)))
        let (metal, glass) = Fresnel.lanes(1 - viewHalf)
        let fresnel = facing + grazingMetal * metal + grazingDielectric * glass
        let brdf = diffuse + fresnel * lobe
        return brdf * VectorLanes(sun.irradiance) * (normalLight * (1 / .pi))
    }

    /// The square root of numbers that are not smaller than the smallest α².
    @inline(__always)
    private static func root(_ v: FloatLanes) -> FloatLanes { v * roughInverseSquareRoot(v) }
}
