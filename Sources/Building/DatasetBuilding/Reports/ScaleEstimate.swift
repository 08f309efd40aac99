import Foundation
import ShardStore

/// What a corpus of another size would cost, were its assets like those of a store.
///
/// Everything is in proportion to the number of assets: seconds, bytes read, bytes of shards and
/// of index. So the estimate is as good as the store's assets are a sample of the corpus, of those
/// that fail and are rejected too; its uncertainty is that of a mean, and knows nothing else.
public struct ScaleEstimate: Sendable {
    /// What assets of one fate have cost.
    private struct Cost {
        var count = 0
        var seconds = 0.0
    }

    /// Assets of the store.
    public let assetCount: Int
    /// Assets of the corpus that is priced.
    public let scaledCount: Int
    /// Processor seconds of all of the store's assets, by stage.
    public let secondsByStage: [String: Double]
    /// Seconds of a core that the priced corpus takes.
    public let seconds: Double
    /// Two standard errors of ``seconds``: the normal law's 95 %.
    public let uncertainty: Double
    /// Bytes of assets that are read.
    public let bytesRead: Double
    /// Bytes of shards that are written.
    public let shardBytes: Double
    /// Bytes of the index.
    public let indexBytes: Double
    private let fates: [Fate.Outcome: Cost]

    /// An index without rows takes this much: 35 pages, one for each table and each of their
    /// indexes.
    private static let emptyIndexBytes = 143_360.0

    /// Prices a corpus of `assetCount` assets by a store.
    ///
    /// - Throws: `StoreError`; `StoreError.invalid` for a store without assets or timings.
    /// - Complexity: O(n) for n assets of the store.
    public init(store path: String, assetCount scaledCount: Int) throws {
        let reader = try StoreReader(at: path)
        var fates: [Fate.Outcome: Cost] = [:]
        var stages: [String: Double] = [:]
        var (squares, bytes) = (0.0, 0.0)
        try reader.forEachAsset { stored in
            let timings = ScaleEstimate.seconds(stored.asset.timings)
            stages.merge(timings, uniquingKeysWith: +)
            let seconds = timings.values.reduce(0, +)
            fates[stored.fate.outcome, default: Cost()].count += 1
            fates[stored.fate.outcome, default: Cost()].seconds += seconds
            squares += seconds * seconds
            bytes += Double(stored.asset.byteCount ?? 0)
        }
        let count = Double(fates.values.reduce(0) { $0 + $1.count })
        let total = fates.values.reduce(0) { $0 + $1.seconds }
        guard total > 0 else {
            throw StoreError.invalid(
                record: path, what: "has no assets with timings, so nothing can be priced by it")
        }
        let mean = total / count
        let variance = count > 1 ? max(0, squares - count * mean * mean) / (count - 1) : .infinity
        let scale = Double(scaledCount) / count
        let shards = try reader.shards(series: "").reduce(0) { $0 + $1.byteCount }
        let index = try FileManager.default.attributesOfItem(atPath: "\(path)/index.sqlite")[.size]
        self.assetCount = Int(count)
        self.scaledCount = scaledCount
        secondsByStage = stages
        seconds = total * scale
        uncertainty = 2 * (variance / count).squareRoot() * Double(scaledCount)
        bytesRead = bytes * scale
        shardBytes = Double(shards) * scale
        indexBytes = max(0, Double(index as? Int ?? 0) - ScaleEstimate.emptyIndexBytes) * scale
        self.fates = fates
    }

    /// Numbers of a timings object, whatever else it may hold.
    private static func seconds(_ timings: JSONValue) -> [String: Double] {
        guard case .object(let members) = timings else { return [:] }
        return members.compactMapValues { value in
            switch value {
            case .number(let number): number
            case .integer(let number): Double(number)
            default: nil
            }
        }
    }

    /// The estimate, as lines of text.
    public var text: String {
        let each = Double(scaledCount)
        let order = Fate.Outcome.allCases.compactMap { outcome in
            fates[outcome].map { (outcome.rawValue, $0) }
        }
        let mixture = order.map { "\($1.count) \($0)" }.joined(separator: ", ")
        let whole = secondsByStage.values.reduce(0, +)
        let stages = secondsByStage.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { String(format: "%@ %.0f%%", $0.key, 100 * $0.value / whole) }
        let share =
            uncertainty.isFinite
            ? String(format: " (±%.0f%%)", 100 * uncertainty / seconds) : ""
        func line(_ name: String, _ all: String, _ one: String) -> String {
            "  " + BuildReport.padded(name, 10) + BuildReport.padded(all, 28) + one + " an asset"
        }
        func size(_ name: String, _ bytes: Double) -> String {
            line(name, BuildReport.bytes(Int(bytes)), BuildReport.bytes(Int(bytes / each)))
        }
        return
            (["\(scaledCount) assets like these \(assetCount) (\(mixture)) take"]
            + [
                line(
                    "work", String(format: "%.1f core-hours", seconds / 3600) + share,
                    String(format: "%.3f s", seconds / each))
            ]
            + order.map { name, cost in
                line(
                    "", "  \(name)",
                    String(format: "%.3f s", cost.seconds / Double(cost.count)))
            }
            + [
                "            " + stages.joined(separator: ", "), size("read", bytesRead),
                size("shards", shardBytes), size("index", indexBytes),
            ]).joined(separator: "\n")
    }
}
