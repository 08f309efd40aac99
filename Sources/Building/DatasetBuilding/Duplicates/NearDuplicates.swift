import Curation
import ShardStore

/// Decides what becomes of clips that look like clips of earlier assets.
///
/// It sees assets in the order in which they enter the store, and what it knows of earlier ones it
/// reads from the index, so a run that was stopped goes on to the same decisions.
package struct NearDuplicates {
    /// A clip that has a sample.
    private struct Clip {
        var asset: String
        var name: String
        var split: Split
    }

    /// The stage that decisions name.
    static let stage = "compare"
    /// The rule that decisions name.
    static let rule = "near-duplicate"
    /// The place of decisions: after every rule of a filter.
    static let position = Int.max >> 1

    private let policy: Manifest.Duplicates.Policy
    private let limits: Signature.Limits
    private var index: SignatureIndex
    private var clips: [Clip] = []

    /// What a store holds; nil where the manifest does not ask for it.
    package init?(_ reader: StoreReader, _ duplicates: Manifest.Duplicates) throws(StoreError) {
        guard duplicates.policy != .off else { return nil }
        policy = duplicates.policy
        limits = duplicates.limits
        var index = SignatureIndex(limits: limits)
        var clips: [Clip] = []
        try reader.forEachClip(measuring: MeasureID.signatures.map(\.name)) { measures in
            guard measures.hasSample,
                let signature = Signature(numbers: { measures.numbers[$0.name] })
            else { return }
            index.insert(signature)
            clips.append(
                Clip(asset: measures.asset, name: measures.clip, split: measures.split))
        }
        self.index = index
        self.clips = clips
    }

    /// Holds an asset against all before it: drops clips, or brings it into their split.
    package mutating func settle(_ outcome: inout AssetOutcome) {
        var found: [SignatureIndex.Match] = []
        var signatures: [(clip: String, signature: Signature)] = []
        for sample in outcome.samples {
            guard let clip = sample.clip, let signature = outcome.signature(ofClip: clip) else {
                continue
            }
            let matches = index.matches(signature)
            let before = matches.first { limits.areAlike($0.distance) }.map(words)
            let within = signatures.lazy.map {
                ($0.clip, Signature.distance(signature, $0.signature))
            }
            .first { limits.areAlike($0.1) }.map { "clip \($0) (\($1))" }
            if policy == .keepFirst, let known = before ?? within {
                outcome.reject(clip: clip, because: "looks and moves like \(known)")
            } else {
                signatures.append((clip, signature))
            }
            found += matches
        }
        bringTogether(&outcome, found)
        guard !outcome.samples.isEmpty else { return }
        for (clip, signature) in signatures {
            index.insert(signature)
            clips.append(
                Clip(asset: outcome.asset.id, name: clip, split: outcome.asset.split))
        }
    }

    /// Puts an asset into the split of those that it looks like. Where those stand in several,
    /// nothing of it can be kept without a leak.
    private func bringTogether(
        _ outcome: inout AssetOutcome, _ matches: [SignatureIndex.Match]
    ) {
        guard let first = matches.first else { return }
        let split = clips[first.number].split
        guard let other = matches.first(where: { clips[$0.number].split != split }) else {
            outcome.asset.split = split
            return
        }
        guard !outcome.samples.isEmpty else { return }
        outcome.reject(
            clip: nil,
            because: "looks like \(words(first)) in \(split.rawValue), and like \(words(other)) in "
                + "\(clips[other.number].split.rawValue): in either it would leak into the other")
    }

    private func words(_ match: SignatureIndex.Match) -> String {
        let clip = clips[match.number]
        return "\(clip.asset), clip \(clip.name) (\(match.distance))"
    }
}

extension AssetOutcome {
    /// The signature of a clip, where its measures were taken.
    fileprivate func signature(ofClip clip: String) -> Signature? {
        Signature { id in
            guard let measure = measures.first(where: { $0.clip == clip && $0.name == id.name })
            else { return nil }
            switch measure.value {
            case .scalar(let number): return [number]
            case .series(let numbers): return numbers
            }
        }
    }

    /// Rejects a clip, or all of them, as a near-duplicate.
    fileprivate mutating func reject(clip: String?, because reason: String) {
        decisions.append(
            Decision(
                stage: NearDuplicates.stage, rule: NearDuplicates.rule,
                position: NearDuplicates.position,
                clip: clip, verdict: .rejected, reason: reason))
        samples.removeAll { clip == nil || $0.clip == clip }
    }
}
