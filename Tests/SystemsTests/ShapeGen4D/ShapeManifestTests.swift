import Documents
import Systems
import Testing

extension AllTests {
    @Suite struct ShapeManifestTests {
        /// Every key says something: the stage with it is another than without.
        @Test(arguments: [
            "model: {width: 24}", "model: {heads: 6}", "model: {encoder-depth: 7}",
            "model: {decoder-depth: 15}", "model: {channels: 63}", "model: {frequencies: 7}",
            "model: {sharp: false}", "model: {recompute: true}", "queries: {count: 1023}",
            "queries: {source: independent}", "queries: {source: both}", "cloud: 32767",
            "scale: 2.5", "frames: 2", "supervision: {points: 9999}",
            "supervision: {truncation: 0.02}", "supervision: {positive-inside: true}",
            "divergence-weight: 0.002", "augment: {turn: vertical}", "augment: {turn: any}",
            "augment: {least-scale: 0.9}", "pictured: 5",
        ])
        func keysOfTheAutoencoderAreRead(key: String) throws {
            let usual = try stage(ShapeAutoencoderStage.self, "batch: 1")
            #expect(try "\(stage(ShapeAutoencoderStage.self, key))" != "\(usual)")
        }

        @Test(arguments: [
            "model: {channels: 63}", "model: {width: 640}", "model: {heads: 10}",
            "model: {dual: 11}", "model: {single: 23}", "model: {across-frames: shapes}",
            "model: {across-frames: times}", "model: {across-frames: none}",
            "model: {recompute: true}", "images: {size: 112}", "images: {patch: 8}",
            "images: {width: 64}", "images: {heads: 2}", "images: {depth: 3}",
            "images: {encoder: e.ts}", "images: {encoder: e.ts, size: 224}",
            "images: {encoder: e.ts, width: 768}", "videos: [a, b]", "frames: 15", "stride: 2",
            "latents: {field: other.npy}", "latents: {normalise: false}", "share-noise: false",
            "drop: 0.2", "guidance: 3", "noise: {times: uniform}", "noise: {mean: 1}",
            "noise: {deviation: 2}", "noise: {shift: 2}", "noise: {time-factor: 1}",
            "noise: {predict: data}", "noise: {weight: output}", "sampler: {steps: 30}",
            "sampler: {shift: 3}", "sampler: {method: dpmsolver}",
        ])
        func keysOfTheFlowAreRead(key: String) throws {
            let usual = try stage(ShapeFlowStage.self, "batch: 1")
            #expect(try "\(stage(ShapeFlowStage.self, key))" != "\(usual)")
        }

        /// Step1X-3D's and ShapeGen4D's numbers where the manifest is silent.
        @Test func defaultsAreThePapers() throws {
            let autoencoder = try stage(
                ShapeAutoencoderStage.self, "model: {}, queries: {}, supervision: {}")
            #expect(autoencoder.form == ShapeAutoencoder.Form())
            #expect(autoencoder.reading == ShapeReading())
            #expect(autoencoder.points == 10_000 && autoencoder.truncation == 0.01)
            #expect(autoencoder.divergenceWeight == 1e-3)
            let flow = try stage(ShapeFlowStage.self, "model: {}, images: {encoder: e.ts}")
            #expect(flow.form == ShapeFlowTransformer.Form())
            #expect(flow.form.imageWidth == 1024 && flow.pictureSize == 518)
            #expect(flow.frames == 16 && flow.dropout == 0.1 && flow.guidance == 7.5)
            #expect(flow.sharesNoise && flow.noise.weight == .data)
            let named = try stage(
                ShapeFlowStage.self, "images: {size: 64, patch: 8, width: 24, heads: 3, depth: 1}")
            #expect(named.form.imageWidth == 24 && named.pictureSize == 64)
            // The path is one beside the manifest.
            let manifest = try TrainingManifest(
                file: "/dir/m.yaml",
                text: "system: shapegen4d\nstages: {flow: {steps: 1, images: {encoder: e.ts}}}\n")
            let beside = manifest.stages[0].description as! ShapeFlowStage
            #expect(beside.encoder == .scripted(path: "/dir/e.ts"))
        }

        /// Line 5 of a manifest holds the key, from column 5; a value that is wrong is pointed at, and a
        /// key that is unknown.
        @Test(arguments: [
            ("autoencoder", "model: {width: 10, heads: 3}", 20, "it must divide by the 3 heads"),
            ("autoencoder", "model: {heads: 0}", 20, "heads"),
            ("autoencoder", "model: {depth: 2}", 13, "unknown key stages.autoencoder.model.depth"),
            ("autoencoder", "queries: {count: 0}", 22, "count"),
            ("autoencoder", "queries: {source: random}", 23, "aligned"),
            ("autoencoder", "cloud: 1", 12, "cloud"),
            ("autoencoder", "cloud: many", 12, "cloud"),
            ("autoencoder", "scale: 0", 12, "scale"),
            ("autoencoder", "frames: 0", 13, "frames"),
            ("autoencoder", "supervision: {truncation: 0}", 31, "truncation"),
            ("autoencoder", "supervision: {sign: 1}", 19, "unknown key"),
            ("autoencoder", "divergence-weight: -1", 24, "divergence-weight"),
            ("autoencoder", "augment: {turn: all}", 21, "vertical"),
            ("autoencoder", "augment: {least-scale: 0}", 28, "least-scale"),
            ("autoencoder", "augment: {least-scale: 1.5}", 28, "least-scale"),
            ("autoencoder", "pictured: 0", 15, "pictured"),
            ("autoencoder", "points: 4", 5, "unknown key stages.autoencoder.points"),
            ("flow", "model: {width: 12, heads: 4}", 20, "twice the 4 heads"),
            ("flow", "model: {across-frames: some}", 28, "shapes"),
            ("flow", "images: {size: 60, patch: 16}", 13, "the patch must divide the size"),
            ("flow", "images: {width: 30, heads: 4}", 13, "the heads the width"),
            ("flow", "images: {encoder: e.ts, patch: 4}", 29, "unknown key"),
            ("flow", "videos: []", 13, "names none"),
            ("flow", "frames: 0", 13, "frames"),
            ("flow", "stride: 0", 13, "stride"),
            ("flow", "latents: {name: x}", 15, "unknown key"),
            ("flow", "share-noise: 2", 18, "share-noise"),
            ("flow", "drop: 1.5", 11, "drop"),
            ("flow", "guidance: -1", 15, "guidance"),
            ("flow", "noise: {process: diffusion}", 12, "this stage is a flow"),
            ("flow", "sampler: {shift: 0}", 22, "shift"),
            ("flow", "sampler: {method: ddpm, eta: 1}", 29, "unknown key"),
        ])
        func mistakesAreFoundWhereTheyAre(
            stage: String, key: String, column: Int, words: String
        ) throws {
            let text = "system: shapegen4d\nstages:\n  \(stage):\n    steps: 5\n    \(key)\n"
            let error = try #require(throws: DocumentError.self) {
                _ = try TrainingManifest(file: "m.yaml", text: text)
            }
            #expect(error.message.contains(words), "\(error)")
            #expect(error.line == 5, "\(error)")
            #expect(error.column == column, "\(error)")
        }
    }
}
