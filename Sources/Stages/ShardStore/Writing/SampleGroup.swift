/// The members that go into a shard together: a sample's fields in the order of their names, and
/// last the record that tells what they are.
///
/// The record stands last so that a group whose record is there is whole.
struct SampleGroup {
    /// One member: a tar header, a `.npy` header where it is an array, the data, zeros to 512.
    struct Member {
        var field: String
        var tarHeader: [UInt8]
        var numpyHeader: [UInt8]
        var data: SharedBytes
        var array: NumpyHeader?
        /// Of the member's content: the `.npy` header and the data.
        var checksum: UInt32

        /// The bytes of the member's content, which is what `tar x` writes.
        var size: Int { numpyHeader.count + data.count }
        var length: Int { tarHeader.count + TarHeader.padded(size) }

        init(key: String, field: String, payload: Payload) throws(StoreError) {
            self.field = field
            switch payload {
            case .bytes(let bytes):
                (array, numpyHeader, data) = (nil, [], SharedBytes(bytes))
            case .array(let payload):
                let header = NumpyHeader(type: payload.type, shape: payload.shape)
                (array, numpyHeader, data) = (header, header.bytes, payload.data)
            }
            let size = numpyHeader.count + data.count
            guard size <= TarHeader.maximumSize else {
                throw .invalid(
                    record: "field \(field) of sample \(key)",
                    what: "\(size) bytes are more than the 8 GiB of a tar member; divide it")
            }
            tarHeader = TarHeader.blocks(name: "\(key).\(field)", size: size)
            var crc = CRC32C()
            numpyHeader.withUnsafeBytes { crc.update($0) }
            data.withUnsafeBytes { crc.update($0) }
            checksum = crc.value
        }
    }

    let key: String
    let members: [Member]
    /// The record's `metadata` as JSON text.
    let metadata: String
    /// The bytes that the group takes in a shard.
    let length: Int

    /// - Throws: `StoreError.invalid` for names that are not in order.
    init(
        key: String, series: String = "", fields: [Field], metadata: JSONValue,
        record: (_ fields: [SampleRecord.FieldEntry]) -> SampleRecord
    ) throws(StoreError) {
        try SampleGroup.check(key: key, fields: fields, metadata: metadata)
        let ordered = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var members: [Member] = []
        members.reserveCapacity(fields.count + 1)
        for field in ordered {
            members.append(try Member(key: key, field: field.name, payload: field.payload))
        }
        let entries = members.map { member in
            SampleRecord.FieldEntry(
                name: member.field, dtype: member.array?.type.rawValue,
                shape: member.array?.shape, crc32c: member.checksum)
        }
        let text = record(entries).text
        members.append(
            try Member(
                key: key, field: SampleRecord.fieldName(series: series),
                payload: .bytes(Array(text.utf8))))
        self.key = key
        self.members = members
        self.metadata = metadata.text
        length = members.reduce(0) { $0 + $1.length }
    }

    private static func check(
        key: String, fields: [Field], metadata: JSONValue
    ) throws(StoreError) {
        func invalid(_ what: String) -> StoreError { .invalid(record: "sample \(key)", what: what) }
        guard SampleKey.isValid(key) else {
            throw invalid("not a key; make one with SampleKey.sanitised")
        }
        guard case .object = metadata else { throw invalid("the metadata is not an object") }
        var names: Set<String> = []
        for field in fields {
            guard FieldName.isValid(field.name) else {
                throw invalid("\(field.name) is not a field's name: [a-z0-9_-] divided by dots")
            }
            guard names.insert(field.name).inserted else {
                throw invalid("has two fields \(field.name)")
            }
            let isNumpy = field.name == "npy" || field.name.hasSuffix(".npy")
            switch field.payload {
            case .array(let array):
                guard isNumpy else { throw invalid("the array \(field.name) must end in .npy") }
                guard array.shape.count <= NumpyHeader.maximumRank else {
                    throw invalid("the array \(field.name) has \(array.shape.count) sizes")
                }
            case .bytes:
                if isNumpy { throw invalid("\(field.name) must be given as an array") }
            }
        }
    }
}
