import Foundation
import Geometry
import ShardStore
import Surfaces

/// The members of a shard that a sample's surfaces become.
///
/// Everything lies in the space of the sampled, normalised mesh, and every draw is keyed by the
/// asset, the clip and what is drawn: a field does not depend on which others are asked for.
struct SurfaceFields {
    private let recipe: Manifest.Surfaces
    private let sequence: MeshSequence
    private let random: (_ purpose: String) -> KeyedRandom
    /// What was made of the frames so far, one after another.
    private var rows = Rows()
    private var fields: [Field] = []

    /// What is gathered over the frames.
    private struct Rows {
        var cloud: [Float] = []
        var distances: [Float] = []
        var grid: [Float] = []
        var colors: [Float] = []
        var meshes: [TriangleMesh] = []
        var reports: [WatertightReport] = []
    }

    /// What was made of a sequence.
    struct Made {
        /// Members of a shard.
        var fields: [Field]
        /// What is known of the watertight surfaces, for the sample's metadata.
        var metadata: JSONValue
        /// `[T]`: the watertight surfaces, where every frame was converted.
        var surfaces: [TriangleMesh]
        /// `[T]`: what became of the frames, where every frame was converted.
        var reports: [WatertightReport]
    }

    /// Makes what a manifest asks for.
    ///
    /// - Parameters:
    ///   - sequence: the sampled, normalised mesh.
    ///   - random: the generator of a purpose.
    /// - Throws: `SurfacesError` where a frame has no surface to speak of.
    /// - Complexity: dominated by a watertight conversion for each frame.
    static func make(
        _ recipe: Manifest.Surfaces, of sequence: MeshSequence,
        random: @escaping (_ purpose: String) -> KeyedRandom
    ) throws -> Made {
        var work = SurfaceFields(recipe: recipe, sequence: sequence, random: random)
        try work.trackPoints()
        let colors = SurfaceColors(sequence)
        for t in 0..<(recipe.needsEveryFrame ? sequence.frameCount : 0) {
            try work.addFrame(t, colors)
        }
        if recipe.queries != nil { try work.addQueries() }
        try work.addVoxels()
        try work.flush()
        return Made(
            fields: work.fields, metadata: work.metadata, surfaces: work.rows.meshes,
            reports: work.rows.reports)
    }

    private init(
        recipe: Manifest.Surfaces, sequence: MeshSequence,
        random: @escaping (_ purpose: String) -> KeyedRandom
    ) {
        self.recipe = recipe
        self.sequence = sequence
        self.random = random
    }

    private var settings: WatertightSettings { WatertightSettings(resolution: recipe.resolution) }

    // MARK: Per sequence

    private mutating func trackPoints() throws {
        guard let count = recipe.pointCount else { return }
        var random = random("points")
        let tracks = try TrackedPoints(tracks: count, of: sequence, using: &random)
        try add(tracks, named: "points")
        let colors = SurfaceColors(sequence).colors(at: tracks.points)
        fields.append(
            try Field("points.normals.npy", tracks.normals.scalars, shape: shape(tracks)))
        fields.append(try Field("points.colours.npy", colors.scalars, shape: [count, 3]))
    }

    private mutating func addQueries() throws {
        guard let settings = recipe.queries else { return }
        var random = random("queries")
        let first =
            try rows.meshes.first
            ?? WatertightConversion.convert(sequence.mesh(ofFrame: 0), self.settings)
        try add(
            try TrackedPoints(
                queriesOf: sequence, watertight: TriangleBVH(first), settings, using: &random),
            named: "queries")
    }

    private func shape(_ points: TrackedPoints) -> [Int] {
        [points.frameCount, points.points.count, 3]
    }

    /// Positions in every frame, and the triangles and barycentric coordinates they follow from.
    private mutating func add(_ points: TrackedPoints, named name: String) throws {
        let n = points.points.count
        fields += [
            try Field("\(name).npy", points.positions.scalars, shape: shape(points)),
            try Field(
                "\(name).triangles.npy", points.points.map { Int32($0.triangle) }, shape: [n]),
            try Field(
                "\(name).barycentrics.npy",
                points.points.flatMap {
                    [$0.barycentrics.x, $0.barycentrics.y, $0.barycentrics.z]
                },
                shape: [n, 3]),
        ]
    }

    // MARK: Per frame

    private mutating func addFrame(_ t: Int, _ colors: SurfaceColors) throws {
        let source = WatertightSource(sequence.mesh(ofFrame: t))
        let surface = try WatertightConversion.convert(source, settings)
        var reporting = random("report.\(t)")
        rows.reports.append(try WatertightReport(surface, of: source, using: &reporting))
        rows.meshes.append(surface)
        if let cloud = recipe.cloud {
            var random = random("cloud.\(t)")
            rows.cloud += try SurfaceCloud(surface, cloud, using: &random).rows
        }
        if recipe.distances != nil || recipe.grid != nil {
            let distance = SignedDistance(surface)
            if let samples = recipe.distances {
                var random = random("sdf.\(t)")
                rows.distances += try DistanceSamples(distance, samples, using: &random).rows
            }
            if let grid = recipe.grid {
                rows.grid +=
                    DistanceGrid.sample(
                        distance, resolution: grid.resolution, halfSide: grid.halfSide
                    ).values
            }
        }
        if let recipe = recipe.colors {
            var random = random("colour.\(t)")
            let colored = try ColoredSurface(surface, after: source.winding.bvh, colors)
            rows.colors += try ColorSamples(
                colored, count: recipe.count, deviation: recipe.deviation, using: &random
            ).rows
        }
    }

    private mutating func addVoxels() throws {
        guard let voxels = recipe.voxels else { return }
        for t in 0..<(voxels.coversAllFrames ? sequence.frameCount : 1) {
            let cells = SparseVoxels.cells(
                of: sequence.mesh(ofFrame: t), resolution: voxels.resolution,
                halfSide: voxels.halfSide)
            fields.append(
                try Field(
                    voxels.coversAllFrames ? "voxels.\(number(t)).npy" : "voxels.npy",
                    cells.flatMap { [$0.x, $0.y, $0.z] }, shape: [cells.count, 3]))
        }
    }

    /// Turns what was gathered over the frames into fields.
    private mutating func flush() throws {
        let frames = sequence.frameCount
        func field(_ name: String, _ values: [Float], columns: Int) throws -> Field {
            try Field(name, values, shape: [frames, values.count / frames / columns, columns])
        }
        if recipe.cloud != nil {
            fields.append(try field("cloud.npy", rows.cloud, columns: 6))
        }
        if recipe.distances != nil {
            fields.append(try field("sdf.npy", rows.distances, columns: 4))
        }
        if recipe.colors != nil {
            fields.append(try field("colour.npy", rows.colors, columns: 6))
        }
        if let grid = recipe.grid {
            let shape = [frames, grid.resolution, grid.resolution, grid.resolution]
            switch grid.precision {
            case .float32: fields.append(try Field("grid.npy", rows.grid, shape: shape))
            case .float16:
                fields.append(try Field("grid.npy", rows.grid.map { Float16($0) }, shape: shape))
            }
        }
        guard recipe.isMeshStored else { return }
        for (t, mesh) in rows.meshes.enumerated() {
            fields += [
                try Field(
                    "watertight.\(number(t)).positions.npy", mesh.positions.scalars,
                    shape: [mesh.vertexCount, 3]),
                try Field(
                    "watertight.\(number(t)).triangles.npy", mesh.triangles,
                    shape: [mesh.triangleCount, 3]),
            ]
        }
    }

    /// What the conversions gave, frame by frame.
    private var metadata: JSONValue {
        .array(rows.reports.map(SurfaceFields.record))
    }

    /// A report as JSON.
    static func record(_ report: WatertightReport) -> JSONValue {
        func distances(_ summary: DistanceSummary) -> JSONValue {
            .object([
                "mean": .number(summary.mean), "p99": .number(summary.percentile99),
                "max": .number(summary.maximum),
            ])
        }
        let topology = report.topology
        return .object([
            "closed": .bool(topology.isClosed),
            "manifold": .bool(topology.isEdgeManifold && topology.isVertexManifold),
            "oriented": .bool(topology.isConsistentlyOriented),
            "euler_characteristic": .integer(topology.eulerCharacteristic),
            "components": .integer(topology.components),
            "triangles": .integer(topology.triangles), "volume": .number(report.volume),
            "area": .number(report.area), "to_input": distances(report.toInput),
            "from_input": distances(report.fromInput),
        ])
    }

    private func number(_ i: Int) -> String { String(format: "%03d", i) }
}
