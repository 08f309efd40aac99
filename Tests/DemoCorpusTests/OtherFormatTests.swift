import DemoCorpus
import Foundation
import Imaging
import Testing

/// The files of the other layouts, read by their formats' descriptions.
@Suite struct OtherFormatTests {
    /// Shape and data of a version 1.0 .npy file.
    private func array(_ data: Data) throws -> (type: String, shape: [Int], bytes: [UInt8]) {
        let bytes = [UInt8](data)
        #expect(Array(bytes[0..<8]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        #expect((10 + length) % 64 == 0)
        let header = String(decoding: bytes[10..<(10 + length)], as: UTF8.self)
        #expect(header.hasSuffix("\n") && header.contains("'fortran_order': False"))
        let type = try #require(header.firstMatch(of: /'descr': '([^']*)'/)).1
        let shape = try #require(header.firstMatch(of: /'shape': \(([^)]*)\)/)).1
        return (
            String(type), shape.split(separator: ",").compactMap { Int($0.drop { $0 == " " }) },
            Array(bytes[(10 + length)...])
        )
    }

    private func floats(_ bytes: [UInt8]) -> [Float] {
        stride(from: 0, to: bytes.count, by: 4).map { at in
            Float(
                bitPattern: (0..<4).reduce(UInt32(0)) {
                    $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1))
                })
        }
    }

    @Test func characterHoldsTogether() throws {
        let files = try DemoCorpus.files(of: "bicar/0001")
        func file(_ name: String) throws -> Data { try #require(files["bicar/0001/\(name)"]) }
        let parents = try array(file("parents.npy"))
        #expect(parents.type == "<i4" && parents.shape == [24])
        #expect(
            stride(from: 0, to: 96, by: 4).map { Int8(bitPattern: parents.bytes[$0]) } == [
                -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21,
            ], "SMPL's tree")
        #expect(try array(file("joints.npy")).shape == [24, 3])
        let poses = try array(file("poses.npy"))
        #expect(poses.type == "<f4" && poses.shape[1...] == [24, 3] && poses.shape[0] >= 20)
        #expect(try array(file("translation.npy")).shape == [poses.shape[0], 3])
        // Joints turn by less than half a turn, and some of them do turn.
        let angles = floats(poses.bytes)
        #expect(angles.allSatisfy { abs($0) < .pi } && angles.contains { abs($0) > 0.5 })

        let obj = String(decoding: try file("tpose/m.obj"), as: UTF8.self).split(separator: "\n")
        let vertexCount = obj.filter { $0.hasPrefix("v ") }.count
        let faces = obj.filter { $0.hasPrefix("f ") }
        #expect(faces.allSatisfy { $0.split(separator: " ").count == 5 }, "quads")
        let weights = try array(file("weights.npy"))
        #expect(weights.shape == [vertexCount, 24])
        let rows = floats(weights.bytes)
        for v in 0..<vertexCount {
            #expect(abs(rows[24 * v..<24 * v + 24].reduce(0, +) - 1) < 1e-4)
        }
        for (library, picture) in [("m", "m.bmp"), ("e", "e.bmp")] {
            let text = String(decoding: try file("tpose/\(library).mtl"), as: UTF8.self)
            #expect(text.contains("map_Kd \(picture)"))
            let image = try Image(decoding: [UInt8](file("tpose/\(picture)")))
            #expect(image.width > 32)
        }
    }

    @Test func bitmapsHoldTheirPixels() throws {
        // An odd width, so that rows are padded.
        var image = Image(width: 5, height: 3)
        for i in image.pixels.indices { image.pixels[i] = UInt8(i * 37 % 256) }
        let back = try Image(decoding: [UInt8](BMPFile.data(image)))
        #expect(back.width == 5 && back.height == 3)
        for y in 0..<3 {
            for x in 0..<5 {
                let expected = image[x, y]
                #expect(back[x, y] == SIMD4(expected.x, expected.y, expected.z, 255))
            }
        }
    }

    @Test func sequenceSharesItsTopology() throws {
        let files = try DemoCorpus.files(of: "flame")
        let names = files.keys.filter { $0.hasSuffix(".obj") }.sorted()
        #expect(names.count == 16 && names[0] == "flame/0001.obj")
        func lines(_ name: String, _ keyword: String) throws -> [Substring] {
            String(decoding: try #require(files[name]), as: UTF8.self).split(separator: "\n")
                .filter { $0.hasPrefix(keyword + " ") }
        }
        let faces = try lines(names[0], "f")
        let uvs = try lines(names[0], "vt")
        var shapes: Set<[Substring]> = []
        for name in names {
            #expect(try lines(name, "f") == faces)
            #expect(try lines(name, "vt") == uvs)
            shapes.insert(try lines(name, "v"))
        }
        #expect(shapes.count == 16, "no two frames are alike")
        // Every index names a line that is there.
        let counts = [
            try lines(names[0], "v").count, uvs.count, try lines(names[0], "vn").count,
        ]
        for face in faces {
            for corner in face.split(separator: " ").dropFirst() {
                let indices = corner.split(separator: "/").compactMap { Int($0) }
                #expect(zip(indices, counts).allSatisfy { $0 >= 1 && $0 <= $1 })
            }
        }
    }

    @Test func elephantIsClosedAndWalks() throws {
        let id = "animals/elephant_walk/elephant_walk"
        let anime = try AnimeBytes(try #require(try DemoCorpus.files(of: id)["\(id).anime"]))
        #expect(anime.frames.count >= 16)
        for frame in [anime.frames[0], anime.frames[7]] {
            let topology = MeshTopology(
                positions: stride(from: 0, to: frame.count, by: 3).map {
                    SIMD3(Double(frame[$0]), Double(frame[$0 + 1]), Double(frame[$0 + 2]))
                }, triangles: anime.triangles.map { Int($0) })
            #expect(topology.openEdgeCount == 0 && topology.volume > 0)
        }
        // Z is up in the dataset: the feet stand near 0 and the head is the highest.
        let heights = stride(from: 2, to: anime.frames[0].count, by: 3).map { anime.frames[0][$0] }
        #expect(try abs(#require(heights.min())) < 0.08 && heights.max()! > 1)
    }

    @Test func damagedAnimeFilesContradictTheirLength() throws {
        for id in ["animals/truncated_walk/truncated_walk", "animals/lying_walk/lying_walk"] {
            let bytes = [UInt8](try #require(try DemoCorpus.files(of: id)["\(id).anime"]))
            func count(_ at: Int) -> Int {
                (0..<4).reduce(0) { $0 | Int(bytes[4 * at + $1]) << (8 * $1) }
            }
            #expect(12 + 12 * count(2) + 12 * count(0) * count(1) > bytes.count)
        }
    }
}
