/// How the surface crosses the border of a cell, for every sign of the corners and every decision
/// at ambiguous faces: the loops that it draws there, and a disk for each.
///
/// The table is derived, not typed in. On a face whose four edges are all crossed, two segments
/// either part the corners below the level or the others; Nielson and Hamann's asymptotic decider
/// (1991) says which, from the face's four numbers alone, so two cells never disagree. Segments
/// joined head to tail make the loops. Every edge of a cell is crossed once at most, so loops share
/// no vertex; a disk may use any diagonal but one that lies on a face, where the neighbouring cell
/// might use it too: where all triangulations have such a one, the disk gets a vertex inside.
struct CellTable: Sendable {
    /// The disks of a configuration.
    struct Entry: Sendable {
        /// For each edge, the loop that passes it, or 255.
        var loopOfEdge: [UInt8]
        /// The edges of each loop, in the order in which the surface lies to their left.
        var loops: [[UInt8]]
        /// For each loop, its disk: corners of triangles, edges 0-11 or `innerVertex`.
        var disks: [[UInt8]]
    }

    static let innerVertex: UInt8 = 12
    static let shared = CellTable()

    /// All configurations.
    private let entries: [Entry]
    /// `[256]`: where the entries of each case begin.
    private let firstEntry: [Int32]
    /// `[256]`: the ambiguous faces of each case, as bits.
    let ambiguousFaces: [UInt8]
    /// `[256, 16]`: the triangles of cases without ambiguous faces, up to five; 255 ends them.
    let plainTriangles: [UInt8]

    private init() {
        var entries: [Entry] = []
        var firstEntry: [Int32] = []
        var ambiguousFaces: [UInt8] = []
        var plain = [UInt8](repeating: 255, count: 256 * 16)
        for signs in 0..<256 {
            firstEntry.append(Int32(entries.count))
            let faces = (0..<6).filter { Self.isAmbiguous(face: $0, signs: signs) }
            ambiguousFaces.append(faces.reduce(0) { $0 | 1 << UInt8($1) })
            for choice in 0..<1 << faces.count {
                var joined: UInt8 = 0
                for (k, face) in faces.enumerated() where choice >> k & 1 != 0 {
                    joined |= 1 << UInt8(face)
                }
                entries.append(Self.entry(signs: signs, joinedFaces: joined))
            }
            guard faces.isEmpty else { continue }
            let triangles = entries[entries.count - 1].disks.joined()
            for (k, corner) in triangles.enumerated() { plain[16 * signs + k] = corner }
        }
        self.entries = entries
        self.firstEntry = firstEntry
        self.ambiguousFaces = ambiguousFaces
        plainTriangles = plain
    }

    /// The configuration of a case with decisions at its ambiguous faces.
    func entry(signs: Int, joinedFaces: UInt8) -> Entry {
        var choice = 0
        var bit = 0
        for face in 0..<6 where ambiguousFaces[signs] >> UInt8(face) & 1 != 0 {
            choice |= Int(joinedFaces >> UInt8(face) & 1) << bit
            bit += 1
        }
        return entries[Int(firstEntry[signs]) + choice]
    }

    /// Whether corners below and above the level alternate around a face.
    private static func isAmbiguous(face: Int, signs: Int) -> Bool {
        let below = CellGeometry.faces[face].map { signs >> $0 & 1 != 0 }
        return below[0] == below[2] && below[1] == below[3] && below[0] != below[1]
    }

    private static func entry(signs: Int, joinedFaces: UInt8) -> Entry {
        // Walking around a face as seen from outside the cell, a segment leads from the edge where
        // one enters the region below the level to one where one leaves it: so triangles are
        // counter-clockwise seen from above the level.
        var next = [Int](repeating: -1, count: 12)
        for (f, corners) in CellGeometry.faces.enumerated() {
            let below = corners.map { signs >> $0 & 1 != 0 }
            let edges = (0..<4).map { CellGeometry.edge(corners[$0], corners[($0 + 1) % 4]) }
            let leaving = (0..<4).filter { below[$0] && !below[($0 + 1) % 4] }
            let entering = (0..<4).filter { !below[$0] && below[($0 + 1) % 4] }
            if entering.count == 1 { next[edges[entering[0]]] = edges[leaving[0]] }
            if entering.count == 2 {
                let isJoined = joinedFaces >> UInt8(f) & 1 != 0
                for i in entering { next[edges[i]] = edges[(i + (isJoined ? 3 : 1)) % 4] }
            }
        }
        var loopOfEdge = [UInt8](repeating: 255, count: 12)
        var loops: [[UInt8]] = []
        for start in 0..<12 where next[start] >= 0 && loopOfEdge[start] == 255 {
            var loop: [UInt8] = []
            var e = start
            repeat {
                loopOfEdge[e] = UInt8(loops.count)
                loop.append(UInt8(e))
                e = next[e]
            } while e != start
            loops.append(loop)
        }
        return Entry(loopOfEdge: loopOfEdge, loops: loops, disks: loops.map(disk))
    }

    /// A disk over a loop: a fan from the vertex that keeps its diagonals off the faces and, of
    /// those, makes the shortest ones; else a fan from inside.
    private static func disk(_ loop: [UInt8]) -> [UInt8] {
        let n = loop.count
        var best: (apex: Int, length: Int)?
        for apex in 0..<n {
            var isFree = true
            var length = 0
            for k in 2..<max(2, n - 1) {
                let a = Int(loop[apex]), b = Int(loop[(apex + k) % n])
                if CellGeometry.facesOfEdge[a] & CellGeometry.facesOfEdge[b] != 0 {
                    isFree = false
                }
                length += squaredDistance(a, b)
            }
            if isFree, best == nil || length < best!.length { best = (apex, length) }
        }
        guard let best else {
            return (0..<n).flatMap { [loop[$0], loop[($0 + 1) % n], innerVertex] }
        }
        return (1..<n - 1).flatMap {
            [loop[best.apex], loop[(best.apex + $0) % n], loop[(best.apex + $0 + 1) % n]]
        }
    }

    /// Between the middles of two edges, in quarters.
    private static func squaredDistance(_ a: Int, _ b: Int) -> Int {
        func middle(_ e: Int) -> SIMD3<Int> {
            let c = CellGeometry.firstCorner(ofEdge: e), d = CellGeometry.secondCorner(ofEdge: e)
            return SIMD3((c & 1) + (d & 1), (c >> 1 & 1) + (d >> 1 & 1), (c >> 2) + (d >> 2))
        }
        let d = middle(a) &- middle(b)
        return (d &* d).wrappedSum()
    }
}
