import GRDB

/// Chosen fields of chosen samples, and where each of them lies: all that a training loop needs of
/// the index, read once and held in memory, so that a sample costs neither a query nor a lock.
///
/// ```swift
/// let table = try reader.table(["queries.npy"], SampleQuery(split: .train, isKept: true))
/// for epoch in 0..<epochs {
///     let order = SampleOrder.shuffled(count: table.count, seed: seed, epoch: epoch)
///     let stream = SampleStream(of: table, order) { sample in
///         try sample[0].elements(as: Float.self)
///     }
///     while let points = try stream.next() { learn(points) }
/// }
/// ```
///
/// Memory: 32 bytes a field of a sample, and the keys. All shards are mapped at once, which takes
/// address space and nothing else.
public final class SampleTable: Sendable {
    /// The names of the fields, in the order asked for: `[F]`.
    public let fields: [String]
    /// The keys of the samples, in the order in which they were committed: `[N]`.
    public let keys: [String]
    /// `[N, F]`.
    private let places: [Place]
    private let shards: [(name: String, mapping: MappedShard)]
    private let forms: [ArrayForm?]

    /// Where a field lies.
    fileprivate struct Place {
        var offset: Int
        var length: Int
        var shard: Int32
        /// Which of `forms` it has.
        var form: Int32
        var headerByteCount: Int32
        var checksum: UInt32

        /// The place of a field that was not found.
        static let nowhere = Place(
            offset: 0, length: 0, shard: -1, form: 0, headerByteCount: 0, checksum: 0)
    }

    /// What arrays are like; the same for many.
    fileprivate struct ArrayForm: Hashable {
        var type: ElementType
        var shape: [Int]
    }

    /// How many samples there are.
    public var count: Int { keys.count }

    /// The sample of an index below `count`.
    public subscript(index: Int) -> SampleView { SampleView(table: self, index: index) }

    fileprivate func data(_ sample: Int, _ field: Int) -> FieldData {
        let place = places[sample * fields.count + field]
        let shard = shards[Int(place.shard)]
        let form = forms[Int(place.form)]
        return FieldData(
            entry: FieldEntry(
                name: fields[field], shard: shard.name, offset: place.offset,
                length: place.length, headerByteCount: Int(place.headerByteCount),
                type: form?.type, shape: form?.shape, checksum: place.checksum),
            key: keys[sample], shard: shard.mapping)
    }

    /// Asks the system to read a sample's fields from the device before they are touched.
    func prefetch(_ sample: Int) {
        guard !fields.isEmpty else { return }
        // Fields of a sample mostly lie one after another: one call for each run of them.
        var run = places[sample * fields.count]
        for place in places[sample * fields.count..<(sample + 1) * fields.count].dropFirst() {
            let end = run.offset + run.length
            if place.shard == run.shard, place.offset >= end, place.offset - end < 1 << 16 {
                run.length = place.offset + place.length - run.offset
            } else {
                shards[Int(run.shard)].mapping.willNeed(run.offset..<run.offset + run.length)
                run = place
            }
        }
        shards[Int(run.shard)].mapping.willNeed(run.offset..<run.offset + run.length)
    }

    fileprivate init(_ builder: Builder) {
        fields = builder.fields
        keys = builder.keys
        places = builder.places
        shards = builder.shards
        forms = builder.forms
    }

    /// Fills a table row by row.
    fileprivate struct Builder {
        let fields: [String]
        private(set) var keys: [String] = []
        fileprivate private(set) var places: [Place] = []
        private(set) var shards: [(name: String, mapping: MappedShard)] = []
        fileprivate private(set) var forms: [ArrayForm?] = [nil]
        private let columns: [String: Int]
        private var shardNumbers: [String: Int32] = [:]
        private var formNumbers: [ArrayForm: Int32] = [:]
        private let map: (FieldEntry, _ key: String) throws(StoreError) -> MappedShard

        init(
            fields: [String],
            map: @escaping (FieldEntry, _ key: String) throws(StoreError) -> MappedShard
        ) {
            self.fields = fields
            self.map = map
            columns = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1, $0) })
        }

        /// Adds a sample whose fields are still to come.
        mutating func begin(_ key: String) {
            keys.append(key)
            places += repeatElement(.nowhere, count: fields.count)
        }

        /// Adds a field to the sample that was begun last.
        mutating func add(_ entry: FieldEntry) throws(StoreError) {
            guard let column = columns[entry.name], let key = keys.last else { return }
            places[(keys.count - 1) * fields.count + column] = Place(
                offset: entry.offset, length: entry.length, shard: try shard(entry, key),
                form: form(entry), headerByteCount: Int32(clamping: entry.headerByteCount),
                checksum: entry.checksum)
        }

        private mutating func shard(
            _ entry: FieldEntry, _ key: String
        ) throws(StoreError) -> Int32 {
            if let known = shardNumbers[entry.shard],
                shards[Int(known)].mapping.length >= entry.dataRange.upperBound
            {
                return known
            }
            // The mapping reaches over the field, or this throws.
            let mapping = try map(entry, key)
            let number = Int32(shards.count)
            shardNumbers[entry.shard] = number
            shards.append((entry.shard, mapping))
            return number
        }

        private mutating func form(_ entry: FieldEntry) -> Int32 {
            guard let type = entry.type, let shape = entry.shape else { return 0 }
            let form = ArrayForm(type: type, shape: shape)
            if let known = formNumbers[form] { return known }
            let number = Int32(forms.count)
            formNumbers[form] = number
            forms.append(form)
            return number
        }
    }

    /// The first sample that lacks a field, with the field.
    fileprivate var firstLack: (key: String, field: String)? {
        places.firstIndex { $0.shard < 0 }.map {
            (keys[$0 / fields.count], fields[$0 % fields.count])
        }
    }
}

/// One sample of a table.
public struct SampleView: Sendable {
    /// Its table.
    public let table: SampleTable
    /// Which of the table's samples it is.
    public let index: Int

    /// The key.
    public var key: String { table.keys[index] }

    /// The field of a number: the place of its name in the table's `fields`.
    public subscript(field: Int) -> FieldData { table.data(index, field) }
}

extension StoreReader {
    /// A table of fields of the samples that a query asks for, each of which must have them all.
    ///
    /// The store is seen as after one of its commits; what is committed later is not in the table.
    ///
    /// - Parameter fields: names of fields, each once: `queries.npy`, `orbit.000.png`.
    /// - Throws: `StoreError.noSuchField`, naming the first sample that lacks a field;
    ///   `shardUnreadable` or `shardTruncated`; `index`.
    /// - Complexity: O(n) for n samples with all of their fields.
    public func table(
        _ fields: [String], _ query: SampleQuery = SampleQuery(isKept: true)
    ) throws(StoreError) -> SampleTable {
        precondition(Set(fields).count == fields.count, "each field is asked for once")
        var builder = SampleTable.Builder(fields: fields) { entry, key throws(StoreError) in
            try self.mapped(entry, key: key)
        }
        try reading("listing the fields") { db in
            try SampleRows.forEachField(
                db, query, named: fields, onSample: { builder.begin($0) },
                onField: { try builder.add($0) })
        }
        let table = SampleTable(builder)
        if let lack = table.firstLack {
            throw .noSuchField(
                key: lack.key, field: lack.field,
                available: try sample(lack.key).fields.map(\.name))
        }
        return table
    }
}
