import Geometry

extension GLTFDocument {
    /// One clip.
    public struct Animation: Sendable {
        /// The clip's name; left out of the file where empty.
        public var name: String
        /// What it animates.
        public var channels: [Channel]

        /// A clip of the given channels.
        public init(name: String = "", channels: [Channel]) {
            self.name = name
            self.channels = channels
        }
    }

    /// What a channel sets.
    public enum Path: String, Sendable {
        /// Where the node is relative to its parent: three numbers.
        case translation
        /// How it is turned: a quaternion x, y, z, w.
        case rotation
        /// How it is stretched: three factors.
        case scale
        /// The morph weights of its mesh: one number a target.
        case weights
    }

    /// What lies between keys.
    public enum Interpolation: String, Sendable {
        /// Linear; spherical for rotations.
        case linear = "LINEAR"
        /// The earlier key's value.
        case step = "STEP"
        /// Each key has in-tangent, value and out-tangent; tangents are per second.
        case cubicSpline = "CUBICSPLINE"
    }

    /// The keys of one property of one node.
    public struct Channel: Sendable {
        /// Index of the node.
        public var node: Int
        /// What is set.
        public var path: Path
        /// What lies between keys.
        public var interpolation: Interpolation
        /// `[K]` ascending times in seconds.
        public var times: [Float]
        /// `[K, width]`, or `[K, 3, width]` for cubic splines, where width is 3, 4 or the number
        /// of morph targets.
        public var values: [Float]
        /// How values are written: `float`, or a normalised integer for rotations and weights.
        public var component: Component

        /// Keys of one property.
        public init(
            node: Int, path: Path, interpolation: Interpolation = .linear, times: [Float],
            values: [Float], component: Component = .float
        ) {
            self.node = node
            self.path = path
            self.interpolation = interpolation
            self.times = times
            self.values = values
            self.component = component
        }

        /// Keys of a translation or a scale.
        public init(
            node: Int, path: Path, interpolation: Interpolation = .linear, times: [Float],
            vectors: [SIMD3<Float>]
        ) {
            self.init(
                node: node, path: path, interpolation: interpolation, times: times,
                values: vectors.flatMap { [$0.x, $0.y, $0.z] })
        }

        /// Keys of a rotation. Neighbouring keys are given the signs that lie closer together.
        public init(
            node: Int, interpolation: Interpolation = .linear, times: [Float],
            rotations: [Quaternion], component: Component = .float
        ) {
            var values: [Float] = []
            var previous = SIMD4<Double>.zero
            for rotation in rotations {
                var q = rotation.normalized.components
                if (q * previous).sum() < 0 { q = -q }
                previous = q
                values += [Float(q.x), Float(q.y), Float(q.z), Float(q.w)]
            }
            self.init(
                node: node, path: .rotation, interpolation: interpolation, times: times,
                values: values, component: component)
        }
    }
}
