import Foundation
import Geometry
import Rendering
import Testing

/// Triangles that share an edge leave no gap and do not overlap.
@Suite struct WatertightTests {
    /// A half-transparent sheet: a sample that is hit twice, or not at all, shows.
    private let sheet = Material(
        baseColor: SIMD4(1, 1, 1, 0.5), alphaMode: .blend, doubleSided: true)

    /// Every pixel has the alpha of one layer, 0.5, which rounds to 128.
    private func expectOneLayer(_ mesh: MeshSequence, _ camera: Camera, _ samples: SampleCount)
        throws
    {
        let image = try render(mesh, camera, samples: samples).color!
        let wrong = (0..<camera.width * camera.height).count { image.pixels[4 * $0 + 3] != 128 }
        #expect(wrong == 0)
    }

    /// A grid of jittered points, its cells cut along random diagonals and its triangles running
    /// either way.
    private func triangulation(
        _ n: Int, jitter: Double, _ random: inout KeyedRandom,
        point: (Double, Double) -> SIMD3<Double>
    ) -> MeshSequence {
        var points: [SIMD3<Double>] = []
        for j in 0...n {
            for i in 0...n {
                let x = Double(i) + random.uniform(-jitter..<jitter)
                let y = Double(j) + random.uniform(-jitter..<jitter)
                points.append(point(x / Double(n) * 2 - 1, y / Double(n) * 2 - 1))
            }
        }
        var triangles: [UInt32] = []
        for j in 0..<UInt32(n) {
            for i in 0..<UInt32(n) {
                let a = j * UInt32(n + 1) + i
                let b = a + 1, c = a + UInt32(n + 1), d = c + 1
                let pair: [[UInt32]] =
                    random.next() & 1 == 0 ? [[a, c, b], [b, c, d]] : [[a, c, d], [a, d, b]]
                for t in pair {
                    triangles += random.next() & 1 == 0 ? t : [t[0], t[2], t[1]]
                }
            }
        }
        return mesh(points, triangles, material: sheet)
    }

    @Test(arguments: SampleCount.allCases)
    func planarTriangulationIsHitOnceEverywhere(samples: SampleCount) throws {
        var random = testRandom("triangulation \(samples)")
        for n in [2, 7, 40, 150] {
            let tilt = random.uniform(-0.5..<0.5)
            let flat = triangulation(n, jitter: 0.3, &random) { x, y in
                SIMD3(2 * x, 2 * y, tilt * x + 0.3 * y)
            }
            try expectOneLayer(
                flat,
                .orbiting(azimuthDegrees: 12, elevationDegrees: 9, width: 96, height: 80),
                samples)
        }
    }

    /// Vertices lie exactly on samples and edges run exactly through them, where only the fill rule
    /// decides.
    @Test(arguments: SampleCount.allCases)
    func edgesThroughSamples(samples: SampleCount) throws {
        // One unit of the plane is 16 pixels, one cell of the grid 1, 1/2 or 1/8 pixel.
        let camera = frontCamera(seeing: 4, pixels: 64)
        for n in [64, 128, 512] {
            var random = testRandom("on samples \(n)")
            let grid = triangulation(n, jitter: 0x1p-60, &random) { x, y in
                let pixel = SIMD2(
                    (x * 2 * 16 * 32).rounded() / 32, (y * 2 * 16 * 32).rounded() / 32)
                return SIMD3((pixel.x + 0.5) / 16, (pixel.y + 0.5) / 16, 0)
            }
            let image = try render(grid, camera, samples: samples).color!
            // The grid is moved by half a pixel, so that the first column and the last row are
            // half outside.
            for y in 0..<63 {
                for x in 1..<64 { #expect(image[x, y].w == 128) }
            }
        }
    }

    /// Triangles larger than the screen, the guard band and the depth range.
    @Test func largeTrianglesAreHitOnce() throws {
        var random = testRandom("large")
        for scale in [10.0, 1e3, 1e5] {
            let large = triangulation(5, jitter: 0.3, &random) { x, y in
                SIMD3(scale * x, scale * y, 0)
            }
            for azimuth in [0.0, 30, 50] {
                try expectOneLayer(
                    large, .orbiting(azimuthDegrees: azimuth, width: 64, height: 64), .four)
            }
        }
    }

    /// From inside a closed surface no sample misses it, wherever its triangles are cut.
    @Test(arguments: SampleCount.allCases)
    func closedSurfaceHasNoHoles(samples: SampleCount) throws {
        var random = testRandom("closed \(samples)")
        for (columns, rows, radius) in [(5, 3, 3.0), (50, 30, 2.5), (400, 300, 40.0)] {
            var shell = sphere(radius: radius, columns: columns, rows: rows)
            shell.materials[0].doubleSided = true
            for _ in 0..<3 {
                let camera = Camera.orbiting(
                    azimuthDegrees: random.uniform(0..<360),
                    elevationDegrees: random.uniform(-80..<80), distance: 0.8,
                    fieldOfViewXDegrees: 100, width: 96, height: 96)
                let image = try render(shell, camera, samples: samples).color!
                #expect((0..<96 * 96).allSatisfy { image.pixels[4 * $0 + 3] == 255 })
            }
        }
    }
}
