import Geometry

/// A tree of joints whose frames are parallel to the world's at rest.
struct Skeleton {
    struct Joint {
        var name: String
        var parent: Int?
        /// Where it is at rest, in the world.
        var place: Vector3
    }

    private(set) var joints: [Joint] = []

    var count: Int { joints.count }

    /// Adds a joint, whose parent must have been added before, and returns its index.
    @discardableResult
    mutating func add(_ name: String, _ place: Vector3, under parent: String? = nil) -> Int {
        joints.append(Joint(name: name, parent: parent.map { self[$0] }, place: place))
        return joints.count - 1
    }

    /// Adds a chain of joints `name1`, `name2`, ... and returns their indices.
    @discardableResult
    mutating func addChain(_ name: String, _ places: [Vector3], under parent: String) -> [Int] {
        places.enumerated().map { i, place in
            add("\(name)\(i + 1)", place, under: i == 0 ? parent : "\(name)\(i)")
        }
    }

    /// The index of a joint by its name.
    subscript(name: String) -> Int {
        guard let index = joints.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("the skeleton has no joint \(name)")
        }
        return index
    }

    /// Where a joint is at rest.
    func place(_ name: String) -> Vector3 { joints[self[name]].place }

    /// The rest translation of a joint relative to its parent.
    func restTranslation(_ joint: Int) -> Vector3 {
        joints[joint].parent.map { joints[joint].place - joints[$0].place }
            ?? joints[joint].place
    }

    /// For each joint the transform from the world at rest to the world as posed.
    func posedFromRest(_ pose: Pose) -> [Matrix4] {
        var world: [Matrix4] = []
        for (i, joint) in joints.enumerated() {
            let local = Matrix4.compose(
                translation: SIMD3(restTranslation(i) + pose.offsets[i]),
                rotation: pose.rotations[i], scale: SIMD3(pose.scales[i]))
            world.append(joint.parent.map { world[$0] * local } ?? local)
        }
        return world.indices.map { world[$0] * Matrix4.translation(-SIMD3(joints[$0].place)) }
    }

    /// Vertices at rest, moved by linear blend skinning.
    ///
    /// - Parameter weights: `[V, J]`.
    func skinned(_ positions: [Vector3], weights: [Float], pose: Pose) -> [Vector3] {
        let matrices = posedFromRest(pose)
        return positions.indices.map { v in
            var sum = SIMD3<Double>.zero
            for j in joints.indices where weights[v * count + j] != 0 {
                sum +=
                    matrices[j].transform(point: SIMD3(positions[v]))
                    * Double(weights[v * count + j])
            }
            return Vector3(sum)
        }
    }
}

/// What joints do: rotations and scales about themselves, and shifts from their places at rest.
struct Pose {
    var rotations: [Quaternion]
    var offsets: [Vector3]
    var scales: [Vector3]
    private let skeleton: Skeleton

    /// The pose at rest.
    init(_ skeleton: Skeleton) {
        self.skeleton = skeleton
        rotations = Array(repeating: .identity, count: skeleton.count)
        offsets = Array(repeating: .zero, count: skeleton.count)
        scales = Array(repeating: .one, count: skeleton.count)
    }

    /// Turns a joint further: about X, then Y, then Z, in radians.
    mutating func turn(_ joint: String, x: Float = 0, y: Float = 0, z: Float = 0) {
        let i = skeleton[joint]
        rotations[i] = rotations[i] * Quaternion.turns(x: x, y: y, z: z)
    }

    /// Shifts a joint further, in its parent's frame.
    mutating func shift(_ joint: String, _ offset: Vector3) {
        offsets[skeleton[joint]] += offset
    }
}

extension Quaternion {
    /// The rotation about X, then Y, then Z, in radians.
    static func turns(x: Float = 0, y: Float = 0, z: Float = 0) -> Quaternion {
        Quaternion(axis: SIMD3(0, 0, 1), angle: Double(z))
            * Quaternion(axis: SIMD3(0, 1, 0), angle: Double(y))
            * Quaternion(axis: SIMD3(1, 0, 0), angle: Double(x))
    }
}
