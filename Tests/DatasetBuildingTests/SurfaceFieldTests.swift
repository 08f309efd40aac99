import DatasetBuilding
import Foundation
import ShardStore
import Testing

/// What a manifest's `surfaces` section puts into a store.
@Suite struct SurfaceFieldTests {
    private static let section = """
        surfaces:
          resolution: 48
          mesh: true
          queries: {count: 64, dense-count: 2000}
          points: {count: 200}
          cloud: {count: 300, salient-share: 0.25}
          sdf: {near-count: 100, deviations: [0.01, 0.05], uniform-count: 50, truncation: 0.1}
          grid: {resolution: 12, type: float16}
          voxels: {resolution: 16, frames: all}
          colour: {count: 80}
        """

    private func fixture(_ section: String) throws -> BuildFixture {
        let fixture = try BuildFixture(assets: ["objects/clock", "creatures/penguin"])
        try fixture.writeManifest(extra: section)
        return fixture
    }

    @Test func fieldsHaveTheShapesThatTrainersRead() throws {
        let fixture = try fixture(Self.section)
        try fixture.build("s")
        let reader = try fixture.reader("s")
        let keys = try reader.keys()
        #expect(!keys.isEmpty)
        for key in keys {
            let sample = try reader.sample(key)
            var shapes: [String: [Int]] = [:]
            for field in sample.fields { shapes[field.name] = field.shape }
            #expect(shapes["queries.npy"] == [6, 64, 3])
            #expect(shapes["queries.triangles.npy"] == [64])
            #expect(shapes["queries.barycentrics.npy"] == [64, 3])
            #expect(shapes["points.npy"] == [6, 200, 3])
            #expect(shapes["points.normals.npy"] == [6, 200, 3])
            #expect(shapes["points.colours.npy"] == [200, 3])
            #expect(shapes["cloud.npy"] == [6, 300, 6])
            #expect(shapes["sdf.npy"] == [6, 250, 4])
            #expect(shapes["grid.npy"] == [6, 12, 12, 12])
            #expect(sample.fields.first { $0.name == "grid.npy" }?.type == .float16)
            #expect(shapes["colour.npy"] == [6, 80, 6])
            for t in 0..<6 {
                #expect(shapes["voxels.00\(t).npy"]?.last == 3)
                #expect(shapes["watertight.00\(t).positions.npy"]?.last == 3)
            }
            let metadata = try JSONValue(text: sample.metadata)
            guard case .array(let frames)? = metadata["watertight"] else {
                Issue.record("no reports")
                continue
            }
            #expect(frames.count == 6)
            for frame in frames {
                #expect(frame["closed"] == .bool(true) && frame["manifold"] == .bool(true))
                #expect(frame["oriented"] == .bool(true))
            }
        }
    }

    /// `Q_t = w_t(Q_0)`: every stored point follows from the stored mesh by its triangle and
    /// barycentric coordinates, in every frame.
    @Test func pointsStickToTheStoredMesh() throws {
        let fixture = try fixture(Self.section)
        try fixture.build("s", only: ["creatures/penguin"])
        let reader = try fixture.reader("s")
        let key = try #require(try reader.keys().first)
        func floats(_ name: String) throws -> [Float] {
            try reader.field(name, of: key).elements(as: Float.self)
        }
        let positions = try floats("positions.npy")
        let triangles = try reader.field("triangles.npy", of: key).elements(as: UInt32.self)
        let vertexCount = positions.count / 18
        for name in ["queries", "points"] {
            let points = try floats("\(name).npy")
            let weights = try floats("\(name).barycentrics.npy")
            let faces = try reader.field("\(name).triangles.npy", of: key).elements(
                as: Int32.self)
            var largest: Float = 0
            for t in 0..<6 {
                for i in faces.indices {
                    for axis in 0..<3 {
                        var sum: Float = 0
                        for k in 0..<3 {
                            let v = Int(triangles[3 * Int(faces[i]) + k])
                            sum += weights[3 * i + k] * positions[3 * (t * vertexCount + v) + axis]
                        }
                        largest = max(
                            largest, abs(sum - points[3 * (t * faces.count + i) + axis]))
                    }
                }
            }
            #expect(largest < 1e-6)
        }
    }

    /// A field does not depend on which others are asked for.
    @Test func fieldsStandAlone() throws {
        let whole = try fixture(Self.section)
        try whole.build("s", only: ["objects/clock"])
        let alone = try fixture(
            """
            surfaces:
              resolution: 48
              sdf: {near-count: 100, deviations: [0.01, 0.05], uniform-count: 50, truncation: 0.1}
            """)
        try alone.build("s", only: ["objects/clock"])
        let readers = (try whole.reader("s"), try alone.reader("s"))
        for key in try readers.0.keys() {
            let fields = (
                try readers.0.field("sdf.npy", of: key), try readers.1.field("sdf.npy", of: key)
            )
            #expect(fields.0.bytes == fields.1.bytes)
            let rows = try fields.0.elements(as: Float.self)
            #expect(stride(from: 3, to: rows.count, by: 4).allSatisfy { abs(rows[$0]) <= 0.1 })
        }
    }

    @Test(arguments: [
        ("surfaces: {resolution: 4}", "surfaces.resolution is 4"),
        ("surfaces: {sdf: {deviations: [a]}}", "must be a list of lengths"),
        ("surfaces: {grid: {type: int8}}", "must be one of: float16, float32"),
        ("surfaces: {clouds: {}}", "unknown key surfaces.clouds"),
    ])
    func slipsAreNamed(section: String, message: String) throws {
        let fixture = try fixture(section)
        do {
            try fixture.build("s")
            Issue.record("nothing was said of \(section)")
        } catch let error as ManifestError {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
