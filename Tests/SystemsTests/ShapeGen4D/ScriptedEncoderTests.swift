import Foundation
import Systems
import Tensors
import Testing

extension AllTests {
    @Suite struct ScriptedEncoderTests {
        private static let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Reference")

        private func system(_ encoder: String, width: Int) throws -> ShapeFlowSystem {
            let text = """
                system: shapegen4d
                stages:
                  flow:
                    steps: 1
                    model: {width: 8, heads: 2, dual: 0, single: 0, channels: 2}
                    images: {encoder: \(encoder), size: 32, width: \(width)}
                """
            let manifest = try TrainingManifest(
                file: Self.folder.appending(path: "manifest.yaml").path, text: text)
            return try ShapeFlowSystem(manifest.stages[0].description as! ShapeFlowStage)
        }

        /// The script's tokens are means of squares of 16 pixels; more pictures than it is given at
        /// once keep their order.
        @Test func tokensAreTheScripts() throws {
            let system = try system("patch-means.pt", width: 3)
            try system.loadEncoder(on: .cpu)
            let pictures = try Tensor.randn([3, 7, 3, 32, 32], seed: 4)
            let tokens = try system.tokens(of: pictures)
            #expect(tokens.shape == [3, 7, 4, 3])
            let found: [Float] = try tokens.elements()
            let pixels: [Float] = try pictures.elements()
            for picture in 0..<21 {
                for token in 0..<4 {
                    for channel in 0..<3 {
                        var sum = 0.0
                        for y in 0..<16 {
                            for x in 0..<16 {
                                let row = token / 2 * 16 + y
                                let place = ((picture * 3 + channel) * 32 + row) * 32
                                sum += Double(pixels[place + token % 2 * 16 + x])
                            }
                        }
                        let value = Double(found[(picture * 4 + token) * 3 + channel])
                        #expect(abs(value - sum / 256) < 1e-5)
                    }
                }
            }
        }

        @Test func encodersThatDoNotFitAreRefused() throws {
            let wide = try system("patch-means.pt", width: 5)
            try wide.loadEncoder(on: .cpu)
            let error = try #require(throws: TrainingError.self) {
                _ = try wide.tokens(of: .zeros([1, 1, 3, 32, 32]))
            }
            #expect("\(error)".contains("must make [B, tokens, 5] of [B, 3, 32, 32]"), "\(error)")
            let absent = try #require(throws: TrainingError.self) {
                try system("absent.pt", width: 3).loadEncoder(on: .cpu)
            }
            #expect("\(absent)".contains("absent.pt is not there"), "\(absent)")
            #expect("\(absent)".contains("--image-encoder"))
            // Another file serves in its place.
            try system("absent.pt", width: 3).loadEncoder(
                on: .cpu, path: Self.folder.appending(path: "patch-means.pt").path)
        }
    }
}
