import Foundation
import Geometry

/// Points with their signed distances to a surface: what a shape decoder is asked.
public struct DistanceSamples: Sendable, Equatable {
    /// `[m, 3]`: first those near the surface, deviation by deviation, then those in the box.
    public var positions: Vector3Array
    /// `[m]` signed distances.
    public var distances: [Float]

    /// How samples are drawn.
    public struct Settings: Sendable, Equatable {
        /// Points near the surface for each deviation.
        public var nearCount: Int
        /// Standard deviations of the normal distribution by which points leave the surface, along
        /// every axis, in the units of the mesh.
        public var deviations: [Float]
        /// Points drawn uniformly from the box.
        public var uniformCount: Int
        /// The box reaches from minus this to this along every axis.
        public var halfSide: Float
        /// Where to cut distances off, or nil: Step1X-3D offers 0.01 and divides by it.
        public var truncation: Float?
        /// Whether distances are positive inside, as in Step1X-3D's samples, or outside.
        public var isPositiveInside: Bool

        /// By default in the ratios of Step1X-3D (a part with deviation 0.001, one with 0.01, one
        /// from the box), for shapes in a unit box: its own numbers halved, as its box is ±1.05.
        public init(
            nearCount: Int = 20_480, deviations: [Float] = [0.000_5, 0.005],
            uniformCount: Int = 20_480, halfSide: Float = 0.525, truncation: Float? = nil,
            isPositiveInside: Bool = false
        ) {
            self.nearCount = nearCount
            self.deviations = deviations
            self.uniformCount = uniformCount
            self.halfSide = halfSide
            self.truncation = truncation
            self.isPositiveInside = isPositiveInside
        }
    }

    /// Draws samples around the surface of a signed distance.
    ///
    /// - Throws: ``SurfacesError/noArea`` where points near a surface without area are asked for.
    /// - Complexity: about O(*m* log *F*), spread over the cores.
    public init(
        _ distance: SignedDistance, _ settings: Settings = Settings(),
        using random: inout KeyedRandom
    ) throws(SurfacesError) {
        let surface = distance.winding.bvh.mesh
        var points = Vector3Array()
        points.reserveCapacity(
            settings.nearCount * settings.deviations.count + settings.uniformCount)
        if settings.nearCount > 0, !settings.deviations.isEmpty {
            let sampler = SurfaceSampler(surface)
            guard sampler.totalArea > 0 else { throw .noArea }
            for deviation in settings.deviations {
                for p in surface.positions(of: sampler.draw(settings.nearCount, using: &random)) {
                    points.append(p + normalVector(&random) * deviation)
                }
            }
        }
        let range = -Double(settings.halfSide)..<Double(settings.halfSide)
        for _ in 0..<settings.uniformCount {
            let x = random.uniform(range), y = random.uniform(range), z = random.uniform(range)
            points.append(SIMD3(Float(x), Float(y), Float(z)))
        }
        positions = points
        distances = distance(at: points).map { settings.apply($0) }
    }

    /// `[m, 4]`: position and distance of every point, as `sdf.npy` holds them.
    public var rows: [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(4 * distances.count)
        for i in distances.indices {
            rows += positions.scalars[3 * i..<3 * i + 3]
            rows.append(distances[i])
        }
        return rows
    }
}

extension DistanceSamples.Settings {
    /// A distance (negative inside) in the sign and range that are asked for.
    func apply(_ distance: Float) -> Float {
        let signed = isPositiveInside ? -distance : distance
        guard let truncation else { return signed }
        return max(-truncation, min(truncation, signed))
    }
}

/// Three numbers of the standard normal distribution (Box and Muller 1958).
func normalVector(_ random: inout KeyedRandom) -> SIMD3<Float> {
    func pair() -> (Double, Double) {
        // One minus a number below one is never zero.
        let radius = (-2 * log(1 - random.uniform(0..<1))).squareRoot()
        let angle = random.uniform(0..<2 * Double.pi)
        return (radius * cos(angle), radius * sin(angle))
    }
    let (a, b) = pair()
    let (c, _) = pair()
    return SIMD3(Float(a), Float(b), Float(c))
}

/// Signed distances at the nodes of a regular grid over a cube.
public enum DistanceGrid {
    /// The signed distances at the middles of `resolution`³ cells that fill the cube from
    /// -`halfSide` to `halfSide`, negative inside.
    ///
    /// - Returns: a grid whose values are `[z, y, x]`, as `grid.npy` holds them.
    /// - Complexity: about O(*resolution*³ log *F*), spread over the cores.
    public static func sample(
        _ distance: SignedDistance, resolution: Int = 64, halfSide: Float = 0.525
    ) -> ScalarGrid {
        precondition(resolution > 0, "a grid has nodes")
        let spacing = 2 * halfSide / Float(resolution)
        var grid = ScalarGrid(
            size: SIMD3(resolution, resolution, resolution),
            origin: SIMD3(repeating: -halfSide + spacing / 2), spacing: spacing)
        grid.values = distance(at: grid.positions)
        return grid
    }
}
