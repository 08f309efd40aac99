import Assets
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct AnimeTests {
    /// A tetrahedron in three frames.
    static let first: [Float] = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]
    static let faces: [Int32] = [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]
    static let offsets: [[Float]] = [
        [0.5, 0.25, 2, 0, 0, 0, 0, 0, 0, 0, 0, -1],
        [-1, 0, 0, 0, -1, 0, 0, 0, -1, 3, 2, 1],
    ]

    static func file(
        frames: Int32 = 3, vertices: Int32 = 4, triangles: Int32 = 4, faces: [Int32] = faces,
        offsets: [[Float]] = offsets
    ) -> [UInt8] {
        bytes(frames) + bytes(vertices) + bytes(triangles) + first.flatMap { bytes($0) }
            + faces.flatMap { bytes($0) } + offsets.flatMap { $0 }.flatMap { bytes($0) }
    }

    @Test func offsetsCountFromTheFirstFrame() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("bear_walk.anime", Self.file())
        let asset = try AnimeLoader.load(path: path, upAxis: .y)
        #expect(asset.name == "bear_walk")
        #expect(asset.format == "anime")
        #expect(asset.clips.count == 1)
        #expect(asset.clips[0].start == 0)
        #expect(abs(asset.clips[0].end - 2.0 / 24) < 1e-15)
        #expect(asset.clips[0].sourceFrameCount == 3)
        let mesh = try asset.mesh(clip: 0, times: [0, 1.0 / 24, 2.0 / 24])
        #expect(mesh.triangles == Self.faces.map { UInt32($0) })
        for (t, offset) in ([[Float](repeating: 0, count: 12)] + Self.offsets).enumerated() {
            let expected = zip(Self.first, offset).map { $0 + $1 }
            #expect(Array(mesh.positions.scalars[12 * t..<12 * t + 12]) == expected)
        }
    }

    @Test func betweenFramesVerticesMoveStraight() throws {
        let asset = try AnimeLoader.asset(
            reading: Self.file(), path: "x.anime", framesPerSecond: 10, upAxis: .y)
        // A quarter of the way from frame 1 to frame 2.
        let mesh = try asset.mesh(clip: 0, times: [0.125])
        let a = SIMD3<Float>(0.5, 0.25, 2)
        let b = SIMD3<Float>(-1, 0, 0)
        #expect(length(mesh.positions[0] - (a * 0.75 + b * 0.25)) < 1e-6)
    }

    @Test(arguments: [
        (UpAxis.z, SIMD3<Float>(1, 3, -2)), (.y, SIMD3(1, 2, 3)), (.x, SIMD3(-2, 1, 3)),
    ])
    func axesAreTurned(axis: UpAxis, expected: SIMD3<Float>) throws {
        let file =
            bytes(Int32(1)) + bytes(Int32(3)) + bytes(Int32(1))
            + [Float(1), 2, 3, 0, 0, 0, 1, 0, 0].flatMap { bytes($0) }
            + [Int32(0), 1, 2].flatMap { bytes($0) }
        let asset = try AnimeLoader.asset(
            reading: file, path: "x.anime", framesPerSecond: 24, upAxis: axis)
        #expect(asset.clips.isEmpty)
        let mesh = try asset.mesh(clip: nil, times: [0])
        #expect(mesh.positions[0] == expected)
        // The same rotation as a matrix.
        let turned = axis.worldFromFile.transform(point: SIMD3(1, 2, 3))
        #expect(SIMD3<Float>(turned) == expected)
        #expect(axis.worldFromFile.linearDeterminant == 1)
    }

    /// Each file lies in one respect.
    @Test(arguments: [
        [], Array(file().prefix(11)), Array(file().dropLast()), file() + [0],
        file(frames: 2), file(frames: 0), file(frames: -1), file(vertices: 5), file(triangles: 3),
        file(frames: .max, vertices: .max, triangles: .max),
        // 2^31 - 1 frames of 2^31 - 1 vertices wrap to a small number of bytes in 32 bits.
        bytes(Int32.max) + bytes(Int32.max) + bytes(Int32(1)) + [UInt8](repeating: 0, count: 24),
        file(faces: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 4]),
        file(faces: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, -1]),
        file(offsets: [offsets[0], offsets[1].map { $0 == 3 ? .nan : $0 }]),
        file(offsets: [offsets[0], offsets[1].map { $0 == 3 ? .infinity : $0 }]),
    ])
    func lyingFilesAreMalformed(file: [UInt8]) {
        #expect {
            try AnimeLoader.asset(
                reading: file, path: "x.anime", framesPerSecond: 24, upAxis: .z)
        } throws: { error in
            guard case AssetError.malformed(path: "x.anime", _)? = error as? AssetError else {
                return false
            }
            return true
        }
    }

    @Test func mutantsNeverTrap() {
        var random = KeyedRandom(seed: 1, asset: "anime", purpose: "fuzz")
        var sound = 0
        for _ in 0..<800 {
            let file = mutated(Self.file(), &random)
            guard
                let asset = try? AnimeLoader.asset(
                    reading: file, path: "x.anime", framesPerSecond: 24, upAxis: .z),
                let mesh = try? asset.mesh(clip: nil, times: [0])
            else { continue }
            sound += 1
            #expect(mesh.triangles.allSatisfy { Int($0) < mesh.vertexCount })
            #expect(mesh.positions.scalars.allSatisfy { $0.isFinite })
        }
        // Both outcomes occur, or the test would say nothing.
        #expect(sound > 20 && sound < 780)
    }

    @Test func absentFilesAndFoldersAreUnreadable() throws {
        let folder = TemporaryFolder()
        for path in [folder.path, folder.path + "/none.anime"] {
            #expect {
                try AnimeLoader.load(path: path)
            } throws: { error in
                guard case AssetError.unreadable? = error as? AssetError else { return false }
                return true
            }
        }
    }
}
