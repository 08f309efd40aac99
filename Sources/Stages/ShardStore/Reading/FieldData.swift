/// The bytes of a field, where they lie in the mapped shard: nothing is copied until asked for.
///
/// The mapping lives as long as this value, and as long as any other value of the same shard.
public struct FieldData: Sendable {
    /// What the index says of the field.
    public let entry: FieldEntry
    /// The sample's key.
    public let key: String
    private let shard: MappedShard

    init(entry: FieldEntry, key: String, shard: MappedShard) {
        self.entry = entry
        self.key = key
        self.shard = shard
    }

    /// The bytes of the data: of an array, its elements; of another field, the file.
    public var count: Int { entry.length }

    /// Lends the data.
    ///
    /// An array's data starts at a multiple of 64 bytes.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes { bytes throws(Failure) in try body(bytes.bytes) }
    }

    /// Lends the data as a pointer, which must not leave `body`.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try shard.withBytes(entry.dataRange, body)
    }

    /// Lends an array's elements, row-major, of `entry.shape`.
    ///
    /// - Throws: `StoreError.wrongType` where the field is not an array of `Element`.
    public func withElements<Element: ArrayElement, Result>(
        as type: Element.Type = Element.self, _ body: (Span<Element>) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        guard entry.type == Element.elementType else {
            throw .wrongType(
                sample: key, field: entry.name, stored: entry.type?.rawValue ?? "a file",
                asked: Element.elementType.rawValue)
        }
        return try withUnsafeBytes { bytes throws(StoreError) in
            // The shard's start is aligned to a page, and the data to 64 bytes in it.
            try body(bytes.assumingMemoryBound(to: Element.self).span)
        }
    }

    /// Copies the data to the beginning of `memory`, such as a sample's place in a batch.
    ///
    /// - Precondition: `memory` has room for `count` bytes.
    public func copyBytes(to memory: inout MutableRawSpan) {
        memory.withUnsafeMutableBytes { memory in
            withUnsafeBytes { memory.copyMemory(from: $0) }
        }
    }

    /// A copy of the data.
    public var bytes: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    /// A copy of an array's elements, row-major, of `entry.shape`.
    ///
    /// - Throws: `StoreError.wrongType` where the field is not an array of `Element`.
    public func elements<Element: ArrayElement>(
        as type: Element.Type = Element.self
    ) throws(StoreError) -> [Element] {
        try withElements(as: type) { span in
            span.withUnsafeBufferPointer { Array($0) }
        }
    }

    /// A copy of the file as `tar x` would write it: of an array, the whole `.npy`.
    public var fileBytes: [UInt8] {
        shard.withBytes(entry.fileRange) { Array($0) }
    }

    /// Holds the bytes against the checksum of the index.
    ///
    /// - Throws: `StoreError.corrupt`.
    /// - Complexity: O(n) for n bytes.
    public func check() throws(StoreError) {
        let found = shard.withBytes(entry.fileRange) { CRC32C.checksum($0) }
        guard found == entry.checksum else {
            throw .corrupt(
                shard: entry.shard, sample: key, field: entry.name,
                what: "its CRC-32C is \(found), not \(entry.checksum)")
        }
    }
}
