import Foundation

/// The generalised winding number of a mesh (Jacobson, Kavan and Sorkine-Hornung 2013): the solid
/// angle of its oriented triangles over 4π. It is 1 inside and 0 outside a closed surface with
/// outward normals, a whole number wherever surfaces are closed, and changes smoothly across
/// holes: 1/2 is where a hole's lid is.
public enum WindingNumber {
    /// The winding number by summing all triangles in double precision.
    ///
    /// - Complexity: O(*F*) a point.
    public static func exact(_ mesh: TriangleMesh, at p: SIMD3<Float>) -> Double {
        let q = SIMD3<Double>(p)
        var sum = 0.0
        for f in 0..<mesh.triangleCount {
            let (a, b, c) = mesh.points(f)
            let angle = solidAngle(SIMD3<Double>(a) - q, SIMD3<Double>(b) - q, SIMD3<Double>(c) - q)
            if angle.isFinite { sum += angle }
        }
        return sum / (4 * .pi)
    }

    /// The oriented solid angle of a triangle seen from the origin (van Oosterom and Strackee
    /// 1983), positive where its back is seen.
    public static func solidAngle(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
    ) -> Double {
        let (la, lb, lc) = (length(a), length(b), length(c))
        let y = dot(a, cross(b, c))
        let x = la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb
        return 2 * atan2(y, x)
    }
}

extension TriangleLeaf {
    /// The sum of the eight triangles' solid angles from a point, over 4π.
    @inline(__always)
    func windingNumber(_ x: FloatLanes, _ y: FloatLanes, _ z: FloatLanes) -> Float {
        let ax = a.0 - x, ay = a.1 - y, az = a.2 - z
        let bx = ax + ab.0, by = ay + ab.1, bz = az + ab.2
        let cx = ax + ac.0, cy = ay + ac.1, cz = az + ac.2
        let la = roots(ax * ax + ay * ay + az * az)
        let lb = roots(bx * bx + by * by + bz * bz)
        let lc = roots(cx * cx + cy * cy + cz * cz)
        // a · (b × c) = a · (ab × ac): the sides are small, so less cancels.
        let nx = ab.1 * ac.2 - ab.2 * ac.1
        let ny = ab.2 * ac.0 - ab.0 * ac.2
        let nz = ab.0 * ac.1 - ab.1 * ac.0
        let volume = ax * nx + ay * ny + az * nz
        let abDot = ax * bx + ay * by + az * bz
        let bcDot = bx * cx + by * cy + bz * cz
        let caDot = cx * ax + cy * ay + cz * az
        let adjacent = la * lb * lc + abDot * lc + bcDot * la + caDot * lb
        return laneSum(angles(y: volume, x: adjacent)) * (0.5 / Float.pi)
    }
}
