import Curation
import Geometry
import Imaging
import ShardStore

/// The measures of a clip that is in a store: those that were stored, else those that its videos
/// and arrays allow to be taken now.
final class StoredMeasures {
    /// A measure that is not to be had.
    struct Missing: Error {
        var measure: MeasureID
    }

    private let clip: ClipRecord
    private let stored: StoredAsset
    private let columns: [String: ColumnValue]
    private let manifest: Manifest
    /// The store, where the clip has a sample in it.
    private let reader: StoreReader?
    private lazy var key = SampleKey.joined([stored.asset.id, clip.name])

    init(
        of clip: ClipRecord, in stored: StoredAsset, columns: [String: ColumnValue],
        manifest: Manifest, reader: StoreReader?
    ) {
        self.clip = clip
        self.stored = stored
        self.columns = columns
        self.manifest = manifest
        self.reader = reader
    }

    /// The value of a measure.
    ///
    /// - Throws: ``Missing``, `StoreError`, `ImageCodecError`.
    func value(_ id: MeasureID) throws -> MeasureValue {
        if let column = id.column { return MeasureValue(columns[column]) }
        let known = stored.measures.first { $0.name == id.name && $0.clip == clip.name }
        switch known?.value {
        case .scalar(let number): return .numbers([number])
        case .series(let numbers): return .numbers(numbers)
        case nil: return try taken(id)
        }
    }

    private func taken(_ id: MeasureID) throws -> MeasureValue {
        guard let reader else { throw Missing(measure: id) }
        switch id {
        case .clipDuration: return .number(clip.durationSeconds)
        case .ssimFront:
            guard
                let front = manifest.videos.first(where: \.isFrontView),
                front.outputs.contains(.color)
            else { throw Missing(measure: id) }
            return .numbers(try Measures.ssim(front: video(front.name, reader)))
        case .motionMagnitude:
            guard let twin = manifest.videos.first(where: { $0.frozen != nil }),
                let orbit = twin.frozen
            else { return .absent }
            return .number(
                try Measures.motionMagnitude(
                    orbit: video(orbit, reader), frozen: video(twin.name, reader)))
        case .alphaBorder, .alphaCoverage:
            let films = manifest.videos.filter { $0.frozen == nil && $0.outputs.contains(.color) }
            guard !films.isEmpty else { throw Missing(measure: id) }
            return .numbers(
                try films.flatMap { film in
                    let video = try video(film.name, reader)
                    return id == .alphaBorder
                        ? Measures.borderAlpha(video) : Measures.coverage(video)
                })
        case .displacementMean, .displacementMaximum, .geometryFinite, .geometryDegenerate,
            .geometryGrowth, .signatureShape, .signatureMotion:
            let needed: Set<Manifest.MeshArray> = [.positions, .triangles]
            guard needed.isSubset(of: manifest.store.arrays) else { throw Missing(measure: id) }
            return try MeasureValue.geometry(id, of: mesh(reader))
        default: throw Missing(measure: id)
        }
    }

    private func video(_ name: String, _ reader: StoreReader) throws -> Video {
        let names = try reader.sample(key).fields.map(\.name)
            .filter { $0.hasPrefix("\(name).") && $0.hasSuffix(".png") }.sorted()
        guard !names.isEmpty else { throw Missing(measure: .alphaCoverage) }
        return Video(
            frames: try names.map { try Image(decoding: reader.field($0, of: key).bytes) })
    }

    private func mesh(_ reader: StoreReader) throws -> MeshSequence {
        let positions = try reader.field("positions.npy", of: key)
        let triangles = try reader.field("triangles.npy", of: key)
        let shape = positions.entry.shape ?? []
        guard shape.count == 3, shape[2] == 3, shape[0] > 0 else {
            throw Missing(measure: .displacementMean)
        }
        return MeshSequence(
            times: (0..<shape[0]).map(Double.init), vertexCount: shape[1],
            positions: Vector3Array(scalars: try positions.elements(as: Float.self)),
            triangles: try triangles.elements(as: UInt32.self))
    }
}

extension Manifest.VideoRecipe {
    /// Whether it is the view that `ssim.front` looks at: fixed, from azimuth and elevation 0.
    var isFrontView: Bool {
        path == .fixed && azimuth == .degrees(0) && elevation == .degrees(0) && fit == nil
    }
}

extension MeasureValue {
    /// A measure of the sampled mesh alone; absent for any other.
    static func geometry(_ id: MeasureID, of mesh: MeshSequence) -> MeasureValue {
        switch id {
        case .triangles: .number(Double(mesh.triangleCount))
        case .vertices: .number(Double(mesh.vertexCount))
        case .displacementMean: .number(Measures.displacement(mesh).map(\.mean))
        case .displacementMaximum: .number(Measures.displacement(mesh).map(\.maximum))
        case .geometryFinite: .numbers(Measures.finiteVertices(mesh))
        case .geometryDegenerate: .numbers(Measures.degenerateTriangles(mesh))
        case .geometryGrowth: Measures.boxGrowth(mesh).map(MeasureValue.numbers) ?? .absent
        case .signatureShape: ShapeSignature(mesh).map { .numbers($0.numbers) } ?? .absent
        case .signatureMotion: MotionSignature(mesh).map { .numbers($0.numbers) } ?? .absent
        default: .absent
        }
    }
}
