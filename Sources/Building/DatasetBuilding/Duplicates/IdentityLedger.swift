import Assets
import ShardStore
import Synchronization

/// Which bytes a store knows, and by which asset: what comes again is an alias of that asset.
///
/// Assets are entered as they are handed over, in the catalogue's order, so an asset that is known
/// stays the first whatever the number of workers. Threads may ask at any time: what they are not
/// told yet is found when their asset is handed over.
final class IdentityLedger: Sendable {
    /// An asset that bytes are known by.
    struct Known: Sendable, Equatable {
        var asset: String
        /// Where it lies.
        var path: String
        var split: Split
    }

    /// By the SHA-256; several where the bytes alone do not say all, and files beside them differ.
    private let known = Mutex<[String: [Known]]>([:])
    private let corpus: String

    /// What a store knows of a plan's corpus.
    init(_ reader: StoreReader, plan: BuildPlan) throws(StoreError) {
        corpus = plan.corpus.hasSuffix("/") ? plan.corpus : plan.corpus + "/"
        var stored: [String: [Known]] = [:]
        try reader.forEachIdentity { identity in
            guard identity.aliasOf == nil, identity.wasOpened else { return }
            stored[identity.sha256, default: []].append(
                Known(
                    asset: identity.asset, path: corpus + identity.path, split: identity.split))
        }
        known.withLock { [stored] in $0 = stored }
    }

    /// What the store is to say of an asset whose bytes are known by another one; nil where they
    /// are not known yet.
    ///
    /// The rest of what is known of it does not depend on whether it was worked on before that was
    /// found.
    func alias(_ request: AssetRequest) -> AssetOutcome? {
        guard let sha256 = request.record.sha256 else { return nil }
        let candidates = known.withLock { $0[sha256] ?? [] }
        let first = candidates.first {
            $0.asset != request.record.id
                && AssetLoader.isSameAsset(request.path, as: $0.path)
        }
        guard let first else { return nil }
        var outcome = AssetOutcome(asset: request.record)
        outcome.asset.aliasOf = first.asset
        outcome.asset.split = first.split
        outcome.decisions = [
            Decision(
                stage: "identify", rule: "duplicate", position: -1, verdict: .rejected,
                reason: "the same bytes as \(first.asset)")
        ]
        return outcome
    }

    /// Enters an asset that is handed over.
    ///
    /// One that a table's row alone rejected is not entered: the row is not of the bytes, and
    /// another asset of the same bytes may have a better one.
    func enter(_ outcome: AssetOutcome) {
        let wasOpened = !outcome.clips.isEmpty || !outcome.failures.isEmpty
        guard let sha256 = outcome.asset.sha256, outcome.asset.aliasOf == nil, wasOpened else {
            return
        }
        known.withLock { known in
            var entries = known[sha256] ?? []
            let entry = Known(
                asset: outcome.asset.id, path: corpus + outcome.asset.path,
                split: outcome.asset.split)
            // One that is tried again keeps its place.
            if let i = entries.firstIndex(where: { $0.asset == entry.asset }) {
                entries[i] = entry
            } else {
                entries.append(entry)
            }
            known[sha256] = entries
        }
    }
}
