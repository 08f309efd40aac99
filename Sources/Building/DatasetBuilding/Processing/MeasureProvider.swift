import Assets
import Curation
import Geometry
import Imaging
import Rendering
import ShardStore

/// Takes measures of one clip when rules ask for them, each at most once, and remembers them for
/// the store.
final class MeasureProvider {
    private let columns: [String: ColumnValue]
    private let subject: Subject?
    private var values: [(id: MeasureID, value: MeasureValue)] = []

    /// What there is to be measured once an asset is loaded.
    struct Subject {
        let asset: AnimatedAsset
        /// Index of the clip; nil for an asset that has none.
        let clip: Int?
        let mesh: MeshSequence
        let studio: Studio
        let videos: [Manifest.VideoRecipe]
        let timeline: Timeline
    }

    /// A provider of what the tables say, and of what can be measured on `subject`.
    init(columns: [String: ColumnValue], subject: Subject? = nil) {
        self.columns = columns
        self.subject = subject
    }

    /// The value of a measure.
    func take(_ id: MeasureID) throws -> MeasureValue {
        if let known = values.first(where: { $0.id == id }) { return known.value }
        let value: MeasureValue
        if let column = id.column {
            value = MeasureValue(columns[column])
        } else if let subject {
            value = try subject.value(id)
        } else {
            value = .absent
        }
        values.append((id, value))
        return value
    }

    /// What was measured, as the store keeps it. Columns stand with the asset instead.
    func taken(clip: String) -> [Measure] {
        values.compactMap { id, value in
            guard id.column == nil, case .numbers(let numbers) = value, !numbers.isEmpty else {
                return nil
            }
            return Measure(
                name: id.name, clip: clip,
                value: numbers.count == 1 ? .scalar(numbers[0]) : .series(numbers))
        }
    }
}

extension MeasureValue {
    /// What a table says.
    init(_ column: ColumnValue?) {
        switch column {
        case .number(let number): self = .numbers([number])
        case .texts(let texts): self = .text(texts)
        case nil: self = .absent
        }
    }
}

extension MeasureProvider.Subject {
    fileprivate func value(_ id: MeasureID) throws -> MeasureValue {
        switch id {
        case .clipCount: .number(Double(asset.clips.count))
        case .clipDuration: .number(clip.map { asset.clips[$0].duration } ?? 0)
        case .clipFrames: .number(clip.map(frameCount) ?? 0)
        case .textures: .number(Double(asset.textures.count))
        case .texturesMissing: .number(Double(asset.missingTextures.count))
        case .signatureViews: try studio.viewSignature().map { .numbers($0.numbers) } ?? .absent
        case .ssimFront: try frontSimilarity()
        case .motionMagnitude: try motionMagnitude()
        case .alphaBorder:
            .numbers(try films().flatMap { Measures.borderAlpha(try images(of: $0)) })
        case .alphaCoverage:
            .numbers(try films().flatMap { Measures.coverage(try images(of: $0)) })
        default: .geometry(id, of: mesh)
        }
    }

    /// Frames that the file holds, or that the clip's keys span at the timeline's rate.
    private func frameCount(_ clip: Int) -> Double {
        let clip = asset.clips[clip]
        if let count = clip.sourceFrameCount { return Double(count) }
        return (clip.duration * timeline.nominalFramesPerSecond + 1e-6).rounded(.down) + 1
    }

    /// The videos that show the asset move; their frozen twins show no more than one frame of it.
    private func films() -> [String] {
        let films = videos.filter { $0.frozen == nil }.map(\.name)
        return films.isEmpty ? [Studio.impliedFront.name] : films
    }

    private func images(of video: String) throws -> Video {
        Video(frames: try studio.frames(of: video).compactMap(\.color))
    }

    /// The front view is the first fixed video from azimuth and elevation 0, or one that is
    /// rendered for this measure alone.
    private func frontSimilarity() throws -> MeasureValue {
        let front =
            videos.first(where: \.isFrontView)?.name ?? Studio.impliedFront.name
        let indices = Measures.frontFrameIndices(frameCount: studio.frameCount(of: front))
        let frames = try studio.frames(of: front, at: indices).compactMap(\.color)
        return .numbers(try Measures.ssim(first: frames[0], others: Array(frames.dropFirst())))
    }

    /// Over the first video that has a frozen twin.
    private func motionMagnitude() throws -> MeasureValue {
        guard let twin = videos.first(where: { $0.frozen != nil }), let orbit = twin.frozen else {
            return .absent
        }
        return .number(
            try Measures.motionMagnitude(
                orbit: try images(of: orbit), frozen: try images(of: twin.name)))
    }
}

extension Timeline {
    /// The rate at which a clip's frames are counted: the timeline's own, else 24 a second.
    var nominalFramesPerSecond: Double {
        switch self {
        case .uniform: 24
        case .rate(let rate, _, _), .window(_, let rate): rate
        }
    }
}
