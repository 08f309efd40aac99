import Foundation
import MeshFiles

/// A DeformingThings4D file: `int32` counts of frames, vertices and triangles, `float32 [nv, 3]`
/// positions, `int32 [nt, 3]` indices, and `float32 [nf - 1, nv, 3]` offsets from the first frame.
enum AnimeFile {
    /// The file for frames in the project's axes; it holds Blender's (Z up), as the dataset does.
    static func data(_ frames: [[Vector3]], triangles: [UInt32]) -> Data {
        var bytes = ByteBuffer()
        bytes.append(Int32(frames.count))
        bytes.append(Int32(frames[0].count))
        bytes.append(Int32(triangles.count / 3))
        func append(_ v: Vector3) { bytes.append(floats: [v.x, -v.z, v.y]) }
        for place in frames[0] { append(place) }
        for index in triangles { bytes.append(Int32(index)) }
        for frame in frames.dropFirst() {
            for (place, first) in zip(frame, frames[0]) { append(place - first) }
        }
        return bytes.data
    }

    /// A file of a few bytes that claims 2³¹ - 1 vertices.
    static var lying: Data {
        var bytes = ByteBuffer()
        bytes.append(Int32(24))
        bytes.append(Int32.max)
        bytes.append(Int32(2))
        bytes.append(floats: (0..<30).map { Float($0) / 10 })
        return bytes.data
    }
}
