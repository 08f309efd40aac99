import Assets
import Foundation
import Geometry
import Testing

@Suite struct GLTFGeometryTests {
    /// The positions of a mesh of one triangle whose POSITION is the given accessor.
    static func positions(_ draft: GLTFDraft, accessor: Int, indices: Int? = nil, mode: Int? = nil)
        throws -> MeshSequence
    {
        var draft = draft
        var primitive: [String: Any] = ["attributes": ["POSITION": accessor]]
        primitive["indices"] = indices
        primitive["mode"] = mode
        draft.add("meshes", ["primitives": [primitive]])
        draft.add("nodes", ["mesh": 0])
        return try draft.load().mesh(clip: nil, times: [0])
    }

    @Test func interleavedElements() throws {
        var draft = GLTFDraft()
        let numbers: [Float] = (0..<24).map(Float.init)
        let view = draft.view(GLTFDraft.bytes(numbers), stride: 32)
        for offset in [0, 12] {
            draft.add(
                "accessors",
                [
                    "bufferView": view, "byteOffset": offset, "componentType": 5126, "count": 3,
                    "type": "VEC3",
                ])
        }
        let mesh = try Self.positions(draft, accessor: 1)
        #expect(
            Array(mesh.positions) == [SIMD3(3, 4, 5), SIMD3(11, 12, 13), SIMD3(19, 20, 21)])
    }

    @Test func sparseElements() throws {
        for hasBase in [true, false] {
            var draft = GLTFDraft()
            let base: [Float] = [9, 9, 9, 1, 2, 3, 9, 9, 9]
            let accessor = draft.floats(base, "VEC3")
            var accessors = draft.json["accessors"] as? [[String: Any]] ?? []
            if !hasBase { accessors[accessor]["bufferView"] = nil }
            accessors[accessor]["sparse"] = [
                "count": 2,
                "indices": ["bufferView": draft.view([0, 2]), "componentType": 5121],
                "values": [
                    "bufferView": draft.view(GLTFDraft.bytes([4, 5, 6, 7, 8, 9] as [Float]))
                ],
            ]
            draft.json["accessors"] = accessors
            let p = try Self.positions(draft, accessor: accessor).positions
            #expect(p[0] == SIMD3(4, 5, 6) && p[2] == SIMD3(7, 8, 9))
            #expect(p[1] == (hasBase ? SIMD3(1, 2, 3) : .zero))
        }
    }

    /// Every stored type with and without `normalized`, by glTF's table of conversions.
    @Test func componentTypes() throws {
        func check<N: FixedWidthInteger & BitwiseCopyable>(
            _ numbers: [N], _ component: Int, normalized: Bool, _ expected: [Float]
        ) throws {
            var draft = GLTFDraft()
            // Three equal corners per number, so that its place does not matter.
            let accessor = draft.accessor(
                numbers.flatMap { [$0, $0, $0] }, "VEC3", component: component,
                normalized: normalized)
            let p = try Self.positions(draft, accessor: accessor).positions
            for (found, wanted) in zip(p, expected) { #expect(abs(found.x - wanted) < 1e-7) }
        }
        try check([-128, -127, 127] as [Int8], 5120, normalized: true, [-1, -1, 1])
        try check([-128, 3, 127] as [Int8], 5120, normalized: false, [-128, 3, 127])
        try check([0, 51, 255] as [UInt8], 5121, normalized: true, [0, 0.2, 1])
        try check([0, 51, 255] as [UInt8], 5121, normalized: false, [0, 51, 255])
        try check([-32768, 0, 32767] as [Int16], 5122, normalized: true, [-1, 0, 1])
        try check([-32768, 0, 32767] as [Int16], 5122, normalized: false, [-32768, 0, 32767])
        try check([0, 13107, 65535] as [UInt16], 5123, normalized: true, [0, 0.2, 1])
        try check([0, 13107, 65535] as [UInt16], 5123, normalized: false, [0, 13107, 65535])
    }

    @Test func stripsAndFans() throws {
        // A square in the plane z = 0, counter-clockwise seen from +z, as its writer must list it.
        for (mode, corners) in [(5, [0, 1, 3, 2] as [UInt16]), (6, [0, 1, 2, 3])] {
            var draft = GLTFDraft()
            let positions = draft.floats([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], "VEC3")
            let indices = draft.accessor(corners, "SCALAR", component: 5123)
            let mesh = try Self.positions(draft, accessor: positions, indices: indices, mode: mode)
            #expect(mesh.triangleCount == 2)
            var area: Float = 0
            for f in 0..<2 {
                let p = (0..<3).map { mesh.positions[Int(mesh.triangles[3 * f + $0])] }
                let double = cross(p[1] - p[0], p[2] - p[0]).z
                #expect(double > 0)
                area += double / 2
            }
            #expect(area == 1)
        }
    }

    @Test func indicesOfAllTypesAndNone() throws {
        for kind in 0..<4 {
            var draft = GLTFDraft()
            let positions = draft.floats([0, 0, 0, 1, 0, 0, 0, 1, 0], "VEC3")
            let indices: Int? =
                switch kind {
                case 0: draft.accessor([2, 0, 1] as [UInt8], "SCALAR", component: 5121)
                case 1: draft.accessor([2, 0, 1] as [UInt16], "SCALAR", component: 5123)
                case 2: draft.accessor([2, 0, 1] as [UInt32], "SCALAR", component: 5125)
                default: nil
                }
            let mesh = try Self.positions(draft, accessor: positions, indices: indices)
            #expect(mesh.triangles == (indices == nil ? [0, 1, 2] : [2, 0, 1]))
        }
    }

    @Test func unusedVerticesAreDropped() throws {
        var draft = GLTFDraft()
        let stray: Float = 1000
        let positions = draft.floats(
            [stray, 0, 0, 0, 0, 0, 1, 0, 0, stray, 1, 1, 0, 1, 0], "VEC3")
        let normals = draft.floats([Float](repeating: 0, count: 12) + [0, 0, 3], "VEC3")
        let uvs = draft.floats((0..<10).map(Float.init), "VEC2")
        let joints = draft.accessor(
            (0..<5).flatMap { [UInt8($0), 0, 0, 0] }, "VEC4", component: 5121)
        let weights = draft.floats((0..<5).flatMap { _ in [1, 0, 0, 0] as [Float] }, "VEC4")
        let target = draft.floats((0..<15).map(Float.init), "VEC3")
        var sparseNumbers = [Float](repeating: 0, count: 15)
        sparseNumbers[14] = 5
        let sparse = draft.floats(sparseNumbers, "VEC3")
        let indices = draft.accessor([1, 2, 4] as [UInt8], "SCALAR", component: 5121)
        draft.add(
            "meshes",
            [
                "primitives": [
                    [
                        "attributes": [
                            "POSITION": positions, "NORMAL": normals, "TEXCOORD_0": uvs,
                            "JOINTS_0": joints, "WEIGHTS_0": weights,
                        ], "indices": indices,
                        "targets": [["POSITION": target], ["POSITION": sparse]],
                    ]
                ]
            ])
        draft.add("nodes", ["mesh": 0])
        let primitive = try draft.load().rig.primitives[0]
        #expect(
            Array(primitive.positions) == [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
        #expect(primitive.triangles == [0, 1, 2])
        #expect(primitive.normals[2] == SIMD3(0, 0, 1))
        #expect(primitive.uvSets == [[SIMD2(2, 3), SIMD2(4, 5), SIMD2(8, 9)]])
        #expect(primitive.influences?.joints == [1, 2, 4])
        #expect(primitive.morphTargets[0].positions[2] == SIMD3(12, 13, 14))
        #expect(primitive.morphTargets[1].vertices == [2])
        #expect(Array(primitive.morphTargets[1].positions) == [SIMD3(0, 0, 5)])
    }

    @Test func vertexColors() throws {
        var draft = GLTFDraft()
        let bytes = draft.accessor(
            [255, 0, 51, 0, 0, 0, 0, 0, 0] as [UInt8], "VEC3", component: 5121, normalized: true)
        let shorts = draft.accessor(
            [UInt16](repeating: 65535, count: 8) + [0, 0, 0, 13107], "VEC4", component: 5123,
            normalized: true)
        for accessor in [bytes, shorts] {
            draft.add("nodes", ["mesh": draft.triangle(["COLOR_0": accessor])])
        }
        let rig = try draft.load().rig
        #expect(rig.primitives[0].colors[0] == SIMD4(1, 0, 0.2, 1))
        #expect(rig.primitives[1].colors[0] == .one)
        #expect(rig.primitives[1].colors[2] == SIMD4(0, 0, 0, 0.2))
    }

    /// Eight joints, each lifted by a power of two, weigh one corner: its lift spells the weights.
    @Test func eightInfluences() throws {
        var draft = GLTFDraft()
        let low = draft.accessor(
            [0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0] as [UInt8], "VEC4", component: 5121)
        let high = draft.accessor(
            [4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0] as [UInt16], "VEC4", component: 5123)
        let lowWeights = draft.accessor(
            [10, 20, 30, 40, 100, 0, 0, 0, 0, 0, 0, 0] as [UInt8], "VEC4", component: 5121,
            normalized: true)
        let highWeights = draft.accessor(
            [50, 60, 70, 80, 0, 0, 0, 0, 0, 0, 0, 0].map { UInt16($0) * 257 }, "VEC4",
            component: 5123, normalized: true)
        let mesh = draft.triangle([
            "JOINTS_0": low, "WEIGHTS_0": lowWeights, "JOINTS_1": high, "WEIGHTS_1": highWeights,
        ])
        // A skinned mesh ignores where its own node stands.
        draft.add("nodes", ["mesh": mesh, "skin": 0, "translation": [100, 100, 100]])
        for j in 0..<8 { draft.add("nodes", ["translation": [0, 0, 1 << j]]) }
        draft.add("skins", ["joints": Array(1...8)])
        let asset = try draft.load()
        #expect(asset.rig.primitives[0].influences?.offsets == [0, 8, 9, 10])
        let p = try asset.mesh(clip: nil, times: [0]).positions
        let lift = zip([10, 20, 30, 40, 50, 60, 70, 80], 0..<8).reduce(0.0) {
            $0 + Double($1.0) / 360 * Double(1 << $1.1)
        }
        #expect(abs(Double(p[0].z) - lift) < 1e-4)
        // Weights of 100 / 255 alone count as one, and none at all as the first joint's.
        #expect(p[1] == SIMD3(1, 0, 1) && p[2] == SIMD3(0, 1, 1))
    }

    @Test func inverseBindMatrices() throws {
        var draft = GLTFDraft()
        let joints = draft.accessor([UInt8](repeating: 0, count: 12), "VEC4", component: 5121)
        let weights = draft.floats(
            [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], "VEC4")
        let mesh = draft.triangle(["JOINTS_0": joints, "WEIGHTS_0": weights])
        draft.add("nodes", ["mesh": mesh, "skin": 0])
        draft.add("nodes", ["translation": [0, 3, 0], "rotation": [0, 0, 1, 0]])
        let binds = draft.floats(
            [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -1, 0, 0, 1], "MAT4")
        draft.add("skins", ["joints": [1], "inverseBindMatrices": binds])
        let p = try draft.load().mesh(clip: nil, times: [0]).positions
        #expect(length(p[0] - SIMD3(1, 3, 0)) < 1e-6 && length(p[1] - SIMD3(0, 3, 0)) < 1e-6)
    }

    @Test func onlyTheSceneIsShown() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        draft.add("nodes", ["children": [1], "translation": [1, 0, 0]])
        draft.add("nodes", ["mesh": mesh, "name": "shown"])
        draft.add("nodes", ["mesh": mesh, "name": "other scene"])
        draft.add("nodes", ["mesh": mesh, "name": "no scene"])
        draft.add("scenes", ["nodes": [2]])
        draft.add("scenes", ["nodes": [0]])
        draft.json["scene"] = 1
        let mesh1 = try draft.load().mesh(clip: nil, times: [0])
        #expect(mesh1.parts.map(\.name) == ["shown"] && mesh1.positions[0] == SIMD3(1, 0, 0))
        draft.json["scene"] = nil
        #expect(
            try draft.load().mesh(clip: nil, times: [0]).parts.map(\.name) == ["other scene"])
        draft.json["scenes"] = nil
        #expect(try draft.load().mesh(clip: nil, times: [0]).parts.count == 3)
    }

    @Test func childrenListedBeforeParents() throws {
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle(), "translation": [0, 0, 1]])
        draft.add("nodes", ["children": [0], "translation": [0, 1, 0]])
        draft.add("nodes", ["children": [1], "scale": [2, 2, 2]])
        #expect(
            try draft.load().mesh(clip: nil, times: [0]).positions[1] == SIMD3(2, 2, 2))
    }

    @Test func instancedMeshes() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        let translations = draft.floats([0, 0, 0, 0, 0, 5], "VEC3")
        let rotations = draft.accessor(
            [0, 0, 0, 127, 0, 0, 127, 0] as [Int8], "VEC4", component: 5120, normalized: true)
        draft.add(
            "nodes",
            [
                "mesh": mesh, "translation": [1, 0, 0],
                "extensions": [
                    "EXT_mesh_gpu_instancing": [
                        "attributes": ["TRANSLATION": translations, "ROTATION": rotations]
                    ]
                ],
            ])
        let p = try draft.load().mesh(clip: nil, times: [0]).positions
        #expect(p.count == 6 && p[1] == SIMD3(2, 0, 0) && length(p[4] - SIMD3(0, 0, 5)) < 1e-6)
    }

    @Test func pointsAndLinesArePassedOver() throws {
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle(primitive: ["mode": 0])])
        #expect(throws: AssetError.self) { try draft.load() }
        draft.add("nodes", ["mesh": draft.triangle()])
        let asset = try draft.load()
        #expect(asset.rig.primitives.count == 1 && asset.warnings.count == 1)
    }
}
