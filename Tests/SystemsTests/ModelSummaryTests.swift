import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    /// Counts of parameters against closed forms and published numbers.
    @Suite struct ModelSummaryTests {
        private static func summary(_ system: String, _ stage: String, _ keys: String) throws
            -> ModelSummary
        {
            try ModelSummary(
                TrainingManifest(
                    file: "m.yaml",
                    text: "system: \(system)\nstages:\n  \(stage): {steps: 1, \(keys)}\n"
                ).stages[0])
        }

        @Test func theAutoencoderHasStep1Xs191Millions() throws {
            let found = try Self.summary("shapegen4d", "autoencoder", "model: {}")
            // Self-attention: 4 W² + W, two norms, W → 4 W → W.
            let w = 768
            let feedForward = 8 * w * w + 5 * w
            let block = 4 * w * w + w + feedForward + 2 * 2 * w
            let cross = 4 * w * w + w + feedForward + 3 * 2 * w
            let waves = 3 * 17
            let encoder = 2 * ((waves + 3) * w + w) + 2 * cross + 8 * block
            let decoder = 64 * w + w + 16 * block + waves * w + w + cross + 2 * w + w + 1
            let moments = 128 * w + 128
            #expect(
                found.parts == [
                    .init(name: "encoder", count: encoder, learning: encoder),
                    .init(name: "moments", count: moments, learning: moments),
                    .init(name: "decoder", count: decoder, learning: decoder),
                ])
            #expect(found.count / 1_000_000 == 191)
        }

        @Test func theFlowHasStep1Xs13Billions() throws {
            let images = "images: {encoder: e.ts}"
            let found = try Self.summary(
                "shapegen4d", "flow", "model: {across-frames: none}, \(images)")
            let w = 1280
            // A stream: modulation, three projections with norms of 64, output, W → 4 W → W.
            let projections = 3 * (w * w + w) + 2 * 64
            let stream =
                6 * (w * w + w) + projections + w * w + w + 8 * w * w + 5 * w
            let single = 3 * (w * w + w) + projections + 4 * (w * w + w) + 5 * w * w + w
            let time = 8 * w * w + 5 * w
            let base =
                time + 64 * w + w + 1024 * w + w + 12 * 2 * stream + 24 * single
                + 2 * (w * w + w) + 64 * w + 64
            #expect(found.parts == [.init(name: "base", count: base, learning: base)])
            #expect((Double(found.count) / 1e8).rounded() == 13)

            // With the paper's blocks, of which alone are learnt from.
            let whole = try Self.summary(
                "shapegen4d", "flow",
                "rates: {base: 0}, precision: bfloat16, average: {}, \(images)")
            #expect(
                whole.parts == [
                    .init(name: "base", count: base, learning: 0),
                    .init(name: "temporal", count: 36 * single, learning: 36 * single),
                ])
            #expect(
                whole.memory.map(\.bytes) == [
                    4 * (base + 36 * single), 4 * 36 * single, 8 * 36 * single, 4 * 36 * single,
                    2 * (base + 36 * single),
                ])
            #expect(whole.bytes == 6 * (base + 36 * single) + 16 * 36 * single)
            #expect(whole.lines[0].hasSuffix("frozen"))
            let total = whole.lines.first { $0.hasPrefix("parameters") }
            #expect(
                total?.filter { $0.isNumber }
                    == "\(whole.count)\(whole.learning)", "\(whole.lines)")
        }

        /// 2.2e9 weights would take 8 GiB. In a process of its own: what is measured is the process's.
        @Test func summariesTakeNoMemory() async {
            await #expect(processExitsWith: .success) {
                func residentBytes() throws -> Int {
                    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
                        .split(separator: " ")
                    return try #require(Int(fields[1])) * 4096
                }
                let before = try residentBytes()
                let found = try Self.summary("shapegen4d", "flow", "images: {encoder: e.ts}")
                #expect(found.count > 2_100_000_000)
                #expect(try residentBytes() - before < 100 << 20)
            }
        }

        @Test func summariesAreOfTheModelThatIsTrained() throws {
            let keys = "model: {frames: 4, width: 32, depth: 2, heads: 2}"
            let found = try Self.summary("points", "denoiser", keys)
            let manifest = try TrainingManifest(
                file: "m.yaml", text: "system: points\nstages:\n  denoiser: {steps: 1, \(keys)}\n")
            let system = (manifest.stages[0].description as! PointDenoiserStage).makeSystem()
            #expect(found.count == system.model.parameterCount && found.learning == found.count)
            #expect(system.model.parameters().allSatisfy { $0.hasMemory })
        }
    }
}
