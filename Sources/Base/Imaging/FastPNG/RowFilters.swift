/// Undoes the filters of a PNG's rows (PNG specification, section 9), a pixel of four lanes at a
/// time: samples of 3 or 4 channels go in, RGBA comes out, opaque where there was no alpha.
struct RowFilters {
    let width: Int
    let height: Int
    /// Bytes of a pixel as filtered: 3 or 4.
    let channels: Int

    /// Turns `height` filtered rows, each behind the number of its filter, into pixels; false where
    /// a row names a filter that there is none of.
    ///
    /// - Parameters:
    ///   - filtered: `[height, 1 + width * channels]`.
    ///   - pixels: `[height, width, 4]`.
    func undo(
        _ filtered: UnsafeRawBufferPointer, into pixels: UnsafeMutableRawBufferPointer
    ) -> Bool {
        precondition(
            filtered.count == height * (1 + width * channels)
                && pixels.count == height * width * 4, "rows of the size of the picture")
        guard let source = filtered.baseAddress, let output = pixels.baseAddress else {
            return false
        }
        // Above the first row there are zeros.
        return withUnsafeTemporaryAllocation(byteCount: 4 * width, alignment: 16) { zeros in
            zeros.initializeMemory(as: UInt8.self, repeating: 0)
            guard var above = UnsafeRawPointer(zeros.baseAddress) else { return false }
            for y in 0..<height {
                let row = source + y * (1 + width * channels)
                let target = output + y * width * 4
                let kind = row.load(as: UInt8.self)
                let isKnown =
                    channels == 4
                    ? undo(kind, WithAlpha(row: row + 1, width: width), above, target)
                    : undo(kind, WithoutAlpha(row: row + 1, width: width), above, target)
                guard isKnown else { return false }
                above = UnsafeRawPointer(target)
            }
            return true
        }
    }

    @inline(__always)
    private func undo(
        _ kind: UInt8, _ row: some FilteredRow, _ above: UnsafeRawPointer,
        _ target: UnsafeMutableRawPointer
    ) -> Bool {
        switch kind {
        case 0: row.undo(above, target) { x, _, _, _ in x }
        case 1: row.undo(above, target) { x, left, _, _ in x &+ left }
        case 2: row.undo(above, target) { x, _, up, _ in x &+ up }
        case 3:
            // The mean rounded down, without a ninth bit.
            row.undo(above, target) { x, left, up, _ in
                x &+ (left & up) &+ ((left ^ up) &>> 1)
            }
        case 4: row.undo(above, target) { x, left, up, corner in x &+ paeth(left, up, corner) }
        default: return false
        }
        return true
    }
}

/// Paeth's predictor (PNG specification, section 9.4) in each lane.
@inline(__always)
private func paeth(
    _ left: SIMD4<UInt8>, _ up: SIMD4<UInt8>, _ corner: SIMD4<UInt8>
) -> SIMD4<UInt8> {
    let a = SIMD4<Int16>(truncatingIfNeeded: left)
    let b = SIMD4<Int16>(truncatingIfNeeded: up)
    let c = SIMD4<Int16>(truncatingIfNeeded: corner)
    let (fromA, fromB) = (b &- c, a &- c)
    let fromC = fromA &+ fromB
    let (pa, pb, pc) = (magnitude(fromA), magnitude(fromB), magnitude(fromC))
    let nearer = c.replacing(with: b, where: pb .<= pc)
    let nearest = nearer.replacing(with: a, where: (pa .<= pb) .& (pa .<= pc))
    return SIMD4<UInt8>(truncatingIfNeeded: nearest)
}

@inline(__always)
private func magnitude(_ v: SIMD4<Int16>) -> SIMD4<Int16> {
    // The standard library's pointwiseMax goes from lane to lane.
    let sign = v &>> 15
    return (v ^ sign) &- sign
}

/// One row of filtered samples.
private protocol FilteredRow {
    var width: Int { get }
    /// The samples of a pixel; the fourth lane of a row without alpha says nothing.
    func pixel(_ x: Int) -> SIMD4<UInt8>
    /// The fourth lane of a finished pixel put right.
    func finished(_ pixel: SIMD4<UInt8>) -> SIMD4<UInt8>
}

extension FilteredRow {
    /// Writes the pixels that `predict` makes of filtered samples and of the pixels to the left,
    /// above, and above to the left.
    @inline(__always)
    fileprivate func undo(
        _ above: UnsafeRawPointer, _ target: UnsafeMutableRawPointer,
        _ predict: (SIMD4<UInt8>, SIMD4<UInt8>, SIMD4<UInt8>, SIMD4<UInt8>) -> SIMD4<UInt8>
    ) {
        var left = SIMD4<UInt8>.zero
        var corner = SIMD4<UInt8>.zero
        for x in 0..<width {
            let up = above.loadUnaligned(fromByteOffset: 4 &* x, as: SIMD4<UInt8>.self)
            left = finished(predict(pixel(x), left, up, corner))
            target.storeBytes(of: left, toByteOffset: 4 &* x, as: SIMD4<UInt8>.self)
            corner = up
        }
    }
}

private struct WithAlpha: FilteredRow {
    let row: UnsafeRawPointer
    let width: Int

    @inline(__always)
    func pixel(_ x: Int) -> SIMD4<UInt8> {
        row.loadUnaligned(fromByteOffset: 4 &* x, as: SIMD4<UInt8>.self)
    }

    @inline(__always)
    func finished(_ pixel: SIMD4<UInt8>) -> SIMD4<UInt8> { pixel }
}

private struct WithoutAlpha: FilteredRow {
    let row: UnsafeRawPointer
    let width: Int

    @inline(__always)
    func pixel(_ x: Int) -> SIMD4<UInt8> {
        let p = row + 3 &* x
        return SIMD4(
            p.load(as: UInt8.self), p.load(fromByteOffset: 1, as: UInt8.self),
            p.load(fromByteOffset: 2, as: UInt8.self), 0)
    }

    @inline(__always)
    func finished(_ pixel: SIMD4<UInt8>) -> SIMD4<UInt8> {
        var pixel = pixel
        pixel.w = 255
        return pixel
    }
}
