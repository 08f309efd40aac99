import BenchmarkHarness
import Foundation
import Geometry
import ShardStore

/// What surfaces are made with: farthest points, nearest points, signed distances, marching cubes.
struct GeometryCases {
    let folder: URL

    func run(_ harness: Harness) throws {
        try farthestPoints(harness)
        try nearestPoints(harness)
        try signedDistances(harness)
        try marchingCubes(harness)
        harness.endPeers()
    }

    /// 1,024 of 32,768 points of a surface, as ShapeGen4D takes its queries.
    private func farthestPoints(_ harness: Harness) throws {
        let name = "farthest points, 1,024 of 32,768"
        guard harness.runs(name) else { return }
        let points = cloud(32_768)
        let file = try write(points, "points")
        try harness.measure(
            name, item: "point",
            against: [
                PeerWork(
                    peer: "fpsample_points", inputs: ["points": file], options: ["count": 1024],
                    agreement: { try Agreement.farthestPoints($0, in: points) })
            ]
        ) {
            Harness.Yield(items: FarthestPointSampling.indices(in: points, count: 1024).count)
        }
    }

    private func nearestPoints(_ harness: Harness) throws {
        let names = ["k-d tree of 32,768 points", "nearest point of 10^6", "nearest 8 of 10^6"]
        guard names.contains(where: harness.runs) else { return }
        let points = cloud(32_768)
        let queries = Self.queries(1_000_000)
        let inputs = ["points": try write(points, "points"), "queries": try write(queries, "q")]
        try harness.measure(
            names[0], item: "point",
            against: [PeerWork(peer: "scipy_tree", name: "build", inputs: inputs)]
        ) { Harness.Yield(items: KDTree(points).count) }
        let tree = KDTree(points)
        for (name, count) in zip(names.dropFirst(), [1, 8]) {
            var found: [Int32] = []
            try harness.measure(
                name, item: "query",
                against: [
                    PeerWork(
                        peer: "scipy_tree", name: "query \(count)", inputs: inputs,
                        options: ["count": count], agreement: { try Agreement.share($0, found) })
                ]
            ) {
                found = tree.nearest(toEach: queries, count: count).indices
                return Harness.Yield(items: queries.count)
            }
        }
    }

    /// 10⁶ distances to a mesh of 51,200 triangles, trees included.
    private func signedDistances(_ harness: Harness) throws {
        let name = "signed distance at 10^6, 51,200 triangles"
        guard harness.runs(name) else { return }
        let mesh = BenchmarkShapes.wavyTorus(160)
        let queries = Self.queries(1_000_000)
        let inputs = [
            "vertices": try write(mesh.positions, "vertices"),
            "triangles": try NumpyFile.write(
                mesh.triangles.map(Int32.init), shape: [mesh.triangleCount, 3], "faces",
                in: folder),
            "points": try write(queries, "q"),
        ]
        var distances: [Float] = []
        let check = { (file: URL) in try Agreement.distances(file, distances) }
        try harness.measure(
            name, item: "query",
            against: [
                PeerWork(peer: "libigl_distance", inputs: inputs, agreement: check),
                PeerWork(peer: "open3d_scene", inputs: inputs, agreement: check),
            ]
        ) {
            distances = SignedDistance(mesh)(at: queries)
            return Harness.Yield(items: queries.count)
        }
    }

    private func marchingCubes(_ harness: Harness) throws {
        let name = "marching cubes, 256^3"
        guard harness.runs(name) else { return }
        let grid = BenchmarkShapes.distanceGrid(256)
        let file = try NumpyFile.write(grid.values, shape: [256, 256, 256], "grid", in: folder)
        var surface = TriangleMesh()
        try harness.measure(
            name, item: "triangle",
            against: [
                PeerWork(
                    peer: "skimage_cubes", inputs: ["grid": file],
                    agreement: { try Agreement.vertices($0, surface, grid) })
            ]
        ) {
            surface = MarchingCubes.surface(of: grid)
            return Harness.Yield(items: surface.triangleCount)
        }
    }

    /// Points by area on the wavy torus.
    private func cloud(_ count: Int) -> Vector3Array {
        let mesh = BenchmarkShapes.wavyTorus(160)
        var random = KeyedRandom(seed: 1, asset: "torus", purpose: "cloud")
        return mesh.positions(of: SurfaceSampler(mesh).draw(count, using: &random))
    }

    /// Points in the unit cube about the origin.
    private static func queries(_ count: Int) -> Vector3Array {
        var random = KeyedRandom(seed: 1, asset: "torus", purpose: "queries")
        return Vector3Array(
            scalars: (0..<3 * count).map { _ in Float(random.uniform(-0.5..<0.5)) })
    }

    private func write(_ points: Vector3Array, _ name: String) throws -> URL {
        try NumpyFile.write(points.scalars, shape: [points.count, 3], name, in: folder)
    }
}
