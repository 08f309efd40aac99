import Assets
import Foundation
import Geometry
import Testing

@Suite struct OBJParserTests {
    static func parse(_ text: String) throws -> OBJDocument {
        try OBJParser.document(reading: Array(text.utf8), path: "a.obj")
    }

    @Test func readsEveryFormOfCorner() throws {
        let document = try Self.parse(
            """
            # a square, four times
            mtllib one two.mtl
            o thing
            v 0 0 0
            v 1 0 0 1.0
            v 1 1 0
            v 0 1 0
            vt 0 0
            vt 1 0.25
            vt 1 1 0
            vt 0 1
            vn 0 0 2
            f 1 2 3 4
            usemtl red paint
            f 1/1 2/2 3/3 4/4
            f 1//1 2//1 3//1 4//1  # every corner alike
            usemtl blue
            f -4/-4/-1 -3/-3/-1 -2/-2/-1 -1/-1/-1
            l 1 2
            p 1
            """)
        #expect(document.positions.count == 4)
        #expect(document.positions[2] == SIMD3(1, 1, 0))
        #expect(document.texcoords[1] == SIMD2(1, 0.25))
        #expect(document.normals[0] == SIMD3(0, 0, 2))
        #expect(document.polygonCount == 4)
        #expect(document.libraries == ["one two.mtl"])
        #expect(document.materialNames == ["", "red paint", "blue"])
        #expect(document.polygonMaterials == [0, 1, 1, 2])
        for p in 0..<4 {
            let corners = document.corners[4 * p..<4 * p + 4]
            #expect(corners.map(\.position) == [0, 1, 2, 3])
            #expect(corners.map(\.texcoord) == (p % 2 == 1 ? [0, 1, 2, 3] : [-1, -1, -1, -1]))
            #expect(corners.allSatisfy { $0.normal == (p >= 2 ? 0 : -1) })
        }
    }

    @Test func linesMayEndAndGoOnInAnyWay() throws {
        for text in [
            "v 0 0 0\r\nv 1 0 0\r\nv 0 1 0\r\nf 1 2 3\r\n", "v 0 0 0\rv 1 0 0\rv 0 1 0\rf 1 2 3",
            "v 0 0\\\n 0\n\tv  1\t0 0 \n v 0 1 0\nf 1 \\\r\n2 3",
            "f 1 2 3\nv 0 0 0\nv 1 0 0\nv 0 1 0",
        ] {
            let document = try Self.parse(text)
            #expect(document.polygonCount == 1)
            #expect(
                Array(document.positions) == [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
        }
    }

    @Test func vertexColorsAreMadeLinear() throws {
        let document = try Self.parse("v 0 0 0 1 0.5 0\nv 1 0 0 0 0 0\nv 0 1 0 1 1 1\nf 1 2 3")
        // IEC 61966-2-1: 0.5 is 0.21404 in linear light.
        #expect(abs(document.colors[0].y - 0.21404114) < 1e-6)
        #expect(document.colors[2] == SIMD4(1, 1, 1, 1))
        #expect(try Self.parse("v 0 0 0 1 0.5 0\nv 1 0 0\nv 0 1 0\nf 1 2 3").colors.isEmpty)
    }

    @Test func numbersAreReadToTheLastBitOfAFloat() throws {
        var random = KeyedRandom(seed: 2, asset: "obj", purpose: "numbers")
        var texts = [
            "0", "-0.0", "+1.5", ".5", "5.", "1e-3", "1E+3", "123456789012345678901234", "1e-40",
        ]
        for _ in 0..<3000 {
            let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
            guard value.isFinite else { continue }
            texts.append("\(value)")
            texts.append(String(format: "%.9g", Double(value)))
            texts.append(String(format: "%.6f", random.uniform(-1000..<1000)))
        }
        let lines = texts.map { "v \($0) 0 0\n" }.joined()
        let document = try Self.parse(lines)
        for (i, text) in texts.enumerated() {
            #expect(document.positions[i].x == Float(text), "\(text)")
        }
    }

    @Test(arguments: [
        "v 1 2\n", "v a b c\n", "v 1 2 nan\n", "v 1 2 1e999\n", "v 1 2 1.#QNAN\n",
        "v 0 0 0\nf 1 1 2\n", "v 0 0 0\nf 0 1 1\n", "v 0 0 0\nf -2 1 1\n", "v 0 0 0\nf 1/ /1 1\n",
        "v 0 0 0\nf 1 1 99999999999\n", "v 0 0 0\nf 1 1 x\n",
    ])
    func brokenLinesAreNamed(text: String) throws {
        #expect {
            try Self.parse(text)
        } throws: { error in
            guard case AssetError.malformed("a.obj", let what)? = error as? AssetError else {
                return false
            }
            return what.contains("line ")
        }
    }

    @Test func absentAttributesAreDropped() throws {
        let document = try Self.parse("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1/9/1 2/9/1 3/9/1")
        #expect(document.corners.allSatisfy { $0.texcoord == -1 && $0.normal == -1 })
        #expect(document.warnings.count == 1)
    }

    /// The area of polygons that lie in a plane is that of their triangles only if none of those
    /// turns over.
    @Test func concavePolygonsAreCutWithoutOverlap() throws {
        // An arrowhead, a comb of five teeth, and an L.
        var comb: [SIMD2<Double>] = [SIMD2(0, 0), SIMD2(9, 0)]
        for tooth in [8.0, 6, 4, 2, 0] {
            comb += [SIMD2(tooth + 1, 4), SIMD2(tooth, 4)]
            if tooth > 0 { comb += [SIMD2(tooth, 1), SIMD2(tooth - 1, 1)] }
        }
        let outlines: [[SIMD2<Double>]] = [
            [SIMD2(0, 0), SIMD2(2, 1), SIMD2(0, 2), SIMD2(0.5, 1)], comb,
            [SIMD2(0, 0), SIMD2(2, 0), SIMD2(2, 1), SIMD2(1, 1), SIMD2(1, 2), SIMD2(0, 2)],
        ]
        for outline in outlines {
            for start in outline.indices {
                let turned = Array(outline[start...] + outline[..<start])
                let text =
                    turned.map { "v \($0.x) \($0.y) 0\n" }.joined()
                    + "f " + (1...turned.count).map { "\($0)" }.joined(separator: " ")
                let document = try Self.parse(text)
                let surface = OBJSurface(document, splitsByNormal: false)
                #expect(surface.triangles.count == 3 * (outline.count - 2))
                var area = 0.0
                var unsigned = 0.0
                for f in stride(from: 0, to: surface.triangles.count, by: 3) {
                    let p = (0..<3).map {
                        document.positions[
                            Int(surface.filePositions[Int(surface.triangles[f + $0])])]
                    }
                    let twice = Double(cross(p[1] - p[0], p[2] - p[0]).z)
                    area += twice / 2
                    unsigned += abs(twice) / 2
                }
                let shoelace = outline.indices.reduce(0.0) { sum, i in
                    let (a, b) = (outline[i], outline[(i + 1) % outline.count])
                    return sum + (a.x * b.y - b.x * a.y) / 2
                }
                #expect(abs(area - shoelace) < 1e-5)
                #expect(abs(unsigned - abs(shoelace)) < 1e-5)
            }
        }
    }

    @Test func verticesSplitByUVAndRememberTheirOrigin() throws {
        let document = try Self.parse(
            """
            v 0 0 0
            v 1 0 0
            v 0 1 0
            v 1 1 0
            vt 0 0
            vt 1 0
            vt 0 1
            vt 0.5 0.5
            vn 0 0 1
            vn 0 1 0
            f 1/1/1 2/2/1 3/3/1
            f 2/2/2 4/4/2 3/4/2
            """)
        let byUV = OBJSurface(document, splitsByNormal: false)
        // Vertex 3 has two UVs; vertex 2 two normals.
        #expect(byUV.filePositions == [0, 1, 2, 3, 2])
        #expect(byUV.triangles == [0, 1, 2, 1, 3, 4])
        #expect(OBJSurface(document, splitsByNormal: true).filePositions == [0, 1, 2, 1, 3, 2])
    }

    @Test func garbageNeverTraps() {
        let original = Array(
            """
            mtllib a.mtl
            v 0.5 -1e3 2 0.1 0.2 0.3
            v 1 0 0 0 0 0
            v 1 1 0 1 1 1
            v 0 1 0 0.5 0.5 0.5
            vt 0 1
            vt 1 0
            vn 0 0 1
            usemtl m
            f 1/1/1 2/2/1 3/1/1 4//1
            f -1 -2 -3
            f 1 2 \\
            3
            """.utf8)
        var random = KeyedRandom(seed: 3, asset: "obj", purpose: "fuzz")
        var sound = 0
        for i in 0..<1500 {
            // Some of it is noise from beginning to end.
            let file =
                i % 10 == 0
                ? (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
                : mutated(original, &random)
            guard let document = try? OBJParser.document(reading: file, path: "a.obj") else {
                continue
            }
            sound += 1
            let surface = OBJSurface(document, splitsByNormal: true)
            #expect(surface.triangles.allSatisfy { Int($0) < surface.vertexCount })
            #expect(surface.filePositions.allSatisfy { Int($0) < document.positions.count })
        }
        #expect(sound > 200 && sound < 1400)
    }
}
