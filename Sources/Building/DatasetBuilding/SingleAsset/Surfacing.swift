import Assets
import Foundation
import Geometry
import Imaging
import MeshFiles
import Rendering
import ShardStore
import Surfaces

/// Makes everything of one asset's surfaces, as a store would hold it, with pictures that show at
/// a glance whether it is right.
public struct Surfacing {
    private let frames: Int
    private let resolution: Int
    private let normalisation: Normalisation
    private let pictureSize: Int

    /// - Parameters:
    ///   - frames: T, spread over the clip.
    ///   - resolution: cells of watertight conversion along the longest side.
    ///   - normalisation: how the sequence is brought to size and place.
    ///   - pictureSize: pixels a side of each picture on the sheets.
    public init(frames: Int, resolution: Int, normalisation: Normalisation, pictureSize: Int) {
        self.frames = frames
        self.resolution = resolution
        self.normalisation = normalisation
        self.pictureSize = pictureSize
    }

    /// Writes `.npy` fields, `watertight_000.ply` and `.obj` of the first, middle and last frame,
    /// `surfaces.json`, `watertight.png`, `queries.png` and `alignment.png` into `folder`.
    ///
    /// - Returns: what the conversions gave, a line a frame.
    /// - Throws: `AssetError`, `SurfacesError`, `RenderingError`, or the file system's error.
    public func surface(_ asset: AnimatedAsset, clip: Int?, to folder: String) throws -> [String] {
        var mesh = try asset.mesh(clip: clip, times: times(of: asset, clip: clip))
        let transforms = mesh.normalise(normalisation)
        let random = { KeyedRandom(seed: 0, asset: asset.name, purpose: $0) }
        let made = try SurfaceFields.make(.everything(resolution: resolution), of: mesh) {
            random($0)
        }
        let output = try OutputFolder(folder)
        for field in made.fields { try output.write(field) }
        let queries = Surfacing.queries(in: made.fields)
        var drawing = random("alignment")
        let movements = [
            LatentMovement(queries, frameCount: frames),
            LatentMovement(
                try TrackedPoints.independentQueries(of: mesh, using: &drawing),
                frameCount: frames),
        ]
        try output.write(
            Array(
                JSONValue.object([
                    "times": .array(mesh.times.map(JSONValue.number)),
                    "normalised_from_asset": .array(
                        transforms.map { .array($0.rowMajor.map(JSONValue.number)) }),
                    "watertight": made.metadata,
                    "latent_movement": .object([
                        "aligned": Surfacing.json(movements[0]),
                        "drawn_anew": Surfacing.json(movements[1]),
                    ]),
                ]).text.utf8), as: "surfaces.json")
        var rows: [ContactSheet.Entry] = []
        var lines: [String] = []
        for t in Set([0, frames / 2, frames - 1]).sorted() {
            let surface = made.surfaces[t]
            let report = made.reports[t]
            let text = Surfacing.line(report)
            lines.append("frame \(t): \(text)")
            try output.write(MeshFile.ply(surface), as: "watertight_\(number(t)).ply")
            try output.write(MeshFile.obj(surface), as: "watertight_\(number(t)).obj")
            rows.append(
                ContactSheet.Entry(
                    heading: "frame \(t): input, watertight, both from behind, signed distance",
                    remark: text,
                    frames: try pictures(mesh.frame(t), surface)))
        }
        let sheet = ContactSheet(columns: 5, cellSize: pictureSize)
        let title = "\(asset.name), watertight at \(resolution)"
        try output.write(
            sheet.composed(title: title, entries: rows).pngEncoded(), as: "watertight.png")
        try output.write(try picture(of: queries, on: mesh, asset.name), as: "queries.png")
        try output.write(
            chart(of: movements, asset.name).drawn().pngEncoded(), as: "alignment.png")
        return lines + [Surfacing.line(movements)]
    }

    private func times(of asset: AnimatedAsset, clip: Int?) -> [Double] {
        guard let clip else { return [Double](repeating: 0, count: frames) }
        return Timeline.uniform(count: frames, periodic: false).times(for: asset.clips[clip])
    }

    private func number(_ i: Int) -> String { String(format: "%03d", i) }

    private static func line(_ report: WatertightReport) -> String {
        let topology = report.topology
        let kind = topology.isClosedManifold ? "closed manifold" : "NOT a closed manifold"
        return String(
            format: "%@, Euler %d, %d triangles; to input mean %.5f p99 %.5f max %.5f; "
                + "from input %.5f %.5f %.5f", kind, topology.eulerCharacteristic,
            topology.triangles, report.toInput.mean, report.toInput.percentile99,
            report.toInput.maximum, report.fromInput.mean, report.fromInput.percentile99,
            report.fromInput.maximum)
    }

    // MARK: Pictures

    /// The input and the result from the front and from behind, and a slice of the distances.
    private func pictures(_ input: MeshSequence, _ surface: TriangleMesh) throws -> [Image] {
        let result = Clay.sequence(of: surface)
        return try [
            picture(input, 0, azimuth: 50), picture(result, 0, azimuth: 50),
            picture(input, 0, azimuth: 230), picture(result, 0, azimuth: 230),
            slice(surface),
        ]
    }

    private func picture(_ mesh: MeshSequence, _ frame: Int, azimuth: Double) throws -> Image {
        let framing = Framing(
            distance: 1.6, fieldOfViewXDegrees: 39.5978, width: pictureSize, height: pictureSize)
        let renderer = try Renderer(
            mesh: mesh,
            settings: RenderSettings(
                width: pictureSize, height: pictureSize, samples: .sixteen,
                lights: .fourSuns(key: 3, fill: 1.5, rim: 2, bottom: 1), outputs: .color,
                culling: Studio.culling(.never)))
        let view = View(
            frame: frame,
            camera: framing.camera(azimuthDegrees: azimuth, elevationDegrees: 15))
        return renderer.render(view).color ?? Image(width: pictureSize, height: pictureSize)
    }

    /// Distances in the plane through the middle of the box, across its shortest side: blue
    /// inside, orange outside, in bands of 0.02, white at the surface.
    private func slice(_ surface: TriangleMesh) -> Image {
        let side = pictureSize
        let box = surface.bounds
        let size = box.maximum - box.minimum
        let across = (0..<3).min { size[$0] < size[$1] } ?? 2
        // Up is up where it can be.
        let down = across == 1 ? 2 : 1
        let right = 3 - across - down
        let middle = (box.minimum + box.maximum) / 2
        let width = 1.1 * max(size[right], size[down])
        var points = Vector3Array()
        for y in 0..<side {
            for x in 0..<side {
                let u = (Float(x) + 0.5) / Float(side) - 0.5
                let v = 0.5 - (Float(y) + 0.5) / Float(side)
                var point = middle
                point[right] += width * u
                point[down] += width * v
                points.append(point)
            }
        }
        let values = SignedDistance(surface)(at: points)
        var image = Image(width: side, height: side)
        for (i, value) in values.enumerated() {
            let band = abs(value) / 0.02
            let shade = 1 - 0.5 * min(1, abs(value) / 0.4) - (Int(band) % 2 == 0 ? 0 : 0.12)
            var color =
                value < 0
                ? SIMD3<Float>(80, 130, 255) * shade : SIMD3<Float>(255, 170, 80) * shade
            if abs(value) < 0.6 * width / Float(side) { color = SIMD3(repeating: 255) }
            image[i % side, i / side] = SIMD4(
                UInt8(color.x), UInt8(color.y), UInt8(color.z), 255)
        }
        return image
    }

    /// Queries over time on the grey input: each in the colour of its place in frame 0, so that
    /// colours stay on the same parts where points stick to the surface.
    private func picture(
        of queries: Vector3Array, on mesh: MeshSequence, _ name: String
    ) throws -> [UInt8] {
        let dotted = PointMarks.sequence(
            mesh, marks: queries, radius: 0.008)
        var entries: [ContactSheet.Entry] = []
        for azimuth in [50.0, 230] {
            let shown = (0..<6).map { $0 * mesh.frameCount / 6 }
            entries.append(
                ContactSheet.Entry(
                    heading: "from \(Int(azimuth)) degrees, frames \(shown)",
                    frames: try shown.map { try picture(dotted, $0, azimuth: azimuth) }))
        }
        return try ContactSheet(columns: 6, cellSize: pictureSize)
            .composed(title: "\(name), time-aligned queries", entries: entries).pngEncoded()
    }

    /// How far latents' places move with and without alignment (ShapeGen4D, Fig. 3).
    private func chart(of movements: [LatentMovement], _ name: String) -> LineChart {
        LineChart(
            title: "\(name), movement of latents",
            horizontal: "frame",
            vertical: "mean way to the nearest latent's place in the next frame",
            curves: [
                LineChart.Curve(
                    name: "queries drawn anew in every frame", color: SIMD3(230, 120, 30),
                    values: movements[1].means),
                LineChart.Curve(
                    name: "time-aligned queries", color: SIMD3(40, 90, 220),
                    values: movements[0].means),
            ])
    }
}

extension Surfacing {
    /// The positions of the field of queries, `[T, N, 3]`.
    private static func queries(in fields: [Field]) -> Vector3Array {
        guard let field = fields.first(where: { $0.name == "queries.npy" }),
            case .array(let array) = field.payload
        else { return Vector3Array() }
        return Vector3Array(
            scalars: array.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
    }

    private static func json(_ movement: LatentMovement) -> JSONValue {
        .object([
            "mean": .number(movement.mean), "same_nearest": .number(movement.keptShare),
            "of_frames": .array(movement.means.map(JSONValue.number)),
        ])
    }

    private static func line(_ movements: [LatentMovement]) -> String {
        String(
            format:
                "latents move by %.5f a frame where aligned (%.1f %% remain their own nearest), "
                + "%.5f where drawn anew (%.1f %%)", movements[0].mean,
            100 * movements[0].keptShare, movements[1].mean, 100 * movements[1].keptShare)
    }
}

extension Manifest.Surfaces {
    /// Everything, in the papers' numbers.
    static func everything(resolution: Int) -> Manifest.Surfaces {
        Manifest.Surfaces(
            resolution: resolution, isMeshStored: false, queries: QuerySettings(),
            pointCount: 8192, cloud: SurfaceCloud.Settings(),
            distances: DistanceSamples.Settings(),
            grid: Grid(resolution: 64, halfSide: 0.525, precision: .float32),
            voxels: Voxels(resolution: 64, halfSide: 0.5, coversAllFrames: false),
            colors: Colors(count: 16_384, deviation: 0.005))
    }
}
