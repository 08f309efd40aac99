/// The order in which a queue's fragments are shaded: eight of one material at a time, and where
/// several pixels see a triangle, eight of that triangle, which is then fetched and set up once for
/// all of them.
final class ShadingOrder {
    /// Fragments that are shaded alike.
    struct Run: BitwiseCopyable {
        /// The first of them in ``indices``.
        var start: Int32
        /// How many; a multiple of eight.
        var count: Int32
        var material: Int32
        /// Whether all of them are of one triangle.
        var isOneTriangle: Bool
    }

    /// A triangle that fragments of the queue see.
    private struct Seen: BitwiseCopyable {
        var triangle: Int32
        var material: Int32
        /// Its fragments that are shaded among themselves, and where the next of them goes.
        var together: Int32
        var next: Int32
    }

    /// Fragments that follow each other in the queue and see one triangle, as pixels of a row do.
    private struct Stretch: BitwiseCopyable {
        var first: Int32
        var end: Int32
        /// The triangle's place in the list of those seen.
        var seen: Int32
    }

    /// A triangle's last fragments are shaded among themselves, at the cost of empty lanes, where
    /// there are at least this many.
    private static let fewest: Int32 = 5

    private let order = ScratchBuffer<Int32>()
    private let runList = ScratchBuffer<Run>()
    private var runCount = 0
    private let seen = ScratchBuffer<Seen>()
    private let stretches = ScratchBuffer<Stretch>()
    /// `[F]`: the place of every triangle in `seen`; -1 between calls.
    private var seenOfTriangle = ScratchBuffer<Int32>()
    private let starts = ScratchBuffer<Int32>()

    /// Indices of fragments. Where fragments do not fill the last eight, the index of a copy behind
    /// the last fragment stands in for the missing ones; the first of eight is never a stand-in.
    var indices: UnsafePointer<Int32> { UnsafePointer(order.base) }
    /// What is to be shaded, one after the other.
    var runs: UnsafeBufferPointer<Run> { UnsafeBufferPointer(start: runList.base, count: runCount) }

    /// Arranges the fragments of a queue.
    ///
    /// - Parameter gathersTriangles: whether triangles are expected to be seen by several pixels.
    /// - Complexity: linear in the fragments.
    func arrange(_ queue: FragmentQueue, _ scene: PreparedScene, gathersTriangles: Bool) {
        let count = queue.count
        runCount = 0
        guard count > 0 else { return }
        queue.fragments.base[count] = queue.fragments.base[count - 1]
        queue.fragments.base[count].mask = 0
        // Every triangle and every material may leave lanes empty.
        order.reserve(2 * count + 8 * (scene.materialCount + 1))
        starts.reserve(scene.materialCount)
        starts.base.update(repeating: 0, count: scene.materialCount)
        if gathersTriangles {
            gatherTriangles(queue, scene)
        } else {
            gatherMaterials(queue, scene)
        }
    }

    private func gatherMaterials(_ queue: FragmentQueue, _ scene: PreparedScene) {
        let fragments = queue.fragments.base, materials = scene.materialOfTriangle.base
        runList.reserve(scene.materialCount)
        for i in 0..<queue.count {
            starts.base[Int(materials[Int(fragments[i].triangle)])] &+= 1
        }
        addMixedRuns(from: 0, scene, standIn: queue.count)
        for i in 0..<queue.count {
            place(i, material: Int(materials[Int(fragments[i].triangle)]))
        }
    }

    private func gatherTriangles(_ queue: FragmentQueue, _ scene: PreparedScene) {
        prepareTable(scene.triangleCount)
        let (stretchCount, seenCount) = findStretches(queue, scene)
        let end = addTriangleRuns(seenCount, scene)
        order.base.update(repeating: Int32(truncatingIfNeeded: queue.count), count: Int(end))
        addMixedRuns(from: end, scene, standIn: queue.count)
        for k in 0..<stretchCount {
            let stretch = stretches.base[k]
            let entry = seen.base + Int(stretch.seen)
            let together = min(entry.pointee.together, stretch.end &- stretch.first)
            let target = order.base + Int(entry.pointee.next)
            for i in 0..<together { target[Int(i)] = stretch.first &+ i }
            entry.pointee.next &+= together
            entry.pointee.together &-= together
            for i in (stretch.first &+ together)..<stretch.end {
                place(Int(i), material: Int(entry.pointee.material))
            }
        }
    }

    /// Lists the stretches, and the triangles that they see, each with the number of its fragments.
    private func findStretches(
        _ queue: FragmentQueue, _ scene: PreparedScene
    ) -> (stretchCount: Int, seenCount: Int) {
        seen.reserve(queue.count)
        stretches.reserve(queue.count)
        let fragments = queue.fragments.base, table = seenOfTriangle.base
        var stretchCount = 0
        var seenCount = 0
        var i = 0
        while i < queue.count {
            let first = i
            let triangle = fragments[i].triangle
            repeat { i &+= 1 } while i < queue.count && fragments[i].triangle == triangle
            var s = table[Int(triangle)]
            if s < 0 {
                s = Int32(truncatingIfNeeded: seenCount)
                table[Int(triangle)] = s
                seen.base[seenCount] = Seen(
                    triangle: triangle,
                    material: Int32(scene.materialOfTriangle.base[Int(triangle)]), together: 0,
                    next: 0)
                seenCount &+= 1
            }
            seen.base[Int(s)].together &+= Int32(truncatingIfNeeded: i &- first)
            stretches.base[stretchCount] = Stretch(
                first: Int32(truncatingIfNeeded: first), end: Int32(truncatingIfNeeded: i),
                seen: s)
            stretchCount &+= 1
        }
        return (stretchCount, seenCount)
    }

    /// Adds a run for each triangle with enough fragments, and counts the remaining fragments of
    /// each material in `starts`.
    ///
    /// - Returns: where the runs end.
    private func addTriangleRuns(_ seenCount: Int, _ scene: PreparedScene) -> Int32 {
        runList.reserve(seenCount + scene.materialCount)
        var end: Int32 = 0
        for s in 0..<seenCount {
            let entry = seen.base + s
            seenOfTriangle.base[Int(entry.pointee.triangle)] = -1
            let count = entry.pointee.together
            let rest = count & 7
            let alone = rest >= ShadingOrder.fewest ? 0 : rest
            entry.pointee.together = count &- alone
            entry.pointee.next = end
            starts.base[Int(entry.pointee.material)] &+= alone
            guard count > alone else { continue }
            let padded = (count &- alone &+ 7) & ~7
            runList.base[runCount] = Run(
                start: end, count: padded, material: entry.pointee.material, isOneTriangle: true)
            runCount += 1
            end &+= padded
        }
        return end
    }

    /// Adds a run for each material that `starts` counts fragments of, and turns the counts into
    /// where they go.
    private func addMixedRuns(from first: Int32, _ scene: PreparedScene, standIn: Int) {
        var end = first
        for m in 0..<scene.materialCount {
            let padded = (starts.base[m] &+ 7) & ~7
            starts.base[m] = end
            guard padded > 0 else { continue }
            runList.base[runCount] = Run(
                start: end, count: padded, material: Int32(truncatingIfNeeded: m),
                isOneTriangle: false)
            runCount += 1
            end &+= padded
        }
        (order.base + Int(first)).update(
            repeating: Int32(truncatingIfNeeded: standIn), count: Int(end - first))
    }

    @inline(__always)
    private func place(_ fragment: Int, material: Int) {
        order.base[Int(starts.base[material])] = Int32(truncatingIfNeeded: fragment)
        starts.base[material] &+= 1
    }

    private func prepareTable(_ triangleCount: Int) {
        guard seenOfTriangle.capacity < triangleCount else { return }
        seenOfTriangle = ScratchBuffer(capacity: triangleCount)
        seenOfTriangle.base.update(repeating: -1, count: triangleCount)
    }
}
