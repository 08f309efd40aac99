/// Draws points of a mesh, uniformly by area.
public struct SurfaceSampler: Sendable {
    private let mesh: TriangleMesh
    /// `[F]` areas up to and including each triangle.
    private let sums: [Double]
    /// Where to begin to look: for every cell of a table over 0..<total, the first triangle that
    /// may hold it.
    private let starts: [Int32]

    /// A sampler; triangles without area or with corners that are no finite points are never
    /// drawn. O(*F*).
    public init(_ mesh: TriangleMesh) {
        self.init(mesh, weights: nil)
    }

    /// A sampler that draws triangles by area times a weight of their own (`[F]`, not negative).
    public init(_ mesh: TriangleMesh, weights: [Float]?) {
        precondition(
            weights == nil || weights?.count == mesh.triangleCount, "one weight a triangle")
        self.mesh = mesh
        var sum = 0.0
        sums = (0..<mesh.triangleCount).map { f in
            sum += length(mesh.areaVector(f)) / 2 * Double(weights?[f] ?? 1)
            return sum
        }
        var table = [Int32](repeating: 0, count: max(1, mesh.triangleCount))
        var f = 0
        for cell in table.indices {
            let value = sum * Double(cell) / Double(table.count)
            while f + 1 < sums.count, sums[f] <= value { f += 1 }
            table[cell] = Int32(f)
        }
        starts = table
    }

    /// The sum of areas (times weights).
    public var totalArea: Double { sums.last ?? 0 }

    /// One point. The mesh must have an area.
    public func draw(_ random: inout some RandomNumberGenerator) -> SurfacePoint {
        precondition(totalArea > 0, "a surface without area has no points to draw")
        let value = Self.unit(&random) * totalArea
        var f = Int(starts[min(starts.count - 1, Int(value / totalArea * Double(starts.count)))])
        // Rounding may have put the table one triangle too far.
        while f > 0, sums[f - 1] > value { f -= 1 }
        while f + 1 < sums.count, sums[f] <= value { f += 1 }
        // Uniform in the triangle: Osada et al. 2002, eq. 1.
        let r = Self.unit(&random).squareRoot()
        let s = Self.unit(&random)
        return SurfacePoint(
            triangle: f,
            barycentrics: SIMD3(Float(1 - r), Float(r * (1 - s)), Float(r * s)))
    }

    /// `count` points; none where the mesh has no area.
    public func draw(
        _ count: Int, using random: inout some RandomNumberGenerator
    ) -> [SurfacePoint] {
        guard totalArea > 0 else { return [] }
        return (0..<count).map { _ in draw(&random) }
    }

    private static func unit(_ random: inout some RandomNumberGenerator) -> Double {
        Double(random.next() >> 11) * 0x1p-53
    }
}

extension TriangleMesh {
    /// The positions of points of the surface.
    public func positions(of points: [SurfacePoint]) -> Vector3Array {
        var result = Vector3Array()
        result.reserveCapacity(points.count)
        for p in points { result.append(point(p.triangle, p.barycentrics)) }
        return result
    }

    /// The normals of the triangles that points lie on.
    public func normals(of points: [SurfacePoint]) -> Vector3Array {
        var result = Vector3Array()
        result.reserveCapacity(points.count)
        for p in points { result.append(normal(p.triangle)) }
        return result
    }
}
