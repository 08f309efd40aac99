import Geometry
import Systems
import Testing

extension AllTests {
    @Suite struct HierarchicalFieldTests {
        /// Signed distances of shapes in ±1, negative inside.
        enum Shape: String, CaseIterable, Sendable {
            case sphere, torus, plates, apart

            func distance(_ p: SIMD3<Float>) -> Float {
                func length(_ v: SIMD3<Float>) -> Float { (v * v).sum().squareRoot() }
                func box(_ p: SIMD3<Float>, _ half: SIMD3<Float>) -> Float {
                    let q = SIMD3(abs(p.x), abs(p.y), abs(p.z)) - half
                    return length(pointwiseMax(q, .zero)) + min(q.max(), 0)
                }
                switch self {
                case .sphere: return length(p - SIMD3(0.013, -0.02, 0.031)) - 0.71
                case .torus:
                    let ring = (p.x * p.x + p.z * p.z).squareRoot() - 0.6
                    return (ring * ring + p.y * p.y).squareRoot() - 0.17
                case .plates:
                    // A fiftieth thick and a thirtieth apart: both less than a coarse cell.
                    let half = SIMD3<Float>(0.7, 0.01, 0.55)
                    return min(
                        box(p - SIMD3(0, 0.027, 0), half), box(p + SIMD3(0, 0.027, 0), half))
                case .apart:
                    return min(
                        length(p - SIMD3(0.5, 0.4, 0)) - 0.3, length(p + SIMD3(0.5, 0.4, 0)) - 0.2)
                }
            }

            func field(_ truncation: Float) -> ([Float]) -> [Float] {
                { places in
                    (0..<places.count / 3).map { n in
                        let p = SIMD3(places[3 * n], places[3 * n + 1], places[3 * n + 2])
                        return min(1, max(-1, distance(p) / truncation))
                    }
                }
            }
        }

        private func whole(
            _ field: ([Float]) -> [Float], _ resolution: Int, halfSide: Float = 1.05
        ) -> ScalarGrid {
            var grid = ScalarGrid(
                size: SIMD3(repeating: resolution + 1), origin: SIMD3(repeating: -halfSide),
                spacing: 2 * halfSide / Float(resolution))
            grid.values = field(grid.positions.scalars)
            return grid
        }

        private static func same(_ a: TriangleMesh, _ b: TriangleMesh) -> Bool {
            a.triangles == b.triangles && a.positions.scalars == b.positions.scalars
        }

        /// At least 20 cells are needed: 97 and 98 halve never and once; 128 goes down to 32, 192 to 24.
        @Test(arguments: Shape.allCases, [97, 98, 128, 192])
        func surfacesAreThoseOfTheWholeGrid(shape: Shape, resolution: Int) {
            let field = shape.field(0.1)
            var asked = 0
            let found = HierarchicalField(
                halfSide: 1.05, resolution: resolution, truncation: 0.1
            ).computed {
                asked += $0.count / 3
                return field($0)
            }
            let expected = whole(field, resolution)
            #expect(found.size == expected.size && found.spacing == expected.spacing)
            #expect(found.origin == expected.origin)
            let wrong = zip(found.values, expected.values).filter { a, b in
                // What is interpolated lies far from the surface, on the right side of it.
                abs(b) < 0.5 ? a != b : a * b < 0
            }
            #expect(wrong.isEmpty, "\(wrong.count)")
            let surface = MarchingCubes.surface(of: found)
            // Beforehand, since differences of so long arrays would be looked for.
            let isSame = Self.same(surface, MarchingCubes.surface(of: expected))
            #expect(isSame && surface.triangles.count > 1000)
            let share = Double(asked) / Double(expected.values.count)
            switch resolution {
            case 97: #expect(share == 1)
            case 98: #expect(share < 0.62, "\(share)")
            case 128: #expect(share < 0.62, "\(share)")
            default: #expect(share < 0.3, "\(share)")
            }
        }

        /// The paper's truncation, of which most coarse nodes say nothing but the side.
        @Test(arguments: [Shape.sphere, .torus, .apart])
        func signsAloneLeadToTheSurface(shape: Shape) {
            let field = shape.field(0.01)
            var asked = 0
            let found = HierarchicalField(halfSide: 1.05, resolution: 192, truncation: 0.01)
                .computed {
                    asked += $0.count / 3
                    return field($0)
                }
            let expected = whole(field, 192)
            let isSame = Self.same(
                MarchingCubes.surface(of: found), MarchingCubes.surface(of: expected))
            #expect(isSame)
            #expect(Double(asked) / Double(expected.values.count) < 0.25)
        }

        @Test func nothingIsThereWhereNothingIs() {
            for value: Float in [1, -1] {
                var asked = 0
                let grid = HierarchicalField(halfSide: 1, resolution: 96, truncation: 0.05).computed
                { places in
                    asked += places.count / 3
                    return [Float](repeating: value, count: places.count / 3)
                }
                #expect(grid.values.allSatisfy { $0 == value } && asked == 49 * 49 * 49)
            }
        }
    }
}
