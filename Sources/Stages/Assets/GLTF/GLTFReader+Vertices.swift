import Geometry

extension GLTFReader {
    /// Reads positions, normals, colours and influences; false where there are no positions.
    mutating func readVertices(_ object: GLTFObject, into primitive: inout Rig.Primitive)
        throws(GLTFError) -> Bool
    {
        guard let attributes = object.object("attributes"),
            let index = try attributes.index("POSITION", below: accessors.count)
        else { return false }
        let accessor = try accessor(index)
        try check(accessor.count, "vertices", \.vertices)
        if accessor.run == nil, accessor.sparse == nil { try refuseCompressed(object) }
        primitive.positions = Vector3Array(scalars: try floats(accessor, widths: 3...3))
        let count = accessor.count
        if let normals = try attribute("NORMAL", attributes, count: count, widths: 3...3) {
            primitive.normals = Vector3Array(scalars: normals)
            for v in 0..<count { primitive.normals[v] = normalize(primitive.normals[v]) }
        }
        if let index = try attributes.index("COLOR_0", below: accessors.count) {
            let width = try self.accessor(index).width
            let colors =
                try attribute("COLOR_0", attributes, count: count, widths: 3...4, fraction: true)
                ?? []
            try charge(count, elementsOf: 16, for: attributes.place)
            primitive.colors = (0..<count).map { v in
                SIMD4(
                    colors[width * v], colors[width * v + 1], colors[width * v + 2],
                    width == 4 ? colors[width * v + 3] : 1)
            }
        }
        primitive.influences = try influences(attributes, count: count)
        return true
    }

    /// Reads the texture coordinates that the primitive's material reads, zeros where they are
    /// absent, or else the first two sets.
    mutating func readTextureCoordinates(
        _ object: GLTFObject, into primitive: inout Rig.Primitive
    ) throws(GLTFError) {
        guard let attributes = object.object("attributes") else { return }
        let count = primitive.positions.count
        let needs = materials.needs(of: primitive.material)
        for (slot, set) in needs.sets.enumerated() {
            try charge(count, elementsOf: 8, for: attributes.place)
            if let uvs = try attribute(
                "TEXCOORD_\(set)", attributes, count: count, widths: 2...2)
            {
                while primitive.uvSets.count < slot {
                    primitive.uvSets.append([SIMD2](repeating: .zero, count: count))
                }
                primitive.uvSets.append(
                    (0..<count).map { SIMD2(uvs[2 * $0], uvs[2 * $0 + 1]) })
            }
        }
        while primitive.uvSets.count < needs.count {
            primitive.uvSets.append([SIMD2](repeating: .zero, count: count))
        }
    }

    /// Numbers of a vertex attribute, or nil where the primitive has none of the name.
    private mutating func attribute(
        _ name: String, _ attributes: GLTFObject, count: Int, widths: ClosedRange<Int>,
        fraction: Bool = false
    ) throws(GLTFError) -> [Float]? {
        guard let index = try attributes.index(name, below: accessors.count) else { return nil }
        let accessor = try accessor(index)
        try check(accessor, name, attributes, count: count)
        return try floats(accessor, widths: widths, fraction: fraction)
    }

    private func check(
        _ accessor: GLTFAccessor, _ name: String, _ attributes: GLTFObject, count: Int
    ) throws(GLTFError) {
        guard accessor.count == count else {
            throw .malformed(
                "\(attributes.place).\(name) has \(accessor.count) elements for \(count) vertices")
        }
    }

    /// The joint influences of all sets `JOINTS_n`, `WEIGHTS_n`; nil where there are none.
    private mutating func influences(_ attributes: GLTFObject, count: Int) throws(GLTFError)
        -> Rig.Influences?
    {
        var sets: [(joints: [UInt32], weights: [Float])] = []
        while let jointIndex = try attributes.index("JOINTS_\(sets.count)", below: accessors.count)
        {
            let accessor = try accessor(jointIndex)
            try check(accessor, "JOINTS_\(sets.count)", attributes, count: count)
            let joints = try integers(accessor, width: 4)
            guard
                let weights = try attribute(
                    "WEIGHTS_\(sets.count)", attributes, count: count, widths: 4...4,
                    fraction: true)
            else { throw .malformed("\(attributes.place) has joints without weights") }
            sets.append((joints, weights))
        }
        guard !sets.isEmpty else { return nil }
        guard count * 4 * sets.count < Int(UInt32.max) else {
            throw .tooLarge("\(count) vertices of \(4 * sets.count) influences")
        }
        try charge(count, elementsOf: 8 + 64 * sets.count, for: attributes.place)
        var offsets: [UInt32] = [0]
        var joints: [UInt32] = []
        var weights: [Float] = []
        offsets.reserveCapacity(count + 1)
        joints.reserveCapacity(count * 4)
        weights.reserveCapacity(count * 4)
        for v in 0..<count {
            let before = joints.count
            for set in sets {
                for i in 4 * v..<4 * v + 4 where set.weights[i] > 0 {
                    joints.append(set.joints[i])
                    weights.append(set.weights[i])
                }
            }
            // What no joint holds follows the first one named, as in other readers.
            if joints.count == before {
                joints.append(sets[0].joints[4 * v])
                weights.append(1)
            }
            offsets.append(UInt32(joints.count))
        }
        return Rig.Influences(offsets: offsets, joints: joints, weights: weights)
    }
}

extension Rig.Primitive {
    /// Leaves out vertices that no triangle uses: exporters let several primitives share one
    /// large set of vertices, and strays would distort the asset's bounds.
    mutating func dropUnusedVertices() {
        let count = positions.count
        var isUsed = [Bool](repeating: false, count: count)
        for corner in triangles { isUsed[Int(corner)] = true }
        guard isUsed.contains(false) else { return }
        var newIndex = [UInt32](repeating: 0, count: count)
        var kept: [Int] = []
        for v in 0..<count where isUsed[v] {
            newIndex[v] = UInt32(kept.count)
            kept.append(v)
        }
        positions = positions.picking(kept)
        if !normals.isEmpty { normals = normals.picking(kept) }
        if !colors.isEmpty { colors = kept.map { colors[$0] } }
        uvSets = uvSets.map { set in kept.map { set[$0] } }
        triangles = triangles.map { newIndex[Int($0)] }
        influences = influences?.picking(kept)
        morphTargets = morphTargets.map { $0.picking(kept, isUsed: isUsed, newIndex: newIndex) }
    }
}

extension Vector3Array {
    /// The vectors at some positions.
    fileprivate func picking(_ kept: [Int]) -> Vector3Array {
        var picked = Vector3Array()
        picked.reserveCapacity(kept.count)
        for i in kept { picked.append(self[i]) }
        return picked
    }
}

extension Rig.Influences {
    /// The influences of some vertices.
    fileprivate func picking(_ kept: [Int]) -> Rig.Influences {
        var ends: [UInt32] = [0]
        var pickedJoints: [UInt32] = []
        var pickedWeights: [Float] = []
        for v in kept {
            let row = Int(offsets[v])..<Int(offsets[v + 1])
            pickedJoints.append(contentsOf: joints[row])
            pickedWeights.append(contentsOf: weights[row])
            ends.append(UInt32(pickedJoints.count))
        }
        return Rig.Influences(offsets: ends, joints: pickedJoints, weights: pickedWeights)
    }
}

extension Rig.MorphTarget {
    /// The displacements of some vertices.
    fileprivate func picking(_ kept: [Int], isUsed: [Bool], newIndex: [UInt32])
        -> Rig.MorphTarget
    {
        let rows = vertices.map { listed in listed.indices.filter { isUsed[Int(listed[$0])] } }
        let picked = rows ?? kept
        return Rig.MorphTarget(
            name: name,
            vertices: rows.map { rows in rows.map { newIndex[Int(vertices?[$0] ?? 0)] } },
            positions: positions.isEmpty ? positions : positions.picking(picked),
            normals: normals.isEmpty ? normals : normals.picking(picked))
    }
}
