/// Bytes that grow, written bit by bit, the first bit lowest, as deflate packs them.
struct BitWriter: ~Copyable {
    private var bytes: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    private var pending: UInt64 = 0
    private var pendingCount: UInt64 = 0

    init(capacity: Int) { bytes = .allocate(byteCount: max(capacity, 64), alignment: 8) }

    deinit { bytes.deallocate() }

    /// Makes room for `bitCount` more bits; nothing below checks.
    mutating func reserve(bitCount: Int) {
        let needed = count + bitCount / 8 + 16
        guard needed > bytes.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(needed, 2 * bytes.count), alignment: 8)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        bytes.deallocate()
        bytes = larger
    }

    /// Adds the lowest `bitCount` bits of `bits`, whose others are zero. At most 56 may come
    /// between two calls of ``flush()``.
    @inline(__always)
    mutating func put(_ bits: UInt64, _ bitCount: UInt64) {
        pending |= bits &<< pendingCount
        pendingCount &+= bitCount
    }

    /// Adds a symbol's code.
    @inline(__always)
    mutating func put(_ entry: UInt32) { put(UInt64(entry & 0xffff), UInt64(entry >> 16)) }

    /// Moves whole bytes out, so that fewer than eight bits are pending.
    @inline(__always)
    mutating func flush() {
        bytes.storeBytes(of: pending.littleEndian, toByteOffset: count, as: UInt64.self)
        let whole = pendingCount &>> 3
        count &+= Int(truncatingIfNeeded: whole)
        pending = pending &>> (whole &<< 3)
        pendingCount &= 7
    }

    /// Fills the last byte with zero bits.
    mutating func alignToByte() {
        flush()
        if pendingCount > 0 {
            put(0, 8 - pendingCount)
            flush()
        }
    }

    /// Adds whole bytes; the position must be at a byte's border.
    mutating func append(_ more: [UInt8]) {
        reserve(bitCount: more.count * 8)
        for byte in more {
            bytes[count] = byte
            count += 1
        }
    }

    /// Writes bytes over others.
    mutating func overwrite(at offset: Int, with more: [UInt8]) {
        for (i, byte) in more.enumerated() { bytes[offset + i] = byte }
    }

    /// What was written so far.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
}
