/// What a shard alone tells of its samples: the walk that an index is rebuilt from.
///
/// A group counts when its record is there and agrees with the members before it, for which only
/// headers and records are read; `dropDamaged` then holds every byte against the record.
struct ShardScan {
    /// A whole group of members.
    struct Group {
        var record: SampleRecord
        /// Where its first header lies.
        var start: Int
        /// Where the next group begins.
        var end: Int
        var fields: [PlacedField]
    }

    let name: String
    let series: ShardSeries
    let file: ShardFile
    private(set) var groups: [Group] = []
    private(set) var problems: [StoreProblem] = []
    /// Whether the blocks that end the archive are there.
    private(set) var isEnded = false
    /// Whether whole groups follow what could not be read.
    private(set) var isDamagedInside = false
    /// Whether the file ends where a member is not yet whole, or after one, as it does when a
    /// writer is stopped.
    private(set) var isCutShort = false

    private var pending: [TarMember] = []

    init(name: String, series: ShardSeries, file: ShardFile) {
        self.name = name
        self.series = series
        self.file = file
    }

    /// Walks the shard.
    mutating func run() throws(StoreError) {
        let scanner = TarScanner(read: file.read)
        var at = 0
        while true {
            switch try scanner.step(at: at) {
            case .member(let member) where member.end <= file.length:
                try take(member)
                at = member.end
            case .end where pending.isEmpty && file.length == at + TarHeader.endLength:
                isEnded = try file.read(at: at, count: TarHeader.endLength).allSatisfy { $0 == 0 }
                return
            case .fileEnd:
                drop("the shard ends within the sample")
                isCutShort = true
                return
            case let step:
                drop("the archive is broken off at byte \(at)")
                guard let next = try resume(after: at, scanner) else {
                    if case .member = step { isCutShort = true }
                    isCutShort = isCutShort || file.length - at < TarHeader.blockSize
                    return
                }
                isDamagedInside = true
                at = next
            }
        }
    }

    /// Leaves out the groups at the end from `count` on.
    mutating func cut(to count: Int) {
        guard count < groups.count else { return }
        groups.removeLast(groups.count - count)
    }

    /// Leaves out the groups that reach beyond `byte`.
    mutating func cut(toByte byte: Int) {
        cut(to: groups.firstIndex { $0.end > byte } ?? groups.count)
    }

    /// Leaves out groups.
    mutating func drop(where isDropped: (Group) -> Bool) {
        groups.removeAll(where: isDropped)
    }

    /// Leaves out the groups of which any byte is not as it was written, and says which.
    ///
    /// - Parameter recordsDiffer: whether a group's record is known to have been another.
    mutating func dropDamaged(recordsDiffer: (Group) -> Bool) throws(StoreError) {
        let shard = ShardRow(
            id: 0, name: name, series: series, number: 0, bytes: file.length,
            samples: groups.count, isSealed: true)
        var damaged: Set<String> = []
        var kept: [Group] = []
        for group in groups {
            var walk = ShardWalk(shard, file, from: group.start)
            try walk.check(group.rows(in: name))
            let found = walk.problems
            if found.isEmpty, !recordsDiffer(group) {
                kept.append(group)
                continue
            }
            problems += found
            if damaged.insert(group.record.key).inserted {
                problems.append(
                    StoreProblem(
                        .structure, shard: name, sample: group.record.key,
                        found.isEmpty
                            ? "its record is not the one written; it is left out"
                            : "it is damaged, and left out"))
            }
        }
        groups = kept
    }

    private mutating func take(_ member: TarMember) throws(StoreError) {
        if let first = pending.first, key(first) != key(member) {
            drop("the sample has no record")
        }
        pending.append(member)
        guard let field = field(member) else {
            drop("a member that is no field of a sample")
            return
        }
        guard field == SampleRecord.fieldName(series: series.name) else { return }
        let json = try file.read(at: member.offset, count: member.size)
        guard let group = group(json) else {
            drop("the record does not agree with the members before it")
            return
        }
        groups.append(group)
        pending = []
    }

    private mutating func drop(_ why: String) {
        if let first = pending.first {
            problems.append(
                StoreProblem(.structure, shard: name, sample: key(first), "\(why); it is left out"))
        }
        pending = []
    }

    /// The group of the pending members, the last of which holds `json`.
    private func group(_ json: [UInt8]) -> Group? {
        guard let record = SampleRecord(json: json), let first = pending.first,
            let last = pending.last, record.key == key(first), SampleKey.isValid(record.key),
            record.split == series.split, record.series == series.name,
            record.fields.count == pending.count - 1
        else { return nil }
        var fields: [PlacedField] = []
        for (entry, member) in zip(record.fields, pending) {
            guard entry.name == field(member), let placed = place(entry, member) else {
                return nil
            }
            fields.append(placed)
        }
        fields.append(
            PlacedField(
                name: SampleRecord.fieldName(series: series.name), shard: 0, offset: last.offset,
                length: last.size, headerLength: 0, array: nil,
                checksum: CRC32C.checksum(json)))
        return Group(record: record, start: first.start, end: last.end, fields: fields)
    }

    private func place(_ entry: SampleRecord.FieldEntry, _ member: TarMember) -> PlacedField? {
        var array: NumpyHeader?
        if let dtype = entry.dtype, let shape = entry.shape {
            guard let type = ElementType(rawValue: dtype), shape.count <= NumpyHeader.maximumRank
            else { return nil }
            array = NumpyHeader(type: type, shape: shape)
        }
        let header = array?.bytes.count ?? 0
        if let array, array.type.byteCount(ofShape: array.shape) != member.size - header {
            return nil
        }
        return PlacedField(
            name: entry.name, shard: 0, offset: member.offset + header,
            length: member.size - header, headerLength: header, array: array,
            checksum: entry.crc32c)
    }

    private func key(_ member: TarMember) -> String {
        String(member.name.prefix { $0 != "." })
    }

    private func field(_ member: TarMember) -> String? {
        let rest = member.name.drop { $0 != "." }.dropFirst()
        return FieldName.isWellFormed(String(rest)) ? String(rest) : nil
    }

    /// The next place where a member of a sample begins.
    private func resume(after damage: Int, _ scanner: TarScanner) throws(StoreError) -> Int? {
        var at = damage + TarHeader.blockSize
        while at < file.length {
            if case .member(let member) = try scanner.step(at: at),
                SampleKey.isValid(key(member)), field(member) != nil,
                member.end <= file.length
            {
                return at
            }
            at += TarHeader.blockSize
        }
        return nil
    }
}

extension ShardScan.Group {
    /// The fields as the index would have them.
    func rows(in shard: String) -> [ShardWalk.Row] {
        fields.map { field in
            ShardWalk.Row(
                key: record.key, asset: record.asset, clip: record.clip, split: record.split,
                metadata: record.metadata.text,
                entry: FieldEntry(
                    name: field.name, shard: shard, offset: field.offset, length: field.length,
                    headerByteCount: field.headerLength, type: field.array?.type,
                    shape: field.array?.shape, checksum: field.checksum))
        }
    }
}
