import Assets
import BenchmarkHarness
import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore
import Synchronization

/// What reading a store costs, sample after sample in shuffled order: pictures that are decoded on
/// two cores, and arrays.
///
/// Webdataset has two workers; each shuffles as its documentation shows. The whole store is in the
/// system's memory: what is measured is reading, not the disk.
struct ReadingCases {
    let assets: [BenchmarkAsset]
    let folder: URL

    private static let frameCount = 24
    private static let side = 256
    /// Orbits, and so samples, of each asset.
    private static let orbits = 16

    func run(_ harness: Harness) throws {
        try pictures(harness)
        try arrays(harness)
        harness.endPeers()
    }

    /// Samples of 24 frames, each sample decoded into one piece of memory, which is used again once
    /// the sample is done with, as batches are.
    private func pictures(_ harness: Harness) throws {
        let name = "shuffled samples, PNG decoded, two cores"
        guard harness.runs(name) else { return }
        let store = folder.appending(path: "pictures").path
        try write(store) { asset, orbit in
            let frames = try ImageCases.frames(
                of: asset, startAzimuthDegrees: 360 * Double(orbit) / Double(Self.orbits))
            return try frames.enumerated().map { i, frame in
                Field(Self.frameName(i), bytes: try frame.pngEncoded())
            }
        }
        let table = try StoreReader(at: store).table((0..<Self.frameCount).map(Self.frameName))
        let sampleBytes = Self.frameCount * Self.side * Self.side * 4
        let memory = BatchMemory(byteCount: sampleBytes)
        var epoch = 0
        try harness.measure(name, item: "sample", against: [try webdataset(store, "png")]) {
            epoch += 1
            let order = SampleOrder.shuffled(count: table.count, seed: 1, epoch: epoch)
            let stream = SampleStream(of: table, order, threads: 2) { sample in
                try Self.decoded(sample, into: memory.take())
            }
            var bytes = 0
            while let pixels = try stream.next() {
                bytes += pixels.count
                memory.giveBack(pixels)
            }
            precondition(bytes == table.count * sampleBytes)
            return Harness.Yield(items: table.count, bytes: bytes)
        }
        try FileManager.default.removeItem(atPath: store)
    }

    /// The pictures of a sample as one array, `[24, 256, 256, 4]`.
    private static func decoded(
        _ sample: SampleView, into memory: consuming [UInt8]
    ) throws -> [UInt8] {
        let pictureBytes = side * side * 4
        var pixels = memory
        var span = pixels.mutableSpan
        var batch = span.mutableBytes
        for frame in 0..<frameCount {
            _ = try sample[frame].withBytes {
                try Image.decode($0, into: &batch, at: frame * pictureBytes)
            }
        }
        return pixels
    }

    /// Samples of positions in every frame: read as they are, on one core, into a batch's memory.
    private func arrays(_ harness: Harness) throws {
        let name = "shuffled samples, arrays, one core"
        guard harness.runs(name) else { return }
        let store = folder.appending(path: "arrays").path
        try write(store) { asset, orbit in
            let mesh = try ImageCases.mesh(of: asset)
            return [
                try Field(
                    "positions.npy", mesh.positions.scalars,
                    shape: [mesh.frameCount, mesh.vertexCount, 3])
            ]
        }
        let table = try StoreReader(at: store).table(["positions.npy"])
        let order = SampleOrder.shuffled(count: table.count, seed: 1, epoch: 0)
        let largest = (0..<table.count).map { table[$0][0].count }.max() ?? 0
        var batch = [UInt8](repeating: 0, count: largest)
        try harness.measure(
            name, item: "sample",
            against: [try webdataset(store, "npy"), try plainCopy(table, order)]
        ) {
            var bytes = 0
            for index in order.indices {
                let field = table[index][0]
                var span = batch.mutableSpan
                var memory = span.mutableBytes
                field.copyBytes(to: &memory)
                bytes += field.count
            }
            return Harness.Yield(items: table.count, bytes: bytes)
        }
        try FileManager.default.removeItem(atPath: store)
    }

    /// The same bytes, in the same order, from memory to memory.
    private func plainCopy(_ table: SampleTable, _ order: SampleOrder) throws -> PeerWork {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for index in 0..<table.count {
            starts.append(bytes.count)
            bytes += table[index][0].bytes
        }
        let ranges = order.indices.flatMap { index in
            [Int64(starts[index]), Int64(starts[index] + table[index][0].count)]
        }
        return PeerWork(
            peer: "numpy_copy",
            inputs: [
                "bytes": try NumpyFile.write(bytes, shape: [bytes.count], "bytes", in: folder),
                "ranges": try NumpyFile.write(
                    ranges, shape: [table.count, 2], "ranges", in: folder),
            ],
            agreement: { _ in "a plain memory copy" })
    }

    private func webdataset(_ store: String, _ fields: String) throws -> PeerWork {
        let reader = try StoreReader(at: store)
        let shards = try reader.shards().map { "\(store)/\($0.name)" }
        let list = folder.appending(path: "shards-\(fields).txt")
        try Data(shards.joined(separator: "\n").utf8).write(to: list)
        return PeerWork(
            peer: "webdataset_reading", name: fields, inputs: ["shards": list],
            options: ["workers": 2, "fields": fields],
            agreement: { file in
                let counts: [Double] = try Agreement.numbers(file)
                return "\(Int(counts[0])) samples, \(Int(counts[1])) arrays, "
                    + "\(Int(counts[2])) bytes"
            })
    }

    /// A store of some samples of every asset, in eight shards or so.
    private func write(
        _ path: String, _ fields: (BenchmarkAsset, Int) throws -> [Field]
    ) throws {
        let count = assets.count * Self.orbits
        let writer = try StoreWriter(
            at: path, run: RunRecord(toolVersion: "0", commandLine: "benchmark"),
            limits: try ShardLimits(maximumBytes: 1 << 30, maximumSamples: (count + 7) / 8))
        // Orbits before assets, so that shards are alike.
        for orbit in 0..<Self.orbits {
            for asset in assets {
                let id = "\(asset.name)-\(orbit)"
                try writer.append(
                    AssetOutcome(
                        asset: AssetRecord(id: id, split: .train, path: id),
                        samples: [Sample(key: id, fields: try fields(asset, orbit))]))
            }
        }
        try writer.finish()
    }

    private static func frameName(_ frame: Int) -> String {
        String(format: "orbit.%03d.png", frame)
    }
}

/// Pieces of memory of one size that go round.
private final class BatchMemory: Sendable {
    private let byteCount: Int
    private let pieces = Mutex<[[UInt8]]>([])

    init(byteCount: Int) { self.byteCount = byteCount }

    func take() -> [UInt8] {
        pieces.withLock { $0.popLast() } ?? [UInt8](repeating: 0, count: byteCount)
    }

    func giveBack(_ piece: consuming [UInt8]) {
        let piece = piece
        pieces.withLock { $0.append(piece) }
    }
}
