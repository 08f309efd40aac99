/// What kind of surface a mesh is, counted over its vertex indices: vertices at equal positions
/// are different ones here (``TriangleMesh/welded()`` makes them one).
public struct MeshTopology: Sendable, Equatable {
    /// Vertices that triangles use.
    public var vertices = 0
    /// Edges.
    public var edges = 0
    /// Triangles.
    public var triangles = 0
    /// Triangles that name a vertex twice.
    public var degenerateTriangles = 0
    /// Edges of one triangle alone.
    public var boundaryEdges = 0
    /// Edges of more than two triangles.
    public var nonManifoldEdges = 0
    /// Edges of two triangles that pass it in the same direction.
    public var inconsistentEdges = 0
    /// Vertices whose triangles form more than one fan.
    public var nonManifoldVertices = 0
    /// Parts that share no vertex.
    public var components = 0

    /// The topology of a mesh. O(*V* + *F*).
    public init(_ mesh: TriangleMesh) {
        triangles = mesh.triangleCount
        var parts = DisjointSets(count: mesh.vertexCount)
        // Corners of triangles, joined where triangles meet at an edge: the fans.
        var fans = DisjointSets(count: 3 * mesh.triangleCount)
        var isUsed = [Bool](repeating: false, count: mesh.vertexCount)
        for f in 0..<mesh.triangleCount {
            let c = mesh.corners(f)
            if c.x == c.y || c.y == c.z || c.z == c.x { degenerateTriangles += 1 }
            parts.join(c.x, c.y)
            parts.join(c.x, c.z)
            for k in 0..<3 { isUsed[c[k]] = true }
        }
        EdgeTable(mesh).forEachEdge { sides in
            edges += 1
            if sides.count == 1 { boundaryEdges += 1 }
            if sides.count > 2 { nonManifoldEdges += 1 }
            let first = sides[sides.startIndex]
            if sides.count == 2, first.isForward == sides[sides.startIndex + 1].isForward {
                inconsistentEdges += 1
            }
            let (a, b) = Self.ends(first)
            for side in sides.dropFirst() {
                let (c, d) = Self.ends(side)
                fans.join(a, c)
                fans.join(b, d)
            }
        }
        var fanCount = [UInt8](repeating: 0, count: mesh.vertexCount)
        for corner in 0..<3 * mesh.triangleCount where fans.root(corner) == corner {
            let v = Int(mesh.triangles[corner])
            if fanCount[v] < 2 { fanCount[v] += 1 }
        }
        for v in 0..<mesh.vertexCount where isUsed[v] {
            vertices += 1
            if fanCount[v] > 1 { nonManifoldVertices += 1 }
            if parts.root(v) == v { components += 1 }
        }
    }

    /// The corners at the smaller and at the larger vertex of the edge of a side.
    private static func ends(_ side: EdgeTable.Entry) -> (Int, Int) {
        let h = Int(side.halfEdge)
        let next = h % 3 == 2 ? h - 2 : h + 1
        return side.isForward ? (h, next) : (next, h)
    }

    /// Vertices minus edges plus triangles: 2 for a sphere, 0 for a torus, and their sums.
    public var eulerCharacteristic: Int { vertices - edges + triangles }
    /// Whether no edge is open. An empty mesh is closed.
    public var isClosed: Bool { boundaryEdges == 0 }
    /// Whether no edge has more than two triangles.
    public var isEdgeManifold: Bool { nonManifoldEdges == 0 }
    /// Whether the triangles at every vertex form one fan.
    public var isVertexManifold: Bool { nonManifoldVertices == 0 }
    /// Whether neighbours agree about which side is outside.
    public var isConsistentlyOriented: Bool { inconsistentEdges == 0 }
    /// Whether this is a closed, oriented surface: every point looks like a piece of plane.
    public var isClosedManifold: Bool {
        isClosed && isEdgeManifold && isVertexManifold && isConsistentlyOriented
            && degenerateTriangles == 0
    }
}

/// Sets that are joined, by a forest with halved paths.
struct DisjointSets {
    private var parents: [Int32]

    /// Sets of one element each.
    init(count: Int) { parents = (0..<Int32(count)).map { $0 } }

    /// The element that stands for the set of `i`: its smallest.
    mutating func root(_ i: Int) -> Int {
        var i = Int32(i)
        while parents[Int(i)] != i {
            parents[Int(i)] = parents[Int(parents[Int(i)])]
            i = parents[Int(i)]
        }
        return Int(i)
    }

    /// Makes the sets of `a` and `b` one.
    mutating func join(_ a: Int, _ b: Int) {
        let (x, y) = (root(a), root(b))
        guard x != y else { return }
        parents[max(x, y)] = Int32(min(x, y))
    }
}
