import ShardStore

/// A later stage's tensors, written into a store as new fields of its samples.
///
/// They go into shards of their own; what the store held before is not touched. A run that ends at
/// any moment leaves whole samples, and the next one finds what is missing by
/// `StoredDataset`.
public final class StoreAdditions {
    private let writer: StoreWriter
    private let series: String

    /// Opens a store for writing.
    ///
    /// - Parameters:
    ///   - series: what the shards are called: `latents` makes `train-latents-000000.tar`.
    ///   - tool: the program's version.
    ///   - command: the command as it was given.
    /// - Throws: `StoreError`.
    public init(to store: String, series: String, tool: String, command: String) throws {
        writer = try StoreWriter(
            at: store, run: RunRecord(toolVersion: tool, commandLine: command))
        self.series = series
    }

    /// Adds a field of a sample; durable with the next commit.
    ///
    /// - Parameters:
    ///   - tensor: of a type that numpy knows.
    ///   - notes: numbers that are kept in the index beside it.
    /// - Throws: `StoreError`, among others where the sample has a field of that name.
    public func append(
        _ field: String, _ tensor: Tensor, to key: String, notes: [String: Double] = [:]
    ) throws {
        let payload = try ArrayPayload(tensor, for: "\(field) of \(key)")
        try writer.append(
            Addition(
                key: key, series: series, fields: [Field(name: field, payload: .array(payload))],
                metadata: .object(notes.mapValues { .number($0) })))
        if writer.uncommittedByteCount > 64 << 20 { try writer.commit() }
    }

    /// Makes what was added durable and visible, and ends.
    public func finish() throws { try writer.finish() }
}
