import Geometry

/// The space in which a skeleton's nodes and its mesh are written: the world's, or that of an
/// armature node that turns and scales them into the world, as exporters from other worlds do it.
struct Armature {
    /// From the armature's axes to the world's.
    var rotation: Quaternion
    /// Metres for a unit of the armature.
    var scale: Float

    static let none = Armature(rotation: .identity, scale: 1)

    var worldFromArmature: Matrix4 {
        .compose(translation: .zero, rotation: rotation, scale: SIMD3(repeating: Double(scale)))
    }

    private var armatureFromWorld: Matrix4 {
        .compose(
            translation: .zero, rotation: rotation.conjugate,
            scale: SIMD3(repeating: 1 / Double(scale)))
    }

    /// A way in the world, as the armature has it.
    func vector(_ v: Vector3) -> Vector3 {
        Vector3(armatureFromWorld.transform(direction: SIMD3(v)))
    }

    /// A rotation about the world's axes, as the armature has it.
    func rotation(_ q: Quaternion) -> Quaternion { rotation.conjugate * q * rotation }

    /// Factors along the world's axes, as the armature has them; its axes must be the world's but
    /// for their order and signs.
    func factors(_ s: Vector3) -> Vector3 {
        let v = Vector3(Matrix4.rotation(rotation.conjugate).transform(direction: SIMD3(s)))
        return Vector3(abs(v.x), abs(v.y), abs(v.z))
    }

    func shape(_ shape: Shape) -> Shape { shape.transformed(armatureFromWorld) }
}

extension Quaternion {
    /// The rotation the other way.
    var conjugate: Quaternion { Quaternion(components * SIMD4(-1, -1, -1, 1)) }
}
