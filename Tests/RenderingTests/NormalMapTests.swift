import Geometry
import Imaging
import Rendering
import Testing

/// Normal maps, against meshes whose vertex normals point where the map says.
@Suite struct NormalMapTests {
    private func map(_ texel: SIMD4<UInt8>) -> Texture {
        var image = Image(width: 1, height: 1)
        image[0, 0] = texel
        return Texture(image: image)
    }

    /// One picture of a rectangle under four suns, whose map bends the normal to the given texel.
    private func bent(
        _ texel: SIMD4<UInt8>, uv: (SIMD2<Float>) -> SIMD2<Float> = { $0 }, scale: Float = 1,
        azimuth: Double = 20
    ) throws -> Image {
        var wall = quad(
            width: 1, height: 1,
            material: Material(
                baseColor: SIMD4(0.5, 0.5, 0.5, 1), roughness: 0.6,
                normalTexture: TextureReference(texture: 0), normalScale: scale,
                doubleSided: true), textures: [map(texel)])
        wall.uvSets[0] = wall.uvSets[0].map(uv)
        return try picture(wall, azimuth)
    }

    private func straight(_ normal: SIMD3<Double>, azimuth: Double = 20) throws -> Image {
        var wall = quad(
            width: 1, height: 1,
            material: Material(
                baseColor: SIMD4(0.5, 0.5, 0.5, 1), roughness: 0.6, doubleSided: true))
        wall.normals = Vector3Array(
            [SIMD3<Float>](repeating: SIMD3<Float>(normalize(normal)), count: 4))
        return try picture(wall, azimuth)
    }

    private func picture(_ wall: MeshSequence, _ azimuth: Double) throws -> Image {
        try render(
            wall,
            .orbiting(azimuthDegrees: azimuth, elevationDegrees: 10, width: 24, height: 24),
            lights: .fourSuns()
        ).color!
    }

    private func expectAlike(
        _ a: Image, _ b: Image, _ location: SourceLocation = #_sourceLocation
    ) {
        let apart = zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max()!
        #expect(apart <= 1, sourceLocation: location)
    }

    /// The texel's direction, as the renderer must read it.
    private func direction(_ texel: SIMD4<UInt8>) -> SIMD3<Double> {
        SIMD3(Double(texel.x), Double(texel.y), Double(texel.z)) / 255 * 2 - 1
    }

    private let texel = SIMD4<UInt8>(200, 150, 220, 255)

    /// On a rectangle that faces +Z with u to the right and v down, red is +x and green is +y.
    @Test func redPointsAlongUAndGreenAgainstV() throws {
        try expectAlike(bent(texel), straight(direction(texel)))
    }

    @Test func flatMapChangesNothing() throws {
        // 127.5 would be flat; 128 is off by 1/255.
        let flat = try bent(SIMD4(128, 128, 255, 255))
        try expectAlike(flat, straight(SIMD3(0, 0, 1)))
    }

    @Test func scaleMultipliesTheTilt() throws {
        let d = direction(texel)
        try expectAlike(
            bent(texel, scale: 0.4), straight(SIMD3(0.4 * d.x, 0.4 * d.y, d.z)))
    }

    @Test func rotatedChart() throws {
        let d = direction(texel)
        // u grows down and v to the left: red points down, green to the right.
        let image = try bent(texel, uv: { SIMD2($0.y, 1 - $0.x) })
        try expectAlike(image, straight(SIMD3(d.y, -d.x, d.z)))
    }

    @Test func mirroredChart() throws {
        let d = direction(texel)
        let image = try bent(texel, uv: { SIMD2(1 - $0.x, $0.y) })
        try expectAlike(image, straight(SIMD3(-d.x, d.y, d.z)))
    }

    /// Seen from behind, the whole normal is turned around.
    @Test func backFace() throws {
        try expectAlike(
            bent(texel, azimuth: 200), straight(direction(texel), azimuth: 200))
    }

    @Test func chartWithoutArea() throws {
        try expectAlike(bent(texel, uv: { _ in SIMD2(0.5, 0.5) }), straight(SIMD3(0, 0, 1)))
    }
}
