import Foundation
import Geometry
import Imaging
import Rendering
import Testing

/// Light, against closed forms and quadrature.
@Suite struct ShadingTests {
    /// Every sRGB byte survives: its linear light is encoded as the same byte.
    @Test func everyByteIsEncodedAsItself() throws {
        let camera = frontCamera(seeing: 1, pixels: 4)
        for byte in UInt8.min...UInt8.max {
            let value = Float(linear(byte))
            let image = try render(
                quad(
                    width: 2, height: 2,
                    material: Material(baseColor: SIMD4(value, value, value, 1))), camera
            ).color!
            #expect(image[1, 1] == SIMD4(byte, byte, byte, 255))
        }
    }

    /// Radiance above 1 is averaged before it is cut off, as film does: a pixel of which a quarter
    /// is covered by radiance 8, next to black, is white.
    @Test func radianceIsAveragedBeforeItIsCutOff() throws {
        let bright = quad(
            width: 0.5, height: 2, center: SIMD3(-0.25, 0, 0),
            material: Material(baseColor: SIMD4(0, 0, 0, 1), emissive: SIMD3(8, 8, 0.5)))
        let dark = quad(
            width: 4, height: 4, center: SIMD3(0, 0, -0.1),
            material: Material(baseColor: SIMD4(0, 0, 0, 1)))
        // Column 2 spans x = -0.1 ... 0.1.
        let camera = frontCamera(seeing: 1, pixels: 5)
        let image = try render(joined([bright, dark]), camera).color!
        #expect(difference(image[2, 2], SIMD3(1, 1, 0.25)) <= 1)
    }

    @Test(arguments: [0.0, 0.2, 0.5, 0.8, 1.0], [0.0, 0.5, 1.0])
    func whiteSurfacesVanishInWhiteSurroundings(roughness: Double, metallic: Double) throws {
        let ball = sphere(
            radius: 0.5, columns: 64, rows: 32,
            material: Material(metallic: Float(metallic), roughness: Float(roughness)))
        let image = try render(
            ball, .orbiting(azimuthDegrees: 0, width: 48, height: 48), lights: .uniform
        ).color!
        for i in 0..<48 * 48 where image.pixels[4 * i + 3] > 0 {
            for c in 0..<3 { #expect(image.pixels[4 * i + c] >= 254) }
        }
    }

    /// Under two half spheres of different radiance a Lambert surface receives the share of each
    /// that its normal faces; a rough black one shows the layer's albedo alone.
    @Test func skyAndGround() throws {
        let lights = LightRig(skyRadiance: SIMD3(1, 0, 0.5), groundRadiance: SIMD3(0, 1, 0.5))
        let ball = sphere(radius: 0.5, columns: 200, rows: 100)
        let camera = Camera.orbiting(azimuthDegrees: 0, width: 64, height: 64)
        let frame = try render(ball, camera, lights: lights, outputs: [.color, .normal])
        for y in 0..<64 {
            for x in 0..<64 where frame.color![x, y].w == 255 {
                let up = Double(frame.normal![x, y, 1])
                // The specular layer adds to one and takes from the other at most its albedo.
                let red = linear(frame.color![x, y].x), green = linear(frame.color![x, y].y)
                #expect(abs(red - (1 + up) / 2) < 0.12 && abs(red + green - 1) < 0.02)
            }
        }
    }

    /// A textbook evaluation, in double precision, of the surface that glTF describes, with the
    /// layer's albedo by quadrature over the hemisphere.
    private struct Textbook {
        var alpha: Double
        var albedo: SIMD3<Double>
        var metallic: Double

        init(_ m: Material) {
            alpha = Double(m.roughness * m.roughness)
            metallic = Double(m.metallic)
            albedo = SIMD3(Double(m.baseColor.x), Double(m.baseColor.y), Double(m.baseColor.z))
        }

        /// GGX with Smith's height-correlated masking; alone, with Schlick's `(1 - v·h)^5`, and with
        /// Fresnel's equations for an index of 1.5.
        func lobe(_ n: SIMD3<Double>, _ v: SIMD3<Double>, _ l: SIMD3<Double>) -> SIMD3<Double> {
            let h = normalize(v + l)
            let nh = dot(n, h), nv = dot(n, v), nl = dot(n, l)
            guard nl > 0, nv > 0 else { return .zero }
            let a2 = alpha * alpha
            let d = a2 / (.pi * pow(nh * nh * (a2 - 1) + 1, 2))
            func lambda(_ c: Double) -> Double {
                ((1 + a2 * (1 - c * c) / (c * c)).squareRoot() - 1) / 2
            }
            let g = 1 / (1 + lambda(nv) + lambda(nl))
            let c = dot(v, h)
            return d * g / (4 * nv * nl) * SIMD3(1, pow(1 - c, 5), fresnel(c))
        }

        /// Fresnel's equations for unpolarised light from air into an index of 1.5.
        func fresnel(_ c: Double) -> Double {
            let t = (1 - (1 - c * c) / 2.25).squareRoot()
            let s = (c - 1.5 * t) / (c + 1.5 * t), p = (1.5 * c - t) / (1.5 * c + t)
            return (s * s + p * p) / 2
        }

        /// The hemisphere's integrals of the lobe times the cosine.
        func integrals(_ cosine: Double) -> SIMD3<Double> {
            let n = SIMD3(0.0, 0, 1)
            let v = SIMD3((1 - cosine * cosine).squareRoot(), 0, cosine)
            let steps = 300
            var sum = SIMD3<Double>.zero
            for i in 0..<steps {
                let z = (Double(i) + 0.5) / Double(steps)
                for j in 0..<steps {
                    let phi = 2 * Double.pi * (Double(j) + 0.5) / Double(steps)
                    let r = (1 - z * z).squareRoot()
                    sum += lobe(n, v, SIMD3(r * cos(phi), r * sin(phi), z)) * z
                }
            }
            return sum * (2 * .pi / Double(steps * steps))
        }

        func radiance(
            _ n: SIMD3<Double>, _ v: SIMD3<Double>, _ l: SIMD3<Double>, irradiance: Double
        ) -> SIMD3<Double> {
            let e = integrals(dot(n, v))
            let lost = (1 - e.x) / e.x
            func metal(_ i: SIMD3<Double>) -> SIMD3<Double> {
                (albedo * i.x + (1 - albedo) * i.y) * (1 + albedo * lost)
            }
            func glass(_ i: SIMD3<Double>) -> SIMD3<Double> {
                SIMD3(repeating: i.z * (1 + 0.04 * lost))
            }
            let f = lobe(n, v, l)
            let dielectric = glass(f) + albedo * (1 - glass(e)) / .pi
            let surface = dielectric * (1 - metallic) + metal(f) * metallic
            return surface * (irradiance * max(0, dot(n, l)))
        }
    }

    @Test func sunOnRoughAndMetallicSurfaces() throws {
        var random = testRandom("suns")
        for _ in 0..<40 {
            let material = Material(
                baseColor: SIMD4(
                    Float(random.uniform(0..<1)), Float(random.uniform(0..<1)),
                    Float(random.uniform(0..<1)), 1),
                metallic: Float(random.uniform(0..<1)), roughness: Float(random.uniform(0.35..<1)))
            let camera = Camera.orbiting(
                azimuthDegrees: random.uniform(-70..<70),
                elevationDegrees: random.uniform(-40..<40), fieldOfViewXDegrees: 1, width: 4,
                height: 4)
            let n = SIMD3(0.0, 0, 1), v = normalize(camera.position)
            var l = random.direction()
            l.z = abs(l.z)
            let expected = Textbook(material).radiance(n, v, l, irradiance: 2)
            let lights = LightRig(suns: [
                LightRig.Sun(direction: l * 3, irradiance: SIMD3(repeating: 2))
            ])
            let image = try render(
                quad(width: 1, height: 1, material: material), camera, lights: lights
            ).color!
            #expect(difference(image[2, 2], expected) < 1.5, "\(material) \(expected)")
        }
    }

    /// A Lambert sphere under one sun: rough dielectrics reflect so little that the closed form
    /// `albedo / π E cos θ` is met within the layer's few percent, and exactly 0 beyond the
    /// terminator.
    @Test func lambertSphereUnderOneSun() throws {
        let ball = sphere(
            radius: 0.5, columns: 200, rows: 100,
            material: Material(baseColor: SIMD4(0.6, 0.3, 0.1, 1)))
        let light = normalize(SIMD3(1.0, 2, 1.5))
        let lights = LightRig(suns: [LightRig.Sun(direction: light, irradiance: SIMD3(3, 3, 3))])
        let camera = Camera.orbiting(azimuthDegrees: 0, width: 64, height: 64)
        let frame = try render(ball, camera, lights: lights, outputs: [.color, .position])
        for y in 0..<64 {
            for x in 0..<64 where frame.color![x, y].w == 255 {
                let p = SIMD3<Double>(
                    SIMD3(
                        frame.position![x, y, 0], frame.position![x, y, 1],
                        frame.position![x, y, 2]))
                let cosine = dot(normalize(p), light)
                if cosine < -0.05 {
                    #expect(frame.color![x, y] == SIMD4(0, 0, 0, 255))
                } else if cosine > 0.3, p.z > 0.2 {
                    let expected = SIMD3(0.6, 0.3, 0.1) * (3 / .pi * cosine)
                    let red = linear(frame.color![x, y].x)
                    #expect(abs(red - expected.x) < 0.03)
                }
            }
        }
    }

    /// The rotations of Diffusion4D's `rendering/blender.py`, as Euler matrices in Blender's axes.
    @Test func fourSunsShineFromWhereBlendersDo() {
        let eulers = [
            SIMD3(0.785398, 0, -0.785398), SIMD3(0.785398, 0, 2.35619),
            SIMD3(-0.785398, 0, -3.92699), SIMD3(3.14159, 0, 0),
        ]
        let rig = LightRig.fourSuns(key: 5, fill: 2.5, rim: 3, bottom: 1)
        #expect(rig.suns.map(\.irradiance.x) == [5, 2.5, 3, 1])
        for (sun, euler) in zip(rig.suns, eulers) {
            let rotation =
                Matrix4.rotation(Quaternion(axis: SIMD3(0, 0, 1), angle: euler.z))
                * Matrix4.rotation(Quaternion(axis: SIMD3(0, 1, 0), angle: euler.y))
                * Matrix4.rotation(Quaternion(axis: SIMD3(1, 0, 0), angle: euler.x))
            let shines = rotation.transform(direction: SIMD3(0, 0, -1))
            let expected = -SIMD3(shines.x, shines.z, -shines.y)
            #expect(length(normalize(sun.direction) - expected) < 1e-6)
        }
    }

    @Test func drawnSunsStayInTheirRanges() {
        var lowest = SIMD4<Float>(repeating: .infinity)
        var highest = -lowest
        for i in 0..<500 {
            var random = KeyedRandom(seed: 7, asset: "asset \(i)", purpose: "lights")
            var again = random
            let rig = LightRig.fourSuns(drawnWith: &random)
            #expect(rig == LightRig.fourSuns(drawnWith: &again))
            let s = rig.suns.map(\.irradiance.x)
            let strengths = SIMD4(s[0], s[1], s[2], s[3])
            lowest = pointwiseMin(lowest, strengths)
            highest = pointwiseMax(highest, strengths)
        }
        let low = SIMD4<Float>(3, 2, 3, 1)
        #expect((lowest - low).min() >= 0 && (lowest - low).max() < 0.05)
        #expect((low + 2 - highest).min() >= 0 && (low + 2 - highest).max() < 0.05)
    }

    /// Lights of the camera's frame look the same from everywhere; lights of the world do not.
    @Test func cameraLightsMoveAlong() throws {
        let ball = sphere(radius: 0.5, columns: 256, rows: 128)
        func view(_ azimuth: Double, _ lights: LightRig) throws -> Image {
            try render(
                ball, .orbiting(azimuthDegrees: azimuth, width: 32, height: 32), lights: lights
            ).color!
        }
        let front = try view(0, .area), side = try view(90, .area)
        let apart = zip(front.pixels, side.pixels).map { abs(Int($0) - Int($1)) }.max()!
        #expect(apart <= 2)
        let worldFront = try view(0, .fourSuns()), worldSide = try view(90, .fourSuns())
        #expect(
            zip(worldFront.pixels, worldSide.pixels).map { abs(Int($0) - Int($1)) }.max()! > 30)
    }

    @Test func unlitMaterialsIgnoreLightAndEmission() throws {
        let m = Material(
            baseColor: SIMD4(0.2, 0.4, 0.6, 1), emissive: SIMD3(1, 0, 0), unlit: true)
        let camera = frontCamera(seeing: 1, pixels: 4)
        let image = try render(
            quad(width: 2, height: 2, material: m), camera, lights: .fourSuns()
        ).color!
        #expect(difference(image[1, 1], SIMD3(0.2, 0.4, 0.6)) <= 0.6)
    }

    @Test func vertexColoursMultiplyTheBaseColour() throws {
        let m = Material(baseColor: SIMD4(0.5, 1, 0.25, 1))
        let camera = frontCamera(seeing: 1, pixels: 64)
        let left = SIMD4<Float>(1, 0, 0.5, 1), right = SIMD4<Float>(0, 1, 0.5, 1)
        let image = try render(
            quad(width: 1, height: 1, material: m, colors: [left, left, right, right]), camera
        ).color!
        for x in 0..<64 {
            let t = (Double(x) + 0.5) / 64
            #expect(difference(image[x, 20], SIMD3(0.5 * (1 - t), t, 0.125)) <= 1)
        }
    }
}
