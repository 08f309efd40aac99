import Assets
import ShardStore

/// What the main job does to one asset: a function from a file to all that the store will say of
/// it. It depends on the manifest, the file and the version alone, never on what was processed
/// before, beside or by whom.
public struct AssetProcessor: Sendable {
    private let plan: BuildPlan

    /// A processor for the assets of a plan.
    public init(plan: BuildPlan) { self.plan = plan }

    /// What became of one asset, and what the store is to hold of it.
    public struct Result: Sendable {
        /// The rows and samples.
        public var outcome: AssetOutcome
        /// Preview strips by sample key, as PNG.
        public var previews: [String: [UInt8]]
    }

    /// Runs the stages on one asset. Never throws: what fails is part of the result.
    public func process(_ entry: CatalogueEntry) -> Result {
        var work = AssetWork(plan: plan, entry: entry)
        guard entry.absence == nil else { return work.absent }
        do {
            try work.identify()
            guard try work.passesTableRules() else { return work.result }
            let asset = try work.load()
            for clip in try work.chosenClips(of: asset) {
                work.attempt(clip) { work in
                    let sampled = try work.sample(clip, of: asset)
                    let studio = try work.studio(for: sampled)
                    let isKept = try work.judge(clip, of: asset, sampled, studio)
                    try work.preview(clip, studio)
                    if isKept { try work.store(clip, sampled, studio) }
                }
            }
        } catch {
            work.record(error)
        }
        return work.result
    }
}
