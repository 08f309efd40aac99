import Geometry

/// The attributes of a mesh's vertices as rows of numbers, and the joining of vertices that agree
/// in all of them.
///
/// assimp's FBX and Collada readers give every corner of every polygon a vertex of its own.
/// Vertices are joined here only where position, normal, UVs, colour, every influence and every
/// morph target's displacement are bit for bit the same, so that nothing can tear.
struct VertexLanes {
    /// One attribute: `width` numbers a vertex.
    struct Lane {
        var width: Int
        /// `[V, width]`, row-major.
        var scalars: [Float]
    }

    /// V.
    private(set) var count: Int
    /// The attributes.
    private(set) var lanes: [Lane] = []

    init(count: Int) { self.count = count }

    /// Adds an attribute and gives its index. Negative zeros become zeros, so that they do not
    /// keep equal vertices apart.
    mutating func add(width: Int, _ scalars: [Float]) -> Int {
        precondition(scalars.count == count * width, "a lane has width numbers a vertex")
        lanes.append(Lane(width: width, scalars: scalars.map { $0 + 0 }))
        return lanes.count - 1
    }

    /// Joins equal vertices, whose influences in `rows` must agree too.
    ///
    /// - Returns: `[old V]` the new index of each vertex, and `[new V]` an old one of each.
    /// - Complexity: O(*V* · *n*) for *n* numbers a vertex.
    mutating func join(_ rows: Rig.Influences?) -> (newIndices: [UInt32], kept: [Int]) {
        var newIndices = [UInt32](repeating: 0, count: count)
        var kept: [Int] = []
        // An open-addressing table of new indices plus one, half full at most.
        var capacity = 16
        while capacity < 2 * count { capacity *= 2 }
        var table = [UInt32](repeating: 0, count: capacity)
        for v in 0..<count {
            var slot = Int(truncatingIfNeeded: hash(v, rows)) & (capacity - 1)
            while table[slot] != 0, !areEqual(kept[Int(table[slot]) - 1], v, rows) {
                slot = (slot + 1) & (capacity - 1)
            }
            if table[slot] == 0 {
                kept.append(v)
                table[slot] = UInt32(kept.count)
            }
            newIndices[v] = table[slot] - 1
        }
        if kept.count < count {
            for i in lanes.indices {
                let (width, old) = (lanes[i].width, lanes[i].scalars)
                lanes[i].scalars = []
                lanes[i].scalars.reserveCapacity(kept.count * width)
                for v in kept {
                    for k in v * width..<(v + 1) * width { lanes[i].scalars.append(old[k]) }
                }
            }
            count = kept.count
        }
        return (newIndices, kept)
    }

    /// 64-bit FNV-1a over the words of a vertex, with a final mix for its low bits.
    private func hash(_ v: Int, _ rows: Rig.Influences?) -> UInt64 {
        var h: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ word: UInt32) { h = (h ^ UInt64(word)) &* 0x0000_0100_0000_01b3 }
        for lane in lanes {
            for i in v * lane.width..<(v + 1) * lane.width { add(lane.scalars[i].bitPattern) }
        }
        if let rows {
            for i in Int(rows.offsets[v])..<Int(rows.offsets[v + 1]) {
                add(rows.joints[i])
                add(rows.weights[i].bitPattern)
            }
        }
        h ^= h >> 32
        h = h &* 0x9e37_79b9_7f4a_7c15
        return h ^ h >> 29
    }

    private func areEqual(_ a: Int, _ b: Int, _ rows: Rig.Influences?) -> Bool {
        for lane in lanes {
            for k in 0..<lane.width
            where lane.scalars[a * lane.width + k].bitPattern
                != lane.scalars[b * lane.width + k].bitPattern
            {
                return false
            }
        }
        guard let rows else { return true }
        let ra = Int(rows.offsets[a])..<Int(rows.offsets[a + 1])
        let rb = Int(rows.offsets[b])..<Int(rows.offsets[b + 1])
        return rows.joints[ra] == rows.joints[rb] && rows.weights[ra] == rows.weights[rb]
    }
}

extension Rig.Influences {
    /// The rows of the vertices listed.
    func rows(_ kept: [Int]) -> Rig.Influences {
        var offsets: [UInt32] = [0]
        var joints: [UInt32] = []
        var weights: [Float] = []
        for v in kept {
            let row = Int(self.offsets[v])..<Int(self.offsets[v + 1])
            joints += self.joints[row]
            weights += self.weights[row]
            offsets.append(UInt32(joints.count))
        }
        return Rig.Influences(offsets: offsets, joints: joints, weights: weights)
    }
}
