import Geometry

/// How far the corners of all bricks of a grid are inside a mesh with holes.
///
/// Where several open surfaces lie behind each other, their winding numbers add up: above the
/// petals of a flower it exceeds 1/2 far out in the open. What is inside must therefore also be
/// covered: in half of all directions something must be met. Behind one layer alone coverage and
/// winding number are the same, and the lids of its holes stay where the winding number has them.
struct CoarseWinding {
    /// Where winding number and coverage differ by this much, coverage has its full say.
    private static let excess: Float = 0.1

    private let grid: (origin: SIMD3<Float>, brickLength: Float)
    private let bricks: SIMD3<Int>
    /// At each corner, how far it is inside: above zero where it is.
    private let values: [Float]
    /// At each corner, how far it is covered: above zero where that is enough; not a number where
    /// the winding number is 1/2 at most.
    private let covers: [Float]
    private let winding: WindingTree

    init(_ grid: WatertightGrid) {
        self.grid = (grid.origin, 8 * grid.spacing)
        bricks = grid.bricks
        winding = grid.source.winding
        let winding = winding
        var points = Vector3Array()
        for z in 0...bricks.z {
            for y in 0...bricks.y {
                for x in 0...bricks.x { points.append(grid.position(8 * x, 8 * y, 8 * z)) }
            }
        }
        let numbers = winding.windingNumbers(at: points)
        let corners = points
        covers = ParallelRanges.map(count: points.count) { i in
            numbers[i] > 0.5 ? Self.cover(at: corners[i], numbers[i], winding) : .nan
        }
        values = zip(numbers, covers).map { $1.isNaN ? $0 - 0.5 : min($0 - 0.5, $1) }
    }

    /// How far a point of a given winding number is covered: above zero where that is enough.
    private static func cover(
        at p: SIMD3<Float>, _ number: Float, _ winding: WindingTree
    ) -> Float {
        let coverage = winding.bvh.coverage(from: p)
        let tolerated = 0.5 * (1 - max(0, number - coverage) / excess)
        return coverage - 0.5 + max(0, tolerated)
    }

    private func index(_ x: Int, _ y: Int, _ z: Int) -> Int {
        (z * (bricks.y + 1) + y) * (bricks.x + 1) + x
    }

    /// Whether the corners of a brick (by its position in `[z, y, x]` order) disagree.
    func isInDoubt(_ brick: Int) -> Bool {
        let x = brick % bricks.x, y = brick / bricks.x % bricks.y, z = brick / (bricks.x * bricks.y)
        let first = values[index(x, y, z)] > 0
        return (1..<8).contains {
            (values[index(x + ($0 & 1), y + ($0 >> 1 & 1), z + ($0 >> 2))] > 0) != first
        }
    }

    /// The side of the first corner of the brick around a node.
    func isInside(_ node: SIMD3<Int>) -> Bool {
        values[index(node.x >> 3, node.y >> 3, node.z >> 3)] > 0
    }

    /// How far a point whose winding number exceeds 1/2 is covered: between those corners of the
    /// brick around it of which the same is true. Where there are none, by its own rays.
    func cover(at p: SIMD3<Float>) -> Float {
        let q = (p - grid.origin) / grid.brickLength
        let last = SIMD3(Float(bricks.x), Float(bricks.y), Float(bricks.z))
        let place = pointwiseMin(pointwiseMax(q, .zero), last - 1e-3)
        let low = SIMD3<Int>(Int(place.x), Int(place.y), Int(place.z))
        let t = place - SIMD3(Float(low.x), Float(low.y), Float(low.z))
        var sum: Float = 0
        var weights: Float = 0
        for k in 0..<8 {
            let value = covers[index(low.x + (k & 1), low.y + (k >> 1 & 1), low.z + (k >> 2))]
            guard !value.isNaN else { continue }
            let weight =
                (k & 1 == 0 ? 1 - t.x : t.x) * (k & 2 == 0 ? 1 - t.y : t.y)
                * (k & 4 == 0 ? 1 - t.z : t.z) + 1e-6
            sum += weight * value
            weights += weight
        }
        if weights > 0 { return sum / weights }
        return Self.cover(at: p, winding.windingNumber(at: p), winding)
    }
}
