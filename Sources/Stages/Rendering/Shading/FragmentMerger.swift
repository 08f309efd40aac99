import Geometry

/// Finds fragments of one pixel that can be shaded as one.
///
/// Where triangles are about as large as pixels, a pixel's samples see two or three triangles of one
/// smooth surface, and shading each of them would cost two or three times as much for the same
/// colour. Neighbours that share an edge are therefore merged, as Fatahalian et al. (2010) do for
/// quads: colour does not jump over an edge whose two vertices both triangles share, for they share
/// the vertices' normals, coordinates and colours as well. Hard edges and the seams of charts have
/// vertices of their own on either side and keep their fragments apart, and so do flat triangles and
/// different materials. The fragment is shaded on the triangle that most samples see.
///
/// Threads only read through it, hence safe to share.
struct FragmentMerger: @unchecked Sendable {
    private let triangles: UnsafePointer<UInt32>
    private let vertices: UnsafePointer<ScreenVertex>
    private let materialOfTriangle: UnsafePointer<UInt16>
    private let materials: UnsafePointer<PreparedMaterial>
    /// Whether there are fewer triangles than pixels, so that pixels see one triangle or neighbours.
    let hasLargeTriangles: Bool
    private let isWorthwhile: Bool

    /// - Parameters:
    ///   - isSmooth: whether colour varies smoothly over triangles that share vertices.
    ///   - pixels: the pixels that the mesh spans.
    init(_ job: FrameJob, isSmooth: Bool, pixels: Int) {
        triangles = job.mesh.triangles
        vertices = job.vertices
        materialOfTriangle = UnsafePointer(job.scene.materialOfTriangle.base)
        materials = UnsafePointer(job.scene.materials.base)
        // Where there are more triangles than pixels, what two samples see are hardly ever
        // neighbours.
        hasLargeTriangles = job.scene.triangleCount < pixels
        isWorthwhile = isSmooth && hasLargeTriangles
    }

    /// Whether fragments of two triangles in one pixel can be shaded as one.
    @inline(__always)
    func joins(_ a: Int32, _ b: Int32) -> Bool {
        guard isWorthwhile else { return false }
        let p = triangles + 3 &* Int(a), q = triangles + 3 &* Int(b)
        let (p0, p1, p2) = (p[0], p[1], p[2])
        let (q0, q1, q2) = (q[0], q[1], q[2])
        let first = p0 == q0 || p0 == q1 || p0 == q2
        let second = p1 == q0 || p1 == q1 || p1 == q2
        guard first || second else { return false }
        let third = p2 == q0 || p2 == q1 || p2 == q2
        guard first && second || third else { return false }
        let material = materialOfTriangle[Int(a)]
        guard material == materialOfTriangle[Int(b)] else { return false }
        // At the fold of a silhouette two triangles share an edge, too, but turn different sides to
        // the viewer.
        return materials[Int(material)].culls || (orientation(p) ^ orientation(q)) >= 0
    }

    /// Negative or not, by the way in which a triangle runs on the screen. Triangles that are cut
    /// count as either.
    @inline(__always)
    private func orientation(_ p: UnsafePointer<UInt32>) -> Int64 {
        let a = vertices[Int(p[0])], b = vertices[Int(p[1])], c = vertices[Int(p[2])]
        return Int64(b.x &- a.x) &* Int64(c.y &- a.y) &- Int64(c.x &- a.x) &* Int64(b.y &- a.y)
    }
}

/// The fragments of one pixel while they are found: at most as many as it has samples.
struct PixelGroups {
    /// A new fragment is compared with the last few only: where a pixel sees many triangles they
    /// are tiny, and hardly any of them are neighbours.
    private static var window: Int { 4 }

    private let memory: UnsafeMutablePointer<Group>
    private(set) var count = 0

    struct Group: BitwiseCopyable {
        var triangle: Int32
        /// Samples that see that triangle.
        var seen: Int32
        /// Samples of the group.
        var mask: UInt32
    }

    /// - Parameter memory: room for sixteen groups.
    @inline(__always)
    init(memory: UnsafeMutablePointer<Group>) { self.memory = memory }

    @inline(__always)
    subscript(i: Int) -> Group { memory[i] }

    /// Adds the samples at which a triangle is seen, to a group of a neighbour if there is one.
    @inline(__always)
    mutating func add(_ triangle: Int32, mask: UInt32, _ merger: FragmentMerger) {
        guard triangle != SampleGroup.noTriangle else { return }
        let seen = Int32(truncatingIfNeeded: mask.nonzeroBitCount)
        var i = count &- 1
        while i >= 0, i >= count &- PixelGroups.window {
            if merger.joins(memory[i].triangle, triangle) {
                memory[i].mask |= mask
                if seen > memory[i].seen {
                    memory[i].triangle = triangle
                    memory[i].seen = seen
                }
                return
            }
            i &-= 1
        }
        memory[count] = Group(triangle: triangle, seen: seen, mask: mask)
        count &+= 1
    }
}
