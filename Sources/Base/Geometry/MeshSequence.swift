/// A run of triangles with one material.
public struct MeshPart: Sendable, Equatable {
    /// The name of the mesh or node that it came from; may be empty.
    public var name: String
    /// The triangles of the part; parts follow each other and cover the triangle list.
    public var triangles: Range<Int>
    /// Index into the sequence's materials.
    public var material: Int

    /// A part of the given triangles.
    public init(name: String, triangles: Range<Int>, material: Int) {
        self.name = name
        self.triangles = triangles
        self.material = material
    }
}

/// An animated mesh, sampled: T frames of V vertices under one list of triangles. It is the value
/// that every loader ends in and that every later stage starts from.
///
/// Space is right-handed with Y up and the front facing +Z; triangles are counter-clockwise seen
/// from outside. Frame 0 is the canonical frame.
public struct MeshSequence: Sendable, Equatable {
    /// `[T]`: the time of every frame in seconds of the clip; at least one.
    public var times: [Double]
    /// V, the vertices of a frame.
    public var vertexCount: Int
    /// `[T, V, 3]`, row-major.
    public var positions: Vector3Array
    /// `[T, V, 3]` unit normals, or empty where the asset has none. A zero vector means that the
    /// vertex has none: its triangles are flat.
    public var normals: Vector3Array
    /// `[F, 3]` vertex indices below V.
    public var triangles: [UInt32]
    /// Up to two UV sets of V entries each, v running down (glTF's way).
    public var uvSets: [[SIMD2<Float>]]
    /// `[V]` linear vertex colours with alpha, or empty where the asset has none.
    public var colors: [SIMD4<Float>]
    /// Runs of triangles with one material, in order, covering all of them.
    public var parts: [MeshPart]
    /// What the parts are made of; at least one where there are parts.
    public var materials: [Material]
    /// What the materials read.
    public var textures: [Texture]

    /// A mesh sequence; the counts must agree as the properties' descriptions say.
    public init(
        times: [Double], vertexCount: Int, positions: Vector3Array,
        normals: Vector3Array = Vector3Array(), triangles: [UInt32],
        uvSets: [[SIMD2<Float>]] = [], colors: [SIMD4<Float>] = [], parts: [MeshPart]? = nil,
        materials: [Material] = [Material()], textures: [Texture] = []
    ) {
        precondition(!times.isEmpty, "a mesh sequence has at least one frame")
        precondition(
            positions.count == times.count * vertexCount, "positions must be [T, V, 3]")
        precondition(
            normals.isEmpty || normals.count == positions.count, "normals must be [T, V, 3] or none"
        )
        precondition(triangles.count % 3 == 0, "triangles must be [F, 3]")
        precondition(
            uvSets.allSatisfy { $0.count == vertexCount }, "a UV set has one entry a vertex")
        precondition(
            colors.isEmpty || colors.count == vertexCount, "colours are one a vertex or none")
        self.times = times
        self.vertexCount = vertexCount
        self.positions = positions
        self.normals = normals
        self.triangles = triangles
        self.uvSets = uvSets
        self.colors = colors
        self.parts =
            parts ?? [MeshPart(name: "", triangles: 0..<(triangles.count / 3), material: 0)]
        self.materials = materials
        self.textures = textures
    }

    /// T, the number of frames.
    @inlinable public var frameCount: Int { times.count }
    /// F, the number of triangles.
    @inlinable public var triangleCount: Int { triangles.count / 3 }

    /// Where frame `t` lies in `positions` and `normals`.
    @inlinable
    public func vertexRange(ofFrame t: Int) -> Range<Int> {
        t * vertexCount..<(t + 1) * vertexCount
    }

    /// The box around frame `t`; points that are no finite numbers are passed over.
    public func bounds(ofFrame t: Int) -> Bounds {
        Bounds(positions, range: vertexRange(ofFrame: t))
    }

    /// The box around all frames.
    public var bounds: Bounds { Bounds(positions) }

    /// The sequence of one frame alone; everything that does not change over time is shared.
    public func frame(_ t: Int) -> MeshSequence {
        let range = 3 * t * vertexCount..<3 * (t + 1) * vertexCount
        return MeshSequence(
            times: [times[t]], vertexCount: vertexCount,
            positions: Vector3Array(scalars: Array(positions.scalars[range])),
            normals: normals.isEmpty
                ? Vector3Array() : Vector3Array(scalars: Array(normals.scalars[range])),
            triangles: triangles, uvSets: uvSets, colors: colors, parts: parts,
            materials: materials, textures: textures)
    }
}
