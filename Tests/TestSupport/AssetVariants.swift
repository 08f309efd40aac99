import DemoCorpus
import Foundation
import Geometry
import Imaging
import MeshFiles

/// Ways in which the same model turns up again in a corpus under other bytes.
public enum AssetVariant: String, CaseIterable, Sendable {
    /// Larger, and elsewhere.
    case scaled
    /// Turned about the vertical axis, by no round angle.
    case turned
    /// Vertices and triangles in another order.
    case shuffled
    /// A tenth of the vertices merged into neighbours.
    case decimated
    /// As .gltf, with its clips played faster and all names gone.
    case exported
    /// Textures and colours made greenish and darker.
    case tinted
    /// Red and blue exchanged.
    case recolored
}

extension AssetVariant {
    /// The files of the variant, by names that begin with `name`.
    public func files(of document: GLTFDocument, name: String) throws -> [String: Data] {
        var document = document
        switch self {
        case .scaled:
            document.wrapRoots(
                GLTFDocument.Node(
                    translation: SIMD3(3, -1, 0.5), scale: SIMD3(repeating: 3.7)))
        case .turned:
            document.wrapRoots(
                GLTFDocument.Node(
                    rotation: Quaternion(axis: SIMD3(0, 1, 0), angle: 37 * .pi / 180)))
        case .shuffled: document.changePrimitives { $0.shuffle() }
        case .decimated: document.changePrimitives { $0.decimate(share: 0.1) }
        case .exported:
            document.forgetNames()
            for i in document.animations.indices {
                for c in document.animations[i].channels.indices {
                    let times = document.animations[i].channels[c].times
                    document.animations[i].channels[c].times = times.map { $0 * 0.8 }
                }
            }
            return try document.gltf(baseName: name, embedding: .externalFiles)
        case .tinted:
            document.changeColors { SIMD4($0.x * 0.6, $0.y * 0.9, $0.z * 0.7, $0.w) }
        case .recolored: document.changeColors { SIMD4($0.z, $0.y, $0.x, $0.w) }
        }
        return ["\(name).glb": try document.glb()]
    }
}

extension GLTFDocument {
    fileprivate mutating func wrapRoots(_ node: Node) {
        for s in scenes.indices {
            var root = node
            root.children = scenes[s].nodes
            nodes.append(root)
            scenes[s].nodes = [nodes.count - 1]
        }
    }

    fileprivate mutating func changePrimitives(_ change: (inout Primitive) -> Void) {
        for m in meshes.indices {
            for p in meshes[m].primitives.indices { change(&meshes[m].primitives[p]) }
        }
    }

    fileprivate mutating func forgetNames() {
        for i in nodes.indices { nodes[i].name = "" }
        for i in meshes.indices { meshes[i].name = "" }
        for i in materials.indices { materials[i].name = "" }
        for i in textures.indices { textures[i].texture.name = "" }
    }

    /// Changes linear factors and texels alike; texels are taken as they are coded.
    fileprivate mutating func changeColors(_ change: (SIMD4<Float>) -> SIMD4<Float>) {
        var pictures: Set<Int> = []
        for i in materials.indices {
            materials[i].baseColor = change(materials[i].baseColor)
            let emissive = change(SIMD4(materials[i].emissive, 1))
            materials[i].emissive = SIMD3(emissive.x, emissive.y, emissive.z)
            if let texture = materials[i].baseColorTexture { pictures.insert(texture.texture) }
        }
        for i in pictures {
            var image = textures[i].texture.image
            for y in 0..<image.height {
                for x in 0..<image.width {
                    let color = change(SIMD4<Float>(image[x, y]))
                    image[x, y] = SIMD4<UInt8>(
                        color.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255)))
                }
            }
            textures[i].texture.image = image
        }
        changePrimitives { primitive in
            primitive.colors = primitive.colors.map(change)
        }
    }
}

extension GLTFDocument.Primitive {
    private var corners: [UInt32] { triangles ?? (0..<UInt32(positions.count)).map { $0 } }

    /// Another order of vertices and triangles.
    fileprivate mutating func shuffle() {
        var random = KeyedRandom(seed: 7, asset: "variant", purpose: "shuffle")
        let order = Array(positions.indices).shuffled(using: &random)
        var place = [UInt32](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { place[old] = UInt32(new) }
        let old = corners
        var corners: [UInt32] = []
        for f in Array(stride(from: 0, to: old.count, by: 3)).shuffled(using: &random) {
            // The first corner may be any.
            for i in [f + 1, f + 2, f] { corners.append(place[Int(old[i])]) }
        }
        triangles = corners
        func moved(_ vectors: Vector3Array) -> Vector3Array {
            vectors.isEmpty ? vectors : Vector3Array(order.map { vectors[$0] })
        }
        positions = moved(positions)
        normals = moved(normals)
        uvSets = uvSets.map { set in order.map { set[$0] } }
        if !colors.isEmpty { colors = order.map { colors[$0] } }
        if let old = influences {
            let n = old.perVertex
            influences?.joints = order.flatMap { old.joints[n * $0..<n * ($0 + 1)] }
            influences?.weights = order.flatMap { old.weights[n * $0..<n * ($0 + 1)] }
        }
        for i in targets.indices {
            targets[i].positions = moved(targets[i].positions)
            targets[i].normals = moved(targets[i].normals)
        }
    }

    /// Merges vertices into neighbours along the shortest edges.
    fileprivate mutating func decimate(share: Double) {
        let old = corners
        var edges: [(length: Float, from: UInt32, to: UInt32)] = []
        for f in stride(from: 0, to: old.count, by: 3) {
            for (a, b) in [(0, 1), (1, 2), (2, 0)] where old[f + a] < old[f + b] {
                let (from, to) = (old[f + a], old[f + b])
                let d = positions[Int(from)] - positions[Int(to)]
                edges.append(((d * d).sum(), from, to))
            }
        }
        edges.sort { ($0.length, $0.from, $0.to) < ($1.length, $1.from, $1.to) }
        var target = (0..<UInt32(positions.count)).map { $0 }
        var touched: Set<UInt32> = []
        var left = Int(share * Double(positions.count))
        for edge in edges
        where left > 0 && !touched.contains(edge.from) && !touched.contains(edge.to) {
            target[Int(edge.from)] = edge.to
            touched.formUnion([edge.from, edge.to])
            left -= 1
        }
        var kept: [UInt32] = []
        for f in stride(from: 0, to: old.count, by: 3) {
            let corners = old[f..<f + 3].map { target[Int($0)] }
            if Set(corners).count == 3 { kept += corners }
        }
        triangles = kept
    }
}
