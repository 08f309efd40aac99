import Documents
import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    @Suite struct TrainingManifestTests {
        @Test func trainingsOfTheProjectAreRead() throws {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Manifests/Training")
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            #expect(!files.isEmpty)
            for file in files {
                let manifest = try TrainingManifest(contentsOfFile: file.path)
                #expect(manifest.name == file.deletingPathExtension().lastPathComponent)
            }
        }

        @Test func everythingIsRead() throws {
            let manifest = try TrainingManifest(
                file: "dir/m.yaml",
                text: """
                    name: demo
                    system: points
                    seed: 7
                    stages:
                      denoiser:
                        steps: 100
                        batch: 8
                        accumulate: 2
                        optimiser: {learning-rate: 1.0e-3, beta2: 0.99, weight-decay: 0.1}
                        schedule: {warm-up: 10, decay: cosine, final: 0.1}
                        rates: {blocks.0.: 1.0e-5, input.: 0}
                        average: {decay: 0.999, warm-up: false}
                        clip: 1
                        precision: bfloat16
                        loader: {threads: 3, ahead: 40}
                        checkpoints: {every: 20, keep: 2, keep-every: 50}
                        validation: {every: 30, batches: 4}
                        pictures: {every: 50}
                        log: {every: 5}
                        start: {weights: w.safetensors, strict: false}
                        model: {frames: 8, width: 64, depth: 2, heads: 2, recompute: true}
                        points: 100
                        noise: {schedule: linear, steps: 500, zero-terminal-snr: true}
                        sampler: {method: ddim, steps: 20, eta: 0.5}
                    """)
            #expect(manifest.name == "demo" && manifest.seed == 7 && manifest.system == "points")
            let stage = try manifest.stage(nil)
            let settings = stage.settings
            #expect(settings.steps == 100 && settings.batch == 8 && settings.accumulate == 2)
            #expect(
                settings.optimiser
                    == Adam.Settings(learningRate: 1e-3, beta2: 0.99, weightDecay: 0.1))
            #expect(
                settings.schedule
                    == LearningRateSchedule(
                        warmUpSteps: 10, decay: .cosine(final: 0.1), totalSteps: 100))
            #expect(settings.rates.map(\.prefix) == ["blocks.0.", "input."])
            #expect(settings.averageDecay == 0.999 && !settings.averageWarmsUp)
            #expect(settings.clip == 1 && settings.precision == .bfloat16)
            #expect(settings.loaderThreads == 3 && settings.loaderAhead == 40)
            #expect(settings.checkpoints.keepEvery == 50 && settings.validation.batches == 4)
            #expect(settings.start?.weights.hasSuffix("/dir/w.safetensors") == true)
            let description = try #require(stage.description as? PointDenoiserStage)
            #expect(description.form.frames == 8 && description.recomputes)
            #expect(description.points == 100)
            #expect(description.noise.parameterisation == .velocity)
            #expect(description.sampler.sampler == .implicit(eta: 0.5))
            guard case .diffusion(let path) = description.noise.process else {
                Issue.record("no diffusion")
                return
            }
            #expect(path.schedule == NoiseSchedule.linear(count: 500).withZeroTerminalSNR())
        }

        @Test(arguments: [
            ("stages: {denoiser: {steps: 5}}\n", 1, "system is missing"),
            ("system: pints\n", 1, "it must be one of: points"),
            ("system: points\nstages: {denoser: {steps: 5}}\n", 2, "unknown key stages.denoser"),
            ("system: points\nstages: {}\n", 2, "points has: denoiser"),
            (
                "system: points\nstages:\n  denoiser:\n    batch: 2\n", 4,
                "denoiser.steps is missing"
            ),
            (
                "system: points\nstages:\n  denoiser:\n    steps: 5\n    stepps: 6\n", 5,
                "unknown key stages.denoiser.stepps"
            ),
            (
                "system: points\nstages: {denoiser: {steps: 5, batch: 8, accumulate: 3}}\n", 2,
                "8 cannot be taken in 3 equal parts"
            ),
            (
                "system: points\nstages:\n  denoiser:\n    steps: 5\n"
                    + "    noise: {predict: noise, zero-terminal-snr: true}\n", 5,
                "cannot be noise"
            ),
            (
                "system: points\nstages:\n  denoiser:\n    steps: 5\n"
                    + "    sampler: {method: euler}\n", 5, "take ddim"
            ),
            (
                "system: points\nstages:\n  denoiser:\n    steps: 5\n"
                    + "    noise: {process: flow, schedule: linear}\n", 5,
                "unknown key stages.denoiser.noise.schedule"
            ),
        ])
        func mistakesAreFoundWhereTheyAre(text: String, line: Int, words: String) throws {
            let error = try #require(throws: DocumentError.self) {
                _ = try TrainingManifest(file: "m.yaml", text: text)
            }
            #expect(error.line == line && error.message.contains(words), "\(error)")
        }
    }
}
