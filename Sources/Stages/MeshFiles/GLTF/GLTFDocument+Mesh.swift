import Geometry

extension GLTFDocument {
    /// Primitives that share morph weights.
    public struct Mesh: Sendable {
        /// The mesh's name; left out of the file where empty.
        public var name: String
        /// What is drawn; at least one.
        public var primitives: [Primitive]
        /// Morph weights where neither node nor clip sets them; nil leaves them out.
        public var weights: [Float]?
        /// Names of the morph targets, written as `extras.targetNames`; empty leaves them out.
        public var targetNames: [String]

        /// A mesh of the given primitives.
        public init(
            name: String = "", primitives: [Primitive], weights: [Float]? = nil,
            targetNames: [String] = []
        ) {
            self.name = name
            self.primitives = primitives
            self.weights = weights
            self.targetNames = targetNames
        }
    }

    /// Triangles with one material.
    public struct Primitive: Sendable {
        /// `[V, 3]` positions.
        public var positions: Vector3Array
        /// `[V, 3]` unit normals, or empty.
        public var normals: Vector3Array
        /// TEXCOORD_0, TEXCOORD_1, ... of `[V]` each.
        public var uvSets: [[SIMD2<Float>]]
        /// `[V]` linear colours with alpha, or empty.
        public var colors: [SIMD4<Float>]
        /// How colours are written: `float`, or `unsignedByte` or `unsignedShort` normalised.
        public var colorComponent: Component
        /// Joint influences, or nil where there are none.
        public var influences: Influences?
        /// Displacements that the mesh's weights scale.
        public var targets: [MorphTarget]
        /// `[F, 3]` vertex indices, or nil where each three vertices make a triangle.
        public var triangles: [UInt32]?
        /// How indices are written; nil chooses the smallest type that holds them.
        public var indexComponent: Component?
        /// Index of the material, or nil for glTF's default material.
        public var material: Int?

        /// Triangles with one material.
        public init(
            positions: Vector3Array, normals: Vector3Array = Vector3Array(),
            uvSets: [[SIMD2<Float>]] = [], colors: [SIMD4<Float>] = [],
            colorComponent: Component = .float, influences: Influences? = nil,
            targets: [MorphTarget] = [], triangles: [UInt32]?,
            indexComponent: Component? = nil, material: Int? = nil
        ) {
            self.positions = positions
            self.normals = normals
            self.uvSets = uvSets
            self.colors = colors
            self.colorComponent = colorComponent
            self.influences = influences
            self.targets = targets
            self.triangles = triangles
            self.indexComponent = indexComponent
            self.material = material
        }
    }

    /// The same number of joint influences for every vertex.
    public struct Influences: Sendable {
        /// n, influences a vertex. The file holds them in sets of four (JOINTS_0, JOINTS_1, ...),
        /// the last one filled up with zeros.
        public var perVertex: Int
        /// `[V, n]` indices into the skin's joints.
        public var joints: [UInt16]
        /// `[V, n]` weights that sum to one a vertex.
        public var weights: [Float]
        /// How joints are written: `unsignedByte` or `unsignedShort`.
        public var jointComponent: Component
        /// How weights are written: `float`, or `unsignedByte` or `unsignedShort` normalised, which
        /// are rounded so that they sum to exactly one.
        public var weightComponent: Component

        /// Influences of `joints.count / perVertex` vertices.
        public init(
            perVertex: Int, joints: [UInt16], weights: [Float],
            jointComponent: Component = .unsignedByte, weightComponent: Component = .float
        ) {
            precondition(joints.count == weights.count, "one weight a joint")
            precondition(perVertex > 0 && joints.count % perVertex == 0, "equal rows")
            self.perVertex = perVertex
            self.joints = joints
            self.weights = weights
            self.jointComponent = jointComponent
            self.weightComponent = weightComponent
        }
    }

    /// Displacements of a primitive's vertices.
    public struct MorphTarget: Sendable {
        /// `[V, 3]` displacements.
        public var positions: Vector3Array
        /// `[V, 3]` changes of the normals, or empty.
        public var normals: Vector3Array
        /// Whether the file holds only the vertices that are displaced (a sparse accessor).
        public var isSparse: Bool

        /// Displacements of all vertices.
        public init(
            positions: Vector3Array, normals: Vector3Array = Vector3Array(), isSparse: Bool = false
        ) {
            self.positions = positions
            self.normals = normals
            self.isSparse = isSparse
        }
    }
}
