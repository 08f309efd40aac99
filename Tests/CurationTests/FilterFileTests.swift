import Curation
import Foundation
import Testing

/// The filter files that come with the package.
@Suite struct FilterFileTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Filters")

    static func filter(_ name: String) throws -> RuleSet {
        try RuleSet(contentsOfFile: folder.appendingPathComponent("\(name).yaml").path)
    }

    @Test func allFilesAreReadAndNamedAfterThemselves() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: FilterFileTests.folder.path)
            .filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 5)
        for file in files {
            let name = String(file.dropLast(5))
            let set = try FilterFileTests.filter(name)
            #expect(set.name == name)
            #expect(!set.rules.isEmpty)
        }
    }

    /// What an asset that every filter likes would measure.
    private let good: [MeasureID: MeasureValue] = [
        .clipCount: .number(1), .clipDuration: .number(1), .clipFrames: .number(24),
        .triangles: .number(5000), .vertices: .number(3000), .textures: .number(1),
        .texturesMissing: .number(0), .displacementMean: .number(0.1),
        .displacementMaximum: .number(0.5), .geometryFinite: .numbers([1, 1]),
        .geometryDegenerate: .numbers([0, 0]), .geometryGrowth: .numbers([1, 1.1]),
        .ssimFront: .numbers([0.9, 0.8]), .motionMagnitude: .number(0.02),
        .alphaBorder: .numbers([0, 0]), .alphaCoverage: .numbers([0.2, 0.2]),
    ]

    private func rejection(
        _ filter: String, _ id: MeasureID? = nil, _ value: MeasureValue = .absent
    ) throws -> String? {
        var values = good
        if let id { values[id] = value }
        return try FilterFileTests.filter(filter).judge { values[$0] ?? .absent }.rejection?.rule
    }

    @Test(arguments: ["diffusion4d", "gvf", "shapegen4d", "beyond-skeletons", "demo"])
    func goodAssetsPass(filter: String) throws {
        #expect(try rejection(filter) == nil)
    }

    @Test func diffusion4dFollowsItsPaper() throws {
        #expect(try rejection("diffusion4d", .clipCount, .number(0)) == "no-clip")
        #expect(try rejection("diffusion4d", .ssimFront, .numbers([0.951, 0.96])) == "static")
        #expect(try rejection("diffusion4d", .ssimFront, .numbers([0.951, 0.94])) == nil)
        #expect(try rejection("diffusion4d", .ssimFront, .numbers([0.39, 0.9])) == "distorted")
        #expect(try rejection("diffusion4d", .ssimFront, .numbers([0.9, 0.41])) == nil)
        #expect(
            try rejection("diffusion4d", .alphaBorder, .numbers([0, 0.001])) == "leaves-frame")
    }

    @Test func gvfFollowsItsScript() throws {
        #expect(try rejection("gvf", .clipFrames, .number(11)) == "too-short")
        #expect(try rejection("gvf", .clipFrames, .number(12)) == nil)
        #expect(try rejection("gvf", .displacementMean, .number(0.0099)) == "static")
        let score = MeasureID.column("aesthetic_score")
        #expect(try rejection("gvf", score, .text(["5.49"])) == "unsightly")
        #expect(try rejection("gvf", score, .number(5.5)) == nil)
        #expect(try rejection("gvf", score, .absent) == nil)
    }

    @Test func othersKeepOutWhatIsDamaged() throws {
        #expect(
            try rejection("shapegen4d", .geometryFinite, .numbers([1, 0.99])) == "broken")
        #expect(try rejection("shapegen4d", .clipFrames, .number(15)) == "too-short")
        #expect(
            try rejection("beyond-skeletons", .geometryGrowth, .numbers([1, 9])) == "explodes")
        #expect(
            try rejection("beyond-skeletons", .displacementMaximum, .number(0.01)) == "static")
        #expect(try rejection("demo", .column("license"), .text(["by-nc"])) == "licence")
        #expect(try rejection("demo", .column("tags"), .text(["a", "broken"])) == "unwanted-tag")
        #expect(try rejection("demo", .column("aesthetic_score"), .number(4.9)) == "low-score")
        #expect(try rejection("demo", .clipFrames, .number(7)) == "too-short")
        #expect(try rejection("demo", .texturesMissing, .number(2)) == "texture-missing")
    }
}
