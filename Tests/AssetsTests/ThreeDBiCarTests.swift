import Assets
import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@Suite struct ThreeDBiCarTests {
    /// A made-up character: a tree of joints and a body of quads.
    struct Draft {
        var parents: [Int]
        var joints: [SIMD3<Double>]
        /// `[V][J]`
        var weights: [[Double]]
        /// `[F][J]` axis times angle.
        var poses: [[SIMD3<Double>]]
        var translations: [SIMD3<Double>]
        var vertices: [SIMD3<Double>]

        /// A body of `rings` quads around a post, on 24 joints whose parents are not in order.
        init(seed: UInt64, rings: Int = 12, frames: Int = 5) {
            var random = KeyedRandom(seed: seed, asset: "rabit", purpose: "draft")
            func vector(_ size: Double) -> SIMD3<Double> {
                SIMD3(
                    random.uniform(-size..<size), random.uniform(-size..<size),
                    random.uniform(-size..<size))
            }
            // Joint 0 is the root; joint 5's parent is joint 9.
            parents = (0..<24).map { $0 == 0 ? -1 : $0 == 5 ? 9 : $0 == 9 ? 2 : max(0, $0 - 3) }
            joints = (0..<24).map { _ in vector(1) }
            vertices = (0..<4 * rings).map { _ in vector(1.5) }
            weights = vertices.map { _ in
                var row = [Double](repeating: 0, count: 24)
                for _ in 0..<4 {
                    row[Int.random(in: 0..<24, using: &random)] += random.uniform(0.1..<1)
                }
                let sum = row.reduce(0, +)
                return row.map { $0 / sum }
            }
            poses = (0..<frames).map { frame in (0..<24).map { _ in frame == 0 ? .zero : vector(2) }
            }
            translations = (0..<frames).map { _ in vector(3) }
        }

        /// RaBit's own formula (rabit_np.py), vertex by vertex in double precision: rotations by
        /// Rodrigues, chained from the root, less the rest pose.
        func posed(frame: Int) -> [SIMD3<Double>] {
            func rodrigues(_ r: SIMD3<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
                let angle = length(r)
                guard angle > 0 else { return v }
                let k = r / angle
                return v * cos(angle) + cross(k, v) * sin(angle)
                    + k * dot(k, v) * (1 - cos(angle))
            }
            /// The posed place of a point that is fixed to joint `j`.
            func place(_ joint: Int, _ p: SIMD3<Double>) -> SIMD3<Double> {
                let local = rodrigues(poses[frame][joint], p - joints[joint]) + joints[joint]
                return parents[joint] < 0 ? local : place(parents[joint], local)
            }
            return vertices.indices.map { v in
                weights[v].enumerated().reduce(translations[frame]) { sum, entry in
                    entry.element == 0
                        ? sum : sum + entry.element * place(entry.offset, vertices[v])
                }
            }
        }

        func write(to folder: TemporaryFolder, rig: String = "7/rig", posesLackRoot: Bool = false)
            throws
        {
            try folder.write(
                "\(rig)/parents.npy", npy("<i8", [24], parents.flatMap { bytes(Int64($0)) }))
            try folder.write("\(rig)/joints.npy", npy("<f8", [24, 3], joints.flatMap(coordinates)))
            try folder.write(
                "\(rig)/weights.npy",
                npy("<f4", [weights.count, 24], weights.joined().flatMap { bytes(Float($0)) }))
            let rows = posesLackRoot ? poses.map { Array($0.dropFirst()) } : poses
            try folder.write(
                "7/poses.npy",
                npy("<f8", [rows.count, rows[0].count, 3], rows.joined().flatMap(coordinates)))
            try folder.write(
                "7/translation.npy",
                npy("<f8", [poses.count, 3], translations.flatMap(coordinates)))
        }

        /// The body's file: every quad has UVs of its own, so that vertices are split.
        func object(quads: [[Int]]) -> String {
            var text = "mtllib m.mtl\nusemtl defaultMat\n"
            for v in vertices { text += "v \(v.x) \(v.y) \(v.z)\n" }
            for (q, quad) in quads.enumerated() {
                for k in 0..<4 { text += "vt \(Double(q) / 64) \(Double(k) / 4)\n" }
                text +=
                    "f "
                    + quad.enumerated().map { "\($1 + 1)/\(4 * q + $0 + 1)" }
                    .joined(separator: " ") + "\n"
            }
            return text
        }

        var quads: [[Int]] {
            // Vertices out of order, and most in several quads.
            let n = vertices.count
            var quads: [[Int]] = []
            for q in 0..<n / 4 {
                quads.append([4 * q, 4 * q + 1, 4 * q + 2, 4 * q + 3])
                quads.append([n - 1 - q, q, (q + 7) % n, (q + 13) % n])
            }
            return quads
        }
    }

    static func npy(_ descriptor: String, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
        let shape = "(" + shape.map { "\($0)," }.joined() + ")"
        return NPYTests.file(NPYTests.header(descriptor, shape), data: data)
    }

    static func coordinates(_ v: SIMD3<Double>) -> [UInt8] { bytes(v.x) + bytes(v.y) + bytes(v.z) }

    @Test(arguments: [false, true])
    func posesAreRaBits(posesLackRoot: Bool) throws {
        let folder = TemporaryFolder()
        var draft = Draft(seed: 4)
        if posesLackRoot { for f in draft.poses.indices { draft.poses[f][0] = .zero } }
        try draft.write(to: folder, posesLackRoot: posesLackRoot)
        try folder.write("7/tpose/m.obj", draft.object(quads: draft.quads))
        try folder.write("7/tpose/m.mtl", "newmtl defaultMat\nmap_Kd M.png\n")
        try folder.write("7/tpose/m.PNG", Image(width: 1, height: 1).pngEncoded())
        let asset = try ThreeDBiCarLoader.load(path: folder.path + "/7", framesPerSecond: 20)
        #expect(asset.name == "7")
        #expect(asset.format == "3dbicar")
        #expect(asset.missingTextures.isEmpty && asset.warnings.isEmpty)
        #expect(asset.materials[0].baseColorTexture?.texture == 0)
        #expect(asset.clips.map(\.sourceFrameCount) == [5])
        let mesh = try asset.mesh(clip: 0, times: (0..<5).map { Double($0) / 20 })
        let document = try OBJParser.document(path: folder.path + "/7/tpose/m.obj")
        let surface = OBJSurface(document, splitsByNormal: false)
        #expect(mesh.vertexCount == surface.vertexCount)
        #expect(mesh.vertexCount > draft.vertices.count)
        for frame in 0..<5 {
            let expected = draft.posed(frame: frame)
            for (v, p) in points(mesh, frame: frame).enumerated() {
                let difference = SIMD3<Double>(p) - expected[Int(surface.filePositions[v])]
                #expect(length(difference) < 2e-5)
            }
        }
        #expect(mesh.triangles.count == 2 * 3 * draft.quads.count)
    }

    @Test func eyesFollowTheHead() throws {
        let folder = TemporaryFolder()
        var draft = Draft(seed: 5)
        // The body's vertices near the eyes, at (8, 8, 8), hang on joint 15 alone.
        for v in 0..<8 {
            draft.vertices[v] = SIMD3(8 + Double(v % 2), 8 + Double(v / 4), 8)
            draft.weights[v] = (0..<24).map { $0 == 15 ? 1 : 0 }
        }
        try draft.write(to: folder, rig: "rig")
        try folder.write("7/tpose/M.OBJ", draft.object(quads: draft.quads))
        let eyes = [SIMD3(8.2, 8.3, 8.1), SIMD3(8.4, 8.3, 8.1), SIMD3(8.4, 8.6, 8.1)]
        try folder.write(
            "7/tpose/e.obj",
            eyes.map { "v \($0.x) \($0.y) \($0.z)\n" }.joined() + "f 1 2 3\n")
        try folder.write("7/tpose/E.BMP", Self.bitmap)
        let asset = try ThreeDBiCarLoader.load(path: folder.path + "/7")
        #expect(asset.materials.count == 2)
        let reference = try #require(asset.materials[1].baseColorTexture)
        #expect(asset.textures[reference.texture].image[0, 0] == SIMD4(30, 20, 10, 255))
        var moved = draft
        moved.vertices = eyes
        moved.weights = eyes.map { _ in draft.weights[0] }
        let mesh = try asset.mesh(clip: 0, times: [3.0 / 24])
        let part = try #require(mesh.parts.first { $0.name == "eyes" })
        let corners = mesh.triangles[3 * part.triangles.lowerBound..<3 * part.triangles.upperBound]
        for (corner, expected) in zip(corners, moved.posed(frame: 3)) {
            #expect(length(SIMD3<Double>(mesh.positions[Int(corner)]) - expected) < 5e-5)
        }
    }

    /// A 24-bit BMP of one pixel: red 30, green 20, blue 10.
    static let bitmap: [UInt8] =
        Array("BM".utf8) + bytes(UInt32(58)) + bytes(UInt32(0)) + bytes(UInt32(54))
        + bytes(UInt32(40)) + bytes(Int32(1)) + bytes(Int32(1)) + bytes(UInt16(1))
        + bytes(UInt16(24)) + [UInt8](repeating: 0, count: 24) + [10, 20, 30, 0]

    @Test func weightsMayCoverTheEyes() throws {
        let folder = TemporaryFolder()
        let draft = Draft(seed: 6)
        try draft.write(to: folder)
        // The last three vertices are the eyes' file.
        var body = draft
        let split = draft.vertices.count - 3
        body.vertices = Array(draft.vertices[..<split])
        try folder.write(
            "7/tpose/m.obj", body.object(quads: [[0, 1, 2, 3], [split - 1, 4, 5, 6]]))
        try folder.write(
            "7/tpose/e.obj",
            draft.vertices[split...].map { "v \($0.x) \($0.y) \($0.z)\n" }.joined() + "f 1 2 3\n")
        let mesh = try ThreeDBiCarLoader.load(path: folder.path + "/7").mesh(
            clip: 0, times: [2.0 / 24])
        let expected = draft.posed(frame: 2)
        let eyes = points(mesh).suffix(3)
        for (p, q) in zip(eyes, expected[split...]) {
            #expect(length(SIMD3<Double>(p) - q) < 2e-5)
        }
    }

    @Test func withoutARigItStandsStill() throws {
        let folder = TemporaryFolder()
        let draft = Draft(seed: 7)
        try folder.write("7/tpose/m.obj", draft.object(quads: draft.quads))
        let asset = try ThreeDBiCarLoader.load(path: folder.path + "/7")
        #expect(asset.clips.isEmpty)
        #expect(asset.warnings.contains { $0.contains("m.mtl") })
        let mesh = try asset.mesh(clip: nil, times: [0])
        #expect(distance(points(mesh), draft.vertices) < 1e-6)
    }

    @Test func brokenRigsAreNamed() throws {
        let draft = Draft(seed: 8)
        let ring = (0..<24).flatMap { bytes(Int64(($0 + 1) % 24)) }
        let changes: [(String, [UInt8])] = [
            ("parents.npy", Self.npy("<i8", [24], ring)),
            ("parents.npy", Self.npy("<f4", [24], (0..<24).flatMap { bytes(Float($0) - 0.5) })),
            ("parents.npy", Self.npy("<f4", [0], [])),
            ("joints.npy", Self.npy("<f4", [23, 3], [UInt8](repeating: 0, count: 276))),
            ("joints.npy", Self.npy("<f4", [24, 3], (0..<72).flatMap { _ in bytes(Float.nan) })),
            ("weights.npy", Self.npy("<f4", [2, 24], [UInt8](repeating: 0, count: 192))),
            ("weights.npy", Self.npy("<f4", [24], [UInt8](repeating: 0, count: 96))),
        ]
        for (name, file) in changes {
            let folder = TemporaryFolder()
            try draft.write(to: folder)
            try folder.write("7/tpose/m.obj", draft.object(quads: draft.quads))
            try folder.write("7/rig/\(name)", file)
            #expect {
                try ThreeDBiCarLoader.load(path: folder.path + "/7")
            } throws: { error in
                guard case AssetError.malformed(_, let what)? = error as? AssetError else {
                    return false
                }
                return !what.isEmpty
            }
        }
        for name in ["rig/parents.npy", "rig/joints.npy", "rig/weights.npy"] {
            let folder = TemporaryFolder()
            try draft.write(to: folder)
            try folder.write("7/tpose/m.obj", draft.object(quads: draft.quads))
            try FileManager.default.removeItem(atPath: folder.path + "/7/" + name)
            #expect(throws: AssetError.self) {
                try ThreeDBiCarLoader.load(path: folder.path + "/7")
            }
        }
        #expect(throws: AssetError.self) { try ThreeDBiCarLoader.load(path: "/nowhere") }
    }
}
