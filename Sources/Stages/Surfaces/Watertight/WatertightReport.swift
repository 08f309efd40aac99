import Geometry

/// What became of a mesh: what kind of surface the result is, and how far it is from the input.
public struct WatertightReport: Sendable, Equatable {
    /// Closed, manifold, oriented; Euler characteristic and parts.
    public var topology: MeshTopology
    /// Volume inside.
    public var volume: Double
    /// Area of the surface.
    public var area: Double
    /// Distances from points of the result to the input: large at lids over holes.
    public var toInput: DistanceSummary
    /// Distances from points of the input to the result: large at inner surfaces, which are removed.
    public var fromInput: DistanceSummary

    /// The report on a result, by points drawn uniformly by area and all vertices.
    ///
    /// - Parameters:
    ///   - result: the watertight surface.
    ///   - source: the input with its trees.
    ///   - samples: points drawn on either surface.
    ///   - random: where they are drawn from.
    /// - Throws: ``SurfacesError/noArea`` where either has no area.
    public init(
        _ result: TriangleMesh, of source: WatertightSource, samples: Int = 32_768,
        using random: inout KeyedRandom
    ) throws(SurfacesError) {
        let input = source.winding.bvh
        guard
            let toInput = result.distances(to: input, samples: samples, using: &random),
            let fromInput = input.mesh.distances(
                to: TriangleBVH(result), samples: samples, using: &random)
        else { throw .noArea }
        topology = MeshTopology(result)
        volume = result.signedVolume
        area = result.area
        self.toInput = toInput
        self.fromInput = fromInput
    }
}
