import Curation
import Foundation
import Geometry
import Testing

/// Signatures say of surfaces what is known of them in closed form, and stay when they should.
@Suite struct SignatureTests {
    // MARK: Surfaces

    /// A sphere of radius 1 cut along `bands` parallels.
    private static func sphere(_ bands: Int) -> MeshSequence {
        var points: [SIMD3<Float>] = []
        var triangles: [UInt32] = []
        let columns = 2 * bands
        for i in 0...bands {
            for j in 0...columns {
                let (polar, azimuth) = (
                    Double.pi * Double(i) / Double(bands),
                    2 * Double.pi * Double(j) / Double(columns)
                )
                points.append(
                    SIMD3<Float>(
                        SIMD3(sin(polar) * sin(azimuth), cos(polar), sin(polar) * cos(azimuth))))
            }
        }
        for i in 0..<bands {
            for j in 0..<columns {
                let a = UInt32(i * (columns + 1) + j)
                let b = a + UInt32(columns + 1)
                triangles += [a, b, a + 1, a + 1, b, b + 1]
            }
        }
        return mesh([points], triangles)
    }

    /// A box about the origin, each side cut into `cuts` by `cuts` squares.
    private static func box(_ size: SIMD3<Float>, cuts: Int = 1) -> ([SIMD3<Float>], [UInt32]) {
        var points: [SIMD3<Float>] = []
        var triangles: [UInt32] = []
        for axis in 0..<3 {
            for side in [Float(-0.5), 0.5] {
                let first = UInt32(points.count)
                for i in 0...cuts {
                    for j in 0...cuts {
                        var p = SIMD3<Float>.zero
                        p[axis] = side
                        p[(axis + 1) % 3] = Float(i) / Float(cuts) - 0.5
                        p[(axis + 2) % 3] = Float(j) / Float(cuts) - 0.5
                        points.append(p * size)
                    }
                }
                for i in 0..<UInt32(cuts) {
                    for j in 0..<UInt32(cuts) {
                        let a = first + i * UInt32(cuts + 1) + j
                        let b = a + UInt32(cuts + 1)
                        triangles += [a, b, a + 1, a + 1, b, b + 1]
                    }
                }
            }
        }
        return (points, triangles)
    }

    private static func mesh(_ frames: [[SIMD3<Float>]], _ triangles: [UInt32]) -> MeshSequence {
        MeshSequence(
            times: frames.indices.map(Double.init), vertexCount: frames[0].count,
            positions: Vector3Array(frames.joined()), triangles: triangles)
    }

    /// Turned about the vertical axis, scaled and moved.
    private static func placed(_ p: SIMD3<Float>, degrees: Float, scale: Float) -> SIMD3<Float> {
        let (s, c) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
        return scale * SIMD3(c * p.x + s * p.z, p.y, c * p.z - s * p.x) + SIMD3(5, -2, 9)
    }

    /// A body with a head and two arms of boxes: no two of its sides are alike.
    private static func figure(
        cuts: Int = 4, arm: (_ t: Float, _ isLeft: Bool) -> SIMD3<Float> = { _, _ in .zero },
        frames: Int = 8, place: (SIMD3<Float>) -> SIMD3<Float> = { $0 }
    ) -> MeshSequence {
        let boxes: [(center: SIMD3<Float>, size: SIMD3<Float>, arm: Bool?)] = [
            (SIMD3(0, 0, 0), SIMD3(0.4, 1, 0.25), nil),
            (SIMD3(0, 0.7, 0.1), SIMD3(0.3, 0.3, 0.4), nil),
            (SIMD3(0.5, 0.3, 0), SIMD3(0.6, 0.12, 0.12), true),
            (SIMD3(-0.5, 0.3, 0), SIMD3(0.6, 0.12, 0.12), false),
        ]
        var triangles: [UInt32] = []
        var all = [[SIMD3<Float>]](repeating: [], count: frames)
        for entry in boxes {
            let (points, indices) = box(entry.size, cuts: cuts)
            triangles += indices.map { $0 + UInt32(all[0].count) }
            for t in 0..<frames {
                let moved = entry.arm.map { arm(Float(t) / Float(frames - 1), $0) } ?? .zero
                all[t] += points.map { place($0 + entry.center + moved) }
            }
        }
        return mesh(all, triangles)
    }

    // MARK: Shape

    /// On a sphere of radius 1, distances of pairs have the distribution d²/4, and heights are even
    /// (Archimedes).
    @Test func sphereHasItsKnownDistributions() throws {
        let numbers = try #require(ShapeSignature(Self.sphere(64))).numbers
        func cumulative(_ range: Range<Int>) -> [Double] {
            var sum = 0.0
            return numbers[range].map { share in
                sum += share * 1e-4
                return sum
            }
        }
        for (bin, share) in cumulative(0..<32).enumerated() {
            let d = min(2, 4 * Double(bin + 1) / 32)
            #expect(abs(share - d * d / 4) < 0.01)
        }
        for (bin, share) in cumulative(32..<48).enumerated() {
            let h = min(1, max(-1, -2.4 + 4.8 * Double(bin + 1) / 16))
            #expect(abs(share - (h + 1) / 2) < 0.01)
        }
        for (bin, share) in cumulative(48..<64).enumerated() {
            let r = min(1, 2.4 * Double(bin + 1) / 16)
            #expect(abs(share - (1 - (1 - r * r).squareRoot())) < 0.02)
        }
    }

    @Test func shapeStaysWhereTheSurfaceIsTheSame() throws {
        let one = try #require(ShapeSignature(Self.figure()))
        for (degrees, scale, cuts) in [(31, 0.01, 4), (200, 40, 4), (0, 1, 9)]
            as [(Float, Float, Int)]
        {
            let other = Self.figure(
                cuts: cuts, place: { Self.placed($0, degrees: degrees, scale: scale) })
            let signature = try #require(ShapeSignature(other))
            #expect(ShapeSignature.distance(one, signature) < 0.02)
        }
        let (points, triangles) = Self.box(SIMD3(1, 1, 1), cuts: 3)
        let cube = try #require(ShapeSignature(Self.mesh([points], triangles)))
        #expect(ShapeSignature.distance(one, cube) > 0.1)
        let ball = try #require(ShapeSignature(Self.sphere(32)))
        #expect(ShapeSignature.distance(cube, ball) > 0.05)
    }

    /// Of two histograms with one full bin each, the distance is that of the bins.
    @Test func distanceIsThatOfTheEarthMover() throws {
        func signature(_ bin: Int) throws -> ShapeSignature {
            var numbers = [Double](repeating: 0, count: 64)
            numbers[bin] = 10_000
            numbers[40] = 10_000
            numbers[50] = 10_000
            return try #require(ShapeSignature(numbers: numbers))
        }
        for (a, b) in [(0, 0), (3, 4), (0, 31), (20, 7)] {
            let distance = ShapeSignature.distance(try signature(a), try signature(b))
            #expect(abs(distance - 0.125 * Double(abs(a - b))) < 1e-12)
        }
    }

    @Test func surfacesWithoutAreaHaveNoSignature() {
        let point = Self.mesh([[.zero, .zero, .zero]], [0, 1, 2])
        #expect(ShapeSignature(point) == nil && MotionSignature(point) == nil)
        #expect(CanonicalPose(point) == nil)
        let lost = Self.mesh([[.zero, SIMD3(1, 0, 0), SIMD3(0, .nan, 0)]], [0, 1, 2])
        #expect(ShapeSignature(lost) == nil)
        let empty = Self.mesh([[.zero]], [])
        #expect(ShapeSignature(empty) == nil)
        // A triangle that is no number beside one that is.
        let half = Self.mesh(
            [[.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(.infinity, 0, 0)]], [0, 1, 3, 0, 1, 2])
        #expect(ShapeSignature(half) != nil)
    }

    // MARK: Pose and motion

    @Test func directionTurnsWithTheSurface() throws {
        let one = try #require(CanonicalPose(Self.figure()))
        for degrees in stride(from: Float(10), to: 360, by: 35) {
            let mesh = Self.figure(place: { Self.placed($0, degrees: degrees, scale: 2) })
            let other = try #require(CanonicalPose(mesh))
            let turn = other.azimuthDegrees - one.azimuthDegrees - Double(degrees)
            let rest = turn - 90 * (turn / 90).rounded()
            #expect(abs(rest) < 2)
            #expect(abs(other.radius / one.radius - 2) < 1e-4)
        }
    }

    private static func motion(_ mesh: MeshSequence) throws -> MotionSignature {
        try #require(MotionSignature(mesh))
    }

    @Test func motionStaysWhereTheMotionIsTheSame() throws {
        func wave(_ t: Float, _ isLeft: Bool) -> SIMD3<Float> {
            isLeft ? SIMD3(0, sin(2 * .pi * t), 0) : .zero
        }
        let one = try Self.motion(Self.figure(arm: wave, frames: 9))
        let longer = try Self.motion(Self.figure(cuts: 7, arm: wave, frames: 29))
        // The figure's direction is known up to half a turn.
        #expect((0..<4).map { MotionSignature.distance(one, longer, quarters: $0) }.min()! < 0.1)
        let turned = try Self.motion(
            Self.figure(arm: wave, frames: 9, place: { Self.placed($0, degrees: 90, scale: 3) }))
        let distances = (0..<4).map { MotionSignature.distance(one, turned, quarters: $0) }
        #expect(distances.min()! < 0.1)
    }

    @Test func otherMotionsAreFar() throws {
        func moving(
            _ arm: @escaping (_ t: Float, _ isLeft: Bool) -> SIMD3<Float>
        ) throws -> MotionSignature {
            try Self.motion(Self.figure(arm: arm))
        }
        let still = try moving { _, _ in .zero }
        let left = try moving { t, isLeft in isLeft ? SIMD3(0, t, 0) : .zero }
        let right = try moving { t, isLeft in isLeft ? .zero : SIMD3(0, t, 0) }
        let down = try moving { t, isLeft in isLeft ? SIMD3(0, -t, 0) : .zero }
        let early = try moving { t, isLeft in isLeft ? SIMD3(0, min(1, 4 * t), 0) : .zero }
        for (a, b) in [(still, left), (left, right), (left, down), (left, early)] {
            #expect(MotionSignature.distance(a, b) > 0.3)
            #expect(MotionSignature.distance(a, b) == MotionSignature.distance(b, a))
        }
        #expect(MotionSignature.distance(left, left) == 0)
        #expect(abs(MotionSignature.distance(still, left) - 1) < 1e-6)
    }

    /// Translation of the whole: every point goes as far, and the numbers sum to that.
    @Test func displacementIsMeasuredInRadii() throws {
        let (points, triangles) = Self.box(SIMD3(1, 2, 3), cuts: 2)
        let mesh = Self.mesh(
            [points, points.map { $0 + SIMD3(0, 0.5, 0) }], triangles)
        let radius = try #require(CanonicalPose(mesh)).radius
        let numbers = try Self.motion(mesh).numbers
        // Of four times only the last is at the second frame.
        #expect(numbers.prefix(48).allSatisfy { $0 == 0 })
        let displacement = stride(from: 48, to: 64, by: 2).reduce(0) { $0 + numbers[$1] }
        let rise = stride(from: 49, to: 64, by: 2).reduce(0) { $0 + numbers[$1] }
        #expect(abs(displacement * 1e-4 - 0.5 / radius) < 1e-3)
        #expect(rise == displacement)
    }

    @Test func numbersComeBack() throws {
        let mesh = Self.figure(arm: { t, _ in SIMD3(0, t, 0) })
        let shape = try #require(ShapeSignature(mesh))
        #expect(ShapeSignature(numbers: shape.numbers) == shape)
        let motion = try Self.motion(mesh)
        #expect(MotionSignature(numbers: motion.numbers) == motion)
        let views = ViewSignature(hashes: SIMD4(.max, 0, 0x0123_4567_89ab_cdef, 1 << 63))
        #expect(ViewSignature(numbers: views.numbers) == views)
        for bad in [
            [], [1.0], [Double](repeating: .nan, count: 64), [Double](repeating: -1e9, count: 64),
        ] {
            #expect(ShapeSignature(numbers: bad) == nil)
            #expect(MotionSignature(numbers: bad) == nil)
            #expect(ViewSignature(numbers: Array(bad.prefix(8))) == nil)
        }
    }
}
