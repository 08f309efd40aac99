import Foundation
import Geometry

/// How far a peer's result, a file of plain little-endian numbers, agrees with ours.
enum Agreement {
    /// The share of equal numbers at equal places.
    static func share(_ file: URL, _ own: [Int32]) throws -> String {
        let theirs: [Int32] = try numbers(file)
        guard theirs.count == own.count else { return "\(theirs.count) against \(own.count)" }
        let equal = zip(theirs, own).count { $0 == $1 }
        return "\(percent(equal, own.count)) equal"
    }

    /// The share of points that we choose, too, when we begin where the peer began: fpsample's
    /// buckets begin anywhere, whatever it is asked for.
    static func farthestPoints(_ file: URL, in points: Vector3Array) throws -> String {
        let theirs: [Int32] = try numbers(file)
        guard let first = theirs.first else { return "no points" }
        let own = FarthestPointSampling.indices(
            in: points, count: theirs.count, start: Int(first))
        return try share(file, own.map(Int32.init))
    }

    /// The largest difference of magnitudes, and how many signs differ.
    static func distances(_ file: URL, _ own: [Float]) throws -> String {
        let theirs: [Float] = try numbers(file)
        guard theirs.count == own.count else { return "\(theirs.count) against \(own.count)" }
        let difference = zip(theirs, own).map { abs(abs($0) - abs($1)) }.max() ?? 0
        let signs = zip(theirs, own).count { ($0 < 0) != ($1 < 0) }
        return String(format: "differs by %.1e at most, %d signs", difference, signs)
    }

    /// The largest way from a vertex of one surface to the nearest of the other; theirs is in
    /// grid coordinates.
    static func vertices(_ file: URL, _ own: TriangleMesh, _ grid: ScalarGrid) throws -> String {
        let theirs = Vector3Array(scalars: try numbers(file))
        let ours = Vector3Array(own.positions.map { ($0 - grid.origin) / grid.spacing })
        let ways = [(ours, theirs), (theirs, ours)].map { from, to in
            KDTree(to).nearest(toEach: from, count: 1).squaredDistances.max() ?? 0
        }
        return String(
            format: "%d and %d vertices, at most %.1e cells apart", ours.count, theirs.count,
            ways.max()?.squareRoot() ?? 0)
    }

    private static func percent(_ part: Int, _ whole: Int) -> String {
        part == whole
            ? "all" : String(format: "%.3f %%", 100 * Double(part) / Double(max(1, whole)))
    }

    static func numbers<Number: BitwiseCopyable>(_ file: URL) throws -> [Number] {
        let data = try Data(contentsOf: file)
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / MemoryLayout<Number>.stride).map {
                bytes.loadUnaligned(
                    fromByteOffset: $0 * MemoryLayout<Number>.stride, as: Number.self)
            }
        }
    }
}
