import Foundation
import Geometry

extension Shape {
    /// A sheet of `columns` times `rows` cells with UVs over the unit square; `point` gives the
    /// place of a UV. Triangles face the cross product of the v and the u direction.
    ///
    /// Cells that shrink to a line (at a pole) make one triangle, or none. Where the sheet comes
    /// back to where it began, both ends must be at exactly the same places.
    static func sheet(columns: Int, rows: Int, _ point: (Vector2) -> Vector3) -> Shape {
        var shape = Shape()
        for row in 0...rows {
            for column in 0...columns {
                let uv = Vector2(Float(column) / Float(columns), Float(row) / Float(rows))
                shape.uvs.append(uv)
                shape.positions.append(point(uv))
            }
        }
        func addTriangle(_ a: Int, _ b: Int, _ c: Int) {
            let p = shape.positions
            guard p[a] != p[b], p[b] != p[c], p[c] != p[a] else { return }
            shape.triangles += [UInt32(a), UInt32(b), UInt32(c)]
        }
        for row in 0..<rows {
            for column in 0..<columns {
                let a = row * (columns + 1) + column
                let below = a + columns + 1
                addTriangle(a, below, below + 1)
                addTriangle(a, below + 1, a + 1)
            }
        }
        return shape
    }

    /// A sphere about the origin; u runs around from -Z over -X, v from the top down.
    package static func sphere(_ radius: Float = 1, segments: Int = 32, rings: Int = 16) -> Shape {
        var shape = sheet(columns: segments, rows: rings) { uv in
            revolved(Vector2(sinOfHalfTurn(uv.y), cosOfHalfTurn(uv.y)) * radius, uv.x)
        }
        shape.normals = shape.positions.map(normalize)
        return shape
    }

    /// The surface that a profile of (radius, height) points sweeps about the Y axis, from the
    /// top down; closed where it begins and ends on the axis. Creased where it bends by more than
    /// `crease` degrees.
    package static func lathe(
        _ profile: [Vector2], segments: Int = 32, crease: Float = 35
    ) -> Shape {
        sheet(columns: segments, rows: profile.count - 1) { uv in
            revolved(profile[Int((uv.y * Float(profile.count - 1)).rounded())], uv.x)
        }.creased(crease)
    }

    /// A profile for ``lathe(_:segments:crease:)`` through some points, smooth (Catmull-Rom) with
    /// `steps` points for each that is given.
    static func smoothProfile(_ points: [Vector2], steps: Int = 6) -> [Vector2] {
        var result: [Vector2] = []
        for i in 0..<points.count - 1 {
            let a = points[max(i - 1, 0)]
            let b = points[i]
            let c = points[i + 1]
            let d = points[min(i + 2, points.count - 1)]
            for step in 0..<steps {
                let t = Float(step) / Float(steps)
                let quadratic = (a * 2 - b * 5 + c * 4 - d) * (t * t)
                let cubic = (b * 3 - a - c * 3 + d) * (t * t * t)
                var p = (b * 2 + (c - a) * t + quadratic + cubic) * 0.5
                p.x = max(p.x, 0)
                result.append(p)
            }
        }
        return result + [points[points.count - 1]]
    }

    /// A ring about the Y axis.
    package static func torus(
        radius: Float, thickness: Float, segments: Int = 36, sides: Int = 14
    ) -> Shape {
        sheet(columns: segments, rows: sides) { uv in
            revolved(
                Vector2(radius + thickness * sinOfTurn(uv.y), thickness * cosOfTurn(uv.y)), uv.x)
        }.smoothed()
    }

    /// A box about the origin whose edges are rounded with radius `bevel`; every side has the
    /// whole UV square.
    package static func box(_ size: Vector3, bevel: Float, steps: Int = 3) -> Shape {
        let half = size / 2
        let core = half - bevel
        /// Places along a side: dense over both rounded edges, with nothing between.
        func coordinate(_ i: Int, _ axis: Int) -> Float {
            let angle = Float(i <= steps ? steps - i : i - steps - 1) / Float(steps) * .pi / 4
            let offset = core[axis] + bevel * tan(angle)
            return i <= steps ? -offset : offset
        }
        let cells = 2 * steps + 1
        var result = Shape()
        for face in boxFaces {
            let normal = cross(face.right, face.up)
            var side = sheet(columns: cells, rows: cells) { uv in
                let column = Int((uv.x * Float(cells)).rounded())
                let row = Int((uv.y * Float(cells)).rounded())
                let across = coordinate(column, Shape.axis(face.right))
                let down = coordinate(row, Shape.axis(face.up))
                return normal * half + face.right * across - face.up * down
            }
            for i in side.positions.indices {
                let p = side.positions[i]
                let inner = p.clamped(lowerBound: -core, upperBound: core)
                side.normals.append(normalize(p - inner))
                side.positions[i] = inner + side.normals[i] * bevel
                side.uvs[i] = Vector2(
                    0.5 + dot(face.right, p / size), 0.5 - dot(face.up, p / size))
            }
            result.append(side)
        }
        return result.weldingNearby()
    }

    /// The sides of a box: right and up as seen from outside.
    private static let boxFaces: [(right: Vector3, up: Vector3)] = [
        (Vector3(0, 0, -1), Vector3(0, 1, 0)), (Vector3(0, 0, 1), Vector3(0, 1, 0)),
        (Vector3(1, 0, 0), Vector3(0, 0, -1)), (Vector3(1, 0, 0), Vector3(0, 0, 1)),
        (Vector3(1, 0, 0), Vector3(0, 1, 0)), (Vector3(-1, 0, 0), Vector3(0, 1, 0)),
    ]

    private static func axis(_ direction: Vector3) -> Int {
        direction.x != 0 ? 0 : direction.y != 0 ? 1 : 2
    }

    /// The plate between z = -depth/2 and depth/2 whose outline is counter-clockwise seen from
    /// +Z and star-shaped about the origin, with a hole where `hole` is given (as many points as
    /// the outline). UVs are the outline's box.
    package static func plate(_ outline: [Vector2], hole: [Vector2]? = nil, depth: Float) -> Shape {
        let n = outline.count
        let inner = hole ?? Array(repeating: .zero, count: n)
        func at(_ p: Vector2, _ z: Float) -> Vector3 { Vector3(p.x, p.y, z) }
        // Around the outline's cross-section: front face out, rim, back face in, and the hole.
        let sections: [(Int) -> Vector3] =
            [
                { at(inner[$0], depth / 2) }, { at(outline[$0], depth / 2) },
                { at(outline[$0], -depth / 2) }, { at(inner[$0], -depth / 2) },
            ] + (hole == nil ? [] : [{ at(inner[$0], depth / 2) }])
        var shape = sheet(columns: n, rows: sections.count - 1) { uv in
            let corner = Int((uv.x * Float(n)).rounded()) % n
            return sections[Int((uv.y * Float(sections.count - 1)).rounded())](corner)
        }
        let low = outline.reduce(outline[0]) { pointwiseMin($0, $1) }
        let high = outline.reduce(outline[0]) { pointwiseMax($0, $1) }
        shape.uvs = shape.positions.map {
            Vector2(($0.x - low.x) / (high.x - low.x), (high.y - $0.y) / (high.y - low.y))
        }
        return shape.creased(40)
    }

    /// Makes places that differ by rounding alone the same.
    private func weldingNearby() -> Shape {
        var first: [SIMD3<Int32>: Vector3] = [:]
        var result = self
        for i in positions.indices {
            let key = SIMD3<Int32>((positions[i] * 65536).rounded(.toNearestOrEven))
            if let found = first[key] {
                result.positions[i] = found
            } else {
                first[key] = positions[i]
            }
        }
        return result
    }

    /// The point of a profile (radius, height) after `u` turns from -Z over -X to +Z, so that u
    /// runs to the right seen from outside. A turn ends exactly where it began.
    private static func revolved(_ point: Vector2, _ u: Float) -> Vector3 {
        Vector3(-point.x * sinOfTurn(u), point.y, -point.x * cosOfTurn(u))
    }
}

/// The sine of `u` turns; exactly equal at 0 and 1.
func sinOfTurn(_ u: Float) -> Float { u == 1 ? 0 : sin(turn * u) }
/// The cosine of `u` turns; exactly equal at 0 and 1.
func cosOfTurn(_ u: Float) -> Float { u == 1 ? 1 : cos(turn * u) }
/// The sine of half `u` turns; exactly 0 at 0 and 1.
func sinOfHalfTurn(_ u: Float) -> Float { u == 0 || u == 1 ? 0 : sin(.pi * u) }
/// The cosine of half `u` turns; exactly 1 and -1 at 0 and 1.
func cosOfHalfTurn(_ u: Float) -> Float { u == 0 ? 1 : u == 1 ? -1 : cos(.pi * u) }
