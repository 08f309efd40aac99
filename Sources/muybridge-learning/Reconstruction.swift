import DatasetBuilding
import Evaluation
import Foundation
import Geometry
import Imaging
import Systems
import Tensors

/// Stored shapes through one or several autoencoders and back.
struct Reconstruction {
    /// Autoencoders by names; latents are those of the first.
    let codecs: [(name: String, codec: ShapeCodec)]
    let truths: StoredTruth
    /// At most so many frames of a sample, evenly picked.
    let frames: Int
    /// Cells along a side of the grid that surfaces are taken from.
    let resolution: Int
    let evaluation: SequenceEvaluation

    /// What came of a sample.
    struct Result {
        let key: String
        /// The frames that were decoded.
        let picked: [Int]
        let truth: [TriangleMesh]
        let made: [Made]
        /// How much latents of the first autoencoder change from frame to frame, over all frames.
        let changes: [QuerySource: LatentChange]

        struct Made {
            let name: String
            let meshes: [TriangleMesh]
            let scores: [FrameScores]
        }
    }

    /// Encodes all frames of a sample, decodes the picked ones, and measures them.
    func result(of sample: DatasetSample) throws -> Result {
        let truth = try truths.shapes(sample.key, gridHalfSide: 0.525)
        let shown = min(frames, truth.count)
        let picked = (0..<shown).map { $0 * truth.count / shown }
        var made: [Result.Made] = []
        var changes: [QuerySource: LatentChange] = [:]
        for (place, entry) in codecs.enumerated() {
            let encoding = try entry.codec.encode(sample, .aligned)
            if place == 0 {
                changes[.aligned] = try LatentChange(
                    latents: encoding.latents, places: encoding.queries)
                let other = try entry.codec.encode(sample, .independent)
                changes[.independent] = try LatentChange(
                    latents: other.latents, places: other.queries)
            }
            let fields = try picked.map {
                try entry.codec.field(of: encoding.latents.select(0, $0), resolution: resolution)
            }
            let meshes = fields.map { MarchingCubes.surface(of: $0) }
            // Insides by the field, which the box may cut off.
            let frames = zip(meshes, fields).map { mesh, field in
                EvaluatedFrame(
                    .mesh(mesh), occupancy: evaluation.cells.map { OccupancyGrid($0, field: field) }
                )
            }
            let scores = try evaluation.scores(of: frames, against: picked.map { truth[$0] })
            made.append(.init(name: entry.name, meshes: meshes, scores: scores.frames))
        }
        return Result(
            key: sample.key, picked: picked,
            truth: picked.map { truth[$0].mesh ?? TriangleMesh() }, made: made, changes: changes)
    }

    /// How much latents change, with queries of either kind: the mean over samples for each pair of
    /// frames; nil for single frames.
    static func chart(of results: [Result]) -> LineChart? {
        func curve(_ source: QuerySource, _ color: SIMD3<UInt8>) -> LineChart.Curve {
            let all = results.compactMap { $0.changes[source]?.frames }
            let pairs = all.map(\.count).min() ?? 0
            return LineChart.Curve(
                name: source.rawValue, color: color,
                values: (0..<pairs).map { t in
                    all.reduce(0) { $0 + $1[t] } / Double(all.count)
                })
        }
        let curves = [
            curve(.aligned, SIMD3(40, 110, 200)), curve(.independent, SIMD3(220, 120, 40)),
        ]
        guard curves.allSatisfy({ !$0.points.isEmpty }) else { return nil }
        return LineChart(
            title: "Change of latents from frame to frame",
            horizontal: "frame", vertical: "share of their length", curves: curves)
    }

    /// A result as JSON.
    struct Record: Encodable {
        var key: String
        var frames: [Int]
        var scores: [String: [FrameScores]]
        var latentChange: [String: [Double]]

        init(_ result: Result) {
            key = result.key
            frames = result.picked
            scores = Dictionary(uniqueKeysWithValues: result.made.map { ($0.name, $0.scores) })
            latentChange = Dictionary(
                uniqueKeysWithValues: result.changes.map { ($0.key.rawValue, $0.value.frames) })
        }
    }
}

extension Reconstruction.Result {
    /// The truth above what was made of it.
    func picture() throws -> Image {
        try MeshSheet.picture(
            title: key,
            rows: [("truth", truth)]
                + made.map { made in
                    let mean = FrameScores.mean(made.scores)
                    let words = String(
                        format: "%@: IoU %.3f, Chamfer %.4f", made.name, mean.occupancy ?? .nan,
                        mean.points.chamfer)
                    return (words, made.meshes)
                }, from: MeshSheet.Place(azimuthDegrees: 30, elevationDegrees: 15))
    }
}
