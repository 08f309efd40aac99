import ShardStore

/// The kept samples of one split of a store, with the fields that are read of each.
public struct StoredDataset: Sendable {
    /// A part of a store's samples.
    public enum Part: String, Sendable, CaseIterable {
        /// What is learnt from.
        case train
        /// What losses are watched on.
        case validation
        /// What results are reported on.
        case test
    }

    /// The store's folder.
    public let store: String
    /// Whose samples these are; nil for all of them.
    public let part: Part?
    /// The names of the fields: `queries.npy`.
    public let fields: [String]
    let table: SampleTable

    /// How many samples there are.
    public var count: Int { table.count }
    /// The samples' keys, in the order in which they were stored.
    public var keys: [String] { table.keys }

    /// Opens a store and finds the fields of all of a part's kept samples.
    ///
    /// - Parameters:
    ///   - part: nil for all of them.
    ///   - absent: only samples that have no field of this name: what is still to be added.
    /// - Throws: `StoreError` where it is no store, or a sample lacks a field.
    /// - Complexity: O(n) for n samples.
    public init(
        store: String, part: Part?, fields: [String], lacking absent: String? = nil
    ) throws {
        let split: Split? =
            switch part {
            case .train: .train
            case .validation: .validation
            case .test: .test
            case nil: nil
            }
        self.store = store
        self.part = part
        self.fields = fields
        table = try StoreReader(at: store)
            .table(fields, SampleQuery(split: split, isKept: true, lackingField: absent))
    }

    /// The indices of some keys' samples, in their order; of all samples where no key is given.
    ///
    /// - Throws: `DatasetError` where a key is none of these, or where there is nothing at all.
    /// - Complexity: O(n) for each key.
    public func indices(of keys: [String]) throws -> [Int] {
        guard keys.isEmpty else {
            let all = self.keys
            return try keys.map { key in
                if let index = all.firstIndex(of: key) { return index }
                throw DatasetError(store, "has no kept sample \(key); `muybridge ls` lists them")
            }
        }
        guard count > 0 else {
            let what = part.map { "sample in its \($0.rawValue) part" } ?? "sample"
            throw DatasetError(
                store, "has no kept \(what); `muybridge ls` lists those that there are")
        }
        return Array(0..<count)
    }

    /// A sample of an index below `count`, as it is read in an epoch.
    public func sample(_ index: Int, epoch: Int = 0, seed: UInt64 = 0) -> DatasetSample {
        DatasetSample(dataset: self, view: table[index], epoch: epoch, runSeed: seed)
    }
}

/// One sample, while an item of a batch is made of it.
public struct DatasetSample: Sendable {
    let dataset: StoredDataset
    let view: SampleView
    /// How often the samples have all been read before.
    public let epoch: Int
    let runSeed: UInt64

    /// The sample's key.
    public var key: String { view.key }

    /// A seed for a draw: a function of the run's seed, the epoch, the sample and the purpose, so
    /// that a draw depends on neither the batch that the sample is in nor the process that reads it.
    public func seed(_ purpose: String) -> UInt64 {
        keyedSeed(runSeed, "\(epoch)\0\(key)\0\(purpose)")
    }

    /// A copy of a field's numbers.
    ///
    /// - Throws: `DatasetError` where the field is not among those of the dataset, no array, or of
    ///   a type that tensors cannot have.
    public func tensor(_ field: String) throws -> Tensor {
        let (data, type, shape) = try array(field)
        return try data.withUnsafeBytes { try Tensor(copying: $0, shape: shape, type: type) }
    }

    /// A field's numbers where they lie in the mapped shard, which must not be changed in place.
    /// Pages that the system has not read yet are read when they are touched.
    ///
    /// - Throws: as `tensor`.
    public func mappedTensor(_ field: String) throws -> Tensor {
        let (data, type, shape) = try array(field)
        let owner = MappedField(data)
        // The memory stays where it is as long as the field's value lives, which the tensor holds.
        return try data.withUnsafeBytes {
            try Tensor(showing: $0, shape: shape, type: type, owner: owner)
        }
    }

    /// A copy of the bytes of a field that is a file: a picture, a text.
    ///
    /// - Throws: `DatasetError` where the field is not among those of the dataset.
    public func bytes(_ field: String) throws -> [UInt8] { try data(field).bytes }

    private func data(_ field: String) throws -> FieldData {
        guard let number = dataset.fields.firstIndex(of: field) else {
            throw DatasetError(dataset.store, "the field \(field) was not asked for")
        }
        return view[number]
    }

    private func array(_ field: String) throws -> (FieldData, TensorType, [Int]) {
        let data = try data(field)
        guard let element = data.entry.type, let shape = data.entry.shape else {
            throw DatasetError(
                dataset.store, "\(field) of \(key) is a file and no array; read its bytes")
        }
        guard let type = TensorType(element) else {
            throw DatasetError(
                dataset.store,
                "\(field) of \(key) holds \(element.rawValue), which tensors cannot hold")
        }
        return (data, type, shape)
    }
}

private final class MappedField {
    let data: FieldData
    init(_ data: FieldData) { self.data = data }
}

extension TensorType {
    /// The type with a stored array's bits; nil where there is none.
    init?(_ element: ElementType) {
        switch element {
        case .uint8: self = .uint8
        case .bool: self = .bool
        case .int32: self = .int32
        case .int64: self = .int64
        case .float16: self = .float16
        case .float32: self = .float32
        case .float64: self = .float64
        default: return nil
        }
    }
}
