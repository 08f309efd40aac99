import ShardStore

/// All that a store knows of its assets, by their identities, as texts: what was not finite is
/// then equal to itself.
func assetTexts(_ store: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    try StoreReader(at: store).forEachAsset { stored in
        var asset = stored.asset
        (asset.metadata, asset.timings) = (.null, .null)
        let clips = zip(stored.clips, stored.clipFates).map { clip, fate in
            "\(clip.name) \(String(describing: clip.durationSeconds)) \(clip.metadata.text) \(fate)"
        }
        texts[stored.asset.id] = """
            \(asset) \(stored.asset.metadata.text) \(stored.asset.timings.text) \
            \(stored.attempts) \(stored.isQuarantined) \(stored.fate) \(clips) \
            \(stored.measures) \(stored.decisions) \(stored.failures) \(stored.sampleKeys)
            """
    }
    return texts
}
