import Curation
import Documents

extension Manifest {
    /// What becomes of clips that are not the same bytes, and yet nearly the same.
    public struct Duplicates: Sendable, Equatable {
        /// What becomes of them.
        public var policy: Policy
        /// Up to which distances clips are near-duplicates.
        public var limits: Signature.Limits

        /// What becomes of near-duplicates.
        public enum Policy: String, Sendable, CaseIterable {
            /// Nothing; no signatures are taken.
            case off
            /// Clips that look alike stand in one split.
            case oneSplit = "one-split"
            /// Besides, of clips that look alike and move alike the first is kept.
            case keepFirst = "keep-first"
        }

        /// Nothing becomes of them.
        public static let off = Duplicates(policy: .off, limits: .standard)
    }
}

extension Manifest.Duplicates {
    /// Reads a mapping, or the policy alone.
    init(
        under key: String, of curation: inout DocumentReader?
    ) throws(ManifestError) {
        guard var entry = curation?.nested(key) else {
            self = .off
            policy = try curation?.choice(key) ?? .off
            return
        }
        let standard = Signature.Limits.standard
        policy = try entry.choice("policy") ?? .keepFirst
        limits = Signature.Limits(
            views: try entry.integer("views", in: 0...256) ?? standard.views,
            shape: try entry.number("shape", in: 0...10) ?? standard.shape,
            motion: try entry.number("motion", in: 0...2) ?? standard.motion)
        try entry.finish()
    }
}
