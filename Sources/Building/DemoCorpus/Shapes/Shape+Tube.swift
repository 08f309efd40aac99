import Foundation
import Geometry

extension Shape {
    /// A tube around a path, closed by rounded ends. `u` runs around it, `v` along it from the
    /// path's first point to its last.
    ///
    /// - Parameters:
    ///   - path: the centre line; two or more places.
    ///   - radii: half the width at each place of the path.
    ///   - segments: cells around.
    ///   - flattening: factor on the thickness along the path's own normal, which starts as close
    ///     to `up` as it can and is carried along without twist.
    package static func tube(
        _ path: [Vector3], radii: [Float], segments: Int = 12, flattening: Float = 1,
        up: Vector3 = Vector3(0, 1, 0), capSteps: Int = 3
    ) -> Shape {
        let frames = Shape.frames(along: path, up: up)
        let end = path.count - 1
        var rings: [(center: Vector3, frame: Frame, radius: Float)] = []
        func addCap(_ place: Int, _ steps: some Sequence<Int>, direction: Float) {
            for step in steps {
                let angle = Float(step) / Float(capSteps) * .pi / 2
                let center =
                    path[place] + frames[place].tangent * (direction * radii[place] * cos(angle))
                rings.append((center, frames[place], radii[place] * sin(angle)))
            }
        }
        addCap(0, 0..<capSteps, direction: -1)
        for i in path.indices { rings.append((path[i], frames[i], radii[i])) }
        addCap(end, (0..<capSteps).reversed(), direction: 1)
        return sheet(columns: segments, rows: rings.count - 1) { uv in
            let ring = rings[Int((uv.y * Float(rings.count - 1)).rounded())]
            let across = ring.frame.side * (-sinOfTurn(uv.x))
            let along = ring.frame.normal * (cosOfTurn(uv.x) * flattening)
            return ring.center + (across + along) * ring.radius
        }.smoothed()
    }

    struct Frame {
        var tangent: Vector3
        var normal: Vector3
        var side: Vector3
    }

    /// Frames along a path that turn no more than it bends (parallel transport).
    static func frames(along path: [Vector3], up: Vector3) -> [Frame] {
        var result: [Frame] = []
        for i in path.indices {
            let tangent = normalize(path[min(i + 1, path.count - 1)] - path[max(i - 1, 0)])
            var normal = result.last?.normal ?? up
            normal -= tangent * dot(tangent, normal)
            if dot(normal, normal) < 1e-6 {
                normal = abs(tangent.x) < 0.9 ? Vector3(1, 0, 0) : Vector3(0, 0, 1)
                normal -= tangent * dot(tangent, normal)
            }
            normal = normalize(normal)
            result.append(
                Frame(tangent: tangent, normal: normal, side: cross(tangent, normal)))
        }
        return result
    }
}
