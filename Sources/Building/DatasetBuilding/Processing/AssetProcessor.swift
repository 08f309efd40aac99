import Assets
import ShardStore

/// What the main job does to one asset: a function from a file to all that the store will say of
/// it. It depends on the recipe, the file and the version alone, never on what was processed
/// before, beside or by whom.
struct AssetProcessor: Sendable {
    let recipe: Recipe

    /// What became of one asset, and what the store is to hold of it.
    struct Result: Sendable {
        /// The rows and samples.
        var outcome: AssetOutcome
        /// Preview strips by sample key, as PNG.
        var previews: [String: [UInt8]] = [:]
        /// Processor seconds of each stage.
        var seconds: [String: Double] = [:]
    }

    /// Runs the stages on one asset. Never throws: what fails is part of the result.
    ///
    /// - Parameter onStage: told of each stage as it is entered, with the clip.
    func process(
        _ request: AssetRequest,
        onStage: @escaping (_ stage: String, _ clip: String?) -> Void = { _, _ in }
    ) -> Result {
        var work = AssetWork(recipe: recipe, request: request, onStage: onStage)
        do {
            work.enter("judge")
            guard try work.passesTableRules() else { return work.finish() }
            work.enter("import")
            let asset = try work.load()
            for clip in try work.chosenClips(of: asset) {
                work.attempt(clip) { work in
                    work.enter("pose", clip: clip.name)
                    let sampled = try work.sample(clip, of: asset)
                    let studio = try work.studio(for: sampled)
                    work.enter("measure", clip: clip.name)
                    let isKept = try work.judge(clip, of: asset, sampled, studio)
                    let surfaces = isKept ? try work.surfaces(clip, sampled) : nil
                    work.enter("render", clip: clip.name)
                    try work.preview(clip, studio)
                    if isKept { try work.store(clip, sampled, studio, surfaces) }
                }
            }
        } catch {
            work.record(error)
        }
        return work.finish()
    }
}
