import ArgumentParser
import DemoCorpus
import Foundation

struct DemoCorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-corpus",
        abstract: "Write a small corpus that exercises every loader and rule.")

    @Argument(help: "The folder to write to; it is made where it is missing.")
    var folder: String

    @Flag(help: "List the assets with what should become of each.")
    var list = false

    func run() throws {
        let assets = try DemoCorpus.write(to: URL(fileURLWithPath: folder, isDirectory: true))
        if list {
            for asset in assets { print("\(asset.id)\t\(asset.expectation)\t\(asset.description)") }
        }
        print("\(assets.count) assets in \(folder)")
    }
}
