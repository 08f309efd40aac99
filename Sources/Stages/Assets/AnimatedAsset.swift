import Geometry

/// An animated 3D asset as a loader read it: what moves, how it moves, and what it is made of.
///
/// Space is the project's: right-handed, metres, Y up, front facing +Z. Time is in seconds of the
/// clip as the file counts it. ``mesh(clip:times:)`` samples it into a ``MeshSequence``.
public struct AnimatedAsset: Sendable {
    /// The file's or folder's name without its extension.
    public var name: String
    /// The name of the format: `gltf`, `fbx`, `anime`, `3dbicar`, `obj-sequence`, ...
    public var format: String
    /// What moves.
    public var body: Body
    /// The animations; empty for a static asset.
    public var clips: [Clip]
    /// What surfaces are made of; at least one.
    public var materials: [Material]
    /// The pictures that materials read.
    public var textures: [Texture]
    /// Names of textures that a material asks for and that could not be read; the material falls
    /// back to its factor.
    public var missingTextures: [String]
    /// What the loader had to work around, one sentence each.
    public var warnings: [String]

    /// How an asset's vertices come to be.
    public enum Body: Sendable {
        /// A node hierarchy with rigid parts, skins and morph targets, moved by clips' channels.
        case rig(Rig)
        /// Vertex positions per frame, read from the file.
        case vertexAnimation(VertexAnimation)
    }

    /// An asset of the given parts.
    public init(
        name: String, format: String, body: Body, clips: [Clip] = [],
        materials: [Material] = [Material()], textures: [Texture] = [],
        missingTextures: [String] = [], warnings: [String] = []
    ) {
        self.name = name
        self.format = format
        self.body = body
        self.clips = clips
        self.materials = materials
        self.textures = textures
        self.missingTextures = missingTextures
        self.warnings = warnings
    }
}

/// One animation of an asset.
public struct Clip: Sendable {
    /// The clip's name; may be empty, and need not be unique.
    public var name: String
    /// The time of the first key in seconds.
    public var start: Double
    /// The time of the last key in seconds; at least `start`.
    public var end: Double
    /// What it animates; empty for vertex animation.
    public var channels: [Channel]
    /// Frames that the source holds, where it is sampled rather than keyed.
    public var sourceFrameCount: Int?

    /// A clip from `start` to `end` seconds.
    public init(
        name: String, start: Double, end: Double, channels: [Channel] = [],
        sourceFrameCount: Int? = nil
    ) {
        self.name = name
        self.start = start
        self.end = end
        self.channels = channels
        self.sourceFrameCount = sourceFrameCount
    }

    /// Length in seconds.
    public var duration: Double { end - start }
}

/// The keys of one property of one node.
public struct Channel: Sendable {
    /// What a channel sets.
    public enum Property: Sendable, Equatable {
        /// Three numbers a key, metres.
        case translation
        /// A quaternion a key: x, y, z, w.
        case rotation
        /// Three factors a key.
        case scale
        /// One weight a morph target a key.
        case morphWeights
    }

    /// What lies between two keys.
    public enum Interpolation: Sendable, Equatable {
        /// Linear; spherical along the shorter way for rotations.
        case linear
        /// The earlier key's value.
        case step
        /// Cubic Hermite (glTF's CUBICSPLINE): each key has in-tangent, value, out-tangent.
        case cubicSpline
    }

    /// Index of the node.
    public var node: Int
    /// What is set.
    public var property: Property
    /// What lies between keys.
    public var interpolation: Interpolation
    /// `[K]` key times in seconds, ascending; at least one.
    public var times: [Double]
    /// `[K, width]`, or `[K, 3, width]` for cubic splines (in-tangent, value, out-tangent), where
    /// width is 3, 4 or the number of morph targets.
    public var values: [Float]

    /// Keys of one property.
    public init(
        node: Int, property: Property, interpolation: Interpolation, times: [Double],
        values: [Float]
    ) {
        self.node = node
        self.property = property
        self.interpolation = interpolation
        self.times = times
        self.values = values
    }
}

/// Vertices that the file gives frame by frame.
public struct VertexAnimation: Sendable {
    /// The frames as the file holds them, one or more; `times` says when each is shown.
    public var mesh: MeshSequence

    /// An animation of the frames of `mesh`.
    public init(mesh: MeshSequence) { self.mesh = mesh }
}

/// A node hierarchy with the meshes that hang on it.
public struct Rig: Sendable {
    /// Nodes, every parent before its children.
    public var nodes: [Node]
    /// The geometry that nodes show.
    public var primitives: [Primitive]
    /// Which node shows which primitive.
    public var instances: [Instance]
    /// Joints and bind poses.
    public var skins: [Skin]

    /// A rig of the given parts.
    public init(nodes: [Node], primitives: [Primitive], instances: [Instance], skins: [Skin]) {
        self.nodes = nodes
        self.primitives = primitives
        self.instances = instances
        self.skins = skins
    }

    /// A node of the hierarchy.
    public struct Node: Sendable {
        /// The node's name; may be empty, and need not be unique.
        public var name: String
        /// Index of the parent, which is smaller than the node's own; nil for a root.
        public var parent: Int?
        /// The transform relative to the parent where no clip sets it.
        public var rest: RestTransform
        /// Morph weights where no clip sets them; empty means zeros.
        public var morphWeights: [Float]

        /// A node of the hierarchy.
        public init(
            name: String, parent: Int?, rest: RestTransform, morphWeights: [Float] = []
        ) {
            self.name = name
            self.parent = parent
            self.rest = rest
            self.morphWeights = morphWeights
        }
    }

    /// A node's transform where nothing animates it.
    public enum RestTransform: Sendable {
        /// Translation, rotation and scale; a clip may set some of them.
        case components(
            translation: SIMD3<Double>, rotation: Quaternion, scale: SIMD3<Double>)
        /// Any affine matrix; kept as it is unless a clip animates the node.
        case matrix(Matrix4)
    }

    /// A primitive at a node.
    public struct Instance: Sendable {
        /// Index of the node.
        public var node: Int
        /// Index of the primitive.
        public var primitive: Int
        /// Index of the skin, or nil for a rigid part. A skinned primitive ignores its node's own
        /// transform.
        public var skin: Int?

        /// A primitive at a node.
        public init(node: Int, primitive: Int, skin: Int? = nil) {
            self.node = node
            self.primitive = primitive
            self.skin = skin
        }
    }

    /// Joints of a skin.
    public struct Skin: Sendable {
        /// `[J]` node indices.
        public var joints: [Int]
        /// `[J]`: from the primitive's space to each joint's at bind time.
        public var jointFromMesh: [Matrix4]

        /// A skin of as many joints as matrices.
        public init(joints: [Int], jointFromMesh: [Matrix4]) {
            precondition(joints.count == jointFromMesh.count, "one bind matrix a joint")
            self.joints = joints
            self.jointFromMesh = jointFromMesh
        }
    }

    /// Triangles with one material.
    public struct Primitive: Sendable {
        /// The mesh's name; may be empty.
        public var name: String
        /// `[V, 3]` in the mesh's space.
        public var positions: Vector3Array
        /// `[V, 3]` unit normals, or empty where the file has none.
        public var normals: Vector3Array
        /// Up to two sets of `[V]`.
        public var uvSets: [[SIMD2<Float>]]
        /// `[V]` linear colours, or empty.
        public var colors: [SIMD4<Float>]
        /// `[F, 3]`, checked to be below V.
        public var triangles: [UInt32]
        /// Index into the asset's materials.
        public var material: Int
        /// Joint influences, or nil where the primitive is not skinned.
        public var influences: Influences?
        /// Displacements that morph weights scale.
        public var morphTargets: [MorphTarget]

        /// Triangles with one material; counts must agree.
        public init(
            name: String = "", positions: Vector3Array, normals: Vector3Array = Vector3Array(),
            uvSets: [[SIMD2<Float>]] = [], colors: [SIMD4<Float>] = [], triangles: [UInt32],
            material: Int = 0, influences: Influences? = nil, morphTargets: [MorphTarget] = []
        ) {
            self.name = name
            self.positions = positions
            self.normals = normals
            self.uvSets = uvSets
            self.colors = colors
            self.triangles = triangles
            self.material = material
            self.influences = influences
            self.morphTargets = morphTargets
        }
    }

    /// Any number of joints a vertex, in compressed rows.
    public struct Influences: Sendable {
        /// `[V + 1]`: the influences of vertex v are `offsets[v] ..< offsets[v + 1]`.
        public var offsets: [UInt32]
        /// Indices into the skin's joints.
        public var joints: [UInt32]
        /// Weights, which sum to one for each vertex that has any.
        public var weights: [Float]

        /// Influences in compressed rows. Weights are normalised to sum to one a vertex; a vertex
        /// whose weights sum to zero is given to its first joint (joint 0 if it has none).
        public init(offsets: [UInt32], joints: [UInt32], weights: [Float]) {
            precondition(
                joints.count == weights.count && offsets.last.map(Int.init) == joints.count,
                "rows must cover the influences")
            self.offsets = [0]
            self.joints = []
            self.weights = []
            self.offsets.reserveCapacity(offsets.count)
            self.joints.reserveCapacity(joints.count)
            self.weights.reserveCapacity(weights.count)
            for v in 0..<offsets.count - 1 {
                let row = Int(offsets[v])..<Int(offsets[v + 1])
                let sum = row.reduce(Float(0)) { $0 + max(0, weights[$1]) }
                if sum > 0, sum.isFinite {
                    for i in row where weights[i] > 0 {
                        self.joints.append(joints[i])
                        self.weights.append(weights[i] / sum)
                    }
                } else {
                    self.joints.append(row.isEmpty ? 0 : joints[row.lowerBound])
                    self.weights.append(1)
                }
                self.offsets.append(UInt32(self.joints.count))
            }
        }
    }

    /// Displacements of some of a primitive's vertices.
    public struct MorphTarget: Sendable {
        /// The target's name; may be empty.
        public var name: String
        /// The displaced vertices, ascending; nil means all of them.
        public var vertices: [UInt32]?
        /// `[n, 3]` displacements of the vertices listed.
        public var positions: Vector3Array
        /// `[n, 3]` changes of their normals, or empty.
        public var normals: Vector3Array

        /// Displacements of the vertices listed, or of all.
        public init(
            name: String = "", vertices: [UInt32]? = nil, positions: Vector3Array,
            normals: Vector3Array = Vector3Array()
        ) {
            self.name = name
            self.vertices = vertices
            self.positions = positions
            self.normals = normals
        }
    }
}
