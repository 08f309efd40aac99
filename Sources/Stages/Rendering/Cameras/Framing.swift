import Geometry

/// The distance, the lens and the picture size that all cameras of a path share.
public struct Framing: Sendable, Equatable {
    /// Metres between the camera and the origin.
    public var distance: Double
    /// The horizontal field of view in degrees.
    public var fieldOfViewXDegrees: Double
    /// Pixels in a row.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Two metres away with a 50 mm lens on a 36 mm sensor at 256 x 256, unless said otherwise.
    public init(
        distance: Double = Camera.defaultDistance,
        fieldOfViewXDegrees: Double = Camera.defaultFieldOfViewXDegrees, width: Int = 256,
        height: Int = 256
    ) {
        self.distance = distance
        self.fieldOfViewXDegrees = fieldOfViewXDegrees
        self.width = width
        self.height = height
    }

    /// The camera of this framing at a place on the sphere.
    public func camera(azimuthDegrees: Double, elevationDegrees: Double) -> Camera {
        .orbiting(
            azimuthDegrees: azimuthDegrees, elevationDegrees: elevationDegrees,
            distance: distance, fieldOfViewXDegrees: fieldOfViewXDegrees, width: width,
            height: height)
    }
}

/// One picture to be made: a frame of the mesh, seen by a camera.
public struct View: Sendable, Equatable {
    /// The frame of the mesh sequence.
    public var frame: Int
    /// The camera.
    public var camera: Camera
    /// Which of several cameras filmed at once this is. Views of one track, in order, are a video;
    /// optical flow leads from a view to the next one of its track.
    public var track: Int

    /// A frame seen by a camera.
    public init(frame: Int, camera: Camera, track: Int = 0) {
        self.frame = frame
        self.camera = camera
        self.track = track
    }
}
