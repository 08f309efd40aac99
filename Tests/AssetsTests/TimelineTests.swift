import Assets
import Geometry
import Testing

@Suite struct TimelineTests {
    static let clip = Clip(name: "c", start: 0.5, end: 2.5)

    @Test func uniformTimesReachBothEnds() {
        #expect(
            Timeline.uniform(count: 5, periodic: false).times(for: Self.clip)
                == [0.5, 1, 1.5, 2, 2.5])
        #expect(
            Timeline.uniform(count: 4, periodic: true).times(for: Self.clip) == [0.5, 1, 1.5, 2])
        #expect(Timeline.uniform(count: 1, periodic: false).times(for: Self.clip) == [0.5])
        #expect(Timeline.uniform(count: 1, periodic: true).times(for: Self.clip) == [0.5])
        let awkward = Clip(name: "", start: 0.1, end: 0.7)
        #expect(Timeline.uniform(count: 24, periodic: false).times(for: awkward).last == 0.7)
    }

    @Test func ratesAreHeldAtTheEnds() {
        let times = Timeline.rate(framesPerSecond: 2, start: 0, count: 7).times(for: Self.clip)
        #expect(times == [0.5, 0.5, 1, 1.5, 2, 2.5, 2.5])
        let d4d = Timeline.rate(framesPerSecond: 24, start: 0, count: 24)
            .times(for: Clip(name: "", start: 0, end: 10))
        for (i, time) in d4d.enumerated() { #expect(abs(time - Double(i) / 24) < 1e-12) }
    }

    @Test func windowsStartAtTheFirstKey() {
        let times = Timeline.window(count: 24, framesPerSecond: 24).times(for: Self.clip)
        for (i, time) in times.enumerated() { #expect(abs(time - (0.5 + Double(i) / 24)) < 1e-12) }
        // Five whole frames fit into a fifth of a second at 24 a second; the last is held.
        let short = Timeline.window(count: 8, framesPerSecond: 24)
            .times(for: Clip(name: "", start: 1, end: 1.2))
        for (i, time) in short.enumerated() {
            #expect(abs(time - (1 + Double(min(i, 4)) / 24)) < 1e-12)
        }
    }

    /// A unit square that slides: `speed` sides a second, after standing for `pause` seconds.
    static func slider(speed: Float, pause: Double, seconds: Double) -> AnimatedAsset {
        let times = [0, pause, seconds]
        let square: [SIMD3<Float>] = [
            SIMD3(0, 0, 0), SIMD3(2, 0, 0), SIMD3(2, 2, 0), SIMD3(0, 2, 0),
        ]
        let way = 2 * speed * Float(seconds - pause)
        let mesh = MeshSequence(
            times: times, vertexCount: 4,
            positions: Vector3Array(
                [0, 0, way].flatMap { x in square.map { $0 + SIMD3(x, 0, 0) } }),
            triangles: [0, 1, 2, 0, 2, 3])
        return AnimatedAsset(
            name: "slider", format: "test", body: .vertexAnimation(VertexAnimation(mesh: mesh)),
            clips: [Clip(name: "", start: 0, end: seconds)])
    }

    @Test func windowsThatStandStillSpreadOut() throws {
        let timeline = Timeline.window(count: 24, framesPerSecond: 24)
        // Moving from the start: mean displacement over frames 1...23 is 12/24 sides.
        let mover = Self.slider(speed: 1, pause: 0, seconds: 4)
        #expect(try timeline.times(for: mover, clip: 0) == timeline.times(for: mover.clips[0]))
        // At 1/50 of the speed it is 0.01 at the boundary, which still counts as moving; just
        // below it does not.
        let slow = Self.slider(speed: 0.0202, pause: 0, seconds: 4)
        #expect(try timeline.times(for: slow, clip: 0) == timeline.times(for: slow.clips[0]))
        let slower = Self.slider(speed: 0.0198, pause: 0, seconds: 4)
        let spread = try timeline.times(for: slower, clip: 0)
        #expect(spread.first == 0 && spread.last == 4)
        // Whole frames, rounded down: frame i of 24 is floor(i * 96 / 23).
        for (i, time) in spread.enumerated() {
            #expect(abs(time - Double(i * 96 / 23) / 24) < 1e-9)
        }
        let waiter = Self.slider(speed: 1, pause: 2, seconds: 4)
        #expect(try timeline.times(for: waiter, clip: 0).last == 4)
        #expect(throws: AssetError.self) { try timeline.times(for: mover, clip: 1) }
    }

    @Test func meanDisplacementIsInUnitCubes() throws {
        let mesh = try Self.slider(speed: 1, pause: 0, seconds: 1).mesh(
            clip: 0, times: [0, 0.25, 1])
        #expect(abs(mesh.meanDisplacement - (0.25 + 1) / 2) < 1e-6)
        #expect(mesh.frame(0).meanDisplacement == 0)
    }

    @Test func clipsAreSelected() throws {
        var asset = Self.slider(speed: 1, pause: 0, seconds: 1)
        asset.clips = [
            Clip(name: "idle", start: 0, end: 1), Clip(name: "run", start: 5, end: 7),
            Clip(name: "first", start: 0, end: 2), Clip(name: "run", start: 0, end: 1),
        ]
        #expect(try ClipSelection.first.indices(in: asset) == [0])
        #expect(try ClipSelection.longest.indices(in: asset) == [1])
        #expect(try ClipSelection.all.indices(in: asset) == [0, 1, 2, 3])
        #expect(try ClipSelection.named("run").indices(in: asset) == [1])
        #expect(try ClipSelection.named("first").indices(in: asset) == [2])
        #expect {
            try ClipSelection.named("walk").indices(in: asset)
        } throws: { error in
            error as? AssetError
                == .noSuchClip(
                    asset: "slider", clip: "walk", available: ["idle", "run", "first", "run"])
        }
        asset.clips = []
        for selection in [ClipSelection.first, .longest, .all] {
            #expect(try selection.indices(in: asset).isEmpty)
        }
        for text in ["first", "longest", "all", "run"] {
            #expect(ClipSelection(text).description == text)
        }
    }
}
