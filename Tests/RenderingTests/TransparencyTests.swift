import Foundation
import Geometry
import Imaging
import Rendering
import Testing

@Suite struct TransparencyTests {
    private func pane(_ color: SIMD4<Float>, z: Double, size: Double = 2) -> MeshSequence {
        quad(
            width: size, height: size, center: SIMD3(0, 0, z),
            material: Material(baseColor: color, alphaMode: .blend))
    }

    private let red = SIMD4<Float>(1, 0.1, 0, 0.3)
    private let blue = SIMD4<Float>(0, 0.2, 1, 0.6)

    /// `over` of straight-alpha layers, the front one first.
    private func over(_ layers: [SIMD4<Float>]) -> SIMD4<Double> {
        var color = SIMD3<Double>.zero
        var transmitted = 1.0
        for layer in layers {
            let c = SIMD4<Double>(layer)
            color += transmitted * c.w * SIMD3(c.x, c.y, c.z)
            transmitted *= 1 - c.w
        }
        let alpha = 1 - transmitted
        return SIMD4(color / alpha, alpha)
    }

    private func expect(
        _ pixel: SIMD4<UInt8>, _ layers: [SIMD4<Float>],
        _ location: SourceLocation = #_sourceLocation
    ) {
        let expected = over(layers)
        #expect(
            difference(pixel, SIMD3(expected.x, expected.y, expected.z)) <= 1
                && abs(Double(pixel.w) - 255 * expected.w) <= 0.51, "\(pixel) \(expected)",
            sourceLocation: location)
    }

    private let camera = frontCamera(seeing: 1, pixels: 8)

    @Test(arguments: SampleCount.allCases)
    func nearerPaneLiesOver(samples: SampleCount) throws {
        for order in [true, false] {
            let panes = [pane(red, z: 0.2), pane(blue, z: 0)]
            let image = try render(
                joined(order ? panes : panes.reversed()), camera, samples: samples
            ).color!
            expect(image[3, 4], [red, blue])
        }
    }

    @Test func opaqueSurfacesHideAndShowThrough() throws {
        let wall = SIMD4<Float>(0.2, 0.8, 0.3, 1)
        let solid = quad(
            width: 2, height: 2, center: SIMD3(0, 0, 0.1), material: Material(baseColor: wall))
        let image = try render(
            joined([pane(blue, z: 0), solid, pane(red, z: 0.2)]), camera
        ).color!
        expect(image[4, 4], [red, wall])
        #expect(image[4, 4].w == 255)
    }

    /// Two panes that cross: on either side of the line the other one is in front.
    @Test func crossingPanes() throws {
        var a = pane(red, z: 0), b = pane(blue, z: 0)
        for i in 0..<4 {
            a.positions[i].z = a.positions[i].x * 0.5
            b.positions[i].z = -b.positions[i].x * 0.5
        }
        let image = try render(joined([a, b]), camera).color!
        expect(image[1, 4], [blue, red])
        expect(image[6, 4], [red, blue])
    }

    /// Overlapping random triangles give the same bytes in whatever order they are listed.
    @Test func orderOfTrianglesDoesNotMatter() throws {
        var random = testRandom("order")
        var points: [SIMD3<Double>] = []
        var colors: [SIMD4<Float>] = []
        for _ in 0..<60 {
            let center = random.point(-0.3..<0.3)
            for _ in 0..<3 {
                points.append(center + random.point(-0.4..<0.4))
                colors.append(
                    SIMD4(
                        Float(random.uniform(0..<1)), Float(random.uniform(0..<1)),
                        Float(random.uniform(0..<1)), Float(random.uniform(0.1..<0.9))))
            }
        }
        let material = Material(alphaMode: .blend, doubleSided: true)
        var order = Array(0..<60)
        var reference: Image?
        for _ in 0..<4 {
            let triangles = order.flatMap { t in (0..<3).map { UInt32(3 * t + $0) } }
            let image = try render(
                mesh(points, triangles, colors: colors, material: material),
                .orbiting(azimuthDegrees: 30, elevationDegrees: 20, width: 64, height: 64),
                lights: .fourSuns()
            ).color!
            if let reference { #expect(image == reference) } else { reference = image }
            order.shuffle(using: &random)
        }
    }

    /// A texture's alpha decides where a mask is solid; what is cut away shows what is behind.
    @Test func maskCutsAtTheCutoff() throws {
        var image = Image(width: 4, height: 1)
        for (x, alpha) in [UInt8(0), 120, 135, 255].enumerated() {
            image[x, 0] = SIMD4(255, 255, 255, alpha)
        }
        let mask = quad(
            width: 1, height: 1,
            material: Material(
                baseColorTexture: TextureReference(texture: 0), alphaMode: .mask(cutoff: 0.5)),
            textures: [Texture(image: image, magnification: .nearest)])
        let rendered = try render(mask, frontCamera(seeing: 1, pixels: 16)).color!
        for x in 0..<16 { #expect(rendered[x, 8].w == (x < 8 ? 0 : 255)) }
        #expect(rendered[15, 8] == SIMD4(repeating: 255))
    }

    /// A mask's edge is tested at every sample: it is as smooth as a geometric one.
    @Test func maskEdgesAreMultisampled() throws {
        var image = Image(width: 2, height: 1)
        image[0, 0] = SIMD4(255, 255, 255, 255)
        let mask = quad(
            width: 2, height: 1, center: SIMD3(0.5 / 8, 0, 0),
            material: Material(
                baseColorTexture: TextureReference(texture: 0), alphaMode: .mask(cutoff: 0.5)),
            textures: [
                Texture(image: image, wrapU: .clampToEdge, magnification: .nearest)
            ])
        // Eight pixels a unit; the edge runs through the middle of column 4.
        let rendered = try render(mask, frontCamera(seeing: 1, pixels: 8), samples: .sixteen)
            .color!
        #expect(rendered[3, 4].w == 255 && rendered[4, 4].w == 128 && rendered[5, 4].w == 0)
    }

    /// Colour behind zero alpha does not bleed: averages are weighted by alpha.
    @Test func hiddenColourDoesNotBleed() throws {
        var image = Image(width: 64, height: 64)
        for y in 0..<64 {
            for x in 0..<64 {
                image[x, y] = (x + y) % 2 == 0 ? SIMD4(255, 0, 0, 255) : SIMD4(0, 255, 0, 0)
            }
        }
        let pane = quad(
            width: 1, height: 1,
            material: Material(
                baseColorTexture: TextureReference(texture: 0), alphaMode: .blend),
            textures: [Texture(image: image)])
        for pixels in [8, 32, 100] {
            let rendered = try render(pane, frontCamera(seeing: 1, pixels: pixels)).color!
            for i in 0..<pixels * pixels where rendered.pixels[4 * i + 3] > 0 {
                #expect(rendered.pixels[4 * i] == 255 && rendered.pixels[4 * i + 1] == 0)
            }
        }
    }

    /// Where transparent surfaces are at least half opaque, depth and indices are theirs.
    @Test func surfaceOutputsSeeWhatIsAtLeastHalfOpaque() throws {
        let wall = quad(width: 2, height: 2, center: SIMD3(0, 0, -0.5))
        let frame = try render(
            joined([wall, pane(red, z: 0.2), pane(blue, z: 0)]), camera,
            outputs: [.depth, .partID])
        #expect(abs(frame.depth![4, 4, 0] - 2) < 1e-5)
        #expect(frame.partID![4, 4] == 2)
    }

    @Test func opaqueMaterialsIgnoreAlpha() throws {
        let m = quad(width: 2, height: 2, material: Material(baseColor: SIMD4(1, 1, 1, 0.2)))
        #expect(try render(m, camera).color![4, 4] == SIMD4(repeating: 255))
    }
}
