import Geometry
import Imaging
import Rendering

/// Pictures of bare surfaces, as if they were of grey clay.
enum Clay {
    /// A key from above the camera's left shoulder, a weak one from its right, and dim surroundings:
    /// darker than previews of coloured assets, since shade is all that shows a grey shape.
    private static let lights = LightRig(
        suns: [
            LightRig.Sun(direction: SIMD3(-0.6, 0.7, 0.6), irradiance: SIMD3(repeating: 3.2)),
            LightRig.Sun(direction: SIMD3(0.9, 0.1, 0.4), irradiance: SIMD3(repeating: 0.7)),
        ], skyRadiance: SIMD3(repeating: 0.22), groundRadiance: SIMD3(repeating: 0.08),
        frame: .camera)

    /// One frame of smooth grey. Normals are weighted by area, as suits marching cubes.
    static func sequence(of mesh: TriangleMesh) -> MeshSequence {
        MeshSequence(
            times: [0], vertexCount: mesh.vertexCount, positions: mesh.positions,
            normals: mesh.areaWeightedNormals, triangles: mesh.triangles,
            materials: [Material(baseColor: SIMD4(0.5, 0.5, 0.5, 1))])
    }

    /// The mesh from each of the cameras, which have one size, under lights that move with the
    /// camera, by one thread; transparent where the mesh has no triangles.
    static func pictures(
        of mesh: TriangleMesh, from cameras: [Camera], shading: MeshSheet.Shading = .clay
    ) throws -> [Image] {
        guard let first = cameras.first else { return [] }
        guard mesh.triangleCount > 0 else {
            return cameras.map { Image(width: $0.width, height: $0.height) }
        }
        // Normals are of pixels' centres: twice the pixels smooth their edges.
        let scale = shading == .normals ? 2 : 1
        let renderer = try Renderer(
            mesh: sequence(of: mesh),
            settings: RenderSettings(
                width: scale * first.width, height: scale * first.height, samples: .sixteen,
                lights: lights, outputs: shading == .normals ? .normal : .color, culling: .never,
                threads: 1))
        return cameras.map { camera in
            var camera = camera
            let (width, height) = (camera.width, camera.height)
            camera.width *= scale
            camera.height *= scale
            camera.principalPoint *= Double(scale)
            let frame = renderer.render(View(frame: 0, camera: camera))
            let picture = frame.color ?? frame.normal.map(codes)
            return picture?.resized(width: width, height: height)
                ?? Image(width: width, height: height)
        }
    }

    /// Camera-space normals from -1...1 to codes; transparent where there is none.
    private static func codes(_ normals: FloatImage) -> Image {
        var image = Image(width: normals.width, height: normals.height)
        for y in 0..<normals.height {
            for x in 0..<normals.width {
                let n = SIMD3(normals[x, y, 0], normals[x, y, 1], normals[x, y, 2])
                guard n != .zero else { continue }
                let code = ((n + 1) * 127.5 + 0.5)
                    .clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
                image[x, y] = SIMD4(SIMD3<UInt8>(code), 255)
            }
        }
        return image
    }
}
