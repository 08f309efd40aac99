import DemoCorpus
import Foundation

/// An asset that is measured.
struct BenchmarkAsset {
    /// What lines call it.
    var name: String
    /// Where it lies.
    var path: String
    /// The clip's name; nil for the first.
    var clip: String?

    /// Three assets of the demo corpus, written to `folder`, and the real ones where they are.
    static func all(in folder: URL) throws -> [BenchmarkAsset] {
        var assets: [BenchmarkAsset] = []
        for id in ["creatures/cat", "creatures/butterfly", "objects/clock"] {
            for (path, data) in try DemoCorpus.files(of: id) {
                let file = folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try data.write(to: file)
                assets.append(
                    BenchmarkAsset(name: String(id.split(separator: "/")[1]), path: file.path))
            }
        }
        guard let corpus = ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] else {
            print("MUYBRIDGE_CORPUS is not set: Fox, Knight and robot are not measured.")
            return assets
        }
        for (file, clip) in [
            ("Fox.glb", "Survey"), ("Knight.glb", "1H_Melee_Attack_Chop"),
            ("robot.glb", "Robot_Dance"),
        ] {
            let path = URL(fileURLWithPath: corpus).appending(path: file).path
            if FileManager.default.fileExists(atPath: path) {
                assets.append(
                    BenchmarkAsset(
                        name: String(file.dropLast(4)), path: path, clip: clip))
            } else {
                print("\(path) is not there: not measured.")
            }
        }
        return assets
    }
}
