import Assets
import DemoCorpus
import Foundation
import Geometry
import TestSupport
import Testing

/// Frames of a moving demo asset in the unit cube.
enum DemoSequence {
    static func meshes(_ id: String = "creatures/dinosaur", frames: Int) throws -> [TriangleMesh] {
        let folder = TemporaryFolder()
        return try withExtendedLifetime(folder) {
            var main: String?
            for (path, data) in try DemoCorpus.files(of: id) {
                let file = try folder.write(path, Array(data))
                if path.hasSuffix(".glb") { main = file }
            }
            let asset = try AssetLoader().load(path: try #require(main))
            let times = Timeline.uniform(count: frames, periodic: false)
                .times(for: try #require(asset.clips.first))
            var sequence = try asset.mesh(clip: 0, times: times)
            sequence.normalise(Normalisation(shape: .unitCube, extent: .allFrames))
            return (0..<frames).map { sequence.mesh(ofFrame: $0) }
        }
    }
}
