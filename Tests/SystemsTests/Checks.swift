import Foundation
import ShardStore
import Tensors
import TestSupport
import Testing

/// All suites of this target run one after another: they share libtorch's default generator.
@Suite(.serialized) struct AllTests {}

/// A store of moving points, the same for the same numbers of samples.
@discardableResult
func makePointStore(
    _ folder: TemporaryFolder, train: Int = 12, validation: Int = 4, frames: Int = 6,
    points: Int = 40, breaking broken: Int? = nil
) throws -> String {
    let writer = try StoreWriter(
        at: folder.store,
        run: RunRecord(toolVersion: "test", commandLine: "test", manifest: "seed: 1\n"))
    for number in 0..<train + validation {
        var positions: [Float] = []
        let phase = Double(number)
        for frame in 0..<frames {
            for point in 0..<points {
                // A ring that turns and breathes, each sample at a pace of its own.
                let angle = 2 * Double.pi * Double(point) / Double(points)
                let turn = angle + 0.1 * phase + 0.3 * Double(frame)
                let radius = 0.3 + 0.1 * sin(phase + Double(frame))
                positions.append(Float(radius * cos(turn)))
                positions.append(Float(radius * sin(turn)))
                positions.append(Float(0.2 * sin(2 * angle + phase)))
            }
        }
        if number == broken { positions[7] = .nan }
        let split: Split = number < train ? .train : .validation
        let field = try Field("queries.npy", positions, shape: [frames, points, 3])
        try writer.append(
            AssetOutcome(
                asset: AssetRecord(id: "ring \(number)", split: split, path: "ring \(number)"),
                samples: [Sample(key: SampleKey.joined(["ring \(number)"]), fields: [field])]))
    }
    try writer.finish()
    return folder.store
}

/// How far apart two tensors' numbers are at most, absolutely or relative to the expected one;
/// infinite where their shapes differ or a number is none.
func distance(_ actual: Tensor, _ expected: Tensor) throws -> Double {
    guard actual.shape == expected.shape else { return .infinity }
    return try zip(actual.elements() as [Double], expected.elements() as [Double])
        .reduce(0) { worst, pair in
            let off = abs(pair.0 - pair.1) / max(1, abs(pair.1))
            return off.isNaN ? .infinity : max(worst, off)
        }
}
