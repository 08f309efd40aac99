import Foundation
import Geometry
import Imaging

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

    /// How alike pictures `[T, H, W, 4]` in a `.npy` file are to ours: the overlap of what they cover,
    /// Σ min(α, β) / Σ max(α, β), and the signal-to-noise ratio over white, each a mean over frames.
    static func pictures(_ file: URL, _ own: [Image]) throws -> String {
        let data = try Data(contentsOf: file)
        let count = own.reduce(0) { $0 + $1.pixels.count }
        guard data.count >= count else { return "\(data.count) bytes" }
        // The numbers end where the file does, whatever its header's length.
        var rest = data.suffix(count)
        var overlap = 0.0, ratio = 0.0
        for image in own {
            var theirs = Image(width: image.width, height: image.height)
            theirs.pixels = Array(rest.prefix(image.pixels.count))
            rest = rest.dropFirst(image.pixels.count)
            var both = 0, either = 0
            for i in stride(from: 3, to: image.pixels.count, by: 4) {
                both += Int(min(image.pixels[i], theirs.pixels[i]))
                either += Int(max(image.pixels[i], theirs.pixels[i]))
            }
            overlap += Double(both) / Double(max(1, either))
            ratio += try theirs.peakSignalToNoiseRatio(to: image)
        }
        return String(
            format: "overlap %.4f, %.1f dB", overlap / Double(own.count),
            ratio / Double(own.count))
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
