import Geometry

/// The rig of a 3DBiCar character, from plain `.npy` files: a joint tree, joint positions,
/// skinning weights, and a sequence of poses.
struct RaBitRig {
    /// `[J]`: each joint's parent, -1 for the root; every joint's chain ends in a root.
    var parents: [Int]
    /// `[J, 3]`: where the joints stand in the T-pose.
    var joints: [SIMD3<Double>]
    /// `[V, J]`, row-major: how much each joint moves each vertex of the body's OBJ file, and
    /// of the eyes' file after it where the rows go on.
    var weights: [Double]
    /// `[E, J]` weights of the eyes' OBJ file, where they have a file of their own.
    var eyeWeights: [Double]?
    /// The motion, or nil where there is none.
    var motion: Motion?

    /// A sequence of poses.
    struct Motion {
        /// `[F][J]` rotations relative to the parent.
        var rotations: [[Quaternion]]
        /// `[F]` positions of the character relative to its T-pose.
        var translations: [SIMD3<Double>]
    }

    /// Rows of `weights`.
    var weightedVertexCount: Int { weights.count / joints.count }

    /// Looks for the rig's files in the character's folder and in the corpus's shared ones.
    ///
    /// - Returns: the rig, or nil where not one of its files is there.
    static func read(
        characterFolder: String, limits: AssetLimits
    ) throws(AssetError) -> RaBitRig? {
        let files = RaBitFiles(characterFolder: characterFolder)
        let required = ["parents.npy", "joints.npy", "weights.npy"]
        let paths = required.map { files.path(of: $0) }
        guard paths.contains(where: { $0 != nil }) || files.path(of: "poses.npy") != nil else {
            return nil
        }
        guard let parents = paths[0], let joints = paths[1], let weights = paths[2] else {
            let absent = zip(required, paths).filter { $1 == nil }.map(\.0)
            throw .unreadable(
                path: characterFolder,
                reason: "the rig lacks \(absent.joined(separator: " and ")); see "
                    + "Documentation/3dbicar.md")
        }
        var rig = RaBitRig(parents: [], joints: [], weights: [])
        rig.parents = try readParents(parents, limits)
        rig.joints = try readJoints(joints, count: rig.parents.count, limits)
        rig.weights = try readWeights(weights, jointCount: rig.parents.count, limits)
        if let path = files.path(of: "eye_weights.npy") {
            rig.eyeWeights = try readWeights(path, jointCount: rig.parents.count, limits)
        }
        if let path = files.path(of: "poses.npy") {
            rig.motion = try readMotion(
                poses: path, translation: files.path(of: "translation.npy"),
                jointCount: rig.parents.count, limits)
        }
        return rig
    }

    private static func readParents(
        _ path: String, _ limits: AssetLimits
    ) throws(AssetError) -> [Int] {
        let array = try NPYReader.array(path: path, limits: limits)
        guard array.shape.count == 1, !array.elements.isEmpty else {
            throw .malformed(path: path, what: "shape \(array.shape) is not [24]")
        }
        try limits.check(array.elements.count, "joints", \.joints, path: path)
        let count = array.elements.count
        var parents: [Int] = []
        for element in array.elements {
            guard element >= -1, element < Double(count), element == element.rounded() else {
                throw .malformed(path: path, what: "\(element) is no joint's index")
            }
            parents.append(Int(element))
        }
        for joint in 0..<count {
            var at = joint
            var steps = 0
            while at >= 0, steps <= count {
                at = parents[at]
                steps += 1
            }
            guard at < 0 else {
                throw .malformed(path: path, what: "joint \(joint) is its own ancestor")
            }
        }
        return parents
    }

    private static func readJoints(_ path: String, count: Int, _ limits: AssetLimits)
        throws(AssetError) -> [SIMD3<Double>]
    {
        let array = try NPYReader.array(path: path, limits: limits)
        guard array.shape == [count, 3] else {
            throw .malformed(path: path, what: "shape \(array.shape) is not [\(count), 3]")
        }
        try requireFinite(array, path)
        return vectors(array.elements)
    }

    private static func readWeights(_ path: String, jointCount: Int, _ limits: AssetLimits)
        throws(AssetError) -> [Double]
    {
        let array = try NPYReader.array(path: path, limits: limits)
        guard array.shape.count == 2, array.shape[1] == jointCount, array.shape[0] > 0 else {
            throw .malformed(path: path, what: "shape \(array.shape) is not [V, \(jointCount)]")
        }
        try requireFinite(array, path)
        return array.elements
    }

    private static func readMotion(
        poses: String, translation: String?, jointCount: Int, _ limits: AssetLimits
    ) throws(AssetError) -> Motion {
        let array = try NPYReader.array(path: poses, limits: limits)
        // One pose alone may leave the first axis out.
        var shape = array.shape
        if shape.count == 2 { shape.insert(1, at: 0) }
        guard shape.count == 3, shape[0] > 0, shape[2] == 3,
            shape[1] == jointCount || shape[1] == jointCount - 1
        else {
            throw .malformed(
                path: poses,
                what: "shape \(array.shape) is neither [F, \(jointCount), 3] nor "
                    + "[F, \(jointCount - 1), 3]")
        }
        try limits.check(shape[0], "frames", \.frames, path: poses)
        try requireFinite(array, poses)
        let lacksRoot = shape[1] == jointCount - 1
        let turns = vectors(array.elements).map { Quaternion(axisAngle: $0) }
        let rotations = (0..<shape[0]).map { frame in
            (lacksRoot ? [.identity] : [])
                + turns[frame * shape[1]..<(frame + 1) * shape[1]]
        }
        var translations = [SIMD3<Double>](repeating: .zero, count: shape[0])
        if let translation {
            let array = try NPYReader.array(path: translation, limits: limits)
            guard array.shape == [shape[0], 3] || (shape[0] == 1 && array.shape == [3]) else {
                throw .malformed(
                    path: translation, what: "shape \(array.shape) is not [\(shape[0]), 3]")
            }
            try requireFinite(array, translation)
            translations = vectors(array.elements)
        }
        return Motion(rotations: rotations, translations: translations)
    }

    private static func requireFinite(_ array: NPYArray, _ path: String) throws(AssetError) {
        guard array.elements.allSatisfy({ $0.magnitude <= Double(Float.greatestFiniteMagnitude) })
        else { throw .malformed(path: path, what: "it holds numbers that are not finite") }
    }

    private static func vectors(_ elements: [Double]) -> [SIMD3<Double>] {
        stride(from: 0, to: elements.count, by: 3).map {
            SIMD3(elements[$0], elements[$0 + 1], elements[$0 + 2])
        }
    }
}

/// Where the files of a rig may lie.
private struct RaBitFiles {
    private let folders: [String]

    /// The character's folder and its `rig` subfolder, then `rig` beside the character's folder
    /// and one level further up.
    init(characterFolder: String) {
        let corpus = AssetFile.folder(of: characterFolder)
        folders = [
            characterFolder, characterFolder + "/rig", corpus + "/rig",
            AssetFile.folder(of: corpus) + "/rig",
        ]
    }

    func path(of name: String) -> String? {
        // A link may stand for a file, but not lead out of the folder that it lies in.
        folders.lazy.compactMap { AssetFolder($0)?.file(at: [name]) }.first
    }
}
