import Geometry

extension Shape {
    /// For every vertex the first vertex at the same place.
    static func welding(_ positions: [Vector3]) -> [Int] {
        var first: [Vector3: Int] = [:]
        first.reserveCapacity(positions.count)
        return positions.indices.map { i in
            // Adding zero makes the two zeros one.
            let key = positions[i] + Vector3.zero
            if let found = first[key] { return found }
            first[key] = i
            return i
        }
    }

    /// The shape with normals that are smooth everywhere: at each place the mean of the
    /// triangles' normals, weighted by their angles there.
    func smoothed() -> Shape {
        let weld = Shape.welding(positions)
        var sums = [Vector3](repeating: .zero, count: positions.count)
        for i in stride(from: 0, to: triangles.count, by: 3) {
            let corners = (0..<3).map { Int(triangles[i + $0]) }
            let p = corners.map { positions[$0] }
            let normal = normalize(cross(p[1] - p[0], p[2] - p[0]))
            for c in 0..<3 {
                sums[weld[corners[c]]] += normal * Shape.angle(p[c], p[(c + 1) % 3], p[(c + 2) % 3])
            }
        }
        var result = self
        result.normals = positions.indices.map { normalize(sums[weld[$0]]) }
        return result
    }

    /// The shape with normals that are smooth where neighbouring triangles differ by less than
    /// `degrees`, and creased elsewhere; vertices at creases are split.
    func creased(_ degrees: Float = 35) -> Shape {
        let limit = cosine(degrees)
        let weld = Shape.welding(positions)
        var faces: [Vector3] = []
        var cornersAt = [[(face: Int, angle: Float)]](repeating: [], count: positions.count)
        for i in stride(from: 0, to: triangles.count, by: 3) {
            let corners = (0..<3).map { Int(triangles[i + $0]) }
            let p = corners.map { positions[$0] }
            faces.append(normalize(cross(p[1] - p[0], p[2] - p[0])))
            for c in 0..<3 {
                cornersAt[weld[corners[c]]].append(
                    (i / 3, Shape.angle(p[c], p[(c + 1) % 3], p[(c + 2) % 3])))
            }
        }
        var result = Shape()
        var made: [CornerKey: UInt32] = [:]
        for (corner, index) in triangles.enumerated() {
            let v = Int(index)
            let own = faces[corner / 3]
            var sum = Vector3.zero
            for (face, angle) in cornersAt[weld[v]] where dot(faces[face], own) >= limit {
                sum += faces[face] * angle
            }
            let normal = normalize(sum)
            let key = CornerKey(
                vertex: v, normal: (normal * 4096).rounded(.toNearestOrEven) + Vector3.zero)
            if let found = made[key] {
                result.triangles.append(found)
                continue
            }
            made[key] = UInt32(result.positions.count)
            result.triangles.append(UInt32(result.positions.count))
            result.positions.append(positions[v])
            result.normals.append(normal)
            if !uvs.isEmpty { result.uvs.append(uvs[v]) }
            if !colors.isEmpty { result.colors.append(colors[v]) }
        }
        return result
    }

    private struct CornerKey: Hashable {
        var vertex: Int
        var normal: Vector3
    }

    /// The angle at `a` in the triangle a, b, c.
    private static func angle(_ a: Vector3, _ b: Vector3, _ c: Vector3) -> Float {
        arcCosine(dot(normalize(b - a), normalize(c - a)))
    }
}
