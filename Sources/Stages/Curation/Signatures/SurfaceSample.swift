import Geometry

/// Points spread evenly over the surface of a mesh's first frame, and where they go: what
/// signatures are made of. It depends on the surface alone, not on how it is cut into triangles or
/// in which order those stand, up to the scatter of the points.
struct SurfaceSample {
    /// `[N]` places in frame 0.
    let points: [SIMD3<Float>]
    /// The triangle of each point, and its weights at the corners.
    private let triangles: [Int]
    private let weights: [SIMD3<Float>]

    /// The middle of the surface.
    let centroid: SIMD3<Double>
    /// The root of the mean squared distance from the centroid; positive.
    let radius: Double

    /// Nil for a mesh without a surface: no triangle of finite corners has an area.
    ///
    /// Points are drawn with a fixed key, one in each N-th of the surface (stratified sampling).
    ///
    /// - Complexity: O(`triangleCount` + `count`).
    init?(_ mesh: MeshSequence, count: Int) {
        let areas = SurfaceSample.areas(mesh)
        var total = 0.0
        var moment = SIMD3<Double>.zero
        var squares = 0.0
        for (f, area) in areas.enumerated() where area > 0 {
            let (a, b, c) = SurfaceSample.corners(f, of: mesh, frame: 0)
            total += area
            moment += area / 3 * (a + b + c)
            // The midpoints of the edges integrate squares exactly.
            for p in [(a + b) / 2, (b + c) / 2, (c + a) / 2] { squares += area / 3 * dot(p, p) }
        }
        guard total > 0, total.isFinite else { return nil }
        centroid = moment / total
        let variance = squares / total - dot(centroid, centroid)
        guard variance > 0, variance.isFinite else { return nil }
        radius = variance.squareRoot()

        var random = KeyedRandom(seed: 0, asset: "", purpose: "signature")
        var points: [SIMD3<Float>] = []
        var triangles: [Int] = []
        var weights: [SIMD3<Float>] = []
        var (f, passed) = (0, areas[0])
        for i in 0..<count {
            let target = (Double(i) + random.uniform(0..<1)) / Double(count) * total
            while passed < target, f < areas.count - 1 {
                f += 1
                passed += areas[f]
            }
            // Rounding may lead to a triangle without area at the very end.
            while areas[f] == 0, f > 0 { f -= 1 }
            let root = random.uniform(0..<1).squareRoot()
            let along = random.uniform(0..<1)
            let weight = SIMD3(1 - root, root * (1 - along), root * along)
            let (a, b, c) = SurfaceSample.corners(f, of: mesh, frame: 0)
            points.append(SIMD3<Float>(weight.x * a + weight.y * b + weight.z * c))
            triangles.append(f)
            weights.append(SIMD3<Float>(weight))
        }
        self.points = points
        self.triangles = triangles
        self.weights = weights
    }

    /// Where the point of an index is in a frame.
    func place(_ i: Int, of mesh: MeshSequence, frame: Int) -> SIMD3<Double> {
        let (a, b, c) = SurfaceSample.corners(triangles[i], of: mesh, frame: frame)
        let w = SIMD3<Double>(weights[i])
        return w.x * a + w.y * b + w.z * c
    }

    /// The area of each triangle in frame 0; 0 where a corner is no finite number.
    private static func areas(_ mesh: MeshSequence) -> [Double] {
        guard mesh.triangleCount > 0 else { return [0] }
        return (0..<mesh.triangleCount).map { f in
            let (a, b, c) = corners(f, of: mesh, frame: 0)
            let area = 0.5 * length(cross(b - a, c - a))
            return area.isFinite ? area : 0
        }
    }

    private static func corners(
        _ f: Int, of mesh: MeshSequence, frame: Int
    ) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        let offset = frame * mesh.vertexCount
        func corner(_ i: Int) -> SIMD3<Double> {
            SIMD3<Double>(mesh.positions[offset + Int(mesh.triangles[3 * f + i])])
        }
        return (corner(0), corner(1), corner(2))
    }
}
