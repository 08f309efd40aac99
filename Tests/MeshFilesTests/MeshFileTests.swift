import Assets
import Foundation
import Geometry
import MeshFiles
import TestSupport
import Testing

/// PLY and OBJ files come back as they were written, through assimp for PLY, and line by line for
/// OBJ.
@Suite struct MeshFileTests {
    private func loaded(_ bytes: [UInt8], as name: String) throws -> MeshSequence {
        try TemporaryFolder.using { folder in
            let url = folder.appending(path: name)
            try Data(bytes).write(to: url)
            return try AssetLoader(upAxis: .y).load(path: url.path).mesh(clip: nil, times: [0])
        }
    }

    /// The corner points of all triangles, which do not depend on how vertices are numbered.
    private func corners(_ positions: Vector3Array, _ triangles: [UInt32]) -> [SIMD3<Float>] {
        triangles.map { positions[Int($0)] }
    }

    @Test(arguments: 0..<12) func plyComesBack(number: Int) throws {
        let mesh = RandomMeshes.mesh(number)
        let normals = mesh.areaWeightedNormals
        for file in [MeshFile.ply(mesh), MeshFile.ply(mesh, normals: normals)] {
            let read = try loaded(file, as: "a.ply")
            #expect(
                corners(read.positions, read.triangles)
                    == corners(mesh.positions, mesh.triangles))
        }
    }

    @Test func plyHoldsTheBytesThatItsHeaderTells() throws {
        let mesh = RandomMeshes.mesh(3)
        let normals = mesh.areaWeightedNormals
        let colors = mesh.positions.map { SIMD4<Float>($0 + 0.5, 1) }
        let file = MeshFile.ply(mesh, normals: normals, colors: colors)
        let text = String(decoding: file, as: UTF8.self)
        let end = try #require(text.range(of: "end_header\n"))
        let header = text[..<end.upperBound].utf8.count
        #expect(text.contains("element vertex \(mesh.vertexCount)\n"))
        #expect(file.count == header + 28 * mesh.vertexCount + 13 * mesh.triangleCount)
        file.withUnsafeBytes { bytes in
            for v in 0..<mesh.vertexCount {
                let at = header + 28 * v
                func float(_ i: Int) -> Float {
                    bytes.loadUnaligned(fromByteOffset: at + 4 * i, as: Float.self)
                }
                #expect(SIMD3(float(0), float(1), float(2)) == mesh.positions[v])
                #expect(SIMD3(float(3), float(4), float(5)) == normals[v])
                #expect(bytes[at + 27] == 255)
                // IEC 61966-2-1 by its formula.
                let light = Double(colors[v].x)
                let code =
                    light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
                #expect(abs(Double(bytes[at + 24]) - 255 * code) <= 0.5001)
            }
            let faces = header + 28 * mesh.vertexCount
            for f in 0..<mesh.triangleCount {
                #expect(bytes[faces + 13 * f] == 3)
                for k in 0..<3 {
                    let index = bytes.loadUnaligned(
                        fromByteOffset: faces + 13 * f + 1 + 4 * k, as: UInt32.self)
                    #expect(index == mesh.triangles[3 * f + k])
                }
            }
        }
    }

    @Test(arguments: 0..<12) func objComesBack(number: Int) throws {
        let mesh = RandomMeshes.mesh(number)
        let normals = mesh.areaWeightedNormals
        let text = String(decoding: MeshFile.obj(mesh, normals: normals), as: UTF8.self)
        var positions: [SIMD3<Float>] = []
        var directions: [SIMD3<Float>] = []
        var triangles: [UInt32] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            func vector() throws -> SIMD3<Float> {
                SIMD3(
                    try #require(Float(words[1])), try #require(Float(words[2])),
                    try #require(Float(words[3])))
            }
            switch words[0] {
            case "v": positions.append(try vector())
            case "vn": directions.append(try vector())
            case "f":
                for word in words.dropFirst() {
                    let parts = word.split(separator: "/")
                    #expect(parts.count == 2 && parts[0] == parts[1])
                    triangles.append(try #require(UInt32(parts[0])) - 1)
                }
            default: #expect(words[0] == "#")
            }
        }
        #expect(Vector3Array(positions) == mesh.positions)
        #expect(Vector3Array(directions) == normals)
        #expect(triangles == mesh.triangles)
    }

    @Test func emptyMeshesAreFilesOfNothing() {
        let ply = String(decoding: MeshFile.ply(TriangleMesh()), as: UTF8.self)
        #expect(ply.contains("element vertex 0\n") && ply.contains("element face 0\n"))
        #expect(ply.hasSuffix("end_header\n"))
        #expect(
            MeshFile.obj(TriangleMesh()) == Array("# 0 vertices, 0 triangles\n".utf8))
    }

    /// A sphere's normals point away from its middle, whatever slivers are added to it.
    @Test func areaWeightedNormalsPassOverSlivers() {
        var sphere = Shapes.sphere(rows: 24)
        let smooth = sphere.areaWeightedNormals
        for v in 0..<sphere.vertexCount {
            // Triangles around a vertex of the first ring are of different sizes.
            #expect(length(smooth[v] - normalize(sphere.positions[v])) < 0.03)
        }
        // A triangle almost without area, whose normal points anywhere.
        let tip = UInt32(sphere.vertexCount)
        sphere.positions.append(sphere.positions[40] + SIMD3(1e-5, 2e-5, 0))
        sphere.triangles += [40, 41, tip]
        #expect(length(sphere.areaWeightedNormals[40] - smooth[40]) < 1e-3)
        // And a vertex that nothing uses.
        sphere.positions.append(.zero)
        #expect(sphere.areaWeightedNormals[sphere.vertexCount - 1] == .zero)
    }
}
