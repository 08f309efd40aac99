import Foundation
import Geometry

extension Camera {
    /// The focal length in pixels.
    public var focalLengthPixels: Double {
        0.5 * Double(width) / tan(0.5 * fieldOfViewXRadians)
    }

    /// The angle between the upper and the lower border in radians.
    public var fieldOfViewYRadians: Double {
        2 * atan(0.5 * Double(height) / focalLengthPixels)
    }

    /// From the world to camera space: the inverse of the pose, which must not be singular.
    public var cameraFromWorld: Matrix4 {
        guard let inverse = worldFromCamera.affineInverse else {
            preconditionFailure("a camera's pose has an inverse")
        }
        return inverse
    }

    /// Where a point of the world is seen.
    ///
    /// - Returns: the pixel coordinates, which may lie outside the picture, and the depth in metres
    ///   along -z; nil for a point that is not in front of the camera.
    public func project(_ point: SIMD3<Double>) -> (pixel: SIMD2<Double>, depth: Double)? {
        let p = cameraFromWorld.transform(point: point)
        guard p.z < 0 else { return nil }
        let focal = focalLengthPixels
        return (
            SIMD2(
                principalPoint.x - focal * p.x / p.z, principalPoint.y + focal * p.y / p.z), -p.z
        )
    }

    /// The ray through a pixel coordinate, in the world. Its direction is scaled so that
    /// `origin + depth * direction` lies at that depth along -z.
    public func ray(
        through pixel: SIMD2<Double>
    ) -> (origin: SIMD3<Double>, direction: SIMD3<Double>) {
        let focal = focalLengthPixels
        let direction = SIMD3(
            (pixel.x - principalPoint.x) / focal, (principalPoint.y - pixel.y) / focal, -1)
        return (position, worldFromCamera.transform(direction: direction))
    }

    /// Changes the lens, not the place: what stood at `center` comes to the picture's middle,
    /// `factor` times as large.
    ///
    /// - Parameters:
    ///   - factor: positive; above 1 it enlarges.
    ///   - center: pixel coordinates in the picture as it was.
    public mutating func zoom(by factor: Double, center: SIMD2<Double>) {
        let middle = SIMD2(0.5 * Double(width), 0.5 * Double(height))
        principalPoint = middle + (principalPoint - center) * factor
        fieldOfViewXRadians = 2 * atan(tan(0.5 * fieldOfViewXRadians) / factor)
    }
}
