import Foundation
import Geometry
import MeshFiles

/// Files that no reader can make sense of, each damaged in one way.
enum Broken {
    /// A box and its material, as small as a .glb can be.
    static func box() -> GLTFDocument {
        var document = GLTFDocument()
        let red = document.addColor("red", 0xD8342C)
        _ = document.addPart("box", Shape.box(.one, bevel: 0.1, steps: 1), red)
        return document
    }

    /// The butterfly's file, cut off after three fifths of its bytes.
    static func truncated(seed: UInt64) throws -> Data {
        let whole = try Butterfly.document(seed: seed).glb()
        return whole.prefix(whole.count * 3 / 5)
    }

    static func noise(seed: UInt64, byteCount: Int) -> Data {
        var random = KeyedRandom(seed: seed, asset: "demo-corpus", purpose: "broken.noise")
        var bytes = ByteBuffer()
        for _ in 0..<byteCount / 8 { bytes.append(random.next()) }
        return bytes.data
    }

    /// A triangle that names a vertex far beyond the last one.
    static func indexBeyondVertices() -> GLTFDocument {
        var document = box()
        document.meshes[0].primitives[0].triangles?[4] = 60000
        return document
    }

    /// Two nodes that are each other's child.
    static func cyclicHierarchy() -> GLTFDocument {
        var document = box()
        let node = document.add(GLTFDocument.Node(name: "child"), under: 0)
        document.nodes[node].children = [0]
        return document
    }

    /// A file that asks for Draco's decoder and holds no attribute without it.
    static func dracoCompressed() -> Data {
        let json = """
            {"asset":{"version":"2.0"},"extensionsUsed":["KHR_draco_mesh_compression"],\
            "extensionsRequired":["KHR_draco_mesh_compression"],"scene":0,\
            "scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],"meshes":[{"primitives":[{\
            "attributes":{"POSITION":0},"indices":1,"extensions":{\
            "KHR_draco_mesh_compression":{"bufferView":0,"attributes":{"POSITION":0}}}}]}],\
            "accessors":[{"componentType":5126,"count":8,"type":"VEC3","min":[0,0,0],\
            "max":[1,1,1]},{"componentType":5123,"count":36,"type":"SCALAR"}],\
            "bufferViews":[{"buffer":0,"byteLength":8}],"buffers":[{"byteLength":8}]}
            """
        return GLTFDocument.container(json: json, binary: Array("DRACO\u{2}\u{2}\u{1}".utf8))
    }

    /// The elephant's file, cut off in the middle of its offsets.
    static func truncatedAnime() -> Data {
        let elephant = Elephant.frames()
        let whole = AnimeFile.data(
            Array(elephant.positions.prefix(6)), triangles: elephant.triangles)
        return whole.prefix(whole.count / 2)
    }
}
