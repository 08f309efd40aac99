import Geometry
import Imaging
import MeshFiles

/// A sculpted, painted and skinned body with rigid parts (eyes, horns, hats) on its joints.
struct Creature {
    var skeleton: Skeleton
    var sculpture: Sculpture
    /// The side of a grid cell for meshing the body.
    var cell: Float
    /// Texels along the side of the body's texture.
    var textureSize: Int
    /// Rounds of averaging that blend joint weights.
    var blendRounds = 10
    var roughness: Float = 0.75
    /// The colour of the body at a place with a normal.
    var color: (Vector3, Vector3) -> Paint
    var parts: [Part] = []

    /// Something rigid that moves with one joint.
    struct Part {
        var shape: Shape
        var joint: String
        var surface: Surface
    }

    /// A material with its picture.
    struct Surface {
        var material: Material
        var image: Image?
    }

    /// How joint influences are written.
    struct Influences {
        var perVertex = 4
        var jointComponent = GLTFDocument.Component.unsignedByte
        var weightComponent = GLTFDocument.Component.float
    }

    /// The body's mesh and its `[V, J]` weights.
    func body() -> (mesh: QuadMesh, weights: [Float]) {
        let mesh = sculpture.meshed(cell: cell)
        let weights = mesh.weights(
            jointCount: skeleton.count, rounds: blendRounds,
            jointOfVertex: sculpture.joint(at:))
        return (mesh, weights)
    }

    /// The creature as a document with one skinned mesh and the given clips.
    ///
    /// - Parameter armature: where given, mesh and joints are written in its space, under a node
    ///   that takes them to the world.
    func document(
        name: String, motions: [Motion], influences: Influences = Influences(),
        armature: Armature? = nil
    ) -> GLTFDocument {
        var document = GLTFDocument()
        let space = armature ?? .none
        let (mesh, weights) = body()
        let atlas = Atlas(mesh, resolution: textureSize)
        let picture = Texture(
            name: "\(name)-skin", image: atlas.painted(mesh, color), wrapU: .clampToEdge,
            wrapV: .clampToEdge)
        let texture = document.add(picture)
        let skin = document.add(
            Material(
                name: "skin", baseColor: SIMD4(SIMD3(repeating: whiteAlbedo), 1),
                baseColorTexture: TextureReference(texture: texture),
                roughness: roughness))
        func primitive(_ shape: Shape, material: Int) -> GLTFDocument.Primitive {
            space.shape(shape).primitive(
                material: material, influences: influences.perVertex,
                jointComponent: influences.jointComponent,
                weightComponent: influences.weightComponent)
        }
        var primitives = [primitive(atlas.shape(of: mesh, weights: weights), material: skin)]
        for (surface, shape) in partsBySurface() {
            var material = surface.material
            if let image = surface.image {
                let texture = document.add(
                    Texture(name: "\(name)-\(material.name)", image: image))
                material.baseColorTexture = TextureReference(texture: texture)
            }
            primitives.append(primitive(shape, material: document.add(material)))
        }
        let root = armature.map {
            document.add(
                GLTFDocument.Node(name: "armature", matrix: $0.worldFromArmature))
        }
        let nodes = document.add(skeleton, in: space, under: root)
        let meshIndex = document.add(GLTFDocument.Mesh(name: name, primitives: primitives))
        let skinIndex = document.addSkin(skeleton, in: space, nodes: nodes)
        document.add(GLTFDocument.Node(name: name, mesh: meshIndex, skin: skinIndex), under: root)
        for motion in motions { document.add(motion, skeleton, in: space, nodes: nodes) }
        return document
    }

    /// The parts of each surface as one shape, bound to their joints.
    func partsBySurface() -> [(surface: Surface, shape: Shape)] {
        var result: [(surface: Surface, shape: Shape)] = []
        for part in parts {
            let shape = part.shape.bound(to: skeleton[part.joint], of: skeleton.count)
            if let i = result.firstIndex(where: { $0.surface.material == part.surface.material }) {
                result[i].shape.append(shape)
            } else {
                result.append((part.surface, shape))
            }
        }
        return result
    }
}

extension Creature {
    /// An eyeball at `center` that looks along +Z, turned by `rotation`.
    static func eye(
        _ center: Vector3, radius: Float, rotation: Quaternion = .identity,
        stretch: Vector3 = .one
    ) -> Shape {
        Shape.sphere(radius, segments: 24, rings: 14)
            .placed(at: center, rotation: rotation, scale: stretch)
    }

    /// A glossy surface for ``eye(_:radius:rotation:stretch:)``.
    ///
    /// - Parameters:
    ///   - iris: the iris's colour, or nil for an eye that is black but for its highlight.
    ///   - irisSize: the angle of the iris's rim from the line of sight, in radians.
    ///   - pupilSize: the pupil's radius as a share of the iris's, across and up.
    static func eyeSurface(
        iris: Paint?, irisSize: Float = 0.75, pupilSize: Vector2 = Vector2(0.55, 0.55),
        white: Paint = paint(0xFFFFFF)
    ) -> Surface {
        let image = Image.painted(width: 128, height: 64) { uv -> Paint in
            // Angles from the line of sight, which meets the sphere at the picture's middle.
            let p = Vector2((uv.x - 0.5) * turn, (uv.y - 0.5) * .pi)
            let distance = (p.x * p.x + p.y * p.y).squareRoot()
            let q = p + Vector2(0.24, 0.3)
            let shine = 1 - smoothstep(0.1, 0.16, (q.x * q.x + q.y * q.y).squareRoot())
            guard let iris else { return mix(paint(0x15120F), paint(0xFFFFFF), shine) }
            let inIris = distance / irisSize
            let inPupil = p / (pupilSize * irisSize)
            let pupil =
                1
                - smoothstep(
                    0.92, 1.08, (inPupil.x * inPupil.x + inPupil.y * inPupil.y).squareRoot())
            var color = mix(iris * 1.15, iris * 0.6, smoothstep(0.3, 1, inIris))
            color = mix(color, paint(0x15120F), pupil)
            color = mix(color, white, smoothstep(0.95, 1.06, inIris))
            return mix(color, paint(0xFFFFFF), shine)
        }
        return Surface(material: Material(name: "eyes", roughness: 0.25), image: image)
    }
}
