/// Signed distance to a mesh: exact distance to the nearest triangle, negative where the
/// generalised winding number exceeds 1/2.
public struct SignedDistance: Sendable {
    /// The triangles, their boxes and their multipoles.
    public let winding: WindingTree
    /// Whether every edge is passed as often in one direction as in the other, so that the winding
    /// number is a whole number everywhere off the surface.
    public let isBalanced: Bool

    /// The signed distance to a mesh, by trees that are built here.
    ///
    /// - Complexity: O(*F* log *F*).
    public init(_ mesh: TriangleMesh) { self.init(WindingTree(TriangleBVH(mesh))) }

    /// The signed distance by trees that are there already.
    public init(_ winding: WindingTree) {
        self.winding = winding
        isBalanced = winding.bvh.mesh.unbalancedEdges().isEmpty
    }

    /// The signed distance at `p`: negative inside; infinite where the mesh has no finite triangle.
    public func callAsFunction(_ p: SIMD3<Float>) -> Float {
        let distance = winding.bvh.closestPoint(to: p).distance
        return winding.isInside(p) ? -distance : distance
    }

    /// The signed distances at many points, in their order.
    ///
    /// Where the mesh is balanced, no winding number is computed for a point that is nearer to an
    /// earlier one than the surface is: nothing lies between them. The work is spread over the
    /// cores; results do not depend on how.
    public func callAsFunction(at points: Vector3Array) -> [Float] {
        var results = [Float](repeating: .infinity, count: points.count)
        let bvh = winding.bvh
        guard !bvh.isEmpty else { return results }
        let order = SpatialOrder.morton(points)
        results.withUnsafeMutableBufferPointer { buffer in
            let places = SharedPointer(buffer)
            ParallelRanges.run(count: points.count, grain: 4096) { range in
                bvh.withReader { reader in
                    winding.multipoles.withUnsafeBufferPointer { multipoles in
                        var previous: Int32 = -1
                        var anchor = Anchor()
                        for place in range {
                            let i = Int(order[place])
                            let p = points[i]
                            guard p - p == .zero else { continue }
                            let found = reader.nearest(to: p, startingFrom: previous)
                            previous = found.triangle
                            let distance = found.squared.squareRoot()
                            if !isBalanced || !anchor.reaches(p) {
                                anchor = Anchor(
                                    position: p, radius: distance,
                                    isInside: winding.isInside(p, reader, multipoles))
                            }
                            places[i] = anchor.isInside ? -distance : distance
                        }
                    }
                }
            }
        }
        return results
    }

    /// A point whose side is known, and how far away the surface is.
    private struct Anchor {
        var position = SIMD3<Float>.zero
        var radius: Float = 0
        var isInside = false

        /// Whether `p` is on the same side for certain.
        func reaches(_ p: SIMD3<Float>) -> Bool {
            let d = p - position
            return dot(d, d) < radius * radius * 0.999
        }
    }
}
