/// Why meshes cannot be written as a file.
public enum MeshFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A position is no finite number, which formats and their readers rule out.
    case notFinite(frame: Int, vertex: Int)
    /// The frames have no times that a player can go through one after the other.
    case unusableTimes(reason: String)
    /// Morph targets were asked for, and a frame's triangles are not those of frame 0.
    case differentTriangles(frame: Int)
    /// The file would be larger than its format can say.
    case tooLarge(bytes: Int, maximum: Int)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        switch self {
        case .notFinite(let frame, let vertex):
            "writing a mesh: vertex \(vertex) of frame \(frame) is no finite point; remove it or "
                + "repair what made it"
        case .unusableTimes(let reason):
            "writing an animated mesh: \(reason); give a frame rate or ascending times"
        case .differentTriangles(let frame):
            "writing morph targets: frame \(frame) has other triangles than frame 0; write it "
                + "frame by frame"
        case .tooLarge(let bytes, let maximum):
            "writing a mesh: the file would have \(bytes) bytes, and its format ends at "
                + "\(maximum); write fewer frames or smaller meshes"
        }
    }
}
