extension BitGrid {
    /// The nodes of this grid that can be reached from its border over ones, by steps along the
    /// axes: what water coming from outside wets.
    ///
    /// Rows are filled sixty-four nodes at a time; sweeps up and down are repeated until nothing
    /// changes.
    ///
    /// - Complexity: O(nodes / 64) a sweep; a few sweeps for shapes without mazes.
    public func floodedFromBorder() -> BitGrid {
        var wet = BitGrid(size: size)
        guard size.min() > 0 else { return wet }
        words.withUnsafeBufferPointer { open in
            wet.words.withUnsafeMutableBufferPointer { wet in
                seed(open, wet)
                var isForward = true
                while sweep(open, wet, isForward: isForward) { isForward.toggle() }
            }
        }
        return wet
    }

    private func seed(
        _ open: UnsafeBufferPointer<UInt64>, _ wet: UnsafeMutableBufferPointer<UInt64>
    ) {
        let last = wordsPerRow - 1
        for z in 0..<size.z {
            for y in 0..<size.y {
                let row = row(y, z)
                if y == 0 || z == 0 || y == size.y - 1 || z == size.z - 1 {
                    for w in 0..<wordsPerRow { wet[row + w] = open[row + w] }
                }
                wet[row] |= open[row] & 1
                wet[row + last] |= open[row + last] & (1 << UInt64((size.x - 1) & 63))
            }
        }
    }

    /// Lets every row wet itself and take from its neighbours; gives whether anything changed.
    private func sweep(
        _ open: UnsafeBufferPointer<UInt64>, _ wet: UnsafeMutableBufferPointer<UInt64>,
        isForward: Bool
    ) -> Bool {
        var changed = false
        let rows = size.y * size.z
        for step in 0..<rows {
            let index = isForward ? step : rows - 1 - step
            let (y, z) = (index % size.y, index / size.y)
            let row = index * wordsPerRow
            for w in 0..<wordsPerRow {
                var taken = wet[row + w]
                if y > 0 { taken |= wet[row - wordsPerRow + w] }
                if y + 1 < size.y { taken |= wet[row + wordsPerRow + w] }
                if z > 0 { taken |= wet[row - wordsPerRow * size.y + w] }
                if z + 1 < size.z { taken |= wet[row + wordsPerRow * size.y + w] }
                taken &= open[row + w]
                if taken != wet[row + w] {
                    wet[row + w] = taken
                    changed = true
                }
            }
            if fill(open, wet, row) { changed = true }
        }
        return changed
    }

    /// Spreads along one row, both ways.
    private func fill(
        _ open: UnsafeBufferPointer<UInt64>, _ wet: UnsafeMutableBufferPointer<UInt64>, _ row: Int
    ) -> Bool {
        var changed = false
        var carry: UInt64 = 0
        for w in row..<row + wordsPerRow {
            let filled = Self.upward(wet[w] | (carry & open[w]), open[w])
            if filled != wet[w] {
                wet[w] = filled
                changed = true
            }
            carry = filled >> 63
        }
        carry = 0
        for w in (row..<row + wordsPerRow).reversed() {
            let filled = Self.downward(wet[w] | (carry & open[w]), open[w])
            if filled != wet[w] {
                wet[w] = filled
                changed = true
            }
            carry = filled << 63
        }
        return changed
    }

    /// Spreads ones of `wet` to higher bits over ones of `open`, in six doublings.
    @inline(__always)
    private static func upward(_ wet: UInt64, _ open: UInt64) -> UInt64 {
        guard wet != 0, wet != open else { return wet }
        var wet = wet, open = open
        var shift: UInt64 = 1
        while shift < 64 {
            wet |= open & (wet << shift)
            open &= open << shift
            shift *= 2
        }
        return wet
    }

    /// The same to lower bits.
    @inline(__always)
    private static func downward(_ wet: UInt64, _ open: UInt64) -> UInt64 {
        guard wet != 0, wet != open else { return wet }
        var wet = wet, open = open
        var shift: UInt64 = 1
        while shift < 64 {
            wet |= open & (wet >> shift)
            open &= open >> shift
            shift *= 2
        }
        return wet
    }
}
