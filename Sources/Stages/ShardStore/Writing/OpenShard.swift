/// A shard that is being filled.
final class OpenShard {
    /// The row in `shards`.
    let id: Int64
    let name: String
    let number: Int
    private(set) var samples: Int
    /// The bytes of the shard, those in the buffer included.
    private(set) var length: Int
    private(set) var isSealed = false

    private let file: StoreFile
    private let files: any StoreFiles
    /// Small members are gathered, so that a write is seldom small.
    private var buffer: [UInt8] = []
    private var isDirty = false

    private static let bufferCapacity = 1 << 20
    /// From here on a payload goes to the file by itself instead of being copied.
    private static let largePayload = 1 << 18

    init(
        id: Int64, name: String, number: Int, samples: Int, length: Int, file: StoreFile,
        files: any StoreFiles
    ) {
        self.id = id
        self.name = name
        self.number = number
        self.samples = samples
        self.length = length
        self.file = file
        self.files = files
        buffer.reserveCapacity(OpenShard.bufferCapacity)
    }

    deinit {
        files.close(file)
    }

    /// Whether a group must go into the next shard. An empty shard takes any.
    func isFull(for group: SampleGroup, limits: ShardLimits) -> Bool {
        samples > 0
            && (samples >= limits.maximumSamples
                || group.length > limits.maximumBytes - length - TarHeader.endLength)
    }

    /// Adds a group; the bytes are durable after `synchronise`.
    ///
    /// - Returns: where each field lies.
    func append(_ group: SampleGroup) throws(StoreError) -> [PlacedField] {
        var placed: [PlacedField] = []
        placed.reserveCapacity(group.members.count)
        for member in group.members {
            placed.append(
                PlacedField(
                    name: member.field, shard: id,
                    offset: length + member.tarHeader.count + member.numpyHeader.count,
                    length: member.data.count, headerLength: member.numpyHeader.count,
                    array: member.array, checksum: member.checksum))
            try write(member.tarHeader)
            try write(member.numpyHeader)
            try write(member.data)
            try write(zeros: TarHeader.padded(member.size) - member.size)
        }
        samples += 1
        return placed
    }

    /// Ends the archive; nothing more goes into it.
    func seal() throws(StoreError) {
        try write(zeros: TarHeader.endLength)
        isSealed = true
    }

    /// Returns when all that was added is on the device.
    func synchronise() throws(StoreError) {
        guard isDirty else { return }
        try flush()
        try files.synchronise(file)
        isDirty = false
    }

    private func write(_ bytes: [UInt8]) throws(StoreError) { try write(SharedBytes(bytes)) }

    private func write(_ bytes: SharedBytes) throws(StoreError) {
        isDirty = true
        if bytes.count >= OpenShard.largePayload {
            try flush()
            try put(bytes, at: length)
            length += bytes.count
        } else {
            bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
            length += bytes.count
            if buffer.count >= OpenShard.bufferCapacity { try flush() }
        }
    }

    private func write(zeros count: Int) throws(StoreError) {
        try write([UInt8](repeating: 0, count: count))
    }

    private func flush() throws(StoreError) {
        if buffer.isEmpty { return }
        try put(SharedBytes(buffer), at: length - buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: SharedBytes, at offset: Int) throws(StoreError) {
        try bytes.withUnsafeBytes { bytes throws(StoreError) in
            try files.write(bytes, at: offset, to: file)
        }
    }
}

/// Where a field lies in a shard.
struct PlacedField: Equatable {
    var name: String
    var shard: Int64
    /// Of the data: for an array, after the `.npy` header.
    var offset: Int
    var length: Int
    /// The bytes of the `.npy` header before the data.
    var headerLength: Int
    var array: NumpyHeader?
    var checksum: UInt32
}
