import ShardStore

/// The last word on an asset, spoken as it is handed over to the store in the catalogue's order:
/// whether it is one of those before it again, or nearly.
struct Settlement {
    /// Which bytes are known; threads ask it too, to spare work.
    let identities: IdentityLedger
    private var nearDuplicates: NearDuplicates?

    /// What holds before a run's first asset.
    ///
    /// - Parameter store: the store's folder, in which a writer has laid out the index.
    init(_ plan: BuildPlan, store: String) throws(StoreError) {
        let reader = try StoreReader(at: store)
        identities = try IdentityLedger(reader, plan: plan)
        nearDuplicates = try NearDuplicates(reader, plan.manifest.curation.duplicates)
    }

    /// What becomes of an asset after all.
    mutating func settle(_ worked: WorkedAsset) -> AssetProcessor.Result {
        guard let request = worked.request else { return worked.result }
        if let alias = identities.alias(request) { return AssetProcessor.Result(outcome: alias) }
        var result = worked.result
        nearDuplicates?.settle(&result.outcome)
        identities.enter(result.outcome)
        return result
    }
}

/// An asset that was worked on, or that needed none.
struct WorkedAsset: Sendable {
    /// The asset as it was identified; nil for one that is accounted for without being read.
    var request: AssetRequest?
    var result: AssetProcessor.Result
}
