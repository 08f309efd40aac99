extension AssetOutcome {
    /// Holds the outcome against the rules that the store's rows rely on.
    ///
    /// - Throws: `StoreError.invalid`, naming the rule that is broken.
    func validate(hasFilter: Bool) throws(StoreError) {
        func invalid(_ what: String) -> StoreError {
            .invalid(record: "asset \(asset.id)", what: what)
        }
        guard !asset.id.isEmpty else { throw invalid("has no identity") }
        guard case .object = asset.metadata else { throw invalid("the metadata is not an object") }
        guard case .object = asset.timings else { throw invalid("the timings are not an object") }
        guard asset.aliasOf == nil || samples.isEmpty else {
            throw invalid("is an alias of \(asset.aliasOf ?? ""), and so has no samples")
        }
        guard asset.aliasOf != asset.id else { throw invalid("is an alias of itself") }
        let names = Set(clips.map(\.name))
        guard names.count == clips.count else { throw invalid("has two clips of one name") }
        for clip in clips {
            guard case .object = clip.metadata else {
                throw invalid("the metadata of clip \(clip.name) is not an object")
            }
        }
        let mentioned =
            samples.map(\.clip) + measures.map(\.clip) + decisions.map(\.clip)
            + failures.map(\.clip)
        for case let clip? in mentioned where !names.contains(clip) {
            throw invalid("a record names the clip \(clip), which is not among its clips")
        }
        guard Set(measures.map { [$0.clip, $0.name] }).count == measures.count else {
            throw invalid("has two measures of one name")
        }
        guard hasFilter || decisions.isEmpty else {
            throw invalid("has decisions, but the writer was opened without a filter")
        }
        for failure in failures {
            guard samples.allSatisfy({ failure.clip != nil && $0.clip != failure.clip }) else {
                throw invalid(
                    "has samples of \(failure.clip.map { "clip \($0)" } ?? "an asset") that failed")
            }
        }
    }
}
