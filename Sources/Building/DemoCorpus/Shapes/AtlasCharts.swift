import Geometry

/// Faces of a mesh in groups that are connected, look along the same axis, and do not hide each
/// other seen along it.
struct AtlasCharts {
    /// The group of every face.
    private(set) var chartOfQuad: [Int]
    /// The faces of every group.
    private(set) var quadsOfChart: [[Int]] = []
    /// The axis, as one of ``axes``, along which each group is flattened.
    private(set) var axisOfChart: [Int] = []

    static let axes: [Vector3] = [
        Vector3(1, 0, 0), Vector3(-1, 0, 0), Vector3(0, 1, 0), Vector3(0, -1, 0),
        Vector3(0, 0, 1), Vector3(0, 0, -1),
    ]

    init(_ mesh: QuadMesh) {
        let normals = mesh.quads.indices.map { quad -> Vector3 in
            let p = mesh.corners(quad)
            return normalize(cross(p[2] - p[0], p[3] - p[1]))
        }
        let neighbours = AtlasCharts.faceNeighbours(mesh)
        let axes = AtlasCharts.smoothedAxes(normals, neighbours)
        chartOfQuad = Array(repeating: -1, count: mesh.quads.count)
        for seed in mesh.quads.indices where chartOfQuad[seed] < 0 {
            grow(from: seed, mesh, axes, neighbours)
        }
    }

    /// Gathers the faces around `seed` into a group, nearest first.
    private mutating func grow(
        from seed: Int, _ mesh: QuadMesh, _ axes: [Int], _ neighbours: [[Int]]
    ) {
        let chart = axisOfChart.count
        axisOfChart.append(axes[seed])
        var ground = FlatGround(spacing: length(mesh.corners(seed)[1] - mesh.corners(seed)[0]) / 4)
        var members = [seed]
        chartOfQuad[seed] = chart
        _ = ground.claim(mesh.corners(seed).map { flattened($0, chart: chart) })
        var next = 0
        while next < members.count {
            for quad in neighbours[members[next]]
            where chartOfQuad[quad] < 0 && axes[quad] == axes[seed] {
                guard ground.claim(mesh.corners(quad).map { flattened($0, chart: chart) }) else {
                    continue
                }
                chartOfQuad[quad] = chart
                members.append(quad)
            }
            next += 1
        }
        quadsOfChart.append(members)
    }

    /// A place seen along the chart's axis: to the right and down, as the picture has it.
    func flattened(_ p: Vector3, chart: Int) -> Vector2 {
        switch axisOfChart[chart] {
        case 0: Vector2(-p.z, -p.y)
        case 1: Vector2(p.z, -p.y)
        case 2: Vector2(p.x, p.z)
        case 3: Vector2(p.x, -p.z)
        case 4: Vector2(p.x, -p.y)
        default: Vector2(-p.x, -p.y)
        }
    }

    /// The faces across the edges of every face.
    private static func faceNeighbours(_ mesh: QuadMesh) -> [[Int]] {
        var facesOfEdge: [SIMD2<Int32>: [Int]] = [:]
        facesOfEdge.reserveCapacity(mesh.quads.count * 2)
        for (face, quad) in mesh.quads.enumerated() {
            for corner in 0..<4 {
                let a = quad[corner]
                let b = quad[(corner + 1) % 4]
                facesOfEdge[SIMD2(min(a, b), max(a, b)), default: []].append(face)
            }
        }
        return mesh.quads.enumerated().map { face, quad in
            (0..<4).flatMap { corner -> [Int] in
                let a = quad[corner]
                let b = quad[(corner + 1) % 4]
                return facesOfEdge[SIMD2(min(a, b), max(a, b)), default: []].filter { $0 != face }
            }
        }
    }

    /// For every face the axis that it looks along most, with ragged borders and specks given to
    /// the neighbours as long as that does not stretch a face too much.
    private static func smoothedAxes(_ normals: [Vector3], _ neighbours: [[Int]]) -> [Int] {
        var result = normals.map { normal in
            axes.indices.max { dot(axes[$0], normal) < dot(axes[$1], normal) } ?? 0
        }
        for _ in 0..<6 {
            let before = result
            for face in normals.indices {
                var votes = [Int](repeating: 0, count: axes.count)
                for next in neighbours[face] { votes[before[next]] += 1 }
                let winner = votes.indices.max { votes[$0] < votes[$1] } ?? 0
                if votes[winner] > votes[before[face]], votes[winner] >= 2,
                    dot(axes[winner], normals[face]) > 0.35
                {
                    result[face] = winner
                }
            }
        }
        return result
    }
}

/// Which points of a lattice are covered by faces that were laid flat.
private struct FlatGround {
    let spacing: Float
    private var taken: Set<SIMD2<Int32>> = []

    init(spacing: Float) { self.spacing = max(spacing, 1e-6) }

    /// Takes the lattice points inside a face of four corners, unless one of them is taken.
    mutating func claim(_ p: [Vector2]) -> Bool {
        var points: Set<SIMD2<Int32>> = []
        for corners in [[p[0], p[1], p[2]], [p[0], p[2], p[3]]] {
            let low = pointwiseMin(pointwiseMin(corners[0], corners[1]), corners[2]) / spacing
            let high = pointwiseMax(pointwiseMax(corners[0], corners[1]), corners[2]) / spacing
            guard high.x - low.x < 1000, high.y - low.y < 1000 else { return false }
            for y in Int32(low.y.rounded(.up))...max(Int32(high.y), Int32(low.y.rounded(.up))) {
                for x in Int32(low.x.rounded(.up))...max(Int32(high.x), Int32(low.x.rounded(.up))) {
                    let point = Vector2(Float(x), Float(y)) * spacing
                    if FlatGround.holds(corners, point) { points.insert(SIMD2(x, y)) }
                }
            }
        }
        guard taken.isDisjoint(with: points) else { return false }
        taken.formUnion(points)
        return true
    }

    /// Whether a point lies strictly inside a triangle of either orientation.
    private static func holds(_ p: [Vector2], _ c: Vector2) -> Bool {
        var positive = 0
        var negative = 0
        for i in 0..<3 {
            let a = p[i]
            let b = p[(i + 1) % 3]
            let side = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
            if side > 0 { positive += 1 } else if side < 0 { negative += 1 }
        }
        return positive == 3 || negative == 3
    }
}
