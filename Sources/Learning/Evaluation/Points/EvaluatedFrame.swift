import Geometry

/// A shape at one moment, as it was predicted or as it truly is.
public struct EvaluatedFrame: Sendable {
    /// How a shape is given.
    public enum Surface: Sendable {
        /// Triangles: points are sampled on them, and insides known where they are closed.
        case mesh(TriangleMesh)
        /// Points of the surface, `[n, 3]`.
        case cloud(Vector3Array)
    }

    /// The surface.
    public var surface: Surface
    /// Which cells are inside, where that is known without a mesh.
    public var occupancy: OccupancyGrid?

    /// A shape at one moment.
    public init(_ surface: Surface, occupancy: OccupancyGrid? = nil) {
        self.surface = surface
        self.occupancy = occupancy
    }

    /// The mesh, where it is one.
    public var mesh: TriangleMesh? {
        if case .mesh(let mesh) = surface { mesh } else { nil }
    }

    /// The box around the surface.
    public var bounds: Bounds {
        switch surface {
        case .mesh(let mesh): mesh.bounds
        case .cloud(let points): Bounds(points)
        }
    }

    /// The shape moved; what is known of cells is dropped, since they stay where they are.
    public func moved(by similarity: Similarity) -> EvaluatedFrame {
        switch surface {
        case .mesh(let mesh): EvaluatedFrame(.mesh(similarity(mesh)))
        case .cloud(let points): EvaluatedFrame(.cloud(similarity(points)))
        }
    }

    /// `count` points of the surface, uniform by area, the same for the same seed and purpose. Of
    /// a cloud, `count` of its points without repetition, or all where it has no more; none of a
    /// mesh without area.
    public func cloud(_ count: Int, seed: UInt64, purpose: String) -> Vector3Array {
        var random = KeyedRandom(seed: seed, asset: "evaluation", purpose: purpose)
        switch surface {
        case .mesh(let mesh):
            return mesh.positions(of: SurfaceSampler(mesh).draw(count, using: &random))
        case .cloud(let points):
            guard points.count > count else { return points }
            // The first places of a Fisher-Yates shuffle.
            var order = Array(0..<Int32(points.count))
            var result = Vector3Array()
            result.reserveCapacity(count)
            for i in 0..<count {
                order.swapAt(i, Int.random(in: i..<order.count, using: &random))
                result.append(points[Int(order[i])])
            }
            return result
        }
    }
}
