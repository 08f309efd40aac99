import Geometry

/// What a glTF 2.0 file holds, as plain values: scenes, nodes, meshes, skins, materials and
/// animations. ``glb()`` and ``gltf(baseName:embedding:)`` write it.
///
/// Indices refer to the document's own arrays. Nothing is checked while a document is built, so
/// that faulty files can be written on purpose (an index beyond the vertices, a cyclic hierarchy).
public struct GLTFDocument: Sendable {
    /// The scenes; at least one where anything is to be shown.
    public var scenes: [Scene]
    /// Index of the scene to show, or nil to leave the choice to the reader.
    public var defaultScene: Int?
    /// The nodes of all scenes.
    public var nodes: [Node]
    /// The meshes that nodes show.
    public var meshes: [Mesh]
    /// The skins that nodes bind their meshes to.
    public var skins: [Skin]
    /// What surfaces are made of. Texture references index `textures`.
    public var materials: [Material]
    /// The pictures that materials read.
    public var textures: [TextureSource]
    /// The clips.
    public var animations: [Animation]
    /// Extensions that a reader must support, beside those that the content itself needs.
    public var requiredExtensions: [String]

    /// A document with one empty scene.
    public init() {
        scenes = [Scene(nodes: [])]
        defaultScene = 0
        nodes = []
        meshes = []
        skins = []
        materials = []
        textures = []
        animations = []
        requiredExtensions = []
    }

    /// The root nodes of a scene.
    public struct Scene: Sendable {
        /// The scene's name; left out of the file where empty.
        public var name: String
        /// Indices of the root nodes.
        public var nodes: [Int]

        /// A scene of the given root nodes.
        public init(name: String = "", nodes: [Int]) {
            self.name = name
            self.nodes = nodes
        }
    }

    /// A node of the hierarchy, with either a matrix or any of translation, rotation and scale.
    public struct Node: Sendable {
        /// The node's name; left out of the file where empty.
        public var name: String
        /// Metres relative to the parent; nil leaves it out.
        public var translation: SIMD3<Float>?
        /// Unit quaternion; nil leaves it out.
        public var rotation: Quaternion?
        /// Factors; nil leaves it out.
        public var scale: SIMD3<Float>?
        /// The whole transform; then translation, rotation and scale must be nil.
        public var matrix: Matrix4?
        /// Index of the mesh that the node shows.
        public var mesh: Int?
        /// Index of the skin that the mesh is bound to.
        public var skin: Int?
        /// Morph weights that stand before the mesh's own.
        public var weights: [Float]?
        /// Indices of the children.
        public var children: [Int]

        /// A node with the parts given.
        public init(
            name: String = "", translation: SIMD3<Float>? = nil, rotation: Quaternion? = nil,
            scale: SIMD3<Float>? = nil, matrix: Matrix4? = nil, mesh: Int? = nil,
            skin: Int? = nil, weights: [Float]? = nil, children: [Int] = []
        ) {
            self.name = name
            self.translation = translation
            self.rotation = rotation
            self.scale = scale
            self.matrix = matrix
            self.mesh = mesh
            self.skin = skin
            self.weights = weights
            self.children = children
        }
    }

    /// Joints with their bind poses.
    public struct Skin: Sendable {
        /// The skin's name; left out of the file where empty.
        public var name: String
        /// Indices of the joint nodes.
        public var joints: [Int]
        /// From the mesh's space to each joint's at bind time; empty leaves them out, which means
        /// identities.
        public var inverseBindMatrices: [Matrix4]
        /// Index of the node at the root of the joints.
        public var skeleton: Int?

        /// A skin of the given joints.
        public init(
            name: String = "", joints: [Int], inverseBindMatrices: [Matrix4] = [],
            skeleton: Int? = nil
        ) {
            self.name = name
            self.joints = joints
            self.inverseBindMatrices = inverseBindMatrices
            self.skeleton = skeleton
        }
    }

    /// A texture with what the file says of its picture.
    public struct TextureSource: Sendable {
        /// The picture, and how it is read.
        public var texture: Texture
        /// Whether the picture itself is left out: the file then names a picture that is not
        /// there.
        public var isMissing: Bool

        /// A texture whose picture is written unless it `isMissing`.
        public init(_ texture: Texture, isMissing: Bool = false) {
            self.texture = texture
            self.isMissing = isMissing
        }
    }

    /// The types in which glTF holds numbers, with its codes.
    public enum Component: Int, Sendable {
        /// Signed integers of 8 bits; normalised, -127...127 stand for -1...1.
        case byte = 5120
        /// Unsigned integers of 8 bits; normalised, 0...255 stand for 0...1.
        case unsignedByte = 5121
        /// Signed integers of 16 bits; normalised, -32767...32767 stand for -1...1.
        case short = 5122
        /// Unsigned integers of 16 bits; normalised, 0...65535 stand for 0...1.
        case unsignedShort = 5123
        /// Unsigned integers of 32 bits, for indices alone.
        case unsignedInt = 5125
        /// IEEE 754 numbers of 32 bits.
        case float = 5126
    }
}

extension GLTFDocument {
    /// Adds a node under `parent`, or at the root of the first scene, and returns its index.
    @discardableResult
    public mutating func add(_ node: Node, under parent: Int? = nil) -> Int {
        nodes.append(node)
        if let parent {
            nodes[parent].children.append(nodes.count - 1)
        } else {
            scenes[0].nodes.append(nodes.count - 1)
        }
        return nodes.count - 1
    }

    /// Adds a mesh and returns its index.
    public mutating func add(_ mesh: Mesh) -> Int {
        meshes.append(mesh)
        return meshes.count - 1
    }

    /// Adds a material and returns its index.
    public mutating func add(_ material: Material) -> Int {
        materials.append(material)
        return materials.count - 1
    }

    /// Adds a texture and returns its index.
    public mutating func add(_ texture: Texture, isMissing: Bool = false) -> Int {
        textures.append(TextureSource(texture, isMissing: isMissing))
        return textures.count - 1
    }

    /// Adds a skin and returns its index.
    public mutating func add(_ skin: Skin) -> Int {
        skins.append(skin)
        return skins.count - 1
    }
}
