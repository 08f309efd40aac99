import Geometry

/// A light rig as the shader reads it, for one camera. A plain value of numbers and pointers.
struct PreparedLights {
    /// A sun with what does not depend on the surface.
    struct Sun: BitwiseCopyable {
        /// Towards the light, of length one, in the world.
        var direction: SIMD3<Float>
        var irradiance: SIMD3<Float>
    }

    let suns: UnsafePointer<Sun>
    let sunCount: Int
    let sky: SIMD3<Float>
    let ground: SIMD3<Float>
    /// The direction in which the surroundings' upper half lies, in the world.
    let up: SIMD3<Float>
    let hasSurroundings: Bool
    /// Whether both halves of the surroundings are alike.
    let isUniform: Bool
    let showsOwnColor: Bool
    /// ``DirectionalAlbedo/table``; nil where nothing is reflected.
    let albedo: UnsafePointer<SIMD4<Float>>?

    /// Writes the rig's suns to `suns`, which keeps the memory.
    init(_ rig: LightRig, camera: Camera, suns: ScratchBuffer<Sun>) {
        let worldFromRig: Matrix4 = rig.frame == .world ? .identity : camera.worldFromCamera
        suns.reserve(rig.suns.count)
        for (i, sun) in rig.suns.enumerated() {
            suns.base[i] = Sun(
                direction: SIMD3<Float>(
                    normalize(worldFromRig.transform(direction: normalize(sun.direction)))),
                irradiance: sun.irradiance)
        }
        self.suns = UnsafePointer(suns.base)
        sunCount = rig.suns.count
        sky = rig.skyRadiance
        ground = rig.groundRadiance
        up = SIMD3<Float>(worldFromRig.transform(direction: SIMD3(0, 1, 0)))
        hasSurroundings = sky != .zero || ground != .zero
        isUniform = sky == ground
        showsOwnColor = rig.showsOwnColor
        albedo = rig.showsOwnColor ? nil : DirectionalAlbedo.table.base
    }
}
