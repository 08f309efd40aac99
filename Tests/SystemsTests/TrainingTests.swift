import Foundation
import Systems
import Tensors
import TestSupport
import Testing

extension AllTests {
    @Suite struct TrainingTests {
        private let folder = TemporaryFolder()

        private static let manifest = """
            name: rings
            system: points
            seed: 5
            stages:
              denoiser:
                steps: 10
                batch: 4
                optimiser: {learning-rate: 1.0e-3}
                schedule: {warm-up: 3, decay: cosine}
                average: {decay: 0.99}
                clip: 1
                checkpoints: {every: 4, keep: 2}
                model: {frames: 6, width: 32, depth: 2, heads: 2}
                points: 16
            """

        private struct Outcome {
            var records: [StepRecord] = []
            var ending: TrainingEnding?
            var weights: [String: [Double]] = [:]
        }

        private struct Kill: Error {}

        private func run(
            _ out: String, _ manifest: String = TrainingTests.manifest, store: String? = nil,
            group: (any TrainingGroup)? = nil, killAfter kill: Int? = nil,
            stopAt stop: Int? = nil, accepts: Bool = false,
            checks: (Trainer<PointDenoiserSystem>) throws -> Void = { _ in }
        ) throws -> Outcome {
            let recipe = try TrainingManifest(file: "m.yaml", text: manifest)
            let stage = try recipe.stage("denoiser")
            let description = stage.description as! PointDenoiserStage
            var run = TrainingRun(
                manifest: manifest, stage: "denoiser", seed: recipe.seed,
                store: store ?? folder.store,
                folder: TrainingFolder("\(folder.path)/\(out)"), device: .cpu)
            run.showsProgress = false
            run.group = group
            run.acceptsChanges = accepts
            var outcome = Outcome()
            let system = description.makeSystem()
            let trainer = try Trainer(system, stage.settings, run)
            outcome.ending = try trainer.train(shouldStop: { trainer.step + 1 == stop }) { record in
                outcome.records.append(record)
                if record.step == kill { throw Kill() }
            }
            for (name, tensor) in try system.model.state() {
                outcome.weights[name] = try tensor.elements()
            }
            try checks(trainer)
            return outcome
        }

        /// A short run with a fixed seed comes to the losses that it came to when this was written.
        @Test func lossesAreThoseThatWereStored() throws {
            try makePointStore(folder)
            let losses = try run("a").records.map(\.loss)
            let stored = [
                0.81682092, 0.72514087, 0.72748792, 0.77993935, 0.78803372, 0.80021131, 0.77179790,
                0.71087676, 0.84090698, 0.62405014,
            ]
            #expect(losses.count == stored.count)
            for (loss, expected) in zip(losses, stored) {
                #expect(abs(loss / expected - 1) < 1e-4, "\(losses)")
            }
        }

        @Test func killedRunsGoOnToTheSameBits() throws {
            try makePointStore(folder)
            let whole = try run("whole")
            #expect(whole.ending == .finished && whole.records.count == 10)
            #expect(throws: Kill.self) { try run("killed", killAfter: 6) }
            // What a run leaves that is killed while it writes.
            let checkpoints = TrainingFolder("\(folder.path)/killed").checkpoints
            try Data([1, 2, 3]).write(
                to: checkpoints.url.appending(path: ".step-00000008.safetensors.1.2"))
            let resumed = try run("killed")
            #expect(resumed.records.map(\.step) == [4, 5, 6, 7, 8, 9])
            #expect(resumed.records.map(\.loss) == whole.records.suffix(6).map(\.loss))
            #expect(
                resumed.records.map(\.gradientNorm) == whole.records.suffix(6).map(\.gradientNorm))
            #expect(resumed.records.map(\.keys) == whole.records.suffix(6).map(\.keys))
            #expect(resumed.weights == whole.weights)
            for name in ["weights.safetensors", "checkpoints/step-00000010.safetensors"] {
                #expect(
                    try Data(contentsOf: folder.url.appending(path: "killed/\(name)"))
                        == Data(contentsOf: folder.url.appending(path: "whole/\(name)")), "\(name)")
            }
            #expect(checkpoints.steps() == [8, 10])
            let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints.url.path)
            #expect(!names.contains { $0.hasPrefix(".") })
            // A run that is done has nothing left to do.
            #expect(try run("whole").records.isEmpty)
        }

        @Test func stoppedRunsGoOnToTheSameBits() throws {
            try makePointStore(folder)
            let whole = try run("whole")
            let first = try run("stopped", stopAt: 6)
            #expect(first.ending == .stopped(step: 6))
            #expect(try run("stopped").weights == whole.weights)
        }

        /// What is watched on the way changes no step.
        @Test func validationAndPicturesChangeNothing() throws {
            try makePointStore(folder)
            let plain = try run("plain")
            // The sampler's other draws as well.
            let watched =
                Self.manifest + """

                        validation: {every: 2, batches: 1}
                        pictures: {every: 5}
                        pictured: 2
                        sampler: {method: ddpm, steps: 3}
                        log: {every: 3}
                    """
            #expect(try run("watched", watched).weights == plain.weights)
            let pictures = try FileManager.default.contentsOfDirectory(
                atPath: folder.url.appending(path: "watched/pictures").path)
            #expect(
                Set(pictures) == ["step-00000005-samples.png", "step-00000010-samples.png"])
        }

        @Test func accumulatedAndRecomputedStepsAreTheSame() throws {
            try makePointStore(folder)
            let whole = try run("whole")
            let parts = try run("parts", Self.manifest + "\n    accumulate: 4\n")
            for (a, b) in zip(whole.records, parts.records) {
                #expect(abs(a.loss / b.loss - 1) < 1e-5)
                #expect(abs(a.gradientNorm / b.gradientNorm - 1) < 1e-3)
            }
            let recomputing = Self.manifest.replacing(
                "heads: 2}", with: "heads: 2, recompute: true}")
            let again = try run("again", recomputing)
            for (a, b) in zip(whole.records, again.records) {
                #expect(abs(a.loss / b.loss - 1) < 1e-5)
            }
        }

        @Test func narrowProductsComeNear() throws {
            try makePointStore(folder)
            let whole = try run("whole")
            let narrow = try run("narrow", Self.manifest + "\n    precision: bfloat16\n")
            #expect(narrow.weights != whole.weights)
            for (a, b) in zip(whole.records, narrow.records) {
                #expect(abs(a.loss / b.loss - 1) < 0.02, "\(a.loss) \(b.loss)")
            }
        }

        /// A flow, weighed errors, and pictures by the solver that chooses its steps.
        @Test func flowsAreTrainedAndDrawnFrom() throws {
            try makePointStore(folder)
            let flow =
                Self.manifest + """

                        noise: {process: flow, shift: 2, weight: data}
                        pictures: {every: 10}
                        pictured: 1
                        sampler: {method: adaptive, absolute-tolerance: 0.1, relative-tolerance: 0.1}
                    """
            let outcome = try run("flow", flow)
            #expect(outcome.ending == .finished)
            // The output is zero at first: the loss is that of x − t (ε − x₀) against x₀, weighed.
            #expect(outcome.records.allSatisfy { $0.loss > 0 && $0.loss < 2 })
            let picture = folder.url.appending(path: "flow/pictures/step-00000010-samples.png")
            #expect(FileManager.default.fileExists(atPath: picture.path))
        }

        /// Two that train together on half a batch each come to what one comes to.
        @Test func twoRanksComeToOneRanksLosses() throws {
            try makePointStore(folder)
            let alone = try run("alone")
            let groups = ThreadGroups(count: 2)
            let results = Results()
            DispatchQueue.concurrentPerform(iterations: 2) { rank in
                do {
                    let outcome = try run("together", group: groups.member(rank))
                    results.put(rank, outcome.records, outcome.weights)
                } catch {
                    Issue.record("rank \(rank): \(error)")
                }
            }
            for rank in 0..<2 {
                let (records, weights) = try #require(results[rank])
                #expect(records.count == alone.records.count)
                for (a, b) in zip(alone.records, records) {
                    #expect(abs(a.loss / b.loss - 1) < 1e-4, "\(a.loss) \(b.loss)")
                    #expect(a.keys[rank * 2..<rank * 2 + 2] == b.keys[...])
                }
                for (name, numbers) in weights {
                    let worst = zip(numbers, alone.weights[name]!).map { abs($0 - $1) }.max()!
                    #expect(worst < 2e-4, "\(name)")
                }
            }
            #expect(results[0]?.1 == results[1]?.1)
        }

        private final class Results: @unchecked Sendable {
            private let lock = NSLock()
            private var values: [Int: ([StepRecord], [String: [Double]])] = [:]
            func put(_ rank: Int, _ records: [StepRecord], _ weights: [String: [Double]]) {
                lock.withLock { values[rank] = (records, weights) }
            }
            subscript(rank: Int) -> ([StepRecord], [String: [Double]])? {
                lock.withLock { values[rank] }
            }
        }

        @Test func lossesThatAreNotFiniteNameTheSample() throws {
            try makePointStore(folder, points: 16, breaking: 3)
            var failure: TrainingError.NotFinite?
            do {
                _ = try run("a", Self.manifest.replacing("points: 16", with: "points: 16"))
            } catch let error as TrainingError {
                if case .notFinite(let found) = error { failure = found }
            }
            let found = try #require(failure)
            #expect(found.offending.count == 1 && found.offending[0].hasPrefix("ring"))
            #expect(found.keys.contains(found.offending[0]))
            #expect(found.offending[0].contains("3"))
            #expect(!found.loss.isFinite)
        }

        @Test func otherRunsAreNotGoneOnWith() throws {
            try makePointStore(folder)
            _ = try run("a", stopAt: 5)
            let changed = Self.manifest.replacing("steps: 10", with: "steps: 12")
            #expect(throws: TrainingError.self) { try run("a", changed) }
            #expect(try run("a", changed, accepts: true).records.last?.step == 11)
            let other = TemporaryFolder()
            try makePointStore(other, train: 11)
            #expect(throws: TrainingError.self) { try run("a", changed, store: other.store) }
        }

        @Test func foldersAreHeldByOneProcess() throws {
            try makePointStore(folder)
            _ = try run("a") { _ in
                #expect(throws: TrainingError.self) { try run("a") }
            }
        }

        @Test func rateZeroFreezesAndPrefixesAreChecked() throws {
            try makePointStore(folder)
            let frozen = try run(
                "a", Self.manifest + "\n    rates: {blocks.0.: 0, output.: 1.0e-2}\n")
            let short = Self.manifest.replacing("steps: 10", with: "steps: 4")
                .replacing("warm-up: 3, decay: cosine", with: "warm-up: 0")
            let other = try run("b", short + "\n    rates: {blocks.0.: 0, output.: 1.0e-2}\n")
            for (name, numbers) in frozen.weights {
                #expect((numbers == other.weights[name]) == name.hasPrefix("blocks.0."), "\(name)")
            }
            #expect(throws: TrainingError.self) {
                try run("c", Self.manifest + "\n    rates: {block.: 0}\n")
            }
        }

        /// What comes of a training is what the next one begins with.
        @Test func weightsStartAnotherStage() throws {
            try makePointStore(folder)
            _ = try run("a")
            let path = folder.url.appending(path: "a/weights.safetensors").path
            let file = try SafetensorsFile(URL(fileURLWithPath: path))
            #expect(file.metadata["stage"] == "denoiser" && file.metadata["step"] == "10")
            let again = Self.manifest + "\n    rates: {blocks.: 0}\n    start: {weights: \(path)}\n"
            let outcome = try run("b", again)
            for name in file.names where name.hasPrefix("blocks.") {
                #expect(try file.tensor(name).elements() == outcome.weights[name]!)
            }
        }

        @Test func trainingLearns() throws {
            try makePointStore(folder, train: 4, validation: 1)
            let long = Self.manifest.replacing("steps: 10", with: "steps: 400")
                .replacing("every: 4", with: "every: 1000")
                .replacing("learning-rate: 1.0e-3", with: "learning-rate: 3.0e-3")
            let losses = try run("a", long).records.map(\.loss)
            let first = losses.prefix(20).reduce(0, +) / 20
            let last = losses.suffix(40).reduce(0, +) / 40
            #expect(last < 0.6 * first, "\(first) to \(last)")
        }
    }
}
