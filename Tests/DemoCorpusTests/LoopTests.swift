import DemoCorpus
import Foundation
import Testing

/// Clips that go on for ever end as they begin.
@Suite struct LoopTests {
    /// Channels that end where symmetry, not sameness, closes the loop.
    private static let symmetric: [String: Set<String>] = [
        // Five cherries move on by a fifth of a turn.
        "objects/pudding": ["ring"]
    ]

    static let keptIDs = DemoCorpus.assets.filter {
        $0.layout == .gltf && $0.expectation == .kept
    }.map(\.id)

    @Test(arguments: keptIDs)
    func lastKeysEqualTheFirst(id: String) throws {
        let file = try WrittenCorpus.file(id)
        #expect(!file.list("animations").isEmpty)
        for animation in file.list("animations") {
            let samplers = try #require(animation["samplers"] as? [[String: Any]])
            for channel in animation["channels"] as? [[String: Any]] ?? [] {
                let target = try #require(channel["target"] as? [String: Any])
                let node = file.list("nodes")[try #require(target["node"] as? Int)]
                let name = node["name"] as? String ?? ""
                guard LoopTests.symmetric[id]?.contains(name) != true else { continue }
                let sampler = samplers[try #require(channel["sampler"] as? Int)]
                let output = try file.accessor(try #require(sampler["output"] as? Int))
                let keys = try file.accessor(try #require(sampler["input"] as? Int)).count
                let values = output.values
                let perKey = values.count / keys
                let isCubic = sampler["interpolation"] as? String == "CUBICSPLINE"
                let slice = isCubic ? perKey / 3..<2 * perKey / 3 : 0..<perKey
                let first = slice.map { values[$0] }
                var last = slice.map { values[(keys - 1) * perKey + $0] }
                // Both signs of a quaternion are the same rotation.
                if target["path"] as? String == "rotation",
                    zip(first, last).reduce(0, { $0 + $1.0 * $1.1 }) < 0
                {
                    last = last.map { -$0 }
                }
                let difference = zip(first, last).map { abs($0 - $1) }.max() ?? 0
                // Integers may round to either side.
                let tolerance = output.componentType == 5126 ? 1e-4 : 1.01 / 255
                #expect(difference < tolerance, "\(name) \(target["path"] ?? "")")
            }
        }
    }

    @Test func walkingElephantStepsOnFromItsLastFrameToItsFirst() throws {
        let id = "animals/elephant_walk/elephant_walk"
        let files = try DemoCorpus.files(of: id)
        let frames = try AnimeBytes(try #require(files["\(id).anime"])).frames
        func step(_ a: Int, _ b: Int) -> Float {
            zip(frames[a], frames[b]).reduce(0) { max($0, abs($1.0 - $1.1)) }
        }
        let steps = (1..<frames.count).map { step($0 - 1, $0) }
        #expect(try #require(steps.min()) > 0)
        #expect(step(frames.count - 1, 0) <= 1.1 * (try #require(steps.max())))
    }
}
