import Geometry

extension Rig {
    /// Which index or count of the rig is wrong, or nil where all are sound.
    ///
    /// - Complexity: O(*n*) in the size of the rig's arrays.
    func defect(materialCount: Int) -> String? {
        for (i, node) in nodes.enumerated() {
            if let parent = node.parent, !(0..<i).contains(parent) {
                return "node \(i) stands before its parent \(parent)"
            }
        }
        for (i, skin) in skins.enumerated() {
            guard skin.joints.count == skin.jointFromMesh.count,
                skin.joints.allSatisfy(nodes.indices.contains)
            else { return "skin \(i) has joints that are no nodes" }
        }
        for (i, primitive) in primitives.enumerated() {
            if let defect = primitive.defect(materialCount: materialCount) {
                return "primitive \(i) \(defect)"
            }
        }
        for (i, instance) in instances.enumerated() {
            guard nodes.indices.contains(instance.node),
                primitives.indices.contains(instance.primitive)
            else { return "instance \(i) names a node or primitive that is absent" }
            guard let skin = instance.skin else { continue }
            guard skins.indices.contains(skin) else { return "instance \(i) names an absent skin" }
            let joints = primitives[instance.primitive].influences?.joints ?? []
            guard Int(joints.max() ?? 0) < max(skins[skin].joints.count, joints.isEmpty ? 1 : 0)
            else { return "primitive \(instance.primitive) names joints that skin \(skin) lacks" }
        }
        return nil
    }
}

extension Rig.Primitive {
    /// Which index or count is wrong, or nil where all are sound.
    fileprivate func defect(materialCount: Int) -> String? {
        let count = positions.count
        guard (0..<materialCount).contains(material) else { return "names an absent material" }
        guard normals.isEmpty || normals.count == count, colors.isEmpty || colors.count == count,
            uvSets.allSatisfy({ $0.count == count })
        else { return "has attributes of different lengths" }
        guard triangles.count % 3 == 0, triangles.allSatisfy({ Int($0) < count }) else {
            return "has triangles that name absent vertices"
        }
        if let influences, !influences.isSound(vertexCount: count) {
            return "has influences that do not match its vertices"
        }
        for (i, target) in morphTargets.enumerated() {
            let displaced = target.vertices?.count ?? count
            guard target.positions.isEmpty || target.positions.count == displaced,
                target.normals.isEmpty || target.normals.count == displaced,
                target.vertices?.allSatisfy({ Int($0) < count }) ?? true
            else { return "has a morph target \(i) that does not match its vertices" }
        }
        return nil
    }
}

extension Rig.Influences {
    /// Whether the rows are in order and cover all influences.
    fileprivate func isSound(vertexCount: Int) -> Bool {
        guard offsets.count == vertexCount + 1, joints.count == weights.count,
            offsets.last.map(Int.init) == joints.count
        else { return false }
        return zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
    }
}
