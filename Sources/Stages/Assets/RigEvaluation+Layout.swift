import Geometry

/// Where the vertices of a rig's instances lie in a frame: one instance after the other.
struct RigLayout: Sendable {
    /// The vertices of each instance.
    let vertexRanges: [Range<Int>]
    /// V, the vertices of a frame.
    let vertexCount: Int
    /// Whether any instance has normals.
    let hasNormals: Bool

    init(_ rig: Rig) {
        var ranges: [Range<Int>] = []
        var end = 0
        for instance in rig.instances {
            let count = rig.primitives[instance.primitive].positions.count
            ranges.append(end..<end + count)
            end += count
        }
        vertexRanges = ranges
        vertexCount = end
        hasNormals = rig.instances.contains { !rig.primitives[$0.primitive].normals.isEmpty }
    }

    /// What all frames share.
    struct Surface {
        var triangles: [UInt32] = []
        var uvSets: [[SIMD2<Float>]] = []
        var colors: [SIMD4<Float>] = []
        var parts: [MeshPart] = []
    }

    /// The triangles and vertex attributes of all instances, those of `mirrored` instances turned
    /// around.
    func surface(of rig: Rig, mirrored: [Bool]) -> Surface {
        let shown = rig.instances.map { rig.primitives[$0.primitive] }
        var surface = Surface()
        surface.triangles.reserveCapacity(shown.reduce(0) { $0 + $1.triangles.count })
        for (i, primitive) in shown.enumerated() {
            let start = surface.triangles.count / 3
            let base = UInt32(vertexRanges[i].lowerBound)
            if mirrored[i] {
                for f in stride(from: 0, to: primitive.triangles.count, by: 3) {
                    surface.triangles.append(base + primitive.triangles[f])
                    surface.triangles.append(base + primitive.triangles[f + 2])
                    surface.triangles.append(base + primitive.triangles[f + 1])
                }
            } else {
                for index in primitive.triangles { surface.triangles.append(base + index) }
            }
            let node = rig.nodes[rig.instances[i].node].name
            surface.parts.append(
                MeshPart(
                    name: primitive.name.isEmpty ? node : primitive.name,
                    triangles: start..<surface.triangles.count / 3, material: primitive.material))
        }
        for set in 0..<(shown.map(\.uvSets.count).max() ?? 0) {
            surface.uvSets.append(
                padded(shown.map { set < $0.uvSets.count ? $0.uvSets[set] : [] }, with: .zero))
        }
        if shown.contains(where: { !$0.colors.isEmpty }) {
            surface.colors = padded(shown.map(\.colors), with: .one)
        }
        return surface
    }

    /// The instances' attributes one after the other; where an instance has none, `filler`.
    private func padded<T>(_ attributes: [[T]], with filler: T) -> [T] {
        var all: [T] = []
        all.reserveCapacity(vertexCount)
        for (attribute, range) in zip(attributes, vertexRanges) {
            if attribute.isEmpty {
                all.append(contentsOf: repeatElement(filler, count: range.count))
            } else {
                all.append(contentsOf: attribute)
            }
        }
        return all
    }
}
