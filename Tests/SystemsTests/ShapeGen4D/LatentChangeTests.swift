import Systems
import Tensors
import Testing

extension AllTests {
    @Suite struct LatentChangeTests {
        /// Latents of two numbers at places on a line.
        private func change(
            _ latents: [[[Float]]], places: [[Float]]
        ) throws -> LatentChange {
            let count = places[0].count
            return try LatentChange(
                latents: Tensor(
                    latents.flatMap { $0.flatMap { $0 } }, shape: [places.count, count, 2]),
                places: Tensor(
                    places.flatMap { $0.flatMap { [$0, 0, 0] } }, shape: [places.count, count, 3]))
        }

        @Test func closedForms() throws {
            // Lengths 5 and 13, 12 apart; then the same latent doubled: 13/((13 + 26)/2).
            let found = try change(
                [[[3, 4]], [[5, 12]], [[10, 24]]], places: [[0], [0.1], [0.2]])
            #expect(found.frames.count == 2)
            #expect(abs(found.frames[0] - 68.0.squareRoot() / 9) < 1e-6)
            #expect(abs(found.frames[1] - 2.0 / 3) < 1e-6)
            #expect(abs(found.mean - (68.0.squareRoot() / 9 + 2.0 / 3) / 2) < 1e-6)
        }

        /// Latents are compared by where they look, not by their numbers.
        @Test func nearestPlacesAreCompared() throws {
            let (a, b): ([Float], [Float]) = ([1, 0], [0, 2])
            let crossed = try change([[a, b], [b, a]], places: [[0, 1], [0.9, 0.2]])
            #expect(crossed.frames == [0])
            let straight = try change([[a, b], [b, a]], places: [[0, 1], [0.2, 0.9]])
            // √5 over (1 + 2)/2, both ways.
            #expect(abs(straight.frames[0] - 5.0.squareRoot() / 1.5) < 1e-6)
            // Both nearest to the same.
            let shared = try change([[a, b], [b, a]], places: [[0, 1], [5, 0.2]])
            #expect(abs(shared.frames[0] - (0 + 5.0.squareRoot() / 1.5) / 2) < 1e-6)
        }

        @Test func nothingChangesInStillOrSingleFrames() throws {
            #expect(try change([[[1, 2]], [[1, 2]]], places: [[0], [0]]).mean == 0)
            let single = try change([[[1, 2], [3, 4]]], places: [[0, 1]])
            #expect(single.frames.isEmpty && single.mean == 0)
            #expect(try change([[[0, 0]], [[0, 0]]], places: [[0], [0]]).mean == 0)
        }
    }

    @Suite struct SamplerShiftTests {
        /// Of what a sampler visits and of nothing else.
        @Test func samplersAloneAreShifted() throws {
            func levels(_ noise: String, _ sampler: String) throws -> [Double] {
                let stage = try stage(
                    ShapeFlowStage.self,
                    "noise: {process: flow\(noise)}, sampler: {steps: 4\(sampler)}")
                var visited: [Double] = []
                _ = try stage.sampler.sample(
                    from: Tensor.zeros([1, 2]), stage.noise, seed: 1,
                    Denoiser(stage.noise.parameterisation) { x, level in
                        visited.append(level.sigma)
                        return try x.zerosLike()
                    })
                return visited
            }
            func drawn(_ sampler: String) throws -> [Double] {
                let stage = try stage(ShapeFlowStage.self, "sampler: {steps: 4\(sampler)}")
                return (0..<20).map { stage.noise.drawLevel(seed: $0).sigma }
            }
            let straight = [1, 0.75, 0.5, 0.25]
            // s t/(1 + (s − 1) t) with s = 3.
            let shifted = [1, 2.25 / 2.5, 1.5 / 2, 0.75 / 1.5]
            #expect(try levels("", "") == straight)
            #expect(try levels("", ", shift: 3") == shifted)
            #expect(try levels(", shift: 3", "") == shifted)
            #expect(try levels(", shift: 3", ", shift: 1") == straight)
            #expect(try drawn("") == drawn(", shift: 3"))
            #expect(throws: (any Error).self) {
                try TrainingManifest(
                    file: "m.yaml",
                    text: """
                        system: points
                        stages: {denoiser: {steps: 1, sampler: {shift: 2}}}
                        """)
            }
        }
    }
}
