import CAssimp
import Geometry

/// A mesh of a scene as a primitive, with what its instances need to know.
struct AssimpPrimitive {
    var primitive: Rig.Primitive
    /// The bones that weigh on it, in the order of its influences.
    var bones: [Bone]
    /// Whether the influences' last joint stands for the node of the mesh itself: vertices that
    /// no bone weighs on stay with it.
    var hasUnweightedVertices: Bool

    /// A joint by its name.
    struct Bone {
        var name: String
        var jointFromMesh: Matrix4
    }

    /// The triangles of a mesh, or nil where it has none. Faces of other sizes, and those with
    /// absent vertices or ones that are not finite, are left out.
    init?(_ mesh: aiMesh, warnings: inout [String]) {
        let name = mesh.mName.text
        let vertices = assimpArray(mesh.mVertices, mesh.mNumVertices)
        guard !vertices.isEmpty else { return nil }
        let isFinite = vertices.map { $0.vector - $0.vector == .zero }
        let triangles = Self.triangles(mesh, isFinite: isFinite)
        if isFinite.contains(false) {
            warnings.append("\(name): triangles at vertices that are not finite were left out.")
        }
        guard !triangles.isEmpty else { return nil }

        var lanes = VertexLanes(count: vertices.count)
        let positions = lanes.add(
            width: 3,
            Vector3Array(zip(vertices, isFinite).lazy.map { $1 ? $0.vector : .zero }).scalars)
        let normals = Self.unitVectors(mesh.mNormals, count: vertices.count).map {
            lanes.add(width: 3, $0)
        }
        let uvs = Self.uvSets(mesh).map { lanes.add(width: 2, $0) }
        let colors = Self.colors(mesh).map { lanes.add(width: 4, $0) }
        let targets = assimpObjects(mesh.mAnimMeshes, mesh.mNumAnimMeshes).map {
            MorphLanes($0.pointee, base: mesh, lanes: &lanes)
        }
        let rows = AssimpInfluences(mesh)
        bones = rows?.bones ?? []
        hasUnweightedVertices = rows?.hasUnweightedVertices ?? false
        let (newIndices, kept) = lanes.join(rows?.influences)

        func vectors(_ lane: Int) -> Vector3Array {
            Vector3Array(scalars: lanes.lanes[lane].scalars)
        }
        primitive = Rig.Primitive(
            name: name, positions: vectors(positions),
            normals: normals.map(vectors) ?? Vector3Array(),
            uvSets: uvs.map { set in
                let s = lanes.lanes[set].scalars
                return stride(from: 0, to: s.count, by: 2).map { SIMD2(s[$0], s[$0 + 1]) }
            },
            colors: colors.map { lane in
                let s = lanes.lanes[lane].scalars
                return stride(from: 0, to: s.count, by: 4).map {
                    SIMD4(s[$0], s[$0 + 1], s[$0 + 2], s[$0 + 3])
                }
            } ?? [],
            triangles: triangles.map { newIndices[Int($0)] },
            material: Int(mesh.mMaterialIndex),
            influences: kept.count < vertices.count
                ? rows?.influences.rows(kept) : rows?.influences,
            morphTargets: targets.map { $0.target(lanes) })
    }

    /// `[F, 3]` indices of the faces that are sound triangles.
    private static func triangles(_ mesh: aiMesh, isFinite: [Bool]) -> [UInt32] {
        var triangles: [UInt32] = []
        triangles.reserveCapacity(3 * Int(mesh.mNumFaces))
        for face in assimpArray(mesh.mFaces, mesh.mNumFaces) where face.mNumIndices == 3 {
            let corners = assimpArray(face.mIndices, face.mNumIndices)
            guard corners.count == 3,
                corners.allSatisfy({ Int($0) < isFinite.count && isFinite[Int($0)] })
            else { continue }
            triangles.append(contentsOf: corners)
        }
        return triangles
    }

    /// `[V, 3]` vectors of length one, zero where they have none; nil where no vertex has one.
    private static func unitVectors(_ start: UnsafeMutablePointer<aiVector3D>?, count: Int)
        -> [Float]?
    {
        let vectors = Vector3Array(
            assimpArray(start, UInt32(count)).lazy.map { normalize($0.vector) })
        return vectors.contains { $0 != .zero } ? vectors.scalars : nil
    }

    /// The first two UV sets, `[V, 2]` each, with v running down: assimp's runs up.
    private static func uvSets(_ mesh: aiMesh) -> [[Float]] {
        [mesh.mTextureCoords.0, mesh.mTextureCoords.1].prefix { $0 != nil }.map { start in
            var scalars: [Float] = []
            scalars.reserveCapacity(2 * Int(mesh.mNumVertices))
            for uv in assimpArray(start, mesh.mNumVertices) {
                let isFinite = uv.x - uv.x == 0 && uv.y - uv.y == 0
                scalars.append(isFinite ? uv.x : 0)
                scalars.append(isFinite ? 1 - uv.y : 0)
            }
            return scalars
        }
    }

    /// `[V, 4]` linear colours, or nil where the mesh has none. Files of these formats hold
    /// display colours, which Blender's importers take as sRGB.
    private static func colors(_ mesh: aiMesh) -> [Float]? {
        guard mesh.mColors.0 != nil else { return nil }
        var scalars: [Float] = []
        scalars.reserveCapacity(4 * Int(mesh.mNumVertices))
        for color in assimpArray(mesh.mColors.0, mesh.mNumVertices) {
            let linear = ColorEncoding.linear(SIMD3(color.r, color.g, color.b))
            scalars.append(linear.x)
            scalars.append(linear.y)
            scalars.append(linear.z)
            scalars.append(color.a >= 0 ? min(color.a, 1) : 0)
        }
        return scalars
    }
}

/// A morph target while the vertices are joined: lanes of displacements.
private struct MorphLanes {
    let name: String
    /// Lane of `[V, 3]` displacements, nil where the target does not match its mesh.
    let positions: Int?
    /// Lane of `[V, 3]` changes of the normals.
    let normals: Int?

    /// assimp gives the target's positions, from which the mesh's own are taken away.
    init(_ target: aiAnimMesh, base: aiMesh, lanes: inout VertexLanes) {
        name = target.mName.text
        guard target.mNumVertices == base.mNumVertices else {
            positions = nil
            normals = nil
            return
        }
        func difference(
            _ a: UnsafeMutablePointer<aiVector3D>?, _ b: UnsafeMutablePointer<aiVector3D>?
        ) -> [Float]? {
            guard a != nil, b != nil else { return nil }
            let pairs = zip(
                assimpArray(a, base.mNumVertices), assimpArray(b, base.mNumVertices))
            return Vector3Array(
                pairs.lazy.map { a, b in
                    let d = a.vector - b.vector
                    return d - d == .zero ? d : .zero
                }
            ).scalars
        }
        positions = difference(target.mVertices, base.mVertices).map { lanes.add(width: 3, $0) }
        normals = difference(target.mNormals, base.mNormals).map { lanes.add(width: 3, $0) }
    }

    /// The target, listing only displaced vertices where they are less than half.
    func target(_ lanes: VertexLanes) -> Rig.MorphTarget {
        guard let positions else {
            return Rig.MorphTarget(name: name, vertices: [], positions: Vector3Array())
        }
        let moved = Vector3Array(scalars: lanes.lanes[positions].scalars)
        let turned = normals.map { Vector3Array(scalars: lanes.lanes[$0].scalars) }
        let changed = moved.indices.filter { v in
            moved[v] != .zero || turned.map { $0[v] != .zero } ?? false
        }
        guard 2 * changed.count < moved.count else {
            return Rig.MorphTarget(
                name: name, positions: moved, normals: turned ?? Vector3Array())
        }
        return Rig.MorphTarget(
            name: name, vertices: changed.map { UInt32($0) },
            positions: Vector3Array(changed.map { moved[$0] }),
            normals: Vector3Array(turned.map { t in changed.map { t[$0] } } ?? []))
    }
}

/// The bone weights of a mesh, turned from bone by bone to vertex by vertex.
private struct AssimpInfluences {
    let influences: Rig.Influences
    let bones: [AssimpPrimitive.Bone]
    let hasUnweightedVertices: Bool

    /// The influences of a mesh, or nil where no bone weighs on it.
    init?(_ mesh: aiMesh) {
        let sources = assimpObjects(mesh.mBones, mesh.mNumBones)
        let count = Int(mesh.mNumVertices)
        func isSound(_ weight: aiVertexWeight) -> Bool {
            Int(weight.mVertexId) < count && weight.mWeight > 0 && weight.mWeight.isFinite
        }
        var ends = [UInt32](repeating: 0, count: count)
        for bone in sources {
            for weight in assimpArray(bone.pointee.mWeights, bone.pointee.mNumWeights)
            where isSound(weight) {
                ends[Int(weight.mVertexId)] += 1
            }
        }
        let unweighted = UInt32(sources.count)
        let hasUnweightedVertices = ends.contains(0)
        guard ends.contains(where: { $0 > 0 }) else { return nil }
        var offsets: [UInt32] = [0]
        for v in ends.indices {
            offsets.append(offsets[v] + max(ends[v], 1))
            ends[v] = offsets[v]
        }
        // Rows that stay as they are made here belong to vertices without weights.
        var joints = [UInt32](repeating: unweighted, count: Int(offsets[count]))
        var weights = [Float](repeating: 1, count: joints.count)
        for (joint, bone) in sources.enumerated() {
            for weight in assimpArray(bone.pointee.mWeights, bone.pointee.mNumWeights)
            where isSound(weight) {
                let place = Int(ends[Int(weight.mVertexId)])
                joints[place] = UInt32(joint)
                weights[place] = weight.mWeight
                ends[Int(weight.mVertexId)] += 1
            }
        }
        self.hasUnweightedVertices = hasUnweightedVertices
        influences = Rig.Influences(offsets: offsets, joints: joints, weights: weights)
        bones = sources.map {
            AssimpPrimitive.Bone(
                name: $0.pointee.mName.text, jointFromMesh: Matrix4($0.pointee.mOffsetMatrix))
        }
    }
}
