import Geometry
import Imaging
import MeshFiles

private let lightness = SIMD3<Float>(repeating: whiteAlbedo)

extension GLTFDocument {
    /// Adds a node that shows shapes, each with the index of its material, as one mesh.
    mutating func addPart(
        _ name: String, _ shapes: [(shape: Shape, material: Int)], at translation: Vector3? = nil,
        rotation: Quaternion? = nil, scale: Vector3? = nil, under parent: Int? = nil
    ) -> Int {
        let mesh = add(
            Mesh(
                name: name,
                primitives: shapes.map { $0.shape.primitive(material: $0.material) }))
        return add(
            Node(
                name: name, translation: translation, rotation: rotation, scale: scale, mesh: mesh),
            under: parent)
    }

    /// Adds a node that shows one shape.
    mutating func addPart(
        _ name: String, _ shape: Shape, _ material: Int, at translation: Vector3? = nil,
        rotation: Quaternion? = nil, scale: Vector3? = nil, under parent: Int? = nil
    ) -> Int {
        addPart(
            name, [(shape, material)], at: translation, rotation: rotation, scale: scale,
            under: parent)
    }

    /// Adds a plain material of one colour, given as in style sheets.
    mutating func addColor(
        _ name: String, _ hex: UInt32, roughness: Float = 0.7, metallic: Float = 0
    ) -> Int {
        add(
            Material(
                name: name, baseColor: linear(paint(hex)) * SIMD4(lightness, 1),
                metallic: metallic, roughness: roughness))
    }

    /// Adds a material whose colour is a picture.
    mutating func addPicture(
        _ name: String, _ image: Image, roughness: Float = 0.7, wrapU: TextureWrap = .repeat,
        wrapV: TextureWrap = .repeat
    ) -> Int {
        let texture = add(Texture(name: name, image: image, wrapU: wrapU, wrapV: wrapV))
        return add(
            Material(
                name: name, baseColor: SIMD4(lightness, 1),
                baseColorTexture: TextureReference(texture: texture), roughness: roughness))
    }
}

extension GLTFDocument.Channel {
    /// `count` keys of a rotation as a function of the phase in [0, 1].
    static func rotation(
        _ node: Int, seconds: Float, keys count: Int,
        interpolation: GLTFDocument.Interpolation = .linear,
        component: GLTFDocument.Component = .float, _ value: (Float) -> Quaternion
    ) -> GLTFDocument.Channel {
        let phases = phases(count)
        return GLTFDocument.Channel(
            node: node, interpolation: interpolation, times: phases.map { $0 * seconds },
            rotations: phases.map(value), component: component)
    }

    /// `count` keys of a translation or a scale as a function of the phase in [0, 1].
    static func vector(
        _ node: Int, _ path: GLTFDocument.Path, seconds: Float, keys count: Int,
        interpolation: GLTFDocument.Interpolation = .linear, _ value: (Float) -> Vector3
    ) -> GLTFDocument.Channel {
        let phases = phases(count)
        return GLTFDocument.Channel(
            node: node, path: path, interpolation: interpolation,
            times: phases.map { $0 * seconds }, vectors: phases.map(value))
    }

    /// `count` keys of morph weights as a function of the phase in [0, 1].
    static func weights(
        _ node: Int, seconds: Float, keys count: Int,
        component: GLTFDocument.Component = .float, _ value: (Float) -> [Float]
    ) -> GLTFDocument.Channel {
        let phases = phases(count)
        return GLTFDocument.Channel(
            node: node, path: .weights, times: phases.map { $0 * seconds },
            values: phases.flatMap(value), component: component)
    }

    /// Cubic-spline keys of a vector, its tangents taken from the slope of `value` on either side
    /// of each key, so that keys may lie at corners.
    static func smoothVector(
        _ node: Int, _ path: GLTFDocument.Path, times: [Float], _ value: (Float) -> Vector3
    ) -> GLTFDocument.Channel {
        let values = splineKeys(times) { t in
            let v = value(t)
            return [v.x, v.y, v.z]
        }
        return GLTFDocument.Channel(
            node: node, path: path, interpolation: .cubicSpline, times: times, values: values)
    }

    /// `[K, 3, width]`: in-tangent, value and out-tangent for each key of a function of time.
    static func splineKeys(_ times: [Float], _ value: (Float) -> [Float]) -> [Float] {
        let step: Float = 1.0 / 1024
        var result: [Float] = []
        for t in times {
            let here = value(t)
            let before = value(t - step)
            let after = value(t + step)
            result += zip(here, before).map { ($0 - $1) / step }
            result += here
            result += zip(after, here).map { ($0 - $1) / step }
        }
        return result
    }

    private static func phases(_ count: Int) -> [Float] {
        (0..<count).map { Float($0) / Float(count - 1) }
    }
}
