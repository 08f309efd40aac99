import Geometry

/// What shines on the asset. Nothing casts a shadow.
///
/// Radiance is linear; a picture shows a radiance of 1 as white (the "standard" view transform:
/// plain sRGB encoding, cut off at 1).
public struct LightRig: Sendable, Equatable {
    /// A light infinitely far away.
    public struct Sun: Sendable, Equatable {
        /// From the asset towards the light; of any length but zero.
        public var direction: SIMD3<Double>
        /// Linear red, green and blue irradiance of a surface that faces the light, in W/m²: the
        /// strength of a Blender sun. A white Lambert surface that faces it has the radiance
        /// `irradiance / π`.
        public var irradiance: SIMD3<Float>

        /// A sun in a direction.
        public init(direction: SIMD3<Double>, irradiance: SIMD3<Float>) {
            self.direction = direction
            self.irradiance = irradiance
        }
    }

    /// The space in which directions are given.
    public enum Frame: String, Sendable, Equatable {
        /// The lights stay where they are while the camera moves.
        case world
        /// The lights move with the camera: x to its right, y up, z towards the viewer.
        case camera
    }

    /// Whether surfaces show their own colour, base colour plus emission, and no light matters.
    public var showsOwnColor: Bool
    /// Distant lights.
    public var suns: [Sun]
    /// The radiance of the upper half of the surroundings.
    public var skyRadiance: SIMD3<Float>
    /// The radiance of the lower half of the surroundings. Where it differs from the upper half,
    /// a Lambert surface receives `(1 + n.y) / 2` of the one and `(1 - n.y) / 2` of the other,
    /// exactly as two half spheres light it.
    public var groundRadiance: SIMD3<Float>
    /// The space of the suns' directions and of the surroundings' halves.
    public var frame: Frame

    /// A rig of suns and surroundings; dark unless something is given.
    public init(
        suns: [Sun] = [], skyRadiance: SIMD3<Float> = .zero, groundRadiance: SIMD3<Float> = .zero,
        frame: Frame = .world, showsOwnColor: Bool = false
    ) {
        self.suns = suns
        self.skyRadiance = skyRadiance
        self.groundRadiance = groundRadiance
        self.frame = frame
        self.showsOwnColor = showsOwnColor
    }
}
