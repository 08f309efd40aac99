import ArgumentParser
import Assets
import Foundation
import Running

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print what assets hold: clips, meshes, joints, materials, textures, bounds.")

    @Argument(help: "Files, 3DBiCar character folders, or folders of OBJ files.")
    var files: [String]

    @Flag(help: "Print one JSON object a line instead of tables.")
    var json = false

    @Option(help: "The layout: automatic, gltf, assimp, anime, 3dbicar or obj-sequence.")
    var layout: AssetLayout = .automatic

    func run() throws {
        var failed = false
        for file in files {
            let summary: AssetSummary
            do {
                summary = try AssetSummary(AssetLoader(layout: layout).load(path: file))
            } catch {
                // The others are inspected all the same.
                printError("\(error)")
                failed = true
                continue
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(summary), as: UTF8.self))
            } else {
                print(summary.table())
            }
        }
        if failed { throw ExitCode.failure }
    }
}
