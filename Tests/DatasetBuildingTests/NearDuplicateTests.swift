import Curation
import DatasetBuilding
import DemoCorpus
import Foundation
import ShardStore
import TestSupport
import Testing

/// Variants of a model are told from other models.
@Suite struct NearDuplicateTests {
    static let manifest = """
        name: variants
        clips: first
        timeline: {mode: uniform, frames: 8}
        curation: {preview-size: 96, measures: [signature.shape, signature.motion, signature.views]}
        store: {arrays: [triangles]}
        """

    @Test func variants() throws {
        guard let out = ProcessInfo.processInfo.environment["VARIANTS_OUT"] else { return }
        for asset in DemoCorpus.assets where asset.expectation == .kept {
            guard let document = DemoCorpus.document(named: asset.id) else { continue }
            let name = asset.id.split(separator: "/").last.map(String.init) ?? asset.id
            func write(_ files: [String: Data], _ folder: String) throws {
                let url = URL(fileURLWithPath: out).appending(path: "\(folder)/\(name)")
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
                for (file, data) in files { try data.write(to: url.appending(path: file)) }
            }
            try write(["\(name).glb": try document.glb()], "a")
            for variant in AssetVariant.allCases {
                try write(try variant.files(of: document, name: name), variant.rawValue)
            }
        }
    }
}
