import Assets
import DatasetBuilding
import Foundation
import Testing

@Suite struct ManifestTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func error(_ text: String) -> ManifestError? {
        do throws(ManifestError) {
            _ = try Manifest(file: "m.yaml", text: text)
            return nil
        } catch {
            return error
        }
    }

    @Test func everyShippedManifestReads() throws {
        let folder = Self.root.appending(path: "Manifests")
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "yaml" }
        #expect(files.count >= 7)
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            let manifest = try Manifest(file: file.lastPathComponent, text: text)
            #expect(manifest.name == file.deletingPathExtension().lastPathComponent)
        }
    }

    /// The numbers of the paper (section 4.1) and of the released script.
    @Test func diffusion4DIsAsPublished() throws {
        let file = Self.root.appending(path: "Manifests/diffusion4d.yaml")
        let manifest = try Manifest(
            file: "diffusion4d.yaml", text: String(contentsOf: file, encoding: .utf8))
        #expect(manifest.timeline == .rate(framesPerSecond: 24, start: 0, count: 24))
        #expect(manifest.rendering.size == 256)
        #expect(manifest.rendering.distance == 2)
        #expect(manifest.rendering.lights.strengths == nil)
        let orbits = manifest.videos.filter { $0.path == .orbit }
        #expect(orbits.count == 4)
        #expect(orbits.count { $0.frozen != nil } == 2)
        let drawn = try #require(orbits.first { $0.name == "random" })
        let twin = try #require(orbits.first { $0.frozen == "random" })
        #expect(drawn.azimuth == .drawn(0..<360))
        #expect(twin.anglesOf == drawn.anglesOf)
    }

    @Test func defaultsNeedOneVideoOnly() throws {
        let manifest = try Manifest(file: "m.yaml", text: "videos:\n  orbit: {}\n")
        #expect(manifest.videos.map(\.name) == ["orbit"])
        #expect(manifest.rendering.samples == 4)
        #expect(manifest.store.train == 0.9)
    }

    @Test(arguments: [
        ("videos:\n  orbit: {}\nspeed: 3\n", 3, "unknown key speed"),
        ("videos:\n  orbit:\n    azimut: 3\n", 3, "unknown key videos.orbit.azimut"),
        ("seed: x\nvideos: {orbit: {}}\n", 1, "seed must be a whole number"),
        (
            "timeline:\n  frames: 2.5\nvideos: {a: {}}\n", 2,
            "timeline.frames must be a whole number"
        ),
        ("timeline:\n  frames: 0\nvideos: {a: {}}\n", 2, "must be from 1 to"),
        ("rendering:\n  samples: 3\nvideos: {a: {}}\n", 2, "must be 1, 4 or 16"),
        ("clips: some\nvideos: {a: {}}\n", 1, "first, longest, all"),
        ("videos:\n  a: {outputs: [colour]}\n", 2, "colour is no output"),
        ("videos:\n  a: {frozen: b}\n", 2, "names no earlier video"),
        ("videos:\n  a: {azimuth: {from: 9, to: 3}}\n", 2, "from must be less than to"),
        ("store:\n  splits: {train: 0.9, test: 0.9}\nvideos: {a: {}}\n", 2, "must sum to 1"),
        ("store:\n  arrays: [colours]\n", 2, "colours is no array"),
        ("name: x\n", 1, "nothing to store"),
        ("timeline: {mode: rate, periodic: true}\nvideos: {a: {}}\n", 1, "has no meaning"),
        ("clips: {name: Walk}\nvideos: {a: {}}\n", 1, "{named: NAME}"),
        ("a: 1\na: 2\n", 1, "stands twice"),
        ("videos: [a\n", 2, "not YAML"),
        ("videos: 3\n", 1, "videos must be a mapping"),
        ("rendering: {lights: {strengths: 3}}\nvideos: {a: {}}\n", 1, "must be drawn"),
    ])
    func slipsNameTheirLine(text: String, line: Int, fragment: String) throws {
        let found = try #require(error(text), "\(text) was read without complaint")
        #expect(found.message.contains(fragment), "\(found)")
        #expect(found.line == line, "\(found)")
        #expect("\(found)".hasPrefix("m.yaml:\(line):"))
    }

    @Test func emptyFilesAreErrors() {
        #expect(error("")?.message.contains("empty") == true)
        #expect(error("# only a comment\n") != nil)
        #expect(error("- a\n- b\n")?.message.contains("must be a mapping") == true)
    }
}
