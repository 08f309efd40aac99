import Foundation
import Geometry

/// A walking elephant, baked frame by frame into a DeformingThings4D file.
enum Elephant {
    /// Frames of one walk cycle; the last one leads over to the first.
    static let frameCount = 24

    /// `[T][V]` positions and the triangles.
    static func frames() -> (positions: [[Vector3]], triangles: [UInt32]) {
        let mesh = sculpture.meshed(cell: 0.039)
        let weights = mesh.weights(
            jointCount: skeleton.count, rounds: 12, jointOfVertex: sculpture.joint(at:))
        let frames = (0..<frameCount).map { frame in
            skeleton.skinned(
                mesh.positions, weights: weights, pose: walk(Float(frame) / Float(frameCount)))
        }
        return (frames, mesh.triangles)
    }

    private static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("pelvis", Vector3(0, 0.72, -0.3))
        s.add("chest", Vector3(0, 0.74, 0.05), under: "pelvis")
        s.add("head", Vector3(0, 0.86, 0.32), under: "chest")
        s.addChain("trunk", Array(trunk.dropLast()), under: "head")
        s.addChain("tail", [Vector3(0, 0.78, -0.56), Vector3(0, 0.6, -0.66)], under: "pelvis")
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.add("\(side)Ear", Vector3(0.2 * x, 0.95, 0.33), under: "head")
            s.add("\(side)Shoulder", Vector3(0.17 * x, 0.6, 0.14), under: "chest")
            s.add("\(side)Elbow", Vector3(0.17 * x, 0.35, 0.11), under: "\(side)Shoulder")
            s.add("\(side)Wrist", Vector3(0.17 * x, 0.1, 0.13), under: "\(side)Elbow")
            s.add("\(side)Hip", Vector3(0.18 * x, 0.58, -0.32), under: "pelvis")
            s.add("\(side)Knee", Vector3(0.18 * x, 0.34, -0.27), under: "\(side)Hip")
            s.add("\(side)Ankle", Vector3(0.18 * x, 0.1, -0.34), under: "\(side)Knee")
        }
        return s
    }()

    private static let trunk: [Vector3] = [
        Vector3(0, 0.84, 0.56), Vector3(0, 0.68, 0.66), Vector3(0, 0.5, 0.7),
        Vector3(0, 0.33, 0.7), Vector3(0, 0.2, 0.74), Vector3(0, 0.16, 0.84),
    ]

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addEllipsoid(
            Vector3(0, 0.74, -0.24), Vector3(0.3, 0.3, 0.34), joint: j["pelvis"], blend: 0)
        s.addEllipsoid(
            Vector3(0, 0.75, 0.04), Vector3(0.29, 0.29, 0.3), joint: j["chest"], blend: 0.12)
        s.addEllipsoid(
            Vector3(0, 0.96, 0.42), Vector3(0.2, 0.21, 0.2), joint: j["head"], blend: 0.1)
        s.addChain(
            [Vector3(0, 0.92, 0.52)] + trunk, [0.14, 0.115, 0.088, 0.072, 0.06, 0.052, 0.045],
            joints: [j["head"]] + (1...5).map { j["trunk\($0)"] }, blend: 0.05)
        s.addChain(
            [
                Vector3(0, 0.82, -0.5), Vector3(0, 0.78, -0.57), Vector3(0, 0.6, -0.66),
                Vector3(0, 0.45, -0.68),
            ], [0.06, 0.04, 0.034, 0.044],
            joints: [j["pelvis"], j["tail1"], j["tail2"]], blend: 0.04)
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.addEllipsoid(
                Vector3(0.33 * x, 0.93, 0.31), Vector3(0.19, 0.22, 0.055),
                rotation: .turns(y: 0.35 * x), joint: j["\(side)Ear"], blend: 0.05)
            s.addLimb(
                Vector3(0.1 * x, 0.76, 0.56), Vector3(0.13 * x, 0.66, 0.74), 0.04, 0.018,
                joint: j["head"], blend: 0.02)
            addLegs(&s, side, x)
        }
        return s
    }()

    private static func addLegs(_ s: inout Sculpture, _ side: String, _ x: Float) {
        let j = skeleton
        for (from, to, a, b) in [
            ("Shoulder", "Elbow", Float(0.15), Float(0.11)), ("Elbow", "Wrist", 0.11, 0.098),
            ("Hip", "Knee", 0.17, 0.12), ("Knee", "Ankle", 0.115, 0.098),
        ] {
            s.addLimb(
                j.place(side + from), j.place(side + to), a, b, joint: j[side + from],
                blend: 0.06)
        }
        for foot in ["Wrist", "Ankle"] {
            let place = j.place(side + foot)
            s.addEllipsoid(
                Vector3(place.x, 0.075, place.z + 0.02), Vector3(0.115, 0.075, 0.12),
                joint: j[side + foot], blend: 0.04)
        }
    }

    private static func walk(_ phase: Float) -> Pose {
        var pose = Pose(skeleton)
        let a = turn * phase
        let bob = Vector3(0, 0.02 * cos(2 * a) - 0.025, 0)
        pose.shift("pelvis", bob)
        pose.turn("pelvis", y: 0.05 * sin(a), z: 0.04 * sin(a))
        pose.turn("chest", y: -0.08 * sin(a), z: -0.05 * sin(a))
        pose.turn("head", x: 0.07 * sin(2 * a), y: 0.08 * sin(a), z: 0.05 * sin(a))
        for k in 1...5 {
            let wave = a - 0.6 * Float(k)
            pose.turn("trunk\(k)", x: 0.09 * sin(2 * wave), z: 0.13 * sin(wave))
        }
        for k in 1...2 { pose.turn("tail\(k)", z: 0.35 * sin(a - Float(k))) }
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            pose.turn("\(side)Ear", y: sign * (0.15 + 0.35 * sin(2 * a)))
        }
        let stride = Stride(length: 0.28, lift: 0.1)
        for (thigh, shin, foot, offset) in [
            ("leftShoulder", "leftElbow", "leftWrist", Float(0)),
            ("rightShoulder", "rightElbow", "rightWrist", 0.5),
            ("leftHip", "leftKnee", "leftAnkle", 0.75),
            ("rightHip", "rightKnee", "rightAnkle", 0.25),
        ] {
            let step = stride.step(phase + offset)
            Leg(thigh: thigh, shin: shin, foot: foot).bend(
                &pose, skeleton, ankleOffset: step.offset, hipOffset: bob,
                footPitch: step.pitch * 0.6)
        }
        return pose
    }
}
