/// A picture whose rows are as they are, or less their left or their upper neighbours, byte by byte
/// (PNG specification, section 9.2).
///
/// A row is filtered such that the sum of its bytes' distances from 0, around the circle of 256,
/// is least: the heuristic of the specification, section 12.8. The two other filters would save
/// nothing on rendered frames.
struct FilteredPixels: ~Copyable {
    let width: Int
    let height: Int
    /// `[height, width]`: the four bytes of each pixel.
    let pixels: UnsafePointer<UInt32>
    /// `[height]`: PNG's numbers of the rows' filters, the first byte of each row.
    let filters: [UInt8]
    /// Adler-32 of the rows with their filter bytes.
    let checksum: UInt32

    init(_ image: Image) {
        width = image.width
        height = image.height
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: image.pixels.count, alignment: 4)
        let rowSize = 4 * image.width
        var adler = Adler32()
        var filters: [UInt8] = []
        filters.reserveCapacity(image.height)
        image.pixels.withUnsafeBytes { source in
            for y in 0..<image.height {
                let row = FilteredRows(
                    row: UnsafeRawBufferPointer(
                        rebasing: source[y * rowSize..<(y + 1) * rowSize]),
                    above: y > 0
                        ? UnsafeRawBufferPointer(
                            rebasing: source[(y - 1) * rowSize..<y * rowSize]) : nil)
                let output = UnsafeMutableRawBufferPointer(
                    rebasing: memory[y * rowSize..<(y + 1) * rowSize])
                let filter = row.cheapest
                row.write(filter, to: output)
                filters.append(filter.rawValue)
                adler.append(filter.rawValue)
                adler.append(UnsafeRawBufferPointer(output))
            }
        }
        checksum = adler.value
        self.filters = filters
        pixels = UnsafePointer(memory.bindMemory(to: UInt32.self).baseAddress.unsafelyUnwrapped)
    }

    deinit { pixels.deallocate() }
}

/// One row of a picture, and what filters make of it.
private struct FilteredRows {
    let row: UnsafeRawBufferPointer
    /// The row above; nil for the first.
    let above: UnsafeRawBufferPointer?

    /// The filters that are tried, by PNG's numbers.
    enum Filter: UInt8 {
        case none = 0
        case left = 1
        case up = 2
    }

    /// The filter whose result is nearest to zero. The row's first pixel is left out of the sums,
    /// since it has no left neighbour.
    var cheapest: Filter {
        var (none, left, up) = (0, 0, 0)
        var i = 4
        while i + 32 <= row.count {
            // Lanes of 16 bits hold 255 sums of two bytes' distances, which are at most 128.
            var sums = (SIMD16<UInt16>.zero, SIMD16<UInt16>.zero, SIMD16<UInt16>.zero)
            let end = min(row.count - 31, i + 255 * 32)
            while i < end {
                let here = block(row, i)
                sums.0 &+= pairs(here)
                sums.1 &+= pairs(here &- block(row, i &- 4))
                if let above { sums.2 &+= pairs(here &- block(above, i)) }
                i &+= 32
            }
            none += total(sums.0)
            left += total(sums.1)
            up += total(sums.2)
        }
        while i < row.count {
            none += distance(row[i])
            left += distance(row[i] &- row[i - 4])
            if let above { up += distance(row[i] &- above[i]) }
            i += 1
        }
        if above != nil, up < left, up <= none { return .up }
        return left <= none ? .left : .none
    }

    /// Writes the row as a filter leaves it.
    func write(_ filter: Filter, to output: UnsafeMutableRawBufferPointer) {
        switch (filter, above) {
        case (.up, let above?):
            subtract(above, from: 0, to: output)
        case (.left, _):
            output.copyMemory(from: UnsafeRawBufferPointer(rebasing: row[..<4]))
            let leftNeighbours = UnsafeRawBufferPointer(rebasing: row[..<(row.count - 4)])
            subtract(leftNeighbours, from: 4, to: output)
        default:
            output.copyMemory(from: row)
        }
    }

    /// Writes the row's bytes from `start` on less those of `other`, which has one for each.
    private func subtract(
        _ other: UnsafeRawBufferPointer, from start: Int, to output: UnsafeMutableRawBufferPointer
    ) {
        var i = start
        while i + 32 <= row.count {
            output.storeBytes(
                of: block(row, i) &- block(other, i &- start), toByteOffset: i,
                as: SIMD32<UInt8>.self)
            i &+= 32
        }
        while i < row.count {
            output[i] = row[i] &- other[i - start]
            i += 1
        }
    }

    @inline(__always)
    private func block(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> SIMD32<UInt8> {
        bytes.loadUnaligned(fromByteOffset: offset, as: SIMD32<UInt8>.self)
    }

    /// The distances from 0 of two neighbouring bytes, added.
    @inline(__always)
    private func pairs(_ bytes: SIMD32<UInt8>) -> SIMD16<UInt16> {
        let words = unsafeBitCast(bytes, to: SIMD16<Int16>.self)
        let sum = magnitude((words &<< 8) &>> 8) &+ magnitude(words &>> 8)
        return SIMD16<UInt16>(truncatingIfNeeded: sum)
    }

    @inline(__always)
    private func magnitude(_ v: SIMD16<Int16>) -> SIMD16<Int16> {
        let sign = v &>> 15
        return (v ^ sign) &- sign
    }

    private func total(_ sums: SIMD16<UInt16>) -> Int {
        Int(SIMD16<UInt32>(truncatingIfNeeded: sums).wrappedSum())
    }

    private func distance(_ byte: UInt8) -> Int { Int(min(byte, 0 &- byte)) }
}
