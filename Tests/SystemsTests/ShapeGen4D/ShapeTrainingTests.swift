import Foundation
import Geometry
import Imaging
import ShardStore
import Systems
import Tensors
import TestSupport
import Testing

extension AllTests {
    /// Both stages on spheres of which everything is known.
    @Suite struct ShapeTrainingTests {
        private let folder = TemporaryFolder()

        private static let manifest = """
            name: spheres
            system: shapegen4d
            seed: 3
            stages:
              autoencoder:
                steps: 8
                batch: 4
                optimiser: {learning-rate: 3.0e-3, beta2: 0.99}
                schedule: {warm-up: 2, decay: cosine, final: 0.1}
                average: {decay: 0.95}
                clip: 1
                checkpoints: {every: 3, keep: 2}
                model: {width: 32, heads: 2, encoder-depth: 1, decoder-depth: 1, channels: 4, frequencies: 4}
                queries: {count: 12, source: both}
                cloud: 64
                supervision: {points: 128, truncation: 0.4}
                divergence-weight: 1.0e-4
                augment: {turn: any, least-scale: 0.8}
              flow:
                steps: 8
                batch: 3
                optimiser: {learning-rate: 2.0e-3}
                schedule: {warm-up: 2}
                average: {decay: 0.95}
                clip: 1
                checkpoints: {every: 3, keep: 2}
                model: {width: 32, heads: 2, dual: 1, single: 2, channels: 4}
                images: {size: 16, patch: 8, width: 24, heads: 2, depth: 1}
                videos: [view-a, view-b]
                frames: 4
                drop: 0.2
                sampler: {steps: 4, shift: 2}
                guidance: 2

            """

        private struct Kill: Error {}

        private struct Outcome {
            var losses: [Double] = []
            var weights: [String: [Double]] = [:]
        }

        /// - Parameter changes: texts of the manifest and what stands in their place.
        private func train<Stage: TrainingStage>(
            _ type: Stage.Type, into out: String, _ changes: [(String, String)] = [],
            killAfter kill: Int? = nil, stopAt stop: Int? = nil
        ) throws -> Outcome {
            var text = Self.manifest
            for (old, new) in changes {
                #expect(text.contains(old), "\(old)")
                text = text.replacing(old, with: new)
            }
            let recipe = try TrainingManifest(file: "m.yaml", text: text)
            let name = type == ShapeFlowStage.self ? "flow" : "autoencoder"
            let stage = try recipe.stage(name)
            var run = TrainingRun(
                manifest: text, stage: name, seed: recipe.seed, store: folder.store,
                folder: TrainingFolder("\(folder.path)/\(out)"), device: .cpu)
            run.showsProgress = false
            let system = try (stage.description as! Stage).makeSystem()
            let trainer = try Trainer(system, stage.settings, run)
            var outcome = Outcome()
            _ = try trainer.train(shouldStop: { trainer.step + 1 == stop }) { record in
                outcome.losses.append(record.loss)
                if record.step == kill { throw Kill() }
            }
            for (name, tensor) in try system.model.state() {
                outcome.weights[name] = try tensor.elements()
            }
            return outcome
        }

        private func weights(_ out: String) throws -> TrainedWeights {
            try TrainedWeights("\(folder.path)/\(out)")
        }

        /// Adds latents to all samples that have none, as `muybridge encode` does.
        ///
        /// - Returns: how many there were.
        @discardableResult
        private func encode(with out: String, _ source: QuerySource = .aligned) throws -> Int {
            let codec = try ShapeCodec(weights(out), on: .cpu)
            let samples = try StoredDataset(
                store: folder.store, part: nil, fields: ShapeReading.fields,
                lacking: "latents.npy")
            let additions = try StoreAdditions(
                to: folder.store, series: "latents", tool: "test", command: "test")
            for n in 0..<samples.count {
                let sample = samples.sample(n)
                let encoding = try codec.encode(sample, source)
                #expect(encoding.latents.shape == [4, 12, 4])
                #expect(encoding.queries.shape == [4, 12, 3])
                if source == .aligned {
                    let stored = try sample.tensor("queries.npy").slice(1, to: 12)
                    #expect(try distance(encoding.queries, stored) < 1e-7)
                }
                try additions.append(
                    "latents.npy", encoding.latents, to: sample.key,
                    notes: ["latents.change": Double(n)])
            }
            try additions.finish()
            return samples.count
        }

        @Test(arguments: [0, 1]) func resumedRunsComeToTheSameBits(which: Int) throws {
            try ShapeStore().write(to: folder)
            func check<Stage: TrainingStage>(_ type: Stage.Type) throws {
                let whole = try train(type, into: "whole")
                #expect(throws: Kill.self) { try train(type, into: "cut", killAfter: 4) }
                let rest = try train(type, into: "cut")
                #expect(rest.losses == Array(whole.losses[3...]))
                let isSame = rest.weights == whole.weights && !whole.weights.isEmpty
                #expect(isSame)
                func file(_ out: String) throws -> Data {
                    try Data(contentsOf: folder.url.appending(path: "\(out)/weights.safetensors"))
                }
                let isSameFile = try file("cut") == file("whole")
                #expect(isSameFile)
            }
            if which == 0 {
                try check(ShapeAutoencoderStage.self)
            } else {
                _ = try train(ShapeAutoencoderStage.self, into: "shapes")
                try encode(with: "shapes")
                try check(ShapeFlowStage.self)
            }
        }

        @Test func recomputedBlocksAndNarrowProductsComeToTheSame() throws {
            try ShapeStore().write(to: folder)
            let plain = try train(ShapeAutoencoderStage.self, into: "a")
            let again = try train(
                ShapeAutoencoderStage.self, into: "b",
                [("frequencies: 4}", "frequencies: 4, recompute: true}")])
            #expect(again.losses.count == 8)
            for (a, b) in zip(plain.losses, again.losses) { #expect(abs(a / b - 1) < 1e-4) }
            try encode(with: "a")
            let flow = try train(ShapeFlowStage.self, into: "c")
            for (out, change) in [
                ("d", ("channels: 4}\n    images", "channels: 4, recompute: true}\n    images")),
                ("e", ("batch: 3", "batch: 3\n    precision: bfloat16")),
            ] {
                let other = try train(ShapeFlowStage.self, into: out, [change])
                let tolerance = out == "d" ? 1e-4 : 0.05
                #expect(other.losses.count == 8)
                for (a, b) in zip(flow.losses, other.losses) {
                    #expect(abs(a / b - 1) < tolerance, "\(out)")
                }
            }
        }

        /// The way from shapes to latents, to a flow, and back to shapes.
        @Test func bothStagesLearn() throws {
            try ShapeStore(train: 6, validation: 2).write(to: folder)
            let shapes = try train(
                ShapeAutoencoderStage.self, into: "shapes",
                [
                    ("steps: 8\n    batch: 4", "steps: 800\n    batch: 4"),
                    ("every: 3", "every: 1000"),
                    ("turn: any, least-scale: 0.8", "turn: none"),
                ])
            func mean(_ losses: some Collection<Double>) -> Double {
                losses.reduce(0, +) / Double(losses.count)
            }
            let (first, last) = (mean(shapes.losses.prefix(10)), mean(shapes.losses.suffix(20)))
            #expect(last < 0.15 * first, "\(first) to \(last)")

            // What it decodes is a sphere of the right size and place, in stored coordinates.
            let trained = try weights("shapes")
            #expect(trained.manifest.name == "spheres" && trained.stage.name == "autoencoder")
            let codec = try ShapeCodec(trained, on: .cpu)
            let samples = try StoredDataset(
                store: folder.store, part: .train, fields: ShapeReading.fields)
            let latents = try codec.encode(samples.sample(0), .aligned).latents
            for t in 0..<4 {
                let grid = try codec.field(of: latents.select(0, t), resolution: 64)
                let (sphere, places) = (MovingSphere(number: 0), grid.positions)
                var (both, either) = (0, 0)
                for (n, value) in grid.values.enumerated() {
                    let p = places[n] - sphere.centre(t)
                    let isInside = (p * p).sum() < sphere.radius(t) * sphere.radius(t)
                    if isInside && value < 0 { both += 1 }
                    if isInside || value < 0 { either += 1 }
                }
                #expect(both > 2000 && Double(both) / Double(either) > 0.6, "\(both) of \(either)")
                let mesh = try codec.mesh(of: latents.select(0, t), resolution: 64)
                let isSame = mesh.positions == MarchingCubes.surface(of: grid).positions
                #expect(isSame)
            }
            // What it began with decodes none.
            let untrained = try ShapeCodec(trained, on: .cpu, isUntrained: true)
            #expect(
                try distance(untrained.encode(samples.sample(0), .aligned).latents, latents) > 0.05)

            #expect(try encode(with: "shapes") == 8)
            #expect(try encode(with: "shapes") == 0)
            let report = try StoreVerifier.verify(at: folder.store)
            #expect(report.problems.isEmpty && report.sampleCount == 8)
            let written = try StoredDataset(
                store: folder.store, part: .train, fields: ["latents.npy"])
            #expect(try distance(written.sample(0).tensor("latents.npy"), latents) < 1e-6)

            let flow = try train(
                ShapeFlowStage.self, into: "flow",
                [
                    ("steps: 8\n    batch: 3", "steps: 400\n    batch: 6"),
                    ("every: 3", "every: 1000"),
                    ("learning-rate: 2.0e-3}", "learning-rate: 4.0e-3}"), ("drop: 0.2", "drop: 0"),
                ])
            let (before, after) = (mean(flow.losses.prefix(20)), mean(flow.losses.suffix(40)))
            #expect(after < 0.6 * before, "\(before) to \(after)")
            try checkGeneration(written)
        }

        /// What is drawn depends on what it is drawn from, and lies where latents lie.
        private func checkGeneration(_ latents: StoredDataset) throws {
            let flow = try weights("flow")
            let description = try flow.description(as: ShapeFlowStage.self, need: "")
            let system = try description.makeSystem()
            try flow.load(into: system.model, on: .cpu)
            let pictures = try StoredDataset(
                store: folder.store, part: .train, fields: system.fields)
            func video(_ n: Int) throws -> Tensor {
                try PictureReading(size: 16).tensor(
                    of: (0..<4).map {
                        try Image(decoding: pictures.sample(n).bytes("view-a.00\($0).png"))
                    })
            }
            var steps: [Int] = []
            func generate(
                _ video: Tensor, _ change: (inout ShapeSampling) -> Void = { _ in }
            ) throws -> Tensor {
                var sampling = ShapeSampling()
                change(&sampling)
                steps = []
                return try system.generate(video, tokens: 12, sampling, on: .cpu) {
                    steps.append($0)
                }
            }
            let made = try generate(video(0))
            #expect(made.shape == [4, 12, 4] && steps == [1, 2, 3, 4])
            #expect(try distance(generate(video(0)), made) == 0)
            for other in [
                try generate(video(3)), try generate(video(0)) { $0.seed = 1 },
                try generate(video(0)) { $0.guidance = 5 },
                try generate(video(0)) { $0.shift = 1 },
                try generate(video(0)) { $0.sharesNoise = false },
                try generate(video(0)) { $0.steps = 7 },
            ] { #expect(try distance(other, made) > 1e-3) }
            #expect(steps.count == 7)
            // A shorter video than those that were learnt from.
            #expect(try generate(video(0).slice(0, to: 3)).shape == [3, 12, 4])

            // Each channel's mean and deviation come back from the file.
            let all = try Tensor.concatenate(
                (0..<latents.count).map { try latents.sample($0).tensor("latents.npy") })
            let normal = try system.transformer.normalised(all).flattened(from: 0, through: 1)
            #expect(try normal.mean(0).abs().amax().item() < 1e-4)
            #expect(try (normal.square().mean(0) - 1).abs().amax().item() < 1e-3)
            #expect(
                try distance(
                    system.transformer.denormalised(system.transformer.normalised(all)), all) < 1e-5
            )
            // Of the deviation of latents, not many times more.
            let spread = try system.transformer.normalised(made).square().mean().item()
            #expect((0.05..<4).contains(spread), "\(spread)")
        }

        @Test func weightsOfAnotherStageAreRefused() throws {
            try ShapeStore().write(to: folder)
            _ = try train(ShapeAutoencoderStage.self, into: "shapes")
            let trained = try weights("shapes")
            let flow = try #require(throws: TrainingError.self) {
                _ = try trained.description(
                    as: ShapeFlowStage.self, need: "a flow of shapegen4d is needed")
            }
            #expect("\(flow)".contains("is the stage autoencoder of shapegen4d"))
            #expect("\(flow)".contains("a flow of shapegen4d is needed"))
            let absent = try #require(throws: TrainingError.self) { _ = try weights("nothing") }
            #expect("\(absent)".contains("there is no such file"))
            _ = try train(ShapeAutoencoderStage.self, into: "half", stopAt: 4)
            let half = try #require(throws: TrainingError.self) { _ = try weights("half") }
            #expect("\(half)".contains("half holds no weights.safetensors"))
            let bare = folder.url.appending(path: "bare.safetensors")
            try SafetensorsFile.write([("a", Tensor.zeros([1]))], to: bare)
            let other = try #require(throws: TrainingError.self) {
                _ = try TrainedWeights(bare.path)
            }
            #expect("\(other)".contains("does not say which manifest and stage"))
            try encode(with: "shapes")
            _ = try train(ShapeFlowStage.self, into: "flow")
            let wrong = try #require(throws: TrainingError.self) {
                _ = try ShapeCodec(weights("flow"), on: .cpu)
            }
            #expect("\(wrong)".contains("is the stage flow of shapegen4d"))
        }

        @Test func itemsOfTheFlowAreDrawnAsTheStageSays() throws {
            var store = ShapeStore()
            store.frames = 5
            try store.write(to: folder)
            _ = try train(
                ShapeAutoencoderStage.self, into: "shapes",
                [("steps: 8\n    batch: 4", "steps: 3\n    batch: 4")])
            let codec = try ShapeCodec(weights("shapes"), on: .cpu)
            let samples = try StoredDataset(
                store: folder.store, part: nil, fields: ShapeReading.fields)
            let additions = try StoreAdditions(
                to: folder.store, series: "latents", tool: "test", command: "test")
            for n in 0..<samples.count {
                let sample = samples.sample(n)
                try additions.append(
                    "latents.npy", codec.encode(sample, .aligned).latents, to: sample.key)
            }
            try additions.finish()

            func items(_ keys: String) throws -> [ShapeFlowSystem.Item] {
                let system = try stage(
                    ShapeFlowStage.self,
                    "model: {channels: 4, width: 8, heads: 2, dual: 0, single: 0}, "
                        + "images: {size: 16, patch: 8, width: 8, heads: 2, depth: 0}, \(keys)"
                ).makeSystem()
                let samples = try StoredDataset(folder.store, for: system)
                return try (0..<60).map {
                    try system.makeItem(samples.sample(1, epoch: $0, seed: 4))
                }
            }
            let stored = try StoredDataset(
                store: folder.store, part: .train, fields: ["latents.npy"]
            ).sample(1).tensor("latents.npy")
            let shared = try items("frames: 5, drop: 0.3, videos: [view-a, view-b]")
            #expect(shared.allSatisfy { $0.noise.shape == [1, 12, 4] })
            #expect(try distance(shared[0].latents, stored) == 0)
            #expect(shared[0].pictures.shape == [5, 3, 16, 16])
            // Both videos, withheld pictures at their rate, and levels that differ.
            let videos = try Set(shared.map { try $0.pictures.sum().item() })
            #expect(videos.count == 2)
            let dropped = shared.filter(\.isDropped).count
            #expect((8...30).contains(dropped), "\(dropped)")
            #expect(Set(shared.map(\.level.sigma)).count == 60)
            #expect(try Set(shared.map { try $0.noise.sum().item() }).count == 60)

            let own = try items(
                "frames: 3, stride: 2, share-noise: false, drop: 0, videos: [view-a]")
            #expect(own.allSatisfy { $0.noise.shape == [3, 12, 4] && !$0.isDropped })
            let noise = own[0].noise
            #expect(try distance(noise.select(0, 0), noise.select(0, 1)) > 0.1)
            #expect(try distance(own[0].latents, stored.slice(0, by: 2)) == 0)
            #expect(try items("frames: 5, drop: 1, videos: [view-a]").allSatisfy(\.isDropped))
        }
    }
}
