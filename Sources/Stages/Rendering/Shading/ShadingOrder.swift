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

    /// A triangle's last fragments are shaded among themselves, at the cost of empty lanes, where
    /// there are at least this many.
    private static let fewest: Int32 = 5

    private let order = ScratchBuffer<Int32>()
    private let runList = ScratchBuffer<Run>()
    private var runCount = 0
    private let seen = ScratchBuffer<Seen>()
    private let seenOfFragment = ScratchBuffer<Int32>()
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
        let seenCount = countTriangles(queue, scene)
        runList.reserve(seenCount + scene.materialCount)
        var end: Int32 = 0
        for s in 0..<seenCount {
            let entry = seen.base + s
            let count = entry.pointee.together
            let rest = count & 7
            let alone = rest >= ShadingOrder.fewest ? 0 : rest
            entry.pointee.together = count &- alone
            entry.pointee.next = end
            starts.base[Int(entry.pointee.material)] &+= alone
            seenOfTriangle.base[Int(entry.pointee.triangle)] = -1
            guard count > alone else { continue }
            let padded = (count &- alone &+ 7) & ~7
            runList.base[runCount] = Run(
                start: end, count: padded, material: entry.pointee.material, isOneTriangle: true)
            runCount += 1
            end &+= padded
        }
        order.base.update(repeating: Int32(truncatingIfNeeded: queue.count), count: Int(end))
        addMixedRuns(from: end, scene, standIn: queue.count)
        for i in 0..<queue.count {
            let entry = seen.base + Int(seenOfFragment.base[i])
            if entry.pointee.together > 0 {
                order.base[Int(entry.pointee.next)] = Int32(truncatingIfNeeded: i)
                entry.pointee.next &+= 1
                entry.pointee.together &-= 1
            } else {
                place(i, material: Int(entry.pointee.material))
            }
        }
    }

    /// Lists the triangles that the fragments see, each with the number of its fragments.
    private func countTriangles(_ queue: FragmentQueue, _ scene: PreparedScene) -> Int {
        seen.reserve(queue.count)
        seenOfFragment.reserve(queue.count)
        let fragments = queue.fragments.base, table = seenOfTriangle.base
        var seenCount = 0
        var last: Int32 = -1
        var s: Int32 = 0
        for i in 0..<queue.count {
            let triangle = fragments[i].triangle
            if triangle == last {
                // As its neighbour on the left does, mostly.
                seen.base[Int(s)].together &+= 1
                seenOfFragment.base[i] = s
                continue
            }
            last = triangle
            s = table[Int(triangle)]
            if s < 0 {
                s = Int32(truncatingIfNeeded: seenCount)
                table[Int(triangle)] = s
                seen.base[seenCount] = Seen(
                    triangle: triangle,
                    material: Int32(scene.materialOfTriangle.base[Int(triangle)]), together: 0,
                    next: 0)
                seenCount &+= 1
            }
            seen.base[Int(s)].together &+= 1
            seenOfFragment.base[i] = s
        }
        return seenCount
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
