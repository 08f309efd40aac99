import Geometry

/// Faces of a mesh in groups that are connected and look along the same axis.
struct AtlasCharts {
    /// The group of every face.
    private(set) var chartOfQuad: [Int]
    /// The axis, as one of ``axes``, along which each group is flattened.
    private(set) var axisOfChart: [Int] = []
    /// The least coordinates of every flattened group.
    private(set) var origins: [Vector2] = []
    /// The extent of every flattened group.
    private(set) var sizes: [Vector2] = []

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
            let chart = axisOfChart.count
            axisOfChart.append(axes[seed])
            chartOfQuad[seed] = chart
            var open = [seed]
            while let quad = open.popLast() {
                for next in neighbours[quad] where chartOfQuad[next] < 0 && axes[next] == axes[seed]
                {
                    chartOfQuad[next] = chart
                    open.append(next)
                }
            }
        }
        var low = [Vector2](repeating: Vector2(repeating: .infinity), count: axisOfChart.count)
        var high = low.map { -$0 }
        for quad in mesh.quads.indices {
            let chart = chartOfQuad[quad]
            for place in mesh.corners(quad) {
                let flat = flattened(place, chart: chart)
                low[chart] = pointwiseMin(low[chart], flat)
                high[chart] = pointwiseMax(high[chart], flat)
            }
        }
        origins = low
        sizes = zip(low, high).map { $1 - $0 }
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
