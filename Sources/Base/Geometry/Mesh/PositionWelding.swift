extension Vector3Array {
    /// For every vector the position of the first one equal to it (minus zero counts as zero).
    ///
    /// Loaders part vertices along seams of UVs and normals; as surfaces they are one.
    ///
    /// - Returns: `[count]`, each no larger than its own position.
    /// - Complexity: O(*n*), by hashing.
    public var firstEqualPositions: [UInt32] {
        let n = count
        var capacity = 16
        while capacity < 2 * n { capacity *= 2 }
        var table = [UInt32](repeating: .max, count: capacity)
        var result = [UInt32](repeating: 0, count: n)
        scalars.withUnsafeBufferPointer { s in
            // Adding zero turns minus zero into zero.
            func key(_ i: Int) -> SIMD3<UInt32> {
                SIMD3(
                    (s[3 * i] + 0).bitPattern, (s[3 * i + 1] + 0).bitPattern,
                    (s[3 * i + 2] + 0).bitPattern)
            }
            table.withUnsafeMutableBufferPointer { table in
                for i in 0..<n {
                    let k = key(i)
                    var h = UInt64(k.x) &* 0x9e37_79b9_7f4a_7c15
                    h = (h ^ h >> 32 ^ UInt64(k.y)) &* 0xbf58_476d_1ce4_e5b9
                    h = (h ^ h >> 29 ^ UInt64(k.z)) &* 0x94d0_49bb_1331_11eb
                    var place = Int(truncatingIfNeeded: h >> 24) & (capacity - 1)
                    while table[place] != .max, key(Int(table[place])) != k {
                        place = (place + 1) & (capacity - 1)
                    }
                    if table[place] == .max { table[place] = UInt32(i) }
                    result[i] = table[place]
                }
            }
        }
        return result
    }
}

extension TriangleMesh {
    /// The mesh with equal positions made one vertex, vertices that no triangle uses left out, and
    /// triangles that name a vertex twice left out too.
    ///
    /// - Complexity: O(*V* + *F*).
    public func welded() -> TriangleMesh {
        let first = positions.firstEqualPositions
        var place = [UInt32](repeating: .max, count: vertexCount)
        var result = TriangleMesh()
        result.triangles.reserveCapacity(triangles.count)
        for f in 0..<triangleCount {
            let c = corners(f)
            let v = (Int(first[c.x]), Int(first[c.y]), Int(first[c.z]))
            guard v.0 != v.1, v.1 != v.2, v.2 != v.0 else { continue }
            for k in [v.0, v.1, v.2] {
                if place[k] == .max {
                    place[k] = UInt32(result.positions.count)
                    result.positions.append(positions[k])
                }
                result.triangles.append(place[k])
            }
        }
        return result
    }
}
