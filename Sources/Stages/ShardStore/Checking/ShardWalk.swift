/// Holds every byte of a shard against the index.
///
/// All that a shard holds follows from the index and the data: the walk makes the headers anew,
/// and compares them with those in the file, takes the checksum of the data, and finds zeros
/// wherever nothing else belongs.
struct ShardWalk {
    /// A field as the index has it, with its sample.
    struct Row {
        var key: String
        var asset: String
        var clip: String?
        var split: Split
        var metadata: String
        var entry: FieldEntry

        /// The bytes before the member's content.
        var header: [UInt8] { TarHeader.blocks(name: "\(key).\(entry.name)", size: size) }
        /// The bytes of the member's content.
        var size: Int { entry.headerByteCount + entry.length }
        /// Where the member begins.
        var start: Int { entry.fileRange.lowerBound - header.count }
    }

    let shard: ShardRow
    let file: ShardFile
    private(set) var problems: [StoreProblem] = []
    private(set) var byteCount = 0

    /// Where the next member must begin.
    private var cursor = 0
    /// The fields since the last record.
    private var group: [Row] = []
    private var records = 0
    /// Whether the end of the archive is given up.
    private var hasLostEnd = false

    private static let chunkSize = 4 << 20

    /// A walk that begins at a byte.
    init(_ shard: ShardRow, _ file: ShardFile, from start: Int = 0) {
        self.shard = shard
        self.file = file
        cursor = start
    }

    /// Holds the bytes of a sample's fields against the rows, from where the walk stands.
    mutating func check(_ rows: [Row]) throws(StoreError) {
        for row in rows { try check(row) }
        closeGroup()
    }

    /// Walks the shard; `rows` are its fields in the order of their offsets, and `lost` the ranges
    /// of bytes that a repair gave up, in order, which are passed over.
    mutating func run(_ rows: [Row], lost: [Range<Int>] = []) throws(StoreError) {
        var ahead = lost[...]
        for row in rows {
            while let range = ahead.first, range.lowerBound == cursor, row.start > cursor {
                skip(range)
                ahead.removeFirst()
            }
            do throws(StoreError) {
                try check(row)
            } catch {
                report(.shardUnreadable, of: row, "\(error)")
            }
        }
        while let range = ahead.first, range.lowerBound == cursor {
            skip(range)
            ahead.removeFirst()
        }
        for range in ahead {
            report(.index, "the bytes from \(range.lowerBound) on are said to be lost, and are not")
        }
        closeGroup()
        if records != shard.samples {
            report(.index, "the index counts \(shard.samples) samples, the shard holds \(records)")
        }
        try checkEnd()
    }

    private mutating func skip(_ range: Range<Int>) {
        closeGroup()
        cursor = range.upperBound
        hasLostEnd = range.upperBound == shard.bytes
    }

    private mutating func report(_ kind: StoreProblem.Kind, of row: Row? = nil, _ detail: String) {
        problems.append(
            StoreProblem(
                kind, shard: shard.name, sample: row?.key, field: row?.entry.name, detail))
    }

    private mutating func check(_ row: Row) throws(StoreError) {
        if let last = group.last, last.key != row.key { closeGroup() }
        group.append(row)
        let entry = row.entry
        let (size, header) = (row.size, row.header)
        let start = entry.fileRange.lowerBound - header.count
        if start != cursor {
            report(.structure, of: row, "begins at byte \(start), the one before ends at \(cursor)")
        }
        let end = entry.fileRange.lowerBound + TarHeader.padded(size)
        cursor = end
        guard start >= 0, end <= file.length else {
            report(.shardTruncated, of: row, "needs byte \(end), the shard ends at \(file.length)")
            if isRecord(row) { skipRecord() }
            return
        }
        if try file.read(at: start, count: header.count) != header {
            report(.structure, of: row, "the tar header at byte \(start) is not the one written")
        }
        try checkContent(row)
        let padding = try file.read(
            at: entry.dataRange.upperBound, count: end - entry.dataRange.upperBound)
        if padding.contains(where: { $0 != 0 }) {
            report(.structure, of: row, "the bytes after the data are not zeros")
        }
        byteCount += size
        if isRecord(row) {
            checkRecord(try file.read(at: entry.offset, count: entry.length), row)
        }
    }

    private func isRecord(_ row: Row) -> Bool {
        row.entry.name == SampleRecord.fieldName(series: shard.series.name)
    }

    /// Takes the checksum, and compares the header of an array.
    private mutating func checkContent(_ row: Row) throws(StoreError) {
        let range = row.entry.fileRange
        var crc = CRC32C()
        var first: [UInt8] = []
        var at = range.lowerBound
        while at < range.upperBound {
            let chunk = try file.read(
                at: at, count: min(ShardWalk.chunkSize, range.upperBound - at))
            chunk.withUnsafeBytes { crc.update($0) }
            if at == range.lowerBound { first = chunk }
            if chunk.isEmpty { break }
            at += chunk.count
        }
        if crc.value != row.entry.checksum {
            report(
                .checksum, of: row,
                "the CRC-32C is \(crc.value), not the \(row.entry.checksum) written"
            )
        }
        if let type = row.entry.type, let shape = row.entry.shape {
            let header = NumpyHeader(type: type, shape: shape).bytes
            if header.count != row.entry.headerByteCount
                || !first.prefix(header.count).elementsEqual(header)
            {
                report(.record, of: row, "the .npy header does not say \(type.rawValue) \(shape)")
            }
        }
    }

    /// Compares what the shard says of a group with what the index says.
    private mutating func checkRecord(_ content: [UInt8], _ row: Row) {
        defer { skipRecord() }
        guard let record = SampleRecord(json: content) else {
            report(.record, of: row, "is no record of a sample")
            return
        }
        let rows = group.dropLast()
        let entries = rows.map { row in
            SampleRecord.FieldEntry(
                name: row.entry.name, dtype: row.entry.type?.rawValue, shape: row.entry.shape,
                crc32c: row.entry.checksum)
        }
        let differences = [
            record.key == row.key ? nil : "key \(record.key)",
            record.asset == row.asset ? nil : "asset \(record.asset)",
            record.clip == row.clip ? nil : "clip \(record.clip ?? "none")",
            record.split == row.split ? nil : "split \(record.split.rawValue)",
            record.series == shard.series.name ? nil : "stage \(record.series)",
            record.fields == entries ? nil : "other fields, types, shapes or checksums",
            record.series.isEmpty && record.metadata.text != row.metadata
                ? "other metadata" : nil,
        ].compactMap { $0 }
        if !differences.isEmpty {
            report(.record, of: row, "says " + differences.joined(separator: ", "))
        }
    }

    private mutating func skipRecord() {
        records += 1
        group = []
    }

    /// A sample's members must end with its record.
    private mutating func closeGroup() {
        if let row = group.first {
            report(.record, of: row, "the sample has no record in the shard")
        }
        group = []
    }

    private mutating func checkEnd() throws(StoreError) {
        let isEnded = shard.isSealed && !hasLostEnd
        let end = cursor + (isEnded ? TarHeader.endLength : 0)
        if end != shard.bytes {
            report(.index, "the index counts \(shard.bytes) bytes, its fields end at \(end)")
        }
        if file.length < end {
            report(.shardTruncated, "ends at byte \(file.length), not \(end)")
        } else if shard.isSealed {
            let blocks = try file.read(at: cursor, count: end - cursor)
            if blocks.contains(where: { $0 != 0 }) {
                report(.structure, "the blocks that end the archive are not zeros")
            }
            if file.length > end {
                report(.structure, "\(file.length - end) bytes follow the end of the archive")
            }
        }
    }
}
