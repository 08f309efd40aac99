import Foundation
import Geometry
import Systems
import Tensors
import TestSupport
import Testing

extension AllTests {
    @Suite struct ShapeReadingTests {
        private let folder = TemporaryFolder()

        private func samples(_ store: ShapeStore = ShapeStore()) throws -> StoredDataset {
            try StoredDataset(
                store: store.write(to: folder), part: .train, fields: ShapeReading.fields)
        }

        /// The rows of a tensor `[n, c]`.
        private func rows(_ tensor: Tensor) throws -> [[Float]] {
            let width = tensor.size(1)
            let numbers: [Float] = try tensor.elements()
            return (0..<tensor.size(0)).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
        }

        private func squared(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float {
            zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }

        @Test func alignedQueriesAreTheStoredOnesWithTheNearestNormals() throws {
            let sample = try samples().sample(2)
            var reading = ShapeReading()
            (reading.queryCount, reading.cloudCount, reading.scale) = (20, 100, 1.5)
            let stored = try sample.tensor("queries.npy")
            for t in 0..<4 {
                let frame = try reading.frame(t, of: sample, .aligned, seed: 5)
                #expect(frame.queries.shape == [20, 6] && frame.cloud.shape == [100, 6])
                let cloud = try rows(frame.cloud)
                for (query, place) in zip(
                    try rows(frame.queries), try rows(stored.select(0, t)))
                {
                    #expect(Array(query[..<3]) == place.map { $0 * 1.5 })
                    let nearest = cloud.min {
                        squared($0[..<3], query[..<3]) < squared($1[..<3], query[..<3])
                    }!
                    #expect(Array(query[3...]) == Array(nearest[3...]))
                }
            }
        }

        /// Also where there is no middle: the encoder takes the first ⌊N/2⌋ for the first half.
        @Test(arguments: [(160, 160), (160, 100), (160, 99), (160, 3), (161, 161), (161, 80)])
        func halvesKeepTheirSides(stored: Int, count: Int) throws {
            var store = ShapeStore()
            store.cloud = stored
            let sample = try samples(store).sample(1)
            var reading = ShapeReading()
            (reading.queryCount, reading.cloudCount) = (8, count)
            let all = Set(try rows(sample.tensor("cloud.npy").select(0, 1)))
            var drawn: Set<[[Float]]> = []
            for seed in 0..<4 {
                let frame = try reading.frame(1, of: sample, .aligned, seed: UInt64(seed))
                let points = try rows(frame.cloud)
                #expect(points.count == count && Set(points).count == count)
                for (place, point) in points.enumerated() {
                    #expect(all.contains(point[..<3].map { $0 / 2 } + point[3...]))
                    #expect((point[4] == 0) == (place >= count / 2), "\(place)")
                }
                drawn.insert(points)
            }
            #expect(drawn.count == (count < stored ? 4 : 1))
        }

        @Test func independentQueriesAreSpreadOverTheCloud() throws {
            let sample = try samples().sample(0)
            var reading = ShapeReading()
            (reading.queryCount, reading.cloudCount) = (15, 120)
            let frame = try reading.frame(3, of: sample, .independent, seed: 1)
            let (queries, cloud) = (try rows(frame.queries), try rows(frame.cloud))
            #expect(queries.count == 15 && Set(queries).isSubset(of: Set(cloud)))
            // Of farthest points none is nearer to another than any point of the cloud to the
            // nearest of them.
            var packing = Float.infinity
            for (n, a) in queries.enumerated() {
                for b in queries[..<n] { packing = min(packing, squared(a[..<3], b[..<3])) }
            }
            let covering = cloud.map { p in queries.map { squared($0[..<3], p[..<3]) }.min()! }
                .max()!
            #expect(covering <= packing && packing > 0)
            let other = try reading.frame(3, of: sample, .independent, seed: 2)
            #expect(try Set(rows(other.queries)) != Set(queries))
        }

        @Test func whatIsTooLittleIsNamedWithItsNumbers() throws {
            let store = ShapeStore()
            let data = try samples(store)
            func message(_ change: (inout ShapeReading) -> Void) -> String {
                var reading = ShapeReading()
                (reading.queryCount, reading.cloudCount) = (24, 160)
                change(&reading)
                do {
                    _ = try reading.frame(0, of: data.sample(0), .aligned, seed: 0)
                    return "no error"
                } catch { return "\(error)" }
            }
            #expect(message { _ in } == "no error")
            let cloud = message { $0.cloudCount = 161 }
            #expect(cloud.contains("cloud.npy") && cloud.contains("160") && cloud.contains("161"))
            let queries = message { $0.queryCount = 25 }
            #expect(
                queries.contains("queries.npy") && queries.contains("24") && queries.contains("25"))
            var reading = ShapeReading()
            (reading.queryCount, reading.cloudCount) = (161, 160)
            #expect(throws: TrainingError.self) {
                try reading.frame(0, of: data.sample(0), .independent, seed: 0)
            }
            for (keys, named) in [
                ("supervision: {points: 301}", ["sdf.npy", "300", "301"]),
                ("frames: 5, supervision: {points: 10}", ["4", "5"]),
            ] {
                let system = try stage(
                    ShapeAutoencoderStage.self, "queries: {count: 8}, cloud: 32, \(keys)"
                ).makeSystem()
                let sample = try StoredDataset(folder.store, for: system).sample(0)
                do {
                    _ = try system.makeItem(sample)
                    Issue.record("no error")
                } catch {
                    #expect(named.allSatisfy { "\(error)".contains($0) }, "\(error)")
                }
            }
        }
    }

    /// Spheres around the origin, of which distances are known in any pose.
    @Suite struct ShapeAugmentationTests {
        private let folder = TemporaryFolder()

        private func system(_ keys: String) throws -> ShapeAutoencoderSystem {
            try stage(
                ShapeAutoencoderStage.self,
                """
                model: {width: 8, heads: 2, encoder-depth: 0, decoder-depth: 0}, \
                queries: {count: 16}, cloud: 60, frames: 4, \
                supervision: {points: 120, truncation: 0.3}, \(keys)
                """
            ).makeSystem()
        }

        private struct Vectors {
            let all: [SIMD3<Float>]
            init(_ tensor: Tensor, from start: Int = 0) throws {
                let numbers: [Float] = try tensor.slice(-1, from: start, to: start + 3)
                    .contiguous().elements()
                all = (0..<numbers.count / 3).map {
                    SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2])
                }
            }
        }

        private func length(_ v: SIMD3<Float>) -> Float { (v * v).sum().squareRoot() }

        @Test(arguments: ["none", "vertical", "any"])
        func distancesStayExactInAnyPose(turn: String) throws {
            var store = ShapeStore()
            store.isCentred = true
            try store.write(to: folder)
            let system = try system("augment: {turn: \(turn), least-scale: 0.6}")
            let plain = try self.system("pictured: 1")
            let samples = try StoredDataset(folder.store, for: system)
            var scales: [Float] = []
            var turned = 0.0
            for epoch in 0..<12 {
                let sample = samples.sample(epoch % 3, epoch: epoch, seed: 8)
                let item = try system.makeItem(sample)
                let still = try plain.makeItem(sample)
                var scale: Float?
                for f in 0..<4 {
                    let cloud = try Vectors(item.cloud.select(0, f)).all
                    let normals = try Vectors(item.cloud.select(0, f), from: 3).all
                    let before = try Vectors(still.cloud.select(0, f)).all
                    let radius = length(cloud[0])
                    for (p, n) in zip(cloud, normals) {
                        #expect(abs(length(p) - radius) < 1e-5)
                        #expect(abs(length(n) - 1) < 1e-5)
                        #expect(length(p / radius - n) < 1e-4)
                    }
                    // The same draws in the stored pose: one factor for the whole sequence, and
                    // angles between points as they were, not mirrored.
                    let factor = radius / length(before[0])
                    #expect(abs(factor - (scale ?? factor)) < 1e-5)
                    scale = factor
                    for n in 1..<cloud.count - 1 {
                        let angle = (cloud[n] * cloud[0]).sum() / (factor * factor)
                        #expect(abs(angle - (before[n] * before[0]).sum()) < 1e-5)
                        func volume(_ v: [SIMD3<Float>]) -> Float {
                            let (a, b) = (v[n], v[n + 1])
                            let c = SIMD3(
                                a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
                                a.x * b.y - a.y * b.x)
                            return (v[0] * c).sum()
                        }
                        #expect(
                            abs(volume(cloud) / (factor * factor * factor) - volume(before)) < 1e-5)
                        let height = abs(cloud[n].y / factor - before[n].y)
                        switch turn {
                        case "none": #expect(length(cloud[n] / factor - before[n]) < 1e-6)
                        case "vertical": #expect(height < 1e-6)
                        default: turned = max(turned, Double(height))
                        }
                        if turn == "vertical" {
                            turned = max(turned, Double(abs(cloud[n].x / factor - before[n].x)))
                        }
                    }
                    let targets: [Float] = try item.targets.select(0, f).elements()
                    var exact = 0
                    for (p, target) in zip(try Vectors(item.points.select(0, f)).all, targets) {
                        let expected = (radius - length(p)) / 0.3
                        #expect(abs(target - max(-1, min(1, expected))) < 2e-5)
                        if abs(expected) < 1 { exact += 1 }
                    }
                    #expect(exact > 10)
                }
                scales.append(try #require(scale))
            }
            #expect(scales.allSatisfy { (0.6..<1).contains($0) })
            #expect(scales.max()! - scales.min()! > 0.15)
            #expect((turned > 0.2) == (turn != "none"))
        }

        @Test func signsAndScalesAreTheStagesOwn() throws {
            var store = ShapeStore()
            store.isCentred = true
            try store.write(to: folder)
            func targets(_ keys: String) throws -> [Float] {
                let system = try stage(
                    ShapeAutoencoderStage.self, "queries: {count: 4}, cloud: 20, \(keys)"
                ).makeSystem()
                let sample = try StoredDataset(folder.store, for: system).sample(0)
                return try system.makeItem(sample).targets.elements()
            }
            let usual = try targets("supervision: {points: 200, truncation: 4}")
            #expect(
                try targets("supervision: {points: 200, truncation: 4, positive-inside: true}")
                    == usual.map { -$0 })
            for (a, b) in zip(
                usual, try targets("scale: 1, supervision: {points: 200, truncation: 2}"))
            {
                #expect(abs(a - b) < 1e-6)
            }
        }
    }
}
