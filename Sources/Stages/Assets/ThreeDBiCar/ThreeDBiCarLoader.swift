import Geometry
import Imaging

/// The reader of 3DBiCar characters (Luo et al., RaBit, CVPR 2023): a T-pose of body and eyes,
/// posed by linear blend skinning on the RaBit rig. Documentation/3dbicar.md gives the layout.
public enum ThreeDBiCarLoader {
    /// The clip rate where nothing else is said.
    public static let defaultFramesPerSecond = 24.0

    /// Reads one character.
    ///
    /// Vertices keep the order of the OBJ files, on which the weights count, and are split where
    /// they have several UVs.
    ///
    /// - Parameters:
    ///   - path: the character's folder, which holds `tpose/m.obj`.
    ///   - framesPerSecond: poses a second, positive.
    ///   - limits: the largest assets that are read.
    /// - Returns: a rig with one clip; without a clip where there are no poses, and without joints
    ///   where there is no rig at all.
    /// - Throws: ``AssetError``.
    public static func load(
        path: String, framesPerSecond: Double = defaultFramesPerSecond,
        limits: AssetLimits = .generous
    ) throws(AssetError) -> AnimatedAsset {
        precondition(framesPerSecond > 0, "a frame rate is positive")
        guard let folder = AssetFolder(path),
            let body = folder.file(at: ["tpose", "m.obj"])
        else { throw .unreadable(path: path, reason: "it holds no tpose/m.obj") }
        var character = Character(name: AssetFile.name(of: folder.path))
        let rig = try RaBitRig.read(characterFolder: folder.path, limits: limits)
        let bodyDocument = try OBJParser.document(path: body, limits: limits)
        let eyeDocument: OBJDocument? =
            if let eyes = folder.file(at: ["tpose", "e.obj"]) {
                try OBJParser.document(path: eyes, limits: limits)
            } else { nil }
        if let rig {
            character.addJoints(of: rig)
            let weights = try rig.weightsOfParts(
                body: bodyDocument, eyes: eyeDocument, path: path)
            character.add(bodyDocument, name: "body", weights: weights.body)
            if let eyeDocument { character.add(eyeDocument, name: "eyes", weights: weights.eyes) }
            character.addMotion(of: rig, framesPerSecond: framesPerSecond)
        } else {
            character.warnings.append("There are no rig files: the character stands still.")
            character.add(bodyDocument, name: "body", weights: nil)
            if let eyeDocument { character.add(eyeDocument, name: "eyes", weights: nil) }
        }
        guard !character.rig.primitives.isEmpty else { throw .noGeometry(path: path) }
        try limits.check(character.rig, path: path)
        character.addMaterials(
            [bodyDocument, eyeDocument].compactMap { $0 },
            textures: TextureStore(folder: AssetFolder(containing: body), limits: limits))
        try character.textures.checkSize(path: path)
        return character.asset
    }

    /// Whether a folder holds a character: `tpose/m.obj`, in any case.
    static func isCharacter(folder path: String) -> Bool {
        AssetFolder(path)?.file(at: ["tpose", "m.obj"]) != nil
    }
}

/// Skinning weights of one OBJ file's vertices.
struct RaBitWeights {
    /// `[V, J]`, row-major.
    var rows: [Double]
    /// J.
    var jointCount: Int

    /// The influences of a surface's vertices, each of which has the weights of the file's vertex
    /// that it shows.
    func influences(_ filePositions: some Sequence<UInt32>) -> Rig.Influences {
        var offsets: [UInt32] = [0]
        var joints: [UInt32] = []
        var weights: [Float] = []
        for position in filePositions {
            let row = Int(position) * jointCount
            for j in 0..<jointCount where rows[row + j] > 0 {
                joints.append(UInt32(j))
                weights.append(Float(rows[row + j]))
            }
            offsets.append(UInt32(joints.count))
        }
        return Rig.Influences(offsets: offsets, joints: joints, weights: weights)
    }
}

extension RaBitRig {
    /// The weights of the body's and the eyes' vertices.
    ///
    /// Eyes have the rows of `weights.npy` after the body's, or those of `eye_weights.npy`. Where
    /// there is neither, they move as one with the head: every vertex gets the mean weights of the
    /// body's vertices nearest to the eyes, as RaBit's own code gives them the mean transform of
    /// the eye sockets.
    func weightsOfParts(body: OBJDocument, eyes: OBJDocument?, path: String) throws(AssetError)
        -> (body: RaBitWeights, eyes: RaBitWeights)
    {
        let count = joints.count
        let bodyCount = body.positions.count
        let eyeCount = eyes?.positions.count ?? 0
        let coversEyes = weightedVertexCount == bodyCount + eyeCount
        guard weightedVertexCount == bodyCount || coversEyes else {
            throw .malformed(
                path: path,
                what: "weights.npy has \(weightedVertexCount) rows for the \(bodyCount) vertices "
                    + "of m.obj and the \(eyeCount) of e.obj")
        }
        let bodyRows = RaBitWeights(
            rows: Array(weights[..<(bodyCount * count)]), jointCount: count)
        guard let eyes else { return (bodyRows, bodyRows) }
        let eyeRows: [Double]
        if coversEyes {
            eyeRows = Array(weights[(bodyCount * count)...])
        } else if let eyeWeights {
            guard eyeWeights.count == eyeCount * count else {
                throw .malformed(
                    path: path,
                    what: "eye_weights.npy has \(eyeWeights.count / count) rows for the "
                        + "\(eyeCount) vertices of e.obj")
            }
            eyeRows = eyeWeights
        } else {
            let mean = meanWeights(nearTo: eyes.positions, body: body.positions)
            eyeRows = (0..<eyeCount).flatMap { _ in mean }
        }
        return (bodyRows, RaBitWeights(rows: eyeRows, jointCount: count))
    }

    /// The most vertices of the eyes for which a neighbour is looked up.
    private static let eyeSampleCount = 64

    /// `[J]`: the mean of the weights of those vertices of the body that are nearest to some
    /// vertices of the eyes, spread evenly over them.
    private func meanWeights(nearTo eyes: Vector3Array, body: Vector3Array) -> [Double] {
        let sampleCount = min(eyes.count, Self.eyeSampleCount)
        var mean = [Double](repeating: 0, count: joints.count)
        guard sampleCount > 0, !body.isEmpty else { return mean }
        for k in 0..<sampleCount {
            let eye = eyes[k * eyes.count / sampleCount]
            var nearest = 0
            var distance = Float.infinity
            for v in 0..<body.count {
                let d = body[v] - eye
                let squared = dot(d, d)
                if squared < distance { (nearest, distance) = (v, squared) }
            }
            for j in joints.indices {
                mean[j] += weights[nearest * joints.count + j] / Double(sampleCount)
            }
        }
        return mean
    }
}
