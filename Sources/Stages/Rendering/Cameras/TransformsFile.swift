import Foundation
import Geometry

/// The `transforms.json` in which NeRF tools look for cameras.
///
/// Matrices are camera-to-world, row by row, with OpenGL's camera axes. Keys are written in
/// alphabetical order, so equal contents give equal bytes.
public struct TransformsFile: Codable, Sendable, Equatable {
    /// The axes of the world in which matrices are written.
    public enum World: String, Codable, Sendable {
        /// Y up, the asset's front facing +Z, as everywhere in Muybridge.
        case muybridge
        /// Z up, the asset's front facing -Y: (x, y, z) becomes (x, -z, y). Diffusion4D's and
        /// GVFDiffusion's loaders, and NeRF's synthetic scenes, expect it.
        case blender
    }

    /// The axes of the matrices.
    public var world: World
    /// The horizontal field of view in radians.
    public var cameraAngleX: Double
    /// The vertical field of view in radians.
    public var cameraAngleY: Double
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int
    /// The focal length in pixels; pixels are square.
    public var focalLengthX: Double
    /// The focal length in pixels.
    public var focalLengthY: Double
    /// Where the optical axis meets the picture, in pixels from the left.
    public var centerX: Double
    /// Where the optical axis meets the picture, in pixels from the top.
    public var centerY: Double
    /// One entry a picture.
    public var frames: [Frame]

    /// A picture and its camera.
    public struct Frame: Codable, Sendable, Equatable {
        /// The picture's name, relative to the file.
        public var filePath: String
        /// From the camera to the world, four rows of four.
        public var transformMatrix: [[Double]]
        /// Seconds of the clip.
        public var time: Double
        /// The frame of the mesh sequence.
        public var meshFrame: Int
        /// The camera's azimuth in degrees: 0 sees the front, 90 stands on the asset's left (+X).
        public var azimuth: Double?
        /// The camera's elevation in degrees.
        public var elevation: Double?

        enum CodingKeys: String, CodingKey {
            case filePath = "file_path"
            case transformMatrix = "transform_matrix"
            case time
            case meshFrame = "mesh_frame"
            case azimuth
            case elevation
        }
    }

    enum CodingKeys: String, CodingKey {
        case world
        case cameraAngleX = "camera_angle_x"
        case cameraAngleY = "camera_angle_y"
        case width = "w"
        case height = "h"
        case focalLengthX = "fl_x"
        case focalLengthY = "fl_y"
        case centerX = "cx"
        case centerY = "cy"
        case frames
    }

    /// The file of a list of pictures, whose cameras must share lens and size.
    ///
    /// - Parameters:
    ///   - views: one or more.
    ///   - times: seconds of the clip for every frame of the mesh sequence.
    ///   - world: the axes to write.
    ///   - filePath: the name of picture `i`.
    public init(
        views: [View], times: [Double], world: World = .muybridge, filePath: (Int) -> String
    ) {
        precondition(!views.isEmpty, "a transforms file has at least one view")
        let camera = views[0].camera
        precondition(
            views.allSatisfy {
                $0.camera.fieldOfViewXRadians == camera.fieldOfViewXRadians
                    && $0.camera.width == camera.width && $0.camera.height == camera.height
                    && $0.camera.principalPoint == camera.principalPoint
            }, "the cameras of a transforms file share lens and size")
        self.world = world
        cameraAngleX = camera.fieldOfViewXRadians
        cameraAngleY = camera.fieldOfViewYRadians
        width = camera.width
        height = camera.height
        focalLengthX = camera.focalLengthPixels
        focalLengthY = camera.focalLengthPixels
        centerX = camera.principalPoint.x
        centerY = camera.principalPoint.y
        frames = views.enumerated().map { i, view in
            Frame(
                filePath: filePath(i),
                transformMatrix: TransformsFile.rows(view.camera.worldFromCamera, in: world),
                time: times[view.frame], meshFrame: view.frame,
                azimuth: view.camera.azimuthDegrees, elevation: view.camera.elevationDegrees)
        }
    }

    /// Reads a file that ``encoded()`` wrote.
    ///
    /// - Throws: `DecodingError` where the JSON is malformed or a key is missing.
    public init(decoding data: Data) throws {
        self = try JSONDecoder().decode(TransformsFile.self, from: data)
    }

    /// The camera of picture `i`, back in Muybridge's axes; nil where its matrix is not four rows
    /// of four numbers.
    public func camera(_ i: Int) -> Camera? {
        let rows = frames[i].transformMatrix
        guard rows.count == 4, rows.allSatisfy({ $0.count == 4 }) else { return nil }
        let stored = Matrix4(rowMajor: rows.flatMap { $0 })
        return Camera(
            worldFromCamera: world == .blender
                ? TransformsFile.muybridgeFromBlender * stored : stored,
            fieldOfViewXRadians: cameraAngleX, width: width, height: height,
            principalPoint: SIMD2(centerX, centerY))
    }

    /// The file's bytes.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    private static func rows(_ worldFromCamera: Matrix4, in world: World) -> [[Double]] {
        let m = (world == .blender ? blenderFromMuybridge * worldFromCamera : worldFromCamera)
            .rowMajor
        // Adding zero turns a negative zero into zero, which JSON tools print more kindly.
        return (0..<4).map { r in (0..<4).map { c in m[4 * r + c] + 0 } }
    }

    private static let blenderFromMuybridge = Matrix4(rowMajor: [
        1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1,
    ])
    private static let muybridgeFromBlender = Matrix4(rowMajor: [
        1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1,
    ])
}
