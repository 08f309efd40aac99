import Foundation
import Geometry

/// How cameras move around an asset over the frames of a video.
///
/// Azimuths are counted as ``Camera/orbiting(azimuthDegrees:elevationDegrees:distance:fieldOfViewXDegrees:width:height:)``
/// counts them.
public enum CameraPath: Sendable, Equatable {
    /// Once around the asset, with the azimuth growing.
    ///
    /// View `i` of `T` stands at `start + 360 * i / (T - 1)`, so the last view is the first one
    /// again: Diffusion4D's released script has `-distance * (sin a, cos a, -e)` in Blender's axes
    /// with `a = 2π (1 - i / (T - 1)) + 2π z`, which is this path from `start = -360 z` (and
    /// elevation `atan e`). A periodic path stands at `start + 360 * i / T`, the even spacing that
    /// the paper describes. A frozen path shows frame 0 of the mesh in every view.
    case orbit(
        startAzimuthDegrees: Double = 0, elevationDegrees: Double = 0, periodic: Bool = false,
        frozen: Bool = false)
    /// One place for all frames.
    case fixed(azimuthDegrees: Double = 0, elevationDegrees: Double = 0)
    /// Four places, 90° apart, each of them for every frame. All four views of a frame come before
    /// those of the next.
    case fourView(startAzimuthDegrees: Double = 0, elevationDegrees: Double = 0)
    /// Places spread evenly over the sphere (a Fibonacci lattice), each of them for every frame, or
    /// for frame 0 alone where the path is frozen. All views of a frame come before those of the
    /// next.
    case sphere(count: Int, frozen: Bool = false)

    /// The views of the path over the frames of a mesh sequence.
    ///
    /// - Parameters:
    ///   - frameCount: T; at least one.
    ///   - framing: distance, lens and size of all cameras.
    /// - Returns: T views for `orbit` and `fixed`, 4 T for `fourView`, T times the count (or the
    ///   count, where frozen) for `sphere`.
    public func views(frameCount: Int, framing: Framing = Framing()) -> [View] {
        switch self {
        case .orbit(let start, let elevation, let periodic, let frozen):
            let steps = Double(max(1, periodic ? frameCount : frameCount - 1))
            return (0..<frameCount).map { i in
                View(
                    frame: frozen ? 0 : i,
                    camera: framing.camera(
                        azimuthDegrees: start + 360 * Double(i) / steps,
                        elevationDegrees: elevation))
            }
        case .fixed(let azimuth, let elevation):
            return CameraPath.views(
                at: [(azimuth, elevation)], frameCount: frameCount, framing: framing)
        case .fourView(let start, let elevation):
            return CameraPath.views(
                at: (0..<4).map { (start + 90 * Double($0), elevation) }, frameCount: frameCount,
                framing: framing)
        case .sphere(let count, let frozen):
            return CameraPath.views(
                at: CameraPath.fibonacciSphere(count: count), frameCount: frozen ? 1 : frameCount,
                framing: framing)
        }
    }

    private static func views(
        at places: [(azimuth: Double, elevation: Double)], frameCount: Int, framing: Framing
    ) -> [View] {
        let cameras = places.map {
            framing.camera(azimuthDegrees: $0.azimuth, elevationDegrees: $0.elevation)
        }
        return (0..<frameCount).flatMap { frame in
            cameras.enumerated().map { View(frame: frame, camera: $1, track: $0) }
        }
    }

    /// Azimuths and elevations in degrees: equal steps of height on the sphere, turned by the
    /// golden angle from one to the next, from above to below.
    private static func fibonacciSphere(count: Int) -> [(azimuth: Double, elevation: Double)] {
        let goldenAngleDegrees = 180 * (3 - 5.0.squareRoot())
        return (0..<count).map { i in
            let height = 1 - (2 * Double(i) + 1) / Double(count)
            return (
                (goldenAngleDegrees * Double(i)).truncatingRemainder(dividingBy: 360),
                asin(height) * 180 / .pi
            )
        }
    }
}
