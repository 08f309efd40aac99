import Geometry
import Testing

@Suite struct Matrix4Tests {
    @Test func inverseUndoes() throws {
        let m = Matrix4.compose(
            translation: SIMD3(1, 2, 3), rotation: Quaternion(axis: SIMD3(1, 1, 0), angle: 0.7),
            scale: SIMD3(2, -1, 0.5))
        let p = SIMD3(0.3, -4, 2.0)
        let back = try #require(m.affineInverse).transform(point: m.transform(point: p))
        #expect(length(back - p) < 1e-12)
    }
}
