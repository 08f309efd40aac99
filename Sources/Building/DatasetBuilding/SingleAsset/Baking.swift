import Assets
import Foundation
import Geometry
import ShardStore

/// Writes the vertices of one asset as NumPy arrays.
public enum Baking {
    /// What `meta.json` says.
    private struct Metadata: Encodable {
        var asset: String
        var format: String
        /// Name of the clip; null for an asset that has none.
        var clip: String?
        var clipStartSeconds: Double
        var clipDurationSeconds: Double
        var times: [Double]
        var vertices: Int
        var triangles: Int
        var normalisation: String
        var over: String
        var rootMotion: String
        /// `[T]` matrices of four rows.
        var normalisedFromAsset: [[[Double]]]
        var warnings: [String]
        var missingTextures: [String]

        enum CodingKeys: String, CodingKey {
            case asset, format, clip, times, vertices, triangles, normalisation, over, warnings
            case clipStartSeconds = "clip_start_s"
            case clipDurationSeconds = "clip_duration_s"
            case rootMotion = "root_motion"
            case normalisedFromAsset = "normalised_from_asset"
            case missingTextures = "missing_textures"
        }
    }

    /// Samples, normalises and writes `positions.npy` `[T, V, 3]`, `triangles.npy` `[F, 3]`,
    /// `uvs.npy` `[V, 2]` (where there are UVs) and `meta.json` into `folder`.
    ///
    /// - Throws: `AssetError`, or the file system's error.
    public static func bake(
        _ asset: AnimatedAsset, clip: Int?, times: [Double], normalisation: Normalisation,
        to folder: String
    ) throws {
        var mesh = try asset.mesh(clip: clip, times: times)
        let transforms = mesh.normalise(normalisation)
        let output = try OutputFolder(folder)
        for array in [Manifest.MeshArray.positions, .triangles, .uvs] {
            for field in try SampleFields.meshArray(array, mesh) { try output.write(field) }
        }
        let clipRecord = clip.map { asset.clips[$0] }
        try output.write(
            json: Metadata(
                asset: asset.name, format: asset.format, clip: clipRecord?.name,
                clipStartSeconds: clipRecord?.start ?? 0,
                clipDurationSeconds: clipRecord?.duration ?? 0, times: times,
                vertices: mesh.vertexCount, triangles: mesh.triangleCount,
                normalisation: normalisation.shape.rawValue, over: normalisation.extent.rawValue,
                rootMotion: normalisation.rootMotion.rawValue,
                normalisedFromAsset: transforms.map(\.rows), warnings: asset.warnings,
                missingTextures: asset.missingTextures),
            as: "meta.json")
    }
}

extension Matrix4 {
    /// Four rows of four numbers.
    var rows: [[Double]] {
        let m = rowMajor
        return (0..<4).map { Array(m[4 * $0..<4 * $0 + 4]) }
    }
}
