import Geometry

/// Which axis of a file points up. The project's is Y.
public enum UpAxis: String, Sendable, Equatable, Codable, CaseIterable {
    /// X is up, as some Collada exporters have it.
    case x
    /// Y is up and the front faces +Z.
    case y
    /// Z is up and the front faces -Y, as in Blender and 3ds Max.
    case z

    /// The rotation from the file's axes to the project's (Y up, front facing +Z).
    public var worldFromFile: Matrix4 {
        switch self {
        case .x:
            Matrix4(SIMD4(0, 1, 0, 0), SIMD4(-1, 0, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1))
        case .y: .identity
        case .z:
            Matrix4(SIMD4(1, 0, 0, 0), SIMD4(0, 0, -1, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 0, 1))
        }
    }

    /// A vector of the file in the project's axes.
    @inline(__always)
    func world(_ v: SIMD3<Float>) -> SIMD3<Float> {
        switch self {
        case .x: SIMD3(-v.y, v.x, v.z)
        case .y: v
        case .z: SIMD3(v.x, v.z, -v.y)
        }
    }
}
