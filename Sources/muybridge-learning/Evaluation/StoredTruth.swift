import Assets
import Evaluation
import Foundation
import Geometry
import Imaging
import ShardStore

/// True shapes and pictures as a store holds them.
struct StoredTruth {
    let reader: StoreReader

    /// Whether a path is a store's folder.
    static func isStore(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/index.sqlite")
    }

    init(_ path: String) throws { reader = try StoreReader(at: path) }

    /// Whether there is a sample of a key.
    func holds(_ key: String) -> Bool { (try? reader.sample(key)) != nil }

    /// The shapes of a sample: its watertight meshes (`mesh: true` in the manifest), else its
    /// `cloud.npy`, with the cells of `grid.npy` where it has those.
    ///
    /// - Parameter gridHalfSide: half the side of the box that the grid covers.
    func shapes(_ key: String, gridHalfSide: Float) throws -> [EvaluatedFrame] {
        let sample = try reader.sample(key)
        let names = Set(sample.fields.map(\.name))
        var frames: [EvaluatedFrame] = []
        while case let prefix = "watertight.\(number(frames.count))",
            names.contains("\(prefix).positions.npy")
        {
            let positions = try array("\(prefix).positions.npy", key)
            let triangles = try array("\(prefix).triangles.npy", key)
            let vertexCount = positions.elements.count / 3
            guard triangles.elements.allSatisfy({ $0 >= 0 && $0 < Double(vertexCount) }) else {
                throw EvaluationError(
                    "\(reader.path): \(key)", "\(prefix) names vertices that it lacks")
            }
            frames.append(
                EvaluatedFrame(
                    .mesh(
                        TriangleMesh(
                            positions: Vector3Array(scalars: positions.elements.map(Float.init)),
                            triangles: triangles.elements.map(UInt32.init)))))
        }
        guard frames.isEmpty else { return frames }
        guard names.contains("cloud.npy") else {
            throw EvaluationError(
                "\(reader.path): \(key)",
                "the sample holds no shapes: build it with `surfaces: {mesh: true}`, or with "
                    + "`cloud` and `grid`")
        }
        frames = try ShapeFiles.clouds(array("cloud.npy", key), "\(reader.path): \(key) cloud.npy")
        guard names.contains("grid.npy") else { return frames }
        let grid = try array("grid.npy", key)
        guard grid.shape.count == 4, grid.shape[0] == frames.count,
            Set(grid.shape[1...]).count == 1, let resolution = grid.shape.last, resolution > 0
        else {
            throw EvaluationError(
                "\(reader.path): \(key)", "grid.npy has the shape \(grid.shape), not [T, R, R, R]")
        }
        let box = CellBox(resolution: resolution, halfSide: gridHalfSide)
        let count = resolution * resolution * resolution
        for t in frames.indices {
            let values = grid.elements[t * count..<(t + 1) * count].map(Float.init)
            // A corner of the box is outside, which tells the sign.
            frames[t].occupancy = OccupancyGrid(
                box, distances: values, positiveInside: values[0] < 0)
        }
        return frames
    }

    /// The pictures of one of a sample's videos, in order.
    func video(_ name: String, of key: String) throws -> Video {
        let sample = try reader.sample(key)
        let fields = sample.fields.map(\.name).filter { field in
            let parts = field.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 3 && parts[0] == name && Int(parts[1]) != nil
                && parts[2] == "png"
        }.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
        guard !fields.isEmpty else {
            throw EvaluationError(
                "\(reader.path): \(key)", "it has no video \(name); --video names another")
        }
        return Video(
            frames: try fields.map { try Image(decoding: reader.field($0, of: key).bytes) })
    }

    private func array(_ field: String, _ key: String) throws -> NPYArray {
        try NPYReader.array(
            reading: reader.field(field, of: key).fileBytes,
            path: "\(reader.path): \(key) \(field)")
    }

    private func number(_ t: Int) -> String { String(format: "%03d", t) }
}
