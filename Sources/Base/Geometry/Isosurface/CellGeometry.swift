/// The corners, edges and faces of a cell of a grid.
///
/// Corner c is at (c & 1, c >> 1 & 1, c >> 2 & 1). Edges 0-3 run along x, 4-7 along y, 8-11 along
/// z; within an axis they are numbered by their place on the two other axes, the lower first.
enum CellGeometry {
    /// The axis of an edge.
    @inline(__always)
    static func axis(ofEdge e: Int) -> Int { e >> 2 }

    /// The corner where an edge begins.
    @inline(__always)
    static func firstCorner(ofEdge e: Int) -> Int {
        let k = e & 3
        switch e >> 2 {
        case 0: return k << 1
        case 1: return (k & 1) | (k & 2) << 1
        default: return k
        }
    }

    /// The corner where an edge ends.
    @inline(__always)
    static func secondCorner(ofEdge e: Int) -> Int {
        firstCorner(ofEdge: e) | 1 << axis(ofEdge: e)
    }

    /// The edge between two corners that differ in one bit.
    static func edge(_ a: Int, _ b: Int) -> Int {
        let low = min(a, b)
        switch a ^ b {
        case 1: return low >> 1
        case 2: return 4 | (low & 1) | (low & 4) >> 1
        default: return 8 | low
        }
    }

    /// The corners of each face, counter-clockwise seen from outside the cell: -x, +x, -y, +y, -z,
    /// +z.
    static let faces: [[Int]] = [
        [0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6],
    ]

    /// For every edge, the set of the two faces it lies on, as bits.
    static let facesOfEdge: [UInt8] = (0..<12).map { e in
        var set: UInt8 = 0
        for (f, corners) in faces.enumerated()
        where corners.contains(firstCorner(ofEdge: e)) && corners.contains(secondCorner(ofEdge: e))
        {
            set |= 1 << UInt8(f)
        }
        return set
    }
}
