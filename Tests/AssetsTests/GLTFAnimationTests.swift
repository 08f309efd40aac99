import Assets
import Foundation
import Geometry
import Testing

@Suite struct GLTFAnimationTests {
    /// A triangle on one node, whose property `path` is animated.
    static func animated(
        _ path: String, times: [Float], values: [Float], type: String, interpolation: String? = nil,
        node: [String: Any] = [:]
    ) throws -> AnimatedAsset {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        draft.add("nodes", node.merging(["mesh": mesh]) { a, _ in a })
        draft.animate(path, times: times, values: values, type: type, interpolation: interpolation)
        return try draft.load()
    }

    /// Hermite's cubic, solved for its coefficients: value and slope at both ends.
    static func hermite(
        _ t: Double, from a: Double, slope m: Double, to b: Double, slope n: Double
    ) -> Double {
        a + m * t + (3 * (b - a) - 2 * m - n) * t * t + (2 * (a - b) + m + n) * t * t * t
    }

    @Test func linearWhereNothingIsSaid() throws {
        let asset = try Self.animated(
            "translation", times: [0, 2], values: [0, 0, 0, 4, 0, 0], type: "VEC3")
        #expect(asset.clips.map(\.name) == ["Anim_0"])
        #expect(asset.clips[0].start == 0 && asset.clips[0].end == 2)
        #expect(try asset.mesh(clip: 0, times: [0.5]).positions[0] == SIMD3(1, 0, 0))
    }

    @Test func stepKeys() throws {
        let asset = try Self.animated(
            "scale", times: [0, 1], values: [1, 1, 1, 3, 3, 3], type: "VEC3",
            interpolation: "STEP")
        let mesh = try asset.mesh(clip: 0, times: [0.999, 1])
        #expect(mesh.positions[1] == SIMD3(1, 0, 0) && mesh.positions[4] == SIMD3(3, 0, 0))
    }

    @Test func cubicSplineOfTranslationAndScale() throws {
        // Keys at 1 and 3 seconds: tangents count twice per unit of the spline's parameter.
        let keys: [Float] = [
            7, 7, 7, 1, 2, 3, 0.5, -1, 2,
            -2, 1, 0, 4, 1, -2, 7, 7, 7,
        ]
        for path in ["translation", "scale"] {
            let asset = try Self.animated(
                path, times: [1, 3], values: keys, type: "VEC3", interpolation: "CUBICSPLINE")
            let mesh = try asset.mesh(clip: 0, times: [1.5, 2, 2.9])
            for (f, t) in [0.25, 0.5, 0.95].enumerated() {
                let x = Self.hermite(t, from: 1, slope: 1, to: 4, slope: -4)
                let y = Self.hermite(t, from: 2, slope: -2, to: 1, slope: 2)
                let p = mesh.positions
                let found =
                    path == "scale"
                    ? (p[3 * f + 1].x, p[3 * f + 2].y) : (p[3 * f].x, p[3 * f].y)
                #expect(abs(Double(found.0) - x) < 1e-6 && abs(Double(found.1) - y) < 1e-6)
            }
        }
    }

    @Test func cubicSplineOfRotation() throws {
        let h = Float(0.5).squareRoot()
        let asset = try Self.animated(
            "rotation", times: [0, 2],
            values: [
                0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0.4, 0,
                0, 0, 0.1, 0, 0, 0, h, h, 0, 0, 0, 0,
            ], type: "VEC4", interpolation: "CUBICSPLINE")
        let p = try asset.mesh(clip: 0, times: [0.6]).positions[1]
        let z = Self.hermite(0.3, from: 0, slope: 0.8, to: Double(h), slope: 0.2)
        let w = Self.hermite(0.3, from: 1, slope: 0, to: Double(h), slope: 0)
        let angle = 2 * atan2(z, w)
        #expect(abs(Double(p.x) - cos(angle)) < 1e-6 && abs(Double(p.y) - sin(angle)) < 1e-6)
    }

    @Test func quantisedRotations() throws {
        // A quarter turn about z as normalised 16-bit and 8-bit integers.
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        draft.add("nodes", ["mesh": mesh])
        let short = draft.accessor(
            [0, 0, 0, 32767, 0, 0, 23170, 23170] as [Int16], "VEC4", component: 5122,
            normalized: true)
        let byte = draft.accessor(
            [0, 0, 0, 127, 0, 0, 90, 90] as [Int8], "VEC4", component: 5120, normalized: true)
        for output in [short, byte] {
            draft.animate("rotation", times: [0, 1], output: output)
        }
        let asset = try draft.load()
        for (clip, tolerance) in [(0, Float(1e-4)), (1, 1e-2)] {
            let mesh = try asset.mesh(clip: clip, times: [0, 1])
            #expect(length(mesh.positions[1] - SIMD3(1, 0, 0)) < tolerance)
            #expect(length(mesh.positions[4] - SIMD3(0, 1, 0)) < tolerance)
        }
    }

    @Test func partlyAnimatedNodeKeepsItsOtherComponents() throws {
        let asset = try Self.animated(
            "rotation", times: [0], values: [0, 0, 1, 0], type: "VEC4",
            node: ["translation": [5, 6, 7], "scale": [2, 2, 2]])
        // Half a turn about z.
        let p = try asset.mesh(clip: 0, times: [0]).positions
        #expect(length(p[0] - SIMD3(5, 6, 7)) < 1e-6)
        #expect(length(p[1] - SIMD3(3, 6, 7)) < 1e-6)
    }

    @Test func nodesOfOneNameMoveApart() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        draft.add("nodes", ["mesh": mesh, "name": "same"])
        draft.add("nodes", ["mesh": mesh, "name": "same"])
        draft.animate("translation", times: [0], values: [1, 0, 0], type: "VEC3", node: 1)
        let p = try draft.load().mesh(clip: 0, times: [0]).positions
        #expect(p[0] == .zero && p[3] == SIMD3(1, 0, 0))
    }

    @Test func cubicMorphWeightsOfThreeTargets() throws {
        var draft = GLTFDraft.withTargets()
        // Tangents and values of one key stand together: three in, three values, three out.
        draft.animate(
            "weights", times: [0, 2],
            values: [
                9, 9, 9, 0, 0.5, -1, 1, 0, 0.25,
                0, -1, 0.5, 1, 0, -2, 9, 9, 9,
            ], type: "SCALAR", interpolation: "CUBICSPLINE")
        let asset = try draft.load()
        let mesh = try asset.mesh(clip: 0, times: [0, 0.7, 2])
        for (f, t) in [0, 0.35, 1].enumerated() {
            let expected = SIMD3(
                Self.hermite(t, from: 0, slope: 2, to: 1, slope: 0),
                Self.hermite(t, from: 0.5, slope: 0, to: 0, slope: -2),
                Self.hermite(t, from: -1, slope: 0.5, to: -2, slope: 1))
            #expect(length(SIMD3<Double>(mesh.positions[3 * f]) - expected) < 1e-6)
        }
    }

    @Test func normalisedAndNegativeMorphWeights() throws {
        var draft = GLTFDraft.withTargets()
        let bytes = draft.accessor(
            [255, 0, 51, 0, 255, 0] as [UInt8], "SCALAR", component: 5121, normalized: true)
        draft.animate("weights", times: [0, 1], output: bytes)
        draft.animate(
            "weights", times: [0], values: [-1, -0.5, 2], type: "SCALAR")
        let asset = try draft.load()
        #expect(
            length(try asset.mesh(clip: 0, times: [0]).positions[0] - SIMD3(1, 0, 0.2)) < 1e-6)
        #expect(try asset.mesh(clip: 1, times: [0]).positions[0] == SIMD3(-1, -0.5, 2))
    }

    @Test func defaultMorphWeights() throws {
        var draft = GLTFDraft.withTargets(weights: [0.5, 0, 0])
        let mesh = 0
        draft.add("nodes", ["mesh": mesh, "weights": [0, 0.25, -1]])
        let asset = try draft.load()
        let p = try asset.mesh(clip: nil, times: [0]).positions
        // The first node has its mesh's weights, the second its own.
        #expect(p[0] == SIMD3(0.5, 0, 0) && p[3] == SIMD3(0, 0.25, -1))
        #expect(asset.rig.primitives[0].morphTargets.map(\.name) == ["a", "b", "c"])
    }

    @Test func keysOutOfOrderAreSorted() throws {
        let asset = try Self.animated(
            "translation", times: [2, 0, 1], values: [2, 0, 0, 0, 0, 0, 1, 5, 0], type: "VEC3")
        #expect(asset.clips[0].channels[0].times == [0, 1, 2])
        #expect(try asset.mesh(clip: 0, times: [1]).positions[0] == SIMD3(1, 5, 0))
        #expect(asset.warnings.count == 1)
    }

    @Test func channelsWithoutUsableKeysAreLeftOut() throws {
        for times: [Float] in [[.nan, 1], [0, .infinity], []] {
            let asset = try Self.animated(
                "translation", times: times, values: [0, 0, 0, 1, 0, 0], type: "VEC3")
            #expect(asset.clips.isEmpty && !asset.warnings.isEmpty)
        }
    }

    @Test func channelsOfAbsentNodesAreLeftOut() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        draft.add("nodes", ["mesh": mesh])
        draft.animate(
            "translation", times: [0, 9], values: [0, 0, 0, 9, 9, 9], type: "VEC3", node: 8)
        draft.animate("translation", times: [1, 2], values: [0, 0, 0, 1, 0, 0], type: "VEC3")
        draft.animate("pointer", times: [0, 9], values: [0, 0, 0, 9, 9, 9], type: "VEC3")
        let asset = try draft.load()
        #expect(asset.clips.map(\.name) == ["Anim_1"])
        #expect(asset.clips[0].start == 1 && asset.clips[0].end == 2)
        #expect(asset.warnings.contains { $0.contains("KHR_animation_pointer") })
    }

    @Test func moreKeysThanValues() throws {
        let asset = try Self.animated(
            "translation", times: [0, 1, 2], values: [0, 0, 0, 1, 0, 0], type: "VEC3")
        #expect(asset.clips[0].end == 1 && asset.warnings.count == 1)
    }

    @Test func animatedMatrixNode() throws {
        let asset = try Self.animated(
            "translation", times: [0], values: [1, 1, 1], type: "VEC3",
            node: ["matrix": [0, 2, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 9, 9, 9, 1]])
        let p = try asset.mesh(clip: 0, times: [0]).positions
        #expect(length(p[1] - SIMD3(1, 3, 1)) < 1e-6 && length(p[2] - SIMD3(0, 1, 1)) < 1e-6)
    }
}

extension GLTFDraft {
    /// Adds an animation of one channel of node 0 or another.
    mutating func animate(
        _ path: String, times: [Float], values: [Float], type: String,
        interpolation: String? = nil, node: Int = 0
    ) {
        animate(
            path, times: times, output: floats(values, type), interpolation: interpolation,
            node: node)
    }

    /// Adds an animation of one channel with the given output accessor.
    mutating func animate(
        _ path: String, times: [Float], output: Int, interpolation: String? = nil, node: Int = 0
    ) {
        var sampler: [String: Any] = ["input": floats(times, "SCALAR"), "output": output]
        sampler["interpolation"] = interpolation
        add(
            "animations",
            [
                "samplers": [sampler],
                "channels": [["sampler": 0, "target": ["node": node, "path": path]]],
            ])
    }

    /// A triangle on node 0 with three targets, `a`, `b` and `c`, that move its first corner along
    /// x, y and z.
    static func withTargets(weights: [Double]? = nil) -> GLTFDraft {
        var draft = GLTFDraft()
        let targets = (0..<3).map { axis in
            var displacements = [Float](repeating: 0, count: 9)
            displacements[axis] = 1
            return ["POSITION": draft.floats(displacements, "VEC3")]
        }
        var mesh: [String: Any] = ["extras": ["targetNames": ["a", "b", "c"]]]
        mesh["weights"] = weights
        let index = draft.triangle(primitive: ["targets": targets], mesh: mesh)
        draft.add("nodes", ["mesh": index])
        return draft
    }
}
