import Foundation
import Geometry
import Imaging
import Rendering
import Testing

/// Texture reading, against sampling by hand.
@Suite struct TextureTests {
    private func noise(_ width: Int, _ height: Int, _ purpose: String) -> Image {
        var random = testRandom(purpose)
        var image = Image(width: width, height: height)
        for i in 0..<width * height {
            let bits = random.next()
            for c in 0..<3 { image.pixels[4 * i + c] = UInt8(truncatingIfNeeded: bits >> (8 * c)) }
            image.pixels[4 * i + 3] = 255
        }
        return image
    }

    private func textured(
        _ texture: Texture, scale: SIMD2<Float> = .one, offset: SIMD2<Float> = .zero
    ) -> MeshSequence {
        // One triangle around the unit square: no pixel is shaded in two halves.
        mesh(
            [SIMD3(-0.5, 0.5, 0), SIMD3(-0.5, -1.5, 0), SIMD3(1.5, 0.5, 0)], [0, 1, 2],
            uvs: [SIMD2(0, 0), SIMD2(0, 2), SIMD2(2, 0)],
            material: Material(
                baseColorTexture: TextureReference(texture: 0, offset: offset, scale: scale)),
            textures: [texture])
    }

    /// The texel that stands at an index outside the picture.
    private func wrapped(_ i: Int, _ n: Int, _ wrap: TextureWrap) -> Int {
        switch wrap {
        case .repeat: return ((i % n) + n) % n
        case .clampToEdge: return min(n - 1, max(0, i))
        case .mirroredRepeat:
            let j = ((i % (2 * n)) + 2 * n) % (2 * n)
            return j < n ? j : 2 * n - 1 - j
        }
    }

    private func texel(_ t: Texture, _ x: Int, _ y: Int) -> SIMD3<Double> {
        let p = t.image[wrapped(x, t.image.width, t.wrapU), wrapped(y, t.image.height, t.wrapV)]
        return SIMD3(linear(p.x), linear(p.y), linear(p.z))
    }

    private func bilinear(_ t: Texture, _ u: Double, _ v: Double) -> SIMD3<Double> {
        let x = u * Double(t.image.width) - 0.5, y = v * Double(t.image.height) - 0.5
        let x0 = Int(x.rounded(.down)), y0 = Int(y.rounded(.down))
        let fx = x - Double(x0), fy = y - Double(y0)
        let top = texel(t, x0, y0) * (1 - fx) + texel(t, x0 + 1, y0) * fx
        let bottom = texel(t, x0, y0 + 1) * (1 - fx) + texel(t, x0 + 1, y0 + 1) * fx
        return top * (1 - fy) + bottom * fy
    }

    @Test(
        arguments: [TextureWrap.repeat, .clampToEdge, .mirroredRepeat],
        [TextureFilter.nearest, .linear])
    func magnificationAndWrapping(wrap: TextureWrap, filter: TextureFilter) throws {
        let texture = Texture(
            image: noise(7, 5, "magnified"), wrapU: wrap,
            wrapV: wrap == .repeat ? .mirroredRepeat : wrap, magnification: filter)
        // u runs over -1.3 ... 1.7 and v over -0.8 ... 2.2 in 128 pixels: 6 pixels a texel.
        let scale = SIMD2<Float>(3, 3), offset = SIMD2<Float>(-1.3, -0.8)
        let image = try render(
            textured(texture, scale: scale, offset: offset), frontCamera(seeing: 1, pixels: 128)
        ).color!
        var wrong = 0
        for y in 0..<128 {
            for x in 0..<128 {
                let u = (Double(x) + 0.5) / 128 * 3 - 1.3, v = (Double(y) + 0.5) / 128 * 3 - 0.8
                let expected =
                    filter == .linear
                    ? bilinear(texture, u, v)
                    : texel(
                        texture, Int((u * 7).rounded(.down)), Int((v * 5).rounded(.down)))
                if difference(image[x, y], expected) > 1.5 { wrong += 1 }
            }
        }
        // Nearest texels may differ where a pixel's centre lies on the border between two.
        #expect(wrong <= (filter == .nearest ? 60 : 0))
    }

    /// The UVs of a tilted rectangle, interpolated with perspective, by rays.
    @Test func perspectiveCorrectCoordinates() throws {
        let texture = Texture(image: noise(9, 9, "perspective"), mipmap: .none)
        let tilted = mesh(
            [SIMD3(-1, 1, -1.2), SIMD3(-1, -1, 1), SIMD3(1, 1, -1.2), SIMD3(1, -1, 1)],
            [0, 1, 2, 2, 1, 3], uvs: [SIMD2(0, 0), SIMD2(0, 1), SIMD2(1, 0), SIMD2(1, 1)],
            material: Material(baseColorTexture: TextureReference(texture: 0)),
            textures: [texture])
        let camera = Camera.orbiting(azimuthDegrees: 15, width: 96, height: 96)
        let image = try render(tilted, camera, samples: .one).color!
        let caster = RayCaster(mesh: tilted, camera: camera)
        var compared = 0
        for y in 0..<96 {
            for x in 0..<96 {
                let hit = caster.hits(SIMD2(Double(x) + 0.5, Double(y) + 0.5)).first
                guard let hit, image[x, y].w == 255 else { continue }
                let uv = caster.interpolate(hit) {
                    let uv = tilted.uvSets[0][$0]
                    return SIMD3(Double(uv.x), Double(uv.y), 0)
                }
                #expect(difference(image[x, y], bilinear(texture, uv.x, uv.y)) < 2)
                compared += 1
            }
        }
        #expect(compared > 4000)
    }

    /// The mean, in linear light, of a block of texels.
    private func mean(_ image: Image, _ xs: Range<Int>, _ ys: Range<Int>) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for y in ys {
            for x in xs {
                let p = image[x, y]
                sum += SIMD3(linear(p.x), linear(p.y), linear(p.z))
            }
        }
        return sum / Double(xs.count * ys.count)
    }

    /// Where a pixel spans four by four texels it shows their mean.
    @Test(arguments: [1, 2, 4, 16])
    func minificationShowsTheMeanOfTheTexels(block: Int) throws {
        let size = 16 * block
        let image = noise(size, size, "minified")
        let rendered = try render(
            textured(Texture(image: image)), frontCamera(seeing: 1, pixels: 16)
        ).color!
        for y in 0..<16 {
            for x in 0..<16 {
                let expected = mean(
                    image, x * block..<(x + 1) * block, y * block..<(y + 1) * block)
                #expect(difference(rendered[x, y], expected) <= 1)
            }
        }
    }

    /// Between two levels the two are mixed in proportion. Half a level finer than the footprint is
    /// read: 2^1.5 texels a pixel are level 1, 2^2.5 are level 2.
    @Test func levelsAreMixed() throws {
        var stripes = Image(width: 256, height: 256)
        for y in 0..<256 {
            for x in 0..<256 {
                stripes[x, y] = x / 2 % 2 == 0 ? SIMD4(255, 255, 255, 255) : SIMD4(0, 0, 0, 255)
            }
        }
        // Level 1 has stripes one texel wide, level 2 is grey. A pixel in the middle of a white
        // stripe of level 1 therefore has 0.5 + 0.5 (1 - t), where t is the share of level 2.
        for (texelsPerPixel, share) in [
            (2.828427, 0.0), (4, 0.5), (4.756828, 0.75), (5.656854, 1),
        ] {
            // One pixel, whose centre is the middle of texel 40 of level 1: u = 40.5 / 128.
            let span = texelsPerPixel / 256
            let offset = SIMD2<Float>(Float(40.5 / 128 - span / 2), 0.3)
            let rendered = try render(
                textured(
                    Texture(image: stripes), scale: SIMD2(Float(span), Float(span)),
                    offset: offset), frontCamera(seeing: 1, pixels: 1)
            ).color!
            let expected = 0.5 + 0.5 * (1 - share)
            #expect(difference(rendered[0, 0], SIMD3(repeating: expected)) < 1.5)
        }
    }

    /// The smallest level of a picture with odd sides is the mean of all of it.
    @Test func oddSidesAreAveragedByArea() throws {
        let image = noise(37, 21, "odd")
        let rendered = try render(
            textured(Texture(image: image)), frontCamera(seeing: 1, pixels: 1)
        ).color!
        // Level 5 of 37 x 21 is 1 x 1.
        #expect(difference(rendered[0, 0], mean(image, 0..<37, 0..<21)) < 1)
    }

    @Test func texturesThatDoNotMinify() throws {
        let image = noise(64, 64, "none")
        let rendered = try render(
            textured(Texture(image: image, minification: .nearest, mipmap: .none)),
            frontCamera(seeing: 1, pixels: 4)
        ).color!
        // Pixel centres lie on the corner between four texels; which of them is free to choose.
        let candidates = [SIMD2(7, 7), SIMD2(8, 7), SIMD2(7, 8), SIMD2(8, 8)].map {
            image[$0.x, $0.y]
        }
        #expect(candidates.contains { abs(Int($0.x) - Int(rendered[0, 0].x)) <= 1 })
    }

    /// KHR_texture_transform applied by the material is the same transform applied to the UVs.
    @Test func textureTransform() throws {
        let texture = Texture(image: noise(16, 16, "transform"))
        let reference = TextureReference(
            texture: 0, offset: SIMD2(0.2, -0.4), rotation: 0.7, scale: SIMD2(1.5, 0.6))
        let bound = quad(
            width: 1, height: 1, material: Material(baseColorTexture: reference),
            textures: [texture])
        var applied = quad(
            width: 1, height: 1,
            material: Material(baseColorTexture: TextureReference(texture: 0)),
            textures: [texture])
        let c = cos(Float(0.7)), s = sin(Float(0.7))
        applied.uvSets[0] = applied.uvSets[0].map {
            let q = $0 * SIMD2(1.5, 0.6)
            return SIMD2(c * q.x + s * q.y + 0.2, -s * q.x + c * q.y - 0.4)
        }
        let camera = frontCamera(seeing: 1, pixels: 40)
        let a = try render(bound, camera).color!, b = try render(applied, camera).color!
        #expect(zip(a.pixels, b.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func secondUVSet() throws {
        var image = Image(width: 2, height: 1)
        image[0, 0] = SIMD4(255, 0, 0, 255)
        image[1, 0] = SIMD4(0, 255, 0, 255)
        var m = quad(
            width: 1, height: 1,
            material: Material(baseColorTexture: TextureReference(texture: 0, uvSet: 1)),
            textures: [Texture(image: image, magnification: .nearest)])
        m.uvSets.append([SIMD2<Float>](repeating: SIMD2(0.75, 0.5), count: 4))
        let rendered = try render(m, frontCamera(seeing: 1, pixels: 4)).color!
        #expect(rendered[1, 1] == SIMD4(0, 255, 0, 255))
        // A set that the mesh does not have leaves the factor.
        m.materials[0].baseColorTexture?.uvSet = 2
        #expect(
            try render(m, frontCamera(seeing: 1, pixels: 4)).color![1, 1] == .init(repeating: 255))
    }

    /// Roughness is read from green and metalness from blue: a textured material is the same as one
    /// with the factors.
    @Test func metallicRoughnessTexture() throws {
        var image = Image(width: 1, height: 1)
        image[0, 0] = SIMD4(9, 153, 102, 255)
        let ball = sphere(radius: 0.5, columns: 40, rows: 20)
        var factors = ball
        factors.materials[0] = Material(
            baseColor: SIMD4(0.7, 0.5, 0.3, 1), metallic: 0.5 * 102 / 255,
            roughness: 0.9 * 153 / 255)
        var textured = ball
        textured.materials[0] = Material(
            baseColor: SIMD4(0.7, 0.5, 0.3, 1), metallic: 0.5, roughness: 0.9,
            metallicRoughnessTexture: TextureReference(texture: 0))
        textured.textures = [Texture(image: image)]
        textured.uvSets = [[SIMD2<Float>](repeating: .zero, count: ball.vertexCount)]
        let camera = Camera.orbiting(azimuthDegrees: 0, width: 32, height: 32)
        let a = try render(factors, camera, lights: .fourSuns()).color!
        let b = try render(textured, camera, lights: .fourSuns()).color!
        #expect(zip(a.pixels, b.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func emissiveTextureMultipliesTheFactor() throws {
        var image = Image(width: 1, height: 1)
        image[0, 0] = SIMD4(188, 255, 0, 255)
        let m = Material(
            baseColor: SIMD4(0, 0, 0, 1), emissive: SIMD3(0.5, 2, 1),
            emissiveTexture: TextureReference(texture: 0))
        let rendered = try render(
            quad(width: 2, height: 2, material: m, textures: [Texture(image: image)]),
            frontCamera(seeing: 1, pixels: 4)
        ).color!
        #expect(difference(rendered[1, 1], SIMD3(0.5 * linear(188), 1, 0)) < 1)
    }
}
