import Geometry
import Testing

@Suite struct ScalarGridTests {
    /// A function that is linear in each coordinate is its own interpolation.
    @Test func valuesBetweenNodesAreTrilinear() throws {
        func f(_ p: SIMD3<Float>) -> Float { 1 + 2 * p.x - p.y * p.z + 0.5 * p.x * p.y * p.z }
        var grid = ScalarGrid(
            size: SIMD3(4, 3, 5), origin: SIMD3(-1, 0.5, 2), spacing: 0.25)
        for (place, position) in grid.positions.enumerated() { grid.values[place] = f(position) }
        var random = KeyedRandom(seed: 5, asset: "", purpose: "places")
        for _ in 0..<200 {
            let p = SIMD3<Float>(
                Float(random.uniform(-1.0..<(-0.25))), Float(random.uniform(0.5..<1.0)),
                Float(random.uniform(2.0..<3.0)))
            #expect(abs(try #require(grid.value(at: p)) - f(p)) < 1e-5)
        }
        for (place, position) in grid.positions.enumerated() {
            #expect(abs(try #require(grid.value(at: position)) - grid.values[place]) < 1e-5)
        }
    }

    @Test func beyondTheGridThereIsNoValue() {
        let grid = ScalarGrid(size: SIMD3(3, 3, 3), repeating: 7)
        #expect(grid.value(at: SIMD3(2, 2, 2)) == 7)
        #expect(grid.value(at: SIMD3(2.001, 1, 1)) == nil)
        #expect(grid.value(at: SIMD3(1, -0.001, 1)) == nil)
        #expect(ScalarGrid(size: SIMD3(1, 3, 3)).value(at: SIMD3(0, 1, 1)) == nil)
    }
}
