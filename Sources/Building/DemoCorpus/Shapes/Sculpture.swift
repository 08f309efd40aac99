import Geometry

/// A solid body made of round pieces that flow into each other: the union of signed distance
/// functions with a smooth minimum, meshed without seams.
package struct Sculpture {
    /// A piece's form.
    enum Form {
        /// A stretched ball.
        case ellipsoid(center: Vector3, radii: Vector3)
        /// A capsule from `a` to `b` whose thickness changes along the way.
        case roundCone(a: Vector3, b: Vector3, radiusA: Float, radiusB: Float)
    }

    /// A form with what belongs to it.
    struct Piece {
        var form: Form
        /// The joint that moves it.
        var joint: Int
        /// How wide it flows into the pieces before it.
        var blend: Float
        /// The inverse of an ellipsoid's rotation, as rows.
        fileprivate var axes = (Vector3.zero, Vector3.zero, Vector3.zero)
        /// A ball that holds the form.
        fileprivate var ball: (center: Vector3, radius: Float)
    }

    private(set) var pieces: [Piece] = []

    /// A body of no pieces.
    package init() {}

    /// Adds a ball, stretched by `radii` along axes that `rotation` turns.
    package mutating func addEllipsoid(
        _ center: Vector3, _ radii: Vector3, rotation: Quaternion = .identity, joint: Int,
        blend: Float
    ) {
        let m = Matrix4.rotation(rotation)
        let axes = (
            Vector3(m.transform(direction: SIMD3(1, 0, 0))),
            Vector3(m.transform(direction: SIMD3(0, 1, 0))),
            Vector3(m.transform(direction: SIMD3(0, 0, 1)))
        )
        pieces.append(
            Piece(
                form: .ellipsoid(center: center, radii: radii), joint: joint,
                blend: blend, axes: axes, ball: (center, radii.max())))
    }

    /// Adds a limb from `a` to `b`.
    package mutating func addLimb(
        _ a: Vector3, _ b: Vector3, _ radiusA: Float, _ radiusB: Float, joint: Int, blend: Float
    ) {
        pieces.append(
            Piece(
                form: .roundCone(a: a, b: b, radiusA: radiusA, radiusB: radiusB), joint: joint,
                blend: blend,
                ball: ((a + b) / 2, length(b - a) / 2 + max(radiusA, radiusB))))
    }

    /// Adds limbs along a chain of places.
    package mutating func addChain(
        _ places: [Vector3], _ radii: [Float], joints: [Int], blend: Float
    ) {
        for i in 0..<places.count - 1 {
            addLimb(
                places[i], places[i + 1], radii[i], radii[i + 1], joint: joints[i], blend: blend)
        }
    }

    /// The distance from `p` to the surface, negative inside; near the surface nearly exact.
    package func distance(_ p: Vector3) -> Float {
        var result = Float.infinity
        for piece in pieces {
            // Nothing that is farther than what was found, and beyond blending, has a say.
            let reach = result + piece.blend + piece.ball.radius
            let way = p - piece.ball.center
            guard reach > 0, dot(way, way) < reach * reach else { continue }
            let d = piece.distance(p)
            let h = max(piece.blend - abs(result - d), 0)
            // The quadratic polynomial smooth minimum (Quilez 2013).
            result = min(result, d) - (piece.blend > 0 ? h * h / (4 * piece.blend) : 0)
        }
        return result
    }

    /// The direction in which the distance grows.
    func gradient(_ p: Vector3, step: Float) -> Vector3 {
        // Differences between the corners of a tetrahedron.
        let corners = [
            Vector3(1, -1, -1), Vector3(-1, -1, 1), Vector3(-1, 1, -1), Vector3(1, 1, 1),
        ]
        var sum = Vector3.zero
        for corner in corners { sum += corner * distance(p + corner * step) }
        return sum / (4 * step)
    }

    /// The joint of the piece that `p` lies deepest in or nearest to.
    func joint(at p: Vector3) -> Int {
        var best = (distance: Float.infinity, joint: 0)
        for piece in pieces {
            let d = piece.distance(p)
            if d < best.distance { best = (d, piece.joint) }
        }
        return best.joint
    }

    /// A box that holds all pieces.
    var bounds: Bounds {
        var box = Bounds()
        for piece in pieces {
            switch piece.form {
            case .ellipsoid:
                box.formUnion(piece.ball.center - piece.ball.radius)
                box.formUnion(piece.ball.center + piece.ball.radius)
            case .roundCone(let a, let b, let radiusA, let radiusB):
                let reach = Vector3(repeating: max(radiusA, radiusB))
                for end in [a, b] {
                    box.formUnion(end - reach)
                    box.formUnion(end + reach)
                }
            }
        }
        return box
    }
}

extension Sculpture.Piece {
    fileprivate func distance(_ p: Vector3) -> Float {
        switch form {
        case .ellipsoid(let center, let radii):
            // An estimate that is exact to first order at the surface (Taubin 1991).
            let q = p - center
            let local = Vector3(dot(axes.0, q), dot(axes.1, q), dot(axes.2, q))
            let k0 = length(local / radii)
            let k1 = length(local / (radii * radii))
            return k1 > 0 ? k0 * (k0 - 1) / k1 : -radii.min()
        case .roundCone(let a, let b, let radiusA, let radiusB):
            return Sculpture.Piece.roundConeDistance(p, a, b, radiusA, radiusB)
        }
    }

    /// The exact distance to the hull of two balls: the smallest distance to any of the balls
    /// between them, whose radius changes linearly along the axis.
    private static func roundConeDistance(
        _ p: Vector3, _ a: Vector3, _ b: Vector3, _ radiusA: Float, _ radiusB: Float
    ) -> Float {
        let axisLength = length(b - a)
        let slope = (radiusA - radiusB) / axisLength
        guard abs(slope) < 1 else {
            // One ball holds the other, or they are one.
            return min(length(p - a) - radiusA, length(p - b) - radiusB)
        }
        let axis = (b - a) / axisLength
        let along = dot(p - a, axis)
        let across = length(p - a - axis * along)
        // Where the derivative of the distance to the ball at t vanishes; the distance is convex
        // in t, so that its ends may simply be clamped.
        let free = along - across * slope / (1 - slope * slope).squareRoot()
        let t = min(max(free, 0), axisLength)
        return (across * across + (along - t) * (along - t)).squareRoot() - radiusA + slope * t
    }
}
