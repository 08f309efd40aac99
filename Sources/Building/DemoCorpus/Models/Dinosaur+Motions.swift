import Foundation
import Geometry

extension Dinosaur {
    static let walk = Motion(name: "walk", duration: 1, keyCount: 25) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        let bob = Vector3(0, 0.02 * cos(2 * a + 0.4) - 0.03, 0)
        pose.shift("pelvis", bob)
        pose.turn("pelvis", y: 0.12 * sin(a), z: -0.05 * sin(a))
        pose.turn("chest", x: 0.03 * sin(2 * a), y: -0.14 * sin(a), z: 0.05 * sin(a))
        pose.turn("head", x: 0.07 * sin(2 * a + 0.5), y: -0.06 * sin(a))
        pose.turn("jaw", x: 0.12 + 0.1 * sin(2 * a))
        swing(&pose, a, amount: 0.16)
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            pose.turn("\(side)Arm", x: 0.3 * sign * sin(a))
            let stride = Stride(length: 0.26, lift: 0.12)
            let step = stride.step(phase + (sign > 0 ? 0 : 0.5))
            leg(side).bend(
                &pose, skeleton, ankleOffset: step.offset, hipOffset: bob, footPitch: step.pitch)
        }
        return pose
    }

    /// Crouches, leaps, and lands softly.
    static let jump = Motion(name: "jump", duration: 1.25, keyCount: 31) { phase in
        var pose = Pose(skeleton)
        let crouch = bump(phase / 0.32) + 0.8 * bump((phase - 0.66) / 0.34)
        let airborne = min(max((phase - 0.22) / 0.5, 0), 1)
        let height = 0.13 * 4 * airborne * (1 - airborne)
        let bob = Vector3(0, height - 0.12 * crouch, 0)
        pose.shift("pelvis", bob)
        pose.turn("spine", x: 0.3 * crouch - 0.15 * bump(airborne))
        pose.turn("chest", x: 0.15 * crouch)
        pose.turn("neck", x: -0.3 * crouch)
        pose.turn("jaw", x: 0.4 * bump(airborne))
        for i in 1...4 { pose.turn("tail\(i)", x: -0.12 * crouch + 0.18 * bump(airborne)) }
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            pose.turn("\(side)Arm", x: -1.1 * bump(airborne), z: 0.5 * sign * bump(airborne))
            let tuck = 0.14 * bump(airborne)
            leg(side).bend(
                &pose, skeleton, ankleOffset: Vector3(0, height + tuck, 0), hipOffset: bob,
                footPitch: 0.5 * bump(airborne))
        }
        return pose
    }

    /// Breathes, looks around and swings its tail; the chest swells by scale keys.
    static let idle = Motion(name: "idle", duration: 2, keyCount: 33) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        let bob = Vector3(0, 0.012 * cos(2 * a) - 0.02, 0)
        pose.shift("pelvis", bob)
        pose.turn("spine", z: 0.06 * sin(a))
        let breath = 1 + 0.04 * sin(2 * a)
        pose.scales[skeleton["chest"]] = Vector3(breath, 1, breath)
        pose.scales[skeleton["neck"]] = Vector3(1 / breath, 1, 1 / breath)
        pose.turn("neck", y: 0.3 * sin(a))
        pose.turn("head", x: 0.08 * sin(2 * a), y: 0.45 * sin(a), z: 0.12 * sin(a))
        pose.turn("jaw", x: 0.25 * bump(fraction(phase * 2)))
        swing(&pose, a + 1, amount: 0.22)
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            pose.turn("\(side)Arm", x: 0.25 * sin(2 * a + sign))
            leg(side).bend(&pose, skeleton, ankleOffset: .zero, hipOffset: bob)
        }
        return pose
    }

    private static func swing(_ pose: inout Pose, _ a: Float, amount: Float) {
        for i in 1...4 { pose.turn("tail\(i)", y: amount * sin(a - 0.6 * Float(i))) }
    }

    private static func leg(_ side: String) -> Leg {
        Leg(thigh: "\(side)Thigh", shin: "\(side)Shin", foot: "\(side)Foot")
    }
}
