/// An order in which neighbours in space are mostly neighbours in the list: by Morton codes.
public enum SpatialOrder {
    /// The positions of the points, sorted by the Morton code of their place in the box around
    /// them (ten bits a component); points that are no finite numbers come last.
    ///
    /// - Complexity: O(*n*): the codes are sorted by their digits.
    public static func morton(_ points: Vector3Array) -> [Int32] {
        let count = points.count
        let box = Bounds(points)
        let size = pointwiseMax(box.size, SIMD3(repeating: .leastNormalMagnitude))
        let scale = 1023.999 / size
        var keys = [UInt32](repeating: 0, count: count)
        points.scalars.withUnsafeBufferPointer { s in
            keys.withUnsafeMutableBufferPointer { keys in
                for i in 0..<count {
                    let p = (SIMD3(s[3 * i], s[3 * i + 1], s[3 * i + 2]) - box.minimum) * scale
                    guard p - p == .zero else {
                        keys[i] = 0x3fff_ffff
                        continue
                    }
                    keys[i] =
                        spread(UInt32(p.x)) | spread(UInt32(p.y)) << 1 | spread(UInt32(p.z)) << 2
                }
            }
        }
        return sorted(keys)
    }

    /// Ten bits, each followed by two zeros.
    @inline(__always)
    private static func spread(_ v: UInt32) -> UInt32 {
        var x = v
        x = (x | x << 16) & 0x0300_00ff
        x = (x | x << 8) & 0x0300_f00f
        x = (x | x << 4) & 0x030c_30c3
        return (x | x << 2) & 0x0924_9249
    }

    /// Positions in ascending order of 30-bit keys, equal ones as they come.
    private static func sorted(_ keys: [UInt32]) -> [Int32] {
        let count = keys.count
        var order = [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
            for i in 0..<count { buffer[i] = Int32(i) }
            filled = count
        }
        var other = order
        for shift in stride(from: UInt32(0), to: 30, by: 10) {
            var places = [Int](repeating: 0, count: 1025)
            for key in keys { places[Int(key >> shift & 1023) + 1] += 1 }
            for digit in 1...1024 { places[digit] += places[digit - 1] }
            keys.withUnsafeBufferPointer { keys in
                order.withUnsafeBufferPointer { from in
                    other.withUnsafeMutableBufferPointer { to in
                        for item in from {
                            let digit = Int(keys[Int(item)] >> shift & 1023)
                            to[places[digit]] = item
                            places[digit] += 1
                        }
                    }
                }
            }
            swap(&order, &other)
        }
        return order
    }
}
