import Foundation
import Geometry

/// A pinhole camera with square pixels.
///
/// Camera space has OpenGL's axes: x to the right, y up, and the camera looks along -z. Pixel
/// coordinates run from the top left corner of the picture, x to the right and y down, so that the
/// centre of the first pixel is (0.5, 0.5).
public struct Camera: Sendable, Equatable {
    /// The rigid pose: from camera space to the world.
    public var worldFromCamera: Matrix4
    /// The angle between the left and the right border in radians, in (0, π).
    public var fieldOfViewXRadians: Double
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Where the optical axis meets the picture, in pixels: its middle, unless the lens is
    /// shifted. The field of view is that of the lens without the shift.
    public var principalPoint: SIMD2<Double>

    /// The field of view of a 50 mm lens on a 36 mm sensor, 39.5978°: Blender's default camera,
    /// which Diffusion4D's and GVFDiffusion's published renders used.
    public static let defaultFieldOfViewXDegrees = 2 * atan(18.0 / 50.0) * 180 / .pi

    /// The distance from the origin at which those renders were made.
    public static let defaultDistance = 2.0

    /// The distance in metres in front of the camera at which surfaces are cut off.
    public static let nearDistance = 1e-3

    /// A camera of a given pose and lens.
    public init(
        worldFromCamera: Matrix4, fieldOfViewXRadians: Double, width: Int, height: Int,
        principalPoint: SIMD2<Double>? = nil
    ) {
        self.worldFromCamera = worldFromCamera
        self.fieldOfViewXRadians = fieldOfViewXRadians
        self.width = width
        self.height = height
        self.principalPoint =
            principalPoint ?? SIMD2(0.5 * Double(width), 0.5 * Double(height))
    }

    /// A camera on a sphere about the origin that looks at the origin, upright.
    ///
    /// - Parameters:
    ///   - azimuthDegrees: 0 stands on +Z and sees the front, 90 stands on +X.
    ///   - elevationDegrees: angle above the horizon, -90 to 90. At ±90 the azimuth still says
    ///     which way the picture's right side points.
    ///   - distance: metres from the origin.
    ///   - fieldOfViewXDegrees: the horizontal field of view.
    ///   - width: pixels in a row.
    ///   - height: rows.
    public static func orbiting(
        azimuthDegrees: Double, elevationDegrees: Double = 0,
        distance: Double = Camera.defaultDistance,
        fieldOfViewXDegrees: Double = Camera.defaultFieldOfViewXDegrees, width: Int, height: Int
    ) -> Camera {
        let azimuth = azimuthDegrees * .pi / 180
        let elevation = elevationDegrees * .pi / 180
        let sa = sin(azimuth), ca = cos(azimuth)
        let se = sin(elevation), ce = cos(elevation)
        // The right vector does not depend on the elevation, so the poles need no special case.
        let right = SIMD4(ca, 0, -sa, 0)
        let up = SIMD4(-se * sa, ce, -se * ca, 0)
        let back = SIMD4(ce * sa, se, ce * ca, 0)
        let position = back * distance + SIMD4(0, 0, 0, 1)
        return Camera(
            worldFromCamera: Matrix4(right, up, back, position),
            fieldOfViewXRadians: fieldOfViewXDegrees * .pi / 180, width: width, height: height)
    }

    /// Where the camera stands.
    public var position: SIMD3<Double> { worldFromCamera.translation }

    /// The azimuth of an upright camera in degrees, -180 to 180: 0 looks along -Z, 90 along -X.
    public var azimuthDegrees: Double {
        let right = worldFromCamera.columns.0
        return atan2(-right.z, right.x) * 180 / .pi
    }

    /// The angle in degrees by which the camera looks down: for one that looks at the origin, its
    /// elevation.
    public var elevationDegrees: Double {
        let back = worldFromCamera.columns.2
        return asin(min(1, max(-1, back.y))) * 180 / .pi
    }
}
