import Assets
import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@Suite struct AssimpMaterialTests {
    static let triangle =
        "v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nvt 1 0.25\nvt 0 1\nusemtl m\nf 1/1 2/2 3/3\n"

    static func picture(_ color: SIMD4<UInt8>, width: Int = 2, height: Int = 2) throws -> [UInt8] {
        var image = Image(width: width, height: height)
        for y in 0..<height { for x in 0..<width { image[x, y] = color } }
        return try image.pngEncoded()
    }

    static func material(_ statements: String, _ files: [String: [UInt8]] = [:]) throws
        -> (asset: AnimatedAsset, material: Material)
    {
        let folder = TemporaryFolder()
        for (name, content) in files { try folder.write(name, content) }
        try folder.write("a.mtl", "newmtl m\n" + statements)
        let asset = try AssimpLoader.load(
            path: folder.write("a.obj", "mtllib a.mtl\n" + triangle))
        guard case .rig(let rig) = asset.body else { throw AssetError.noGeometry(path: "") }
        return (asset, asset.materials[rig.primitives[0].material])
    }

    @Test func factorsAreRead() throws {
        let (asset, material) = try Self.material("Kd 0.2 0.4 0.6\nd 0.25\nKe 1 2 3\nNs 40\n")
        #expect(material.name == "m")
        #expect(
            length(
                SIMD3(material.baseColor.x, material.baseColor.y, material.baseColor.z)
                    - SIMD3(0.2, 0.4, 0.6)) < 1e-6)
        #expect(material.baseColor.w == 0.25)
        #expect(material.alphaMode == .blend)
        #expect(material.emissive == SIMD3(1, 2, 3))
        // 1 - sqrt(40 / 1000)
        #expect(abs(material.roughness - 0.8) < 1e-6)
        let mesh = try asset.mesh(clip: nil, times: [0])
        // v runs down.
        #expect(Set(mesh.uvSets[0].map { [$0.x, $0.y] }) == [[0, 1], [1, 0.75], [0, 0]])
    }

    @Test func picturesAreFoundByAnyCaseAndInTheFolderAlone() throws {
        let outside = TemporaryFolder()
        try outside.write("secret.png", Self.picture(SIMD4(1, 2, 3, 255)))
        let red = try Self.picture(SIMD4(255, 0, 0, 255))
        for (reference, file) in [
            ("skin.png", "skin.png"), ("Skin.PNG", "sKIN.png"),
            ("C:\\work\\tex\\skin.png", "skin.png"),
            ("../up/skin.png", "textures/skin.png"), ("sub/skin.png", "SUB/Skin.png"),
            ("/abs/skin.png", "Textures/skin.PNG"),
        ] {
            let (asset, material) = try Self.material("map_Kd \(reference)\n", [file: red])
            let found = try #require(material.baseColorTexture, "\(reference)")
            #expect(asset.textures[found.texture].image[0, 0] == SIMD4(255, 0, 0, 255))
            #expect(asset.missingTextures.isEmpty)
        }
        for reference in [
            outside.path + "/secret.png", "../../\(outside.path)/secret.png", "none.png",
        ] {
            let (asset, material) = try Self.material("Kd 0.5 0.5 0.5\nmap_Kd \(reference)\n")
            #expect(material.baseColorTexture == nil)
            #expect(material.baseColor.x == 0.5)
            #expect(asset.missingTextures.count == 1)
        }
        // A link out of the folder is no way out either.
        let folder = TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/skin.png", withDestinationPath: outside.path + "/secret.png")
        try folder.write("a.mtl", "newmtl m\nmap_Kd skin.png\n")
        let asset = try AssimpLoader.load(
            path: folder.write("a.obj", "mtllib a.mtl\n" + Self.triangle))
        #expect(asset.textures.isEmpty && asset.missingTextures == ["skin.png"])
        // A picture that is none counts as missing.
        let (broken, _) = try Self.material("map_Kd skin.png\n", ["skin.png": [1, 2, 3]])
        #expect(broken.missingTextures == ["skin.png"])
    }

    @Test func materialLibrariesOutsideAreNotRead() throws {
        let outside = TemporaryFolder()
        try outside.write("a.mtl", "newmtl m\nKd 1 0 0\n")
        let folder = TemporaryFolder()
        let asset = try AssimpLoader.load(
            path: folder.write("a.obj", "mtllib \(outside.path)/a.mtl\n" + Self.triangle))
        #expect(asset.materials.allSatisfy { $0.baseColor != SIMD4(1, 0, 0, 1) })
    }

    @Test func opacityMapsBecomeAlpha() throws {
        let red = try Self.picture(SIMD4(255, 0, 0, 255), width: 4, height: 4)
        var mask = Image(width: 2, height: 2, pixels: [UInt8](repeating: 255, count: 16))
        mask[1, 1] = SIMD4(0, 0, 0, 255)
        let (asset, material) = try Self.material(
            "Kd 0 0 0\nmap_Kd skin.png\nmap_d mask.png\n",
            ["skin.png": red, "mask.png": mask.pngEncoded()])
        #expect(material.alphaMode == .mask(cutoff: 0.5))
        // Black under a picture is no colour.
        #expect(material.baseColor == SIMD4(1, 1, 1, 1))
        let texture = try #require(material.baseColorTexture)
        let image = asset.textures[texture.texture].image
        #expect(image.width == 4)
        #expect(image[0, 0] == SIMD4(255, 0, 0, 255) && image[3, 3] == SIMD4(255, 0, 0, 0))
        let (_, soft) = try Self.material(
            "map_Kd skin.png\nmap_d mask.png\n",
            ["skin.png": red, "mask.png": Self.picture(SIMD4(128, 128, 128, 255))])
        #expect(soft.alphaMode == .blend)
    }

    @Test func bumpSlotsHoldNormalMapsOnlyWhereTheyLookLikeOne() throws {
        let normals = try Self.picture(SIMD4(127, 129, 250, 255))
        let grey = try Self.picture(SIMD4(127, 127, 127, 255))
        #expect(
            try Self.material("map_bump b.png\n", ["b.png": normals]).material.normalTexture != nil)
        #expect(
            try Self.material("map_bump b.png\n", ["b.png": grey]).material.normalTexture == nil)
    }

    /// UVs and one material for a triangle.
    static let layers = """
        LayerElementUV: 0 {
        Version: 101
        Name: "map"
        MappingInformationType: "ByPolygonVertex"
        ReferenceInformationType: "Direct"
        UV: *6 {
        a: 0,0,1,0,0,1
        }
        }
        LayerElementMaterial: 0 {
        Version: 101
        Name: ""
        MappingInformationType: "AllSame"
        ReferenceInformationType: "IndexToDirect"
        Materials: *1 {
        a: 0
        }
        }
        Layer: 0 {
        Version: 100
        LayerElement:  {
        Type: "LayerElementUV"
        TypedIndex: 0
        }
        LayerElement:  {
        Type: "LayerElementMaterial"
        TypedIndex: 0
        }
        }
        """

    /// A file of a triangle whose material shows an embedded picture.
    static func pictured(_ png: [UInt8]) -> FBXDraft {
        var draft = FBXDraft()
        draft.addGeometry(
            100, vertices: [0, 0, 0, 1, 0, 0, 0, 1, 0], polygons: [[0, 1, 2]],
            extra: layers)
        draft.addModel(200, "Part")
        draft.connect(200, to: 0)
        draft.connect(100, to: 200)
        let content = Data(png).base64EncodedString()
        draft.add(
            """
            Material: 700, "Material::Paint", "" {
            Version: 102
            ShadingModel: "phong"
            Properties70:  {
            P: "DiffuseColor", "Color", "", "A",0.1,0.1,0.1
            P: "ShininessExponent", "Number", "", "A",25
            }
            }
            Video: 710, "Video::v", "Clip" {
            Type: "Clip"
            UseMipMap: 0
            Filename: "C:\\\\art\\\\paint.png"
            RelativeFilename: "art\\\\paint.png"
            Content: ,"\(content)"
            }
            Texture: 720, "Texture::t", "" {
            Type: "TextureVideoClip"
            Version: 202
            TextureName: "Texture::t"
            Media: "Video::v"
            FileName: "C:\\\\art\\\\paint.png"
            RelativeFilename: "art\\\\paint.png"
            ModelUVTranslation: 0.25,0.5
            ModelUVScaling: 2,3
            Texture_Alpha_Source: "None"
            Cropping: 0,0,0,0
            }
            """)
        draft.connect(700, to: 200)
        draft.connect(710, to: 720)
        draft.connect(720, to: 700, property: "DiffuseColor")
        return draft
    }

    @Test func fbxPicturesAreEmbeddedAndPlaced() throws {
        let asset = try FBXTests.load(Self.pictured(Self.picture(SIMD4(9, 8, 7, 255))))
        let material = try #require(asset.materials.first { $0.name == "Paint" })
        let reference = try #require(material.baseColorTexture)
        #expect(asset.textures[reference.texture].image[1, 1] == SIMD4(9, 8, 7, 255))
        // The picture replaces the colour; a Phong exponent of 25 is a roughness of 1/2.
        #expect(material.baseColor == SIMD4(1, 1, 1, 1))
        #expect(abs(material.roughness - 0.5) < 1e-6)
        // u' = 2 u + 1/4, v' = 3 v + 1/2 upwards.
        let uv = SIMD2<Float>(0.3, 0.1)
        let down = SIMD2(uv.x, 1 - uv.y) * reference.scale + reference.offset
        #expect(abs(down.x - (2 * 0.3 + 0.25)) < 1e-6)
        #expect(abs((1 - down.y) - (3 * 0.1 + 0.5)) < 1e-6)
    }
}
