import Curation
import Foundation
import Geometry
import Imaging
import Rendering

extension Studio {
    /// Pixels a side of the pictures that are hashed.
    private static let signatureSide = 64
    /// How far the pictures reach to each side of the surface's middle, in root mean square
    /// distances of the surface from it. What few parts lie beyond are cut off.
    private static let signatureReach = 2.2
    /// The cameras' distance in the same unit: so far that perspective says little.
    private static let signatureDistance = 10.0

    /// The signature of four views of frame 0; nil where it has no surface.
    ///
    /// The views depend on the asset alone, not on the manifest: light that moves with the camera,
    /// from 15° above, around the direction that the surface itself gives. So they are the same
    /// for an asset that was moved, scaled or turned about the vertical axis, and comparable
    /// between stores.
    func viewSignature() throws -> ViewSignature? {
        try signaturePictures().map { ViewSignature(pictures: $0) }
    }

    /// The four pictures that are hashed.
    func signaturePictures() throws -> [Image]? {
        guard let pose = CanonicalPose(sequence) else { return nil }
        var frame = sequence.frame(0)
        let center = SIMD3<Float>(pose.center)
        let scale = Float(1 / pose.radius)
        for v in 0..<frame.vertexCount {
            frame.positions[v] = (frame.positions[v] - center) * scale
        }
        let framing = Framing(
            distance: Studio.signatureDistance,
            fieldOfViewXDegrees:
                2 * atan(Studio.signatureReach / Studio.signatureDistance) * 180 / .pi,
            width: Studio.signatureSide, height: Studio.signatureSide)
        let renderer = try Renderer(
            mesh: frame,
            settings: RenderSettings(
                width: Studio.signatureSide, height: Studio.signatureSide, samples: .four,
                lights: .area, outputs: .color, culling: .never, threads: 1))
        return (0..<ViewSignature.viewCount).compactMap { i in
            let camera = framing.camera(
                azimuthDegrees: pose.azimuthDegrees + 90 * Double(i), elevationDegrees: 15)
            return renderer.render(View(frame: 0, camera: camera)).color
        }
    }
}
