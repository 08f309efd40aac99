import ArgumentParser
import DemoCorpus
import Foundation
import Running

struct DemoCorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-corpus",
        abstract: "Write a small corpus that exercises every loader and rule.")

    @Argument(help: "The folder to write to; it is made where it is missing.")
    var folder: String

    @Flag(help: "List the assets with what should become of each.")
    var list = false

    @Option(help: "Chooses the random details of textures and shapes.")
    var seed = DemoCorpus.standardSeed

    @Option(help: "How often each asset is made, in folders 0000, 0001, ..., from further seeds.")
    var copies = 1

    func validate() throws {
        guard (1...9999).contains(copies) else {
            throw ValidationError("--copies must be from 1 to 9999")
        }
    }

    func run() throws {
        let url = URL(fileURLWithPath: folder, isDirectory: true)
        let assets = try DemoCorpus.write(to: url, seed: seed, copies: copies) { done in
            if copies > 1, done % 10 == 0 { printError("\(done) of \(copies) copies") }
        }
        if list {
            for asset in assets { print("\(asset.id)\t\(asset.expectation)\t\(asset.description)") }
        }
        print("\(copies * assets.count) assets in \(folder)")
    }
}
