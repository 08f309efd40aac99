import Geometry

/// Points spread evenly over the surface of a mesh's first frame, and where they go: what
/// signatures are made of. It depends on the surface alone, not on how it is cut into triangles or
/// in which order those stand, up to the scatter of the points.
struct SurfaceSample {
    /// `[N]` places in frame 0.
    let points: [SIMD3<Double>]
    /// The triangle of each point, and its weights at the corners.
    private let triangles: [Int]
    private let weights: [SIMD3<Double>]
    /// Where the surface is, and how large.
    let pose: CanonicalPose

    /// Nil for a mesh without a surface.
    ///
    /// Points are drawn with a fixed key, one in each N-th of the surface (stratified sampling).
    ///
    /// - Complexity: O(`triangleCount` + `count`).
    init?(_ mesh: MeshSequence, count: Int) {
        guard let pose = CanonicalPose(mesh) else { return nil }
        self.pose = pose
        let areas = (0..<mesh.triangleCount).map { f in
            let (a, b, c) = SurfaceSample.corners(f, of: mesh, frame: 0)
            return SurfaceSample.area(a, b, c)
        }
        let total = areas.reduce(0, +)
        var random = KeyedRandom(seed: 0, asset: "", purpose: "signature")
        var points: [SIMD3<Double>] = []
        var triangles: [Int] = []
        var weights: [SIMD3<Double>] = []
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
            triangles.append(f)
            weights.append(weight)
            points.append(SurfaceSample.place(weight, f, of: mesh, frame: 0))
        }
        self.points = points
        self.triangles = triangles
        self.weights = weights
    }

    /// Where the point of an index is in a frame.
    func place(_ i: Int, of mesh: MeshSequence, frame: Int) -> SIMD3<Double> {
        SurfaceSample.place(weights[i], triangles[i], of: mesh, frame: frame)
    }

    private static func place(
        _ weight: SIMD3<Double>, _ f: Int, of mesh: MeshSequence, frame: Int
    ) -> SIMD3<Double> {
        let (a, b, c) = corners(f, of: mesh, frame: frame)
        return weight.x * a + weight.y * b + weight.z * c
    }

    /// A triangle's area; 0 where a corner is no finite number.
    static func area(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
        let area = 0.5 * length(cross(b - a, c - a))
        return area.isFinite ? area : 0
    }

    /// The corners of triangle `f` in a frame.
    static func corners(
        _ f: Int, of mesh: MeshSequence, frame: Int
    ) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        let offset = frame * mesh.vertexCount
        return mesh.positions.scalars.withUnsafeBufferPointer { s in
            func corner(_ i: Int) -> SIMD3<Double> {
                let v = 3 * (offset + Int(mesh.triangles[3 * f + i]))
                return SIMD3(Double(s[v]), Double(s[v + 1]), Double(s[v + 2]))
            }
            return (corner(0), corner(1), corner(2))
        }
    }
}
