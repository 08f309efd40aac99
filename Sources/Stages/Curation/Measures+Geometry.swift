import Geometry

extension Measures {
    /// How far vertices go from where they are in frame 0, the longest side of frame 0's box being
    /// 1. Vertices that have no finite position are passed over.
    public struct Displacement: Sendable, Equatable {
        /// `displacement.mean`: the mean over vertices, then over frames 1 to T - 1, as
        /// GVFDiffusion's script finds what is static (under 0.01).
        public let mean: Double
        /// `displacement.max`: the largest of any vertex in any frame.
        public let maximum: Double
    }

    /// `displacement.mean` and `displacement.max`; nil where frame 0 has no extent to measure by.
    /// Both are 0 for a single frame.
    ///
    /// - Complexity: O(`frameCount * vertexCount`).
    public static func displacement(_ mesh: MeshSequence) -> Displacement? {
        let side = Double(mesh.bounds(ofFrame: 0).longestSide)
        guard side > 0, side.isFinite else { return nil }
        var (sumOfMeans, measuredFrames, maximum) = (0.0, 0, 0.0)
        for t in 1..<mesh.frameCount {
            let (sum, count, largest) = distancesFromFirstFrame(mesh, frame: t)
            guard count > 0 else { continue }
            sumOfMeans += sum / Double(count)
            measuredFrames += 1
            maximum = max(maximum, largest)
        }
        let mean = measuredFrames > 0 ? sumOfMeans / Double(measuredFrames) : 0
        return Displacement(mean: mean / side, maximum: maximum / side)
    }

    private static func distancesFromFirstFrame(
        _ mesh: MeshSequence, frame: Int
    ) -> (sum: Double, count: Int, largest: Double) {
        let offset = frame * mesh.vertexCount
        var (sum, count, largest) = (0.0, 0, 0.0)
        mesh.positions.scalars.withUnsafeBufferPointer { scalars in
            for v in 0..<mesh.vertexCount {
                let difference = point(offset + v, in: scalars) - point(v, in: scalars)
                let distance = (difference * difference).sum().squareRoot()
                guard distance.isFinite else { continue }
                sum += distance
                count += 1
                largest = max(largest, distance)
            }
        }
        return (sum, count, largest)
    }

    /// `geometry.finite`: per frame, the share of vertices whose three coordinates are finite
    /// numbers; 1 for a mesh without vertices.
    public static func finiteVertices(_ mesh: MeshSequence) -> [Double] {
        (0..<mesh.frameCount).map { t in
            let finite = mesh.positions.scalars.withUnsafeBufferPointer { scalars in
                mesh.vertexRange(ofFrame: t).count { point($0, in: scalars).sum().isFinite }
            }
            return mesh.vertexCount > 0 ? Double(finite) / Double(mesh.vertexCount) : 1
        }
    }

    /// `geometry.degenerate`: per frame, the share of triangles without area: their corners lie on
    /// a line to within single precision (the area is under 10⁻⁷ of the longest edge squared), or
    /// are no finite numbers. 0 for a mesh without triangles.
    public static func degenerateTriangles(_ mesh: MeshSequence) -> [Double] {
        guard mesh.triangleCount > 0 else { return mesh.times.map { _ in 0 } }
        return (0..<mesh.frameCount).map { t in
            let offset = t * mesh.vertexCount
            let degenerate = mesh.positions.scalars.withUnsafeBufferPointer { scalars in
                (0..<mesh.triangleCount).count { f in
                    let a = point(offset + Int(mesh.triangles[3 * f]), in: scalars)
                    let b = point(offset + Int(mesh.triangles[3 * f + 1]), in: scalars)
                    let c = point(offset + Int(mesh.triangles[3 * f + 2]), in: scalars)
                    return isDegenerate(a, b, c)
                }
            }
            return Double(degenerate) / Double(mesh.triangleCount)
        }
    }

    private static func isDegenerate(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
    ) -> Bool {
        let (u, v, w) = (b - a, c - a, c - b)
        let normal = SIMD3(
            u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
        let area = 0.5 * (normal * normal).sum().squareRoot()
        let longest = max((u * u).sum(), (v * v).sum(), (w * w).sum())
        // Written so that no number counts as degenerate.
        return !(area > 1e-7 * longest)
    }

    /// `geometry.growth`: per frame, the longest side of the box around the finite vertices,
    /// relative to frame 0's; an animation that explodes is large in some frame, wherever it goes.
    /// Nil where frame 0 has no extent.
    public static func boxGrowth(_ mesh: MeshSequence) -> [Double]? {
        let first = Double(mesh.bounds(ofFrame: 0).longestSide)
        guard first > 0, first.isFinite else { return nil }
        return (0..<mesh.frameCount).map { t in
            let bounds = mesh.bounds(ofFrame: t)
            guard !bounds.isEmpty else { return 0 }
            // In double precision: the side of a box of finite corners may overflow a float.
            return (SIMD3<Double>(bounds.maximum) - SIMD3<Double>(bounds.minimum)).max() / first
        }
    }

    @inline(__always)
    private static func point(
        _ i: Int, in scalars: UnsafeBufferPointer<Float>
    ) -> SIMD3<Double> {
        SIMD3(Double(scalars[3 * i]), Double(scalars[3 * i + 1]), Double(scalars[3 * i + 2]))
    }
}
