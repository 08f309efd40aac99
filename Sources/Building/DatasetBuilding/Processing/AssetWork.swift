import Assets
import Curation
import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore
import Surfaces

/// One asset on its way through the stages, and what was found out so far.
struct AssetWork {
    let recipe: Recipe
    let request: AssetRequest
    /// What the store will hold of the asset.
    private(set) var outcome: AssetOutcome
    private var previews: [String: [UInt8]] = [:]
    private var clipNames: Set<String> = []
    private var clock: StageClock

    private var manifest: Manifest { recipe.manifest }
    private var columns: [String: ColumnValue] { request.columns }

    /// - Parameter onStage: told of each stage as it is entered, with the clip.
    init(
        recipe: Recipe, request: AssetRequest,
        onStage: @escaping (_ stage: String, _ clip: String?) -> Void
    ) {
        self.recipe = recipe
        self.request = request
        outcome = AssetOutcome(asset: request.record)
        clock = StageClock(onStage: onStage)
    }

    /// What became of the asset.
    mutating func finish() -> AssetProcessor.Result {
        AssetProcessor.Result(
            outcome: outcome, previews: previews, seconds: clock.finish())
    }

    /// Enters a stage: what takes time from here on is its own.
    mutating func enter(_ stage: String, clip: String? = nil) { clock.enter(stage, clip: clip) }

    // MARK: Reading

    /// Judges the rules that need no more than the tables, before the asset is even opened.
    mutating func passesTableRules() throws(StageFailure) -> Bool {
        guard let rules = recipe.rules?.tableRules else { return true }
        return try judge(rules, MeasureProvider(columns: columns), clip: nil)
    }

    /// Asks rules, and records what they say.
    private mutating func judge(
        _ rules: RuleSet, _ provider: MeasureProvider, clip: String?
    ) throws(StageFailure) -> Bool {
        let verdict: Verdict
        do {
            verdict = try rules.judge(exhaustive: manifest.curation.exhaustive) {
                try provider.take($0)
            }
        } catch {
            throw StageFailure(
                stage: "judge", cause: "error", message: "\(request.record.id): \(error)")
        }
        outcome.decisions += recipe.rules?.decisions(verdict, clip: clip) ?? []
        return verdict.isKept
    }

    /// Imports the asset.
    mutating func load() throws(StageFailure) -> AnimatedAsset {
        let asset: AnimatedAsset
        do {
            asset = try recipe.loader(layout: request.layout).load(path: request.path)
        } catch {
            throw StageFailure(stage: "import", cause: error.cause, message: error.description)
        }
        outcome.asset.format = asset.format
        outcome.asset.metadata = .object([
            "columns": .object(columns.mapValues(JSONValue.init)),
            "warnings": .array(asset.warnings.map(JSONValue.string)),
            "missing_textures": .array(asset.missingTextures.map(JSONValue.string)),
        ])
        return asset
    }

    // MARK: Clips

    /// A clip of an asset that becomes a sample, or the asset as it stands (no index).
    struct ChosenClip {
        /// Index into the asset's clips; nil where it has none.
        var index: Int?
        /// A name that is unique in the asset.
        var name: String
    }

    /// The clips that the manifest asks for.
    mutating func chosenClips(of asset: AnimatedAsset) throws(StageFailure) -> [ChosenClip] {
        let chosen: [Int]
        do {
            chosen = try manifest.clips.indices(in: asset)
        } catch {
            throw StageFailure(stage: "import", cause: error.cause, message: error.description)
        }
        if chosen.isEmpty { return [register(nil, of: asset)] }
        let limit = manifest.corpus.limits.clips
        let kept = chosen.prefix(limit).map { register($0, of: asset) }
        for index in chosen.dropFirst(limit) {
            let clip = register(index, of: asset)
            outcome.decisions.append(
                Decision(
                    stage: "limit", rule: "clips", position: -1, clip: clip.name,
                    verdict: .rejected,
                    reason: "the asset has \(chosen.count) clips, of which the first \(limit) are "
                        + "taken (corpus.limits.clips)"))
        }
        return kept
    }

    private mutating func register(_ index: Int?, of asset: AnimatedAsset) -> ChosenClip {
        guard let index else {
            outcome.clips.append(ClipRecord(name: "still", durationSeconds: 0))
            return ChosenClip(index: nil, name: "still")
        }
        let clip = asset.clips[index]
        let base = clip.name.isEmpty ? "clip-\(index)" : clip.name
        var name = base
        var copy = 2
        while !clipNames.insert(name).inserted {
            name = "\(base)#\(copy)"
            copy += 1
        }
        outcome.clips.append(
            ClipRecord(
                name: name, durationSeconds: clip.duration,
                metadata: .object(["index": .integer(index), "start": .number(clip.start)])))
        return ChosenClip(index: index, name: name)
    }

    /// Runs `body` on one clip; what it throws is recorded for that clip alone.
    mutating func attempt(
        _ clip: ChosenClip, _ body: (inout AssetWork) throws -> Void
    ) {
        do {
            try body(&self)
        } catch {
            record(error, clip: clip.name)
        }
    }

    /// Samples a clip at the manifest's times and brings it to size and place.
    func sample(
        _ clip: ChosenClip, of asset: AnimatedAsset
    ) throws(StageFailure) -> SampledClip {
        do {
            let times = try times(of: asset, clip: clip.index)
            var mesh = try asset.mesh(clip: clip.index, times: times)
            let transforms = mesh.normalise(manifest.normalisation)
            return SampledClip(mesh: mesh, normalisedFromAsset: transforms)
        } catch {
            throw StageFailure(stage: "pose", cause: error.cause, message: error.description)
        }
    }

    /// The manifest's times; those of an asset without clips are all alike.
    private func times(of asset: AnimatedAsset, clip: Int?) throws(AssetError) -> [Double] {
        guard let clip else { return [Double](repeating: 0, count: manifest.timeline.count) }
        return try manifest.timeline.times(for: asset, clip: clip)
    }

    /// Where the clip's pictures are made.
    func studio(for clip: SampledClip) throws -> Studio {
        try Studio(
            sequence: clip.mesh, videos: manifest.videos, rendering: manifest.rendering,
            draw: { [seed = manifest.seed, id = request.record.id] purpose in
                KeyedRandom(seed: seed, asset: id, purpose: purpose)
            })
    }

    // MARK: Judging and storing

    /// Takes the measures that the rules ask for, cheap ones first, and judges.
    mutating func judge(
        _ clip: ChosenClip, of asset: AnimatedAsset, _ sampled: SampledClip, _ studio: Studio
    ) throws(StageFailure) -> Bool {
        let provider = MeasureProvider(
            columns: columns,
            subject: MeasureProvider.Subject(
                asset: asset, clip: clip.index, mesh: sampled.mesh, studio: studio,
                videos: manifest.videos, timeline: manifest.timeline))
        var isKept = true
        if let rules = recipe.rules?.assetRules {
            isKept = try judge(rules, provider, clip: clip.name)
        }
        if isKept {
            do {
                for measure in recipe.extraMeasures { _ = try provider.take(measure) }
                // These cost nothing, and spare a new build when other rules ask for them.
                for free in MeasureID.definitions where free.cost == .metadata {
                    _ = try provider.take(free.id)
                }
            } catch {
                throw StageFailure(
                    stage: "measure", cause: "error", message: "\(request.record.id): \(error)")
            }
        }
        outcome.measures += provider.taken(clip: clip.name)
        return isKept
    }

    /// Makes the strip of pictures that contact sheets show.
    mutating func preview(_ clip: ChosenClip, _ studio: Studio) throws {
        guard manifest.curation.previewSize > 0 else { return }
        let strip = try studio.previewStrip(side: manifest.curation.previewSize)
        previews[key(clip)] = try strip.pngEncoded()
    }

    /// Makes what trainers read of the surfaces; nil where the manifest asks for nothing.
    mutating func surfaces(
        _ clip: ChosenClip, _ sampled: SampledClip
    ) throws(StageFailure) -> (fields: [Field], metadata: JSONValue)? {
        guard let surfaces = manifest.surfaces else { return nil }
        enter("surface", clip: clip.name)
        let (seed, id) = (manifest.seed, request.record.id)
        do {
            let made = try SurfaceFields.make(surfaces, of: sampled.mesh) { purpose in
                KeyedRandom(
                    seed: seed, asset: id,
                    purpose: "surface.\(clip.name).\(purpose)")
            }
            return (made.fields, made.metadata)
        } catch {
            throw StageFailure(
                stage: "surface", cause: error is SurfacesError ? "no surface" : "error",
                message: "\(request.path): clip \(clip.name): \(error)")
        }
    }

    /// Makes the sample that the shards will hold.
    mutating func store(
        _ clip: ChosenClip, _ sampled: SampledClip, _ studio: Studio,
        _ surfaces: (fields: [Field], metadata: JSONValue)?
    ) throws {
        var metadata: [String: JSONValue] = [
            "times": .array(sampled.mesh.times.map(JSONValue.number)),
            "normalised_from_asset": .array(
                sampled.normalisedFromAsset.map { .array($0.rowMajor.map(JSONValue.number)) }),
            "vertices": .integer(sampled.mesh.vertexCount),
            "triangles": .integer(sampled.mesh.triangleCount),
        ]
        if let surfaces { metadata["watertight"] = surfaces.metadata }
        let pictures = try SampleFields.fields(
            manifest, studio: studio, sequence: sampled.mesh)
        outcome.samples.append(
            Sample(
                key: key(clip), clip: clip.name, fields: pictures + (surfaces?.fields ?? []),
                metadata: .object(metadata)))
    }

    private func key(_ clip: ChosenClip) -> String {
        SampleKey.joined([request.record.id, clip.name])
    }

    /// Records what went wrong with the asset, or with one clip.
    mutating func record(_ error: any Error, clip: String? = nil) {
        let failure =
            error as? StageFailure
            ?? StageFailure(
                stage: error is RenderingError ? "render" : "build", cause: "error",
                message: "\(request.path): \(error)")
        outcome.failures.append(
            FailureRecord(
                stage: failure.stage, clip: clip, cause: failure.cause, message: failure.message,
                replayCommand: recipe.replayCommand(forAsset: request.record.id)))
    }
}

/// A clip, sampled and normalised.
struct SampledClip {
    var mesh: MeshSequence
    /// One similarity a frame.
    var normalisedFromAsset: [Matrix4]
}

extension JSONValue {
    /// A table's value.
    init(_ value: ColumnValue) {
        switch value {
        case .number(let number): self = .number(number)
        case .texts(let texts): self = .array(texts.map(JSONValue.string))
        }
    }
}
