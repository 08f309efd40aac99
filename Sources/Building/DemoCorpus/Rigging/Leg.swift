import Foundation
import Geometry

/// A leg of two bones and a foot, bent in the plane of Y and Z by inverse kinematics.
struct Leg {
    var thigh: String
    var shin: String
    var foot: String

    /// Bends the leg so that the ankle comes to its place at rest plus `ankleOffset`, seen from a
    /// hip that is shifted by `hipOffset`; the foot keeps its direction but for `footPitch`
    /// radians (positive lifts the heel).
    func bend(
        _ pose: inout Pose, _ skeleton: Skeleton, ankleOffset: Vector3, hipOffset: Vector3 = .zero,
        footPitch: Float = 0
    ) {
        func flat(_ name: String) -> Vector2 {
            Vector2(skeleton.place(name).y, skeleton.place(name).z)
        }
        let hip = flat(thigh)
        let knee = flat(shin)
        let ankle = flat(foot)
        let move = ankleOffset - hipOffset
        let target = ankle + Vector2(move.y, move.z)
        let upper = Leg.length(knee - hip)
        let lower = Leg.length(ankle - knee)
        let farthest = (upper + lower) * 0.9995
        let nearest = abs(upper - lower) * 1.0005 + 1e-4
        let way = min(max(Leg.length(target - hip), nearest), farthest)
        // The law of cosines gives the angle between the upper bone and the way to the ankle; the
        // knee stays on the side on which it is at rest.
        let opening = arcCosine((upper * upper + way * way - lower * lower) / (2 * upper * way))
        let bent = knee - hip
        let straight = ankle - hip
        let side: Float = bent.x * straight.y - bent.y * straight.x > 0 ? -1 : 1
        let wayAngle = Leg.angle(target - hip)
        let upperAngle = wayAngle + side * opening
        let newKnee = hip + Vector2(cos(upperAngle), sin(upperAngle)) * upper
        let newAnkle = hip + Vector2(cos(wayAngle), sin(wayAngle)) * way
        let thighTurn = upperAngle - Leg.angle(bent)
        let shinTurn = Leg.angle(newAnkle - newKnee) - Leg.angle(ankle - knee) - thighTurn
        pose.turn(thigh, x: thighTurn)
        pose.turn(shin, x: shinTurn)
        pose.turn(foot, x: footPitch - thighTurn - shinTurn)
    }

    private static func length(_ v: Vector2) -> Float { (v.x * v.x + v.y * v.y).squareRoot() }

    /// The angle about +X from +Y, which a turn about +X adds to.
    private static func angle(_ v: Vector2) -> Float { atan2(v.y, v.x) }
}

/// The way of a foot that walks on the spot.
struct Stride {
    /// How far the foot goes from front to back, in metres.
    var length: Float
    /// How high it is lifted.
    var lift: Float
    /// The share of the cycle in which the foot stands.
    var standing: Float = 0.6

    /// The foot's shift from its place at rest, and the pitch of its sole in radians.
    func step(_ phase: Float) -> (offset: Vector3, pitch: Float) {
        let t = fraction(phase)
        guard t >= standing else {
            let way = t / standing
            return (Vector3(0, 0, length * (0.5 - way)), 0.35 * smoothstep(0.75, 1, way))
        }
        let way = (t - standing) / (1 - standing)
        // The speed of the swing fits the stance's at both ends.
        let slope = (1 - standing) / standing
        let forward = Stride.hermite(way, slope)
        return (
            Vector3(0, lift * bump(way), length * (forward - 0.5)),
            0.35 * (1 - smoothstep(0, 0.5, way)) - 0.2 * bump(way)
        )
    }

    /// A cubic from 0 to 1 whose slope is `-slope` at both ends.
    private static func hermite(_ t: Float, _ slope: Float) -> Float {
        let t2 = t * t
        let t3 = t2 * t
        return (3 * t2 - 2 * t3) - slope * (t3 - 2 * t2 + t) - slope * (t3 - t2)
    }
}
