import Geometry

extension OccupancyGrid {
    /// The cells whose middle has a generalised winding number above 1/2: inside a closed surface,
    /// and where an open one suggests it. A closed surface that is inside out is turned.
    ///
    /// - Complexity: for closed surfaces, O(*R*² log *F*) for *R* cells a side, since a block of
    ///   cells that is farther from the surface than its corners is on one side; else O(*R*³ log
    ///   *F*). Spread over the cores.
    public init(_ mesh: TriangleMesh, in box: CellBox) {
        let filling = CellFilling(mesh, box)
        let n = box.resolution
        let blocks = (n + CellFilling.block - 1) / CellFilling.block
        var cells = [Bool](repeating: false, count: n * n * n)
        if !filling.isEmpty {
            cells.withUnsafeMutableBufferPointer { buffer in
                let places = SharedPointer(buffer)
                ParallelRanges.run(count: blocks * blocks * blocks, grain: 1) { range in
                    for i in range {
                        let low =
                            SIMD3(i % blocks, i / blocks % blocks, i / (blocks * blocks))
                            &* CellFilling.block
                        let high = pointwiseMin(
                            low &+ CellFilling.block, SIMD3(repeating: n))
                        filling.fill(low, high, places)
                    }
                }
            }
        }
        self.init(box, isInside: cells)
    }
}

/// What is needed to tell which cells are inside a mesh.
private struct CellFilling: Sendable {
    /// Cells along a side of the blocks that threads take.
    static let block = 16

    let box: CellBox
    private let winding: WindingTree
    /// Whether the inside changes at the surface alone.
    private let isClosed: Bool
    let isEmpty: Bool

    init(_ mesh: TriangleMesh, _ box: CellBox) {
        var distance = SignedDistance(mesh)
        let isFinite = mesh.positions.scalars.allSatisfy { $0.isFinite }
        isClosed = distance.isBalanced && isFinite
        if isClosed, mesh.signedVolume < 0 {
            var turned = mesh
            for f in 0..<mesh.triangleCount { turned.triangles.swapAt(3 * f + 1, 3 * f + 2) }
            distance = SignedDistance(turned)
        }
        winding = distance.winding
        isEmpty = winding.bvh.isEmpty
        self.box = box
    }

    /// Writes the cells from `low` up to but not including `high`.
    func fill(_ low: SIMD3<Int>, _ high: SIMD3<Int>, _ cells: SharedPointer<Bool>) {
        let size = high &- low
        let largest = size.max()
        if isClosed, largest > 1 {
            let first = SIMD3<Float>(low), last = SIMD3<Float>(high &- 1)
            let middle = (first + last) / 2
            let p = box.middle(middle.x, middle.y, middle.z)
            // Rounding must not let a block pass that the surface just touches.
            let reach = length(last - first) / 2 * box.spacing * 1.001 + 1e-6 * box.halfSide
            if winding.bvh.closestPoint(to: p).distance > reach {
                if winding.isInside(p) { set(low, high, cells) }
                return
            }
            // Below this, asking each cell takes less than measuring further distances.
            if largest > 2 {
                split(low, high, cells)
                return
            }
        }
        let n = box.resolution
        for z in low.z..<high.z {
            for y in low.y..<high.y {
                for x in low.x..<high.x {
                    let p = box.middle(Float(x), Float(y), Float(z))
                    cells[(z * n + y) * n + x] = winding.isInside(p)
                }
            }
        }
    }

    private func split(_ low: SIMD3<Int>, _ high: SIMD3<Int>, _ cells: SharedPointer<Bool>) {
        let half = low &+ (high &- low &+ 1) / 2
        for k in 0..<8 {
            let upper = SIMDMask<SIMD3<Int>.MaskStorage>(
                [k & 1 != 0, k & 2 != 0, k & 4 != 0])
            let from = low.replacing(with: half, where: upper)
            let to = half.replacing(with: high, where: upper)
            if all(from .< to) { fill(from, to, cells) }
        }
    }

    private func set(_ low: SIMD3<Int>, _ high: SIMD3<Int>, _ cells: SharedPointer<Bool>) {
        let n = box.resolution
        for z in low.z..<high.z {
            for y in low.y..<high.y {
                for x in low.x..<high.x { cells[(z * n + y) * n + x] = true }
            }
        }
    }
}
