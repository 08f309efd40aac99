import Curation
import Foundation
import Running
import ShardStore

/// Judges a finished store by other rules, from the measures it holds and the videos in its
/// shards. Nothing is rendered again and no shard is written.
public struct Rejudging {
    /// Stages whose decisions are not the rules'.
    private static let standingStages: Set = ["list", "identify", "limit", NearDuplicates.stage]

    private let store: String
    private let rules: JudgementRules
    private let reader: StoreReader
    private let manifest: Manifest

    /// Reads a store and a rule file.
    ///
    /// - Throws: `StoreError`, `RuleError`, ``ManifestError``.
    public init(store: String, filter: String) throws {
        self.store = store
        rules = try JudgementRules(path: filter)
        reader = try StoreReader(at: store)
        let recipe = URL(fileURLWithPath: store).appending(path: "manifest.yaml").path
        let text = String(decoding: try CorpusTables.contents(recipe), as: UTF8.self)
        manifest = try Manifest(file: recipe, text: text)
    }

    /// What judging again came to.
    public struct Outcome: Sendable, Equatable {
        /// Clips that were kept and still are, or are not any more.
        public var stayed = 0, dropped = 0
        /// Clips that were rejected and now would be kept: with samples in the store, or without.
        public var regained = 0, needBuild = 0
        /// Clips that were rejected so early that the new rules' measures were never taken.
        public var undecided = 0
        /// Whether the store was changed.
        public var isApplied = false

        /// The outcome, as lines of text.
        public var text: String {
            var lines = [
                "\(stayed + regained) clips kept: \(stayed) as before, \(regained) regained",
                "\(dropped) clips kept before are rejected",
            ]
            if needBuild > 0 {
                lines.append("\(needBuild) clips would be kept and have no sample: build again")
            }
            if undecided > 0 {
                lines.append(
                    "\(undecided) clips stay rejected: what the new rules ask for was not measured "
                        + "when the store was built")
            }
            if !isApplied { lines.append("Nothing was changed (--dry-run).") }
            return lines.joined(separator: "\n")
        }
    }

    /// Judges every clip, and unless `dryRun` brings the store's decisions and marks in line.
    ///
    /// - Throws: `StoreError`; ``ManifestError`` where a rule asks for a measure that a kept
    ///   sample neither has stored nor allows to be taken from its fields.
    public func run(dryRun: Bool) throws -> Outcome {
        var outcome = Outcome()
        var decisions: [String: [Decision]] = [:]
        try reader.forEachAsset { stored in
            decisions[stored.asset.id] = try judge(stored, into: &outcome)
        }
        guard !dryRun else { return outcome }
        let writer = try StoreWriter(
            at: store,
            run: RunRecord(
                toolVersion: Version.current, commandLine: "muybridge filter \(store)"))
        try writer.rejudge(under: FilterRecord(name: rules.name, text: rules.text)) { stored in
            decisions[stored.asset.id] ?? []
        }
        try writer.close()
        outcome.isApplied = true
        return outcome
    }

    private func judge(
        _ stored: StoredAsset, into outcome: inout Outcome
    ) throws -> [Decision] {
        // What the ID list left out was never looked at, duplicates were built once, and clips
        // beyond the manifest's limit were left out, whatever the rules.
        let standing = stored.decisions.filter { Rejudging.standingStages.contains($0.stage) }
        if standing.contains(where: { $0.clip == nil }) { return stored.decisions }
        let columns = Rejudging.columns(of: stored)
        var decisions = standing
        let leftOut = Set(standing.map(\.clip))
        if let tableRules = rules.tableRules {
            let verdict = tableRules.judge { MeasureValue(columns[$0.column ?? ""]) }
            decisions += rules.decisions(verdict, clip: nil)
            if !verdict.isKept {
                outcome.dropped += stored.clipFates.count { $0.outcome == .kept }
                return decisions
            }
        }
        guard let assetRules = rules.assetRules else {
            for (clip, fate) in zip(stored.clips, stored.clipFates)
            where !leftOut.contains(clip.name) {
                count(isKept: true, fate, hasSample: hasSample(stored, clip), &outcome)
            }
            return decisions
        }
        for (clip, fate) in zip(stored.clips, stored.clipFates)
        where fate.outcome != .failed && !leftOut.contains(clip.name) {
            decisions += try judge(clip, fate, of: stored, by: assetRules, into: &outcome)
        }
        return decisions
    }

    private func judge(
        _ clip: ClipRecord, _ fate: Fate, of stored: StoredAsset, by assetRules: RuleSet,
        into outcome: inout Outcome
    ) throws -> [Decision] {
        let hasSample = hasSample(stored, clip)
        let measures = StoredMeasures(
            of: clip, in: stored, columns: Rejudging.columns(of: stored), manifest: manifest,
            reader: hasSample ? reader : nil)
        do {
            let verdict = try assetRules.judge { try measures.value($0) }
            count(isKept: verdict.isKept, fate, hasSample: hasSample, &outcome)
            return rules.decisions(verdict, clip: clip.name)
        } catch let missing as StoredMeasures.Missing where !hasSample {
            outcome.undecided += 1
            return [
                Decision(
                    stage: "judge", rule: "not-measured", position: .max >> 1, clip: clip.name,
                    verdict: .rejected,
                    reason: "\(missing.measure) was not measured when the store was built")
            ]
        } catch let missing as StoredMeasures.Missing {
            throw ManifestError(
                file: store,
                message: "the sample of \(stored.asset.id), clip \(clip.name), neither holds "
                    + "\(missing.measure) nor what it could be measured on; add it to "
                    + "curation.measures and build again")
        }
    }

    private func hasSample(_ stored: StoredAsset, _ clip: ClipRecord) -> Bool {
        stored.sampleKeys.contains(SampleKey.joined([stored.asset.id, clip.name]))
    }

    private func count(
        isKept: Bool, _ fate: Fate, hasSample: Bool, _ outcome: inout Outcome
    ) {
        switch (isKept, fate.outcome == .kept) {
        case (true, true): outcome.stayed += 1
        case (true, false) where hasSample: outcome.regained += 1
        case (true, false): outcome.needBuild += 1
        case (false, true): outcome.dropped += 1
        case (false, false): break
        }
    }

    /// What tables said of an asset when the store was built.
    private static func columns(of stored: StoredAsset) -> [String: ColumnValue] {
        guard case .object(let members)? = stored.asset.metadata["columns"] else { return [:] }
        return members.compactMapValues { value in
            switch value {
            case .number(let number): .number(number)
            case .integer(let number): .number(Double(number))
            case .array(let texts):
                .texts(texts.compactMap { if case .string(let text) = $0 { text } else { nil } })
            default: nil
            }
        }
    }
}
