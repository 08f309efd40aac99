/// The edges of a mesh with the triangles at each, in one array sorted by their vertices.
struct EdgeTable {
    /// One side of a triangle: from its corner `halfEdge % 3` to the next, in triangle
    /// `halfEdge / 3`.
    struct Entry {
        /// The larger vertex of the edge; the smaller one is the bucket's.
        var other: UInt32
        var halfEdge: UInt32
        /// Whether the triangle passes the edge from its smaller vertex to its larger one.
        var isForward: Bool
    }

    /// Where the entries of every smaller vertex begin, and the end.
    private let starts: [Int32]
    private var entries: [Entry]

    /// The edges of a mesh; sides whose two ends are the same vertex are no edges.
    ///
    /// - Complexity: O(*V* + *F*) for bounded numbers of triangles at a vertex.
    init(_ mesh: TriangleMesh, weldingEqualPositions: Bool = false) {
        let names = weldingEqualPositions ? mesh.positions.firstEqualPositions : nil
        func vertex(_ i: Int) -> UInt32 {
            let v = mesh.triangles[i]
            return names?[Int(v)] ?? v
        }
        var counts = [Int32](repeating: 0, count: mesh.vertexCount + 1)
        func forEachSide(_ body: (Int, UInt32, UInt32) -> Void) {
            for f in 0..<mesh.triangleCount {
                let a = vertex(3 * f), b = vertex(3 * f + 1), c = vertex(3 * f + 2)
                if a != b { body(3 * f, a, b) }
                if b != c { body(3 * f + 1, b, c) }
                if c != a { body(3 * f + 2, c, a) }
            }
        }
        forEachSide { _, a, b in counts[Int(min(a, b)) + 1] += 1 }
        for v in 0..<mesh.vertexCount { counts[v + 1] += counts[v] }
        starts = counts
        entries = [Entry](
            repeating: Entry(other: 0, halfEdge: 0, isForward: false),
            count: Int(counts[mesh.vertexCount]))
        var places = counts
        forEachSide { halfEdge, a, b in
            let v = Int(min(a, b))
            entries[Int(places[v])] = Entry(
                other: max(a, b), halfEdge: UInt32(halfEdge), isForward: a < b)
            places[v] += 1
        }
        for v in 0..<mesh.vertexCount {
            let range = Int(starts[v])..<Int(starts[v + 1])
            if range.count > 1 { Self.sort(&entries, range) }
        }
    }

    /// By the larger vertex, then by half-edge.
    private static func sort(_ entries: inout [Entry], _ range: Range<Int>) {
        guard range.count <= 24 else {
            entries[range].sort { ($0.other, $0.halfEdge) < ($1.other, $1.halfEdge) }
            return
        }
        // Stable, and half-edges come in ascending order.
        for i in range.dropFirst() {
            let entry = entries[i]
            var place = i
            while place > range.lowerBound, entries[place - 1].other > entry.other {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
    }

    /// Calls `body` with the sides at every edge, at least one each.
    func forEachEdge(_ body: (ArraySlice<Entry>) -> Void) {
        for v in 0..<max(0, starts.count - 1) { forEachEdge(from: v, body) }
    }

    /// The same for the edges of which `v` is the smaller vertex.
    private func forEachEdge(from v: Int, _ body: (ArraySlice<Entry>) -> Void) {
        var begin = Int(starts[v])
        let end = Int(starts[v + 1])
        while begin < end {
            var next = begin + 1
            while next < end, entries[next].other == entries[begin].other { next += 1 }
            body(entries[begin..<next])
            begin = next
        }
    }

    /// The edges that are passed more often in one direction than in the other, as vertices of the
    /// mesh (of several at one position, the first).
    var unbalanced: [SIMD2<UInt32>] {
        var result: [SIMD2<UInt32>] = []
        for v in 0..<max(0, starts.count - 1) {
            forEachEdge(from: v) { sides in
                let surplus = sides.reduce(0) { $0 + ($1.isForward ? 1 : -1) }
                if surplus != 0 {
                    result.append(SIMD2(UInt32(v), sides[sides.startIndex].other))
                }
            }
        }
        return result
    }
}

extension TriangleMesh {
    /// The edges that triangles pass more often in one direction than in the other, vertices at
    /// equal positions being one: borders, and seams between parts of opposite orientation. Where
    /// there are none, the winding number is a whole number everywhere off the surface.
    ///
    /// - Returns: pairs of vertices.
    /// - Complexity: O(*V* + *F*).
    public func unbalancedEdges() -> [SIMD2<UInt32>] {
        EdgeTable(self, weldingEqualPositions: true).unbalanced
    }
}

extension TriangleMesh {
    /// Calls `body` for every edge of exactly two triangles, with the edge's vertices and the
    /// triangles, in a fixed order. O(*V* + *F*).
    public func forEachInnerEdge(_ body: (_ a: Int, _ b: Int, _ f: Int, _ g: Int) -> Void) {
        EdgeTable(self).forEachEdge { sides in
            guard sides.count == 2 else { return }
            let first = sides[sides.startIndex], second = sides[sides.startIndex + 1]
            let h = Int(first.halfEdge)
            let start = Int(triangles[h])
            let end = Int(triangles[h % 3 == 2 ? h - 2 : h + 1])
            body(start, end, h / 3, Int(second.halfEdge) / 3)
        }
    }
}
