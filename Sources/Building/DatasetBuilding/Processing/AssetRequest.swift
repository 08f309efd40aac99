import Assets
import Foundation
import ShardStore

/// An asset that is to be processed, and all that is known of it before it is opened.
struct AssetRequest: Sendable, Equatable {
    /// Where it lies.
    var path: String
    /// How it is to be read.
    var layout: AssetLayout
    /// The row so far: identity, split, size, hash, licence.
    var record: AssetRecord
    /// What tables say of it.
    var columns: [String: ColumnValue]

    init(
        path: String, layout: AssetLayout, record: AssetRecord, columns: [String: ColumnValue]
    ) {
        self.path = path
        self.layout = layout
        self.record = record
        self.columns = columns
    }

    /// Identifies an asset: its size and the SHA-256 of its bytes, and what tables say of it.
    ///
    /// A file that is too large or cannot be read gives a failure beside the request.
    static func identify(
        _ entry: CatalogueEntry, plan: BuildPlan
    ) -> (request: AssetRequest, failure: StageFailure?) {
        let recipe = plan.recipe
        var request = AssetRequest(
            path: entry.path, layout: entry.layout,
            record: AssetRecord(id: entry.id, split: .train, path: plan.relativePath(of: entry)),
            columns: [:])
        var failure: StageFailure?
        let attributes = try? FileManager.default.attributesOfItem(atPath: entry.path)
        let isFile = attributes?[.type] as? FileAttributeType == .typeRegular
        if isFile, let bytes = attributes?[.size] as? Int {
            request.record.byteCount = bytes
            let limit = recipe.manifest.corpus.limits.asset.fileBytes
            if bytes > limit {
                failure = StageFailure(
                    stage: "read", cause: "limit",
                    message: "\(entry.path): too large: \(bytes) bytes, more than the limit "
                        + "of \(limit) (corpus.limits.file-bytes)")
            } else {
                do {
                    request.record.sha256 = try Digest.sha256(ofFile: entry.path)
                } catch let error {
                    failure = error
                }
            }
        }
        request.record.split = recipe.split(request.record)
        request.columns = plan.tables.columns(
            identity: entry.id, sha256: request.record.sha256)
        if case .texts(let texts)? = request.columns["license"] ?? request.columns["licence"] {
            request.record.licence = texts.first
        }
        request.record.metadata = .object([
            "columns": .object(request.columns.mapValues(JSONValue.init))
        ])
        return (request, failure)
    }
}
