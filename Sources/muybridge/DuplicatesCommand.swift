import ArgumentParser
import Curation
import DatasetBuilding

struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "List a store's assets that are the same bytes, or that look alike.",
        discussion: """
            Assets look alike where the hashes of four views and the shapes of two of their clips \
            differ little; the distances are printed. A group whose samples stand in several \
            splits is named: a model that is tested on one was trained on another. \
            curation.duplicates in a manifest keeps that from happening.
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Option(
        help: "The most bits of 256 in which the views of near-duplicates differ; 256 for any.")
    var views = Signature.Limits.standard.views

    @Option(help: "The largest distance of the shapes of near-duplicates.")
    var shape = Signature.Limits.standard.shape

    @Option(help: "Draw the groups into a contact sheet, a PNG file.")
    var sheet: String?

    @Option(help: "The most rows of the sheet.")
    var rows = 100

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (0...256).contains(views) else {
            throw ValidationError("--views must be from 0 to 256")
        }
        guard shape >= 0 else { throw ValidationError("--shape must not be negative") }
    }

    func run() throws {
        let groups = try DuplicateGroups(
            store: store,
            limits: Signature.Limits(
                views: views, shape: shape, motion: Signature.Limits.standard.motion))
        if let sheet {
            try DuplicateSheet(store: store).write(groups, to: sheet, maximumRows: rows)
        }
        print(json ? try groups.json() : groups.text)
    }
}
