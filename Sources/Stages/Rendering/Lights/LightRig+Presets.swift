import Foundation
import Geometry

extension LightRig {
    /// Surfaces show their base colour plus their emission.
    public static let unlit = LightRig(showsOwnColor: true)

    /// White surroundings of radiance 1: a Lambert surface shows its albedo, a white surface of any
    /// roughness and metalness shows white.
    public static let uniform = LightRig(skyRadiance: .one, groundRadiance: .one)

    /// The four suns of Diffusion4D's render script, which stand still in the world.
    ///
    /// Their Euler rotations (XYZ, radians) in Blender's axes are key (π/4, 0, -π/4), fill
    /// (π/4, 0, 3π/4), rim (-π/4, 0, -5π/4) and bottom (π, 0, 0); a Blender sun shines along its
    /// own -z. Strengths are in W/m².
    public static func fourSuns(
        key: Double = 4, fill: Double = 3, rim: Double = 4, bottom: Double = 2
    ) -> LightRig {
        LightRig(suns: [
            blenderSun(eulerX: 0.785398, eulerZ: -0.785398, strength: key),
            blenderSun(eulerX: 0.785398, eulerZ: 2.35619, strength: fill),
            blenderSun(eulerX: -0.785398, eulerZ: -3.92699, strength: rim),
            blenderSun(eulerX: 3.14159, eulerZ: 0, strength: bottom),
        ])
    }

    /// The four suns with strengths drawn uniformly in the ranges from which Diffusion4D's script
    /// draws them for each asset, in this order: key 3 to 5, fill 2 to 4, rim 3 to 5, bottom 1 to 3.
    public static func fourSuns(drawnWith random: inout KeyedRandom) -> LightRig {
        let key = random.uniform(3..<5)
        let fill = random.uniform(2..<4)
        let rim = random.uniform(3..<5)
        let bottom = random.uniform(1..<3)
        return fourSuns(key: key, fill: fill, rim: rim, bottom: bottom)
    }

    /// A soft key from above the camera's left shoulder, a weaker fill from its right and dim
    /// surroundings that are brighter above than below, all moving with the camera: previews in
    /// which every side of an asset reads well.
    public static let area: LightRig = {
        // Four suns at the corners of a square 24° wide soften the key's terminator and highlight.
        let key = SIMD3(-0.55, 0.65, 0.75)
        let spread = tan(12 * Double.pi / 180) * length(key)
        let right = normalize(cross(SIMD3(0, 1, 0), key))
        let up = normalize(cross(key, right))
        var suns = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)].map { x, y in
            Sun(
                direction: key + spread * (x * right + y * up),
                irradiance: SIMD3(repeating: 0.5))
        }
        suns.append(Sun(direction: SIMD3(0.9, 0.1, 0.5), irradiance: SIMD3(repeating: 0.6)))
        return LightRig(
            suns: suns, skyRadiance: SIMD3(repeating: 0.4), groundRadiance: SIMD3(repeating: 0.2),
            frame: .camera)
    }()

    /// The direction towards a sun is its own +z, turned about x and then about z, in Blender's
    /// axes; (x, y, z) there is (x, z, -y) here.
    private static func blenderSun(eulerX: Double, eulerZ: Double, strength: Double) -> Sun {
        let afterX = SIMD3(0, -sin(eulerX), cos(eulerX))
        let x = -sin(eulerZ) * afterX.y
        let y = cos(eulerZ) * afterX.y
        return Sun(
            direction: SIMD3(x, afterX.z, -y), irradiance: SIMD3(repeating: Float(strength)))
    }
}
