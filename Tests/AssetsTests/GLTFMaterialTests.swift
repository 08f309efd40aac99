import Assets
import Foundation
import Geometry
import Imaging
import Testing

@Suite struct GLTFMaterialTests {
    /// A triangle of one material, with a document to add textures to.
    static func draft(_ material: [String: Any], sets: Int = 1) -> GLTFDraft {
        var draft = GLTFDraft()
        draft.add("materials", material)
        var attributes: [String: Int] = [:]
        for set in 0..<sets {
            let u = Float(set)
            attributes["TEXCOORD_\(set)"] = draft.floats([u, 0, u, 1, u, 2], "VEC2")
        }
        draft.add(
            "nodes", ["mesh": draft.triangle(attributes, primitive: ["material": 0])])
        return draft
    }

    /// A picture of one colour.
    static func png(_ color: SIMD4<UInt8>, size: Int = 2) throws -> [UInt8] {
        var image = Image(width: size, height: size)
        for y in 0..<size { for x in 0..<size { image[x, y] = color } }
        return try image.pngEncoded()
    }

    @Test func everythingThatAMaterialSays() throws {
        var draft = Self.draft([
            "name": "all", "alphaMode": "MASK", "alphaCutoff": 0.25, "doubleSided": true,
            "emissiveFactor": [0.5, 0.25, 0],
            "extensions": [
                "KHR_materials_emissive_strength": ["emissiveStrength": 4],
                "KHR_materials_unlit": [:] as [String: Any],
            ],
            "pbrMetallicRoughness": [
                "baseColorFactor": [0.1, 0.2, 0.3, 0.4], "metallicFactor": 0.6,
                "roughnessFactor": 0.7, "baseColorTexture": ["index": 0],
                "metallicRoughnessTexture": ["index": 1],
            ],
            "normalTexture": ["index": 1, "scale": 0.5], "emissiveTexture": ["index": 0],
        ])
        for color in [SIMD4<UInt8>(1, 2, 3, 4), SIMD4(5, 6, 7, 255)] {
            let image = draft.add("images", ["bufferView": draft.view(try Self.png(color))])
            draft.add("textures", ["source": image])
        }
        let asset = try draft.load()
        let material = try #require(asset.materials.first)
        #expect(asset.materials.count == 1 && asset.textures.count == 2)
        #expect(material.name == "all" && material.doubleSided && material.unlit)
        #expect(material.alphaMode == .mask(cutoff: 0.25))
        #expect(material.baseColor == SIMD4(0.1, 0.2, 0.3, 0.4))
        #expect(material.metallic == 0.6 && material.roughness == 0.7)
        #expect(material.emissive == SIMD3(2, 1, 0) && material.normalScale == 0.5)
        let base = try #require(material.baseColorTexture)
        let normal = try #require(material.normalTexture)
        #expect(material.emissiveTexture == base && material.metallicRoughnessTexture == normal)
        #expect(asset.textures[base.texture].image[0, 0] == SIMD4(1, 2, 3, 4))
        #expect(asset.textures[normal.texture].image[1, 1] == SIMD4(5, 6, 7, 255))
    }

    @Test func defaultsAreThoseOfTheFormat() throws {
        let material = try Self.draft([:]).load().materials[0]
        #expect(material == Material(metallic: 1, roughness: 1))
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle()])
        #expect(try draft.load().materials == [Material()])
    }

    @Test func onlyUsedMaterialsAndTexturesAreRead() throws {
        var draft = Self.draft(["name": "used"])
        draft.add(
            "materials",
            ["name": "unused", "pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]])
        draft.add("textures", ["source": 0])
        draft.add("images", ["uri": "absent.png"])
        draft.add("nodes", ["mesh": draft.triangle()])
        let asset = try draft.load()
        #expect(asset.materials.map(\.name) == ["used", ""])
        #expect(asset.textures.isEmpty && asset.missingTextures.isEmpty)
        #expect(asset.rig.primitives.map(\.material) == [0, 1])
    }

    @Test func textureTransformAndSampler() throws {
        var draft = Self.draft(
            [
                "pbrMetallicRoughness": [
                    "baseColorTexture": [
                        "index": 0, "texCoord": 0,
                        "extensions": [
                            "KHR_texture_transform": [
                                "offset": [0.5, -1], "rotation": 0.25, "scale": [2, 3],
                                "texCoord": 1,
                            ]
                        ],
                    ]
                ]
            ], sets: 2)
        draft.json["extensionsRequired"] = ["KHR_texture_transform"]
        let image = draft.add(
            "images", ["bufferView": draft.view(try Self.png(SIMD4(9, 9, 9, 9)))])
        draft.add("textures", ["source": image, "sampler": 0, "name": "checks"])
        draft.add(
            "samplers",
            ["wrapS": 33071, "wrapT": 33648, "magFilter": 9728, "minFilter": 9985])
        let asset = try draft.load()
        #expect(
            asset.materials[0].baseColorTexture
                == TextureReference(
                    texture: 0, uvSet: 1, offset: SIMD2(0.5, -1), rotation: 0.25,
                    scale: SIMD2(2, 3)))
        let texture = asset.textures[0]
        #expect(texture.name == "checks")
        #expect(texture.wrapU == .clampToEdge && texture.wrapV == .mirroredRepeat)
        #expect(texture.magnification == .nearest && texture.minification == .linear)
        #expect(texture.mipmap == .nearest)
    }

    @Test func higherTextureCoordinateSets() throws {
        var draft = Self.draft(
            [
                "pbrMetallicRoughness": ["baseColorTexture": ["index": 0, "texCoord": 3]],
                "normalTexture": ["index": 0, "texCoord": 1],
                "emissiveTexture": ["index": 0, "texCoord": 2],
            ], sets: 4)
        let image = draft.add(
            "images", ["bufferView": draft.view(try Self.png(SIMD4(9, 9, 9, 9)))])
        draft.add("textures", ["source": image])
        let asset = try draft.load()
        let material = asset.materials[0]
        let base = try #require(material.baseColorTexture)
        let normal = try #require(material.normalTexture)
        let sets = asset.rig.primitives[0].uvSets
        #expect(sets[base.uvSet][0].x == 3 && sets[normal.uvSet][0].x == 1)
        #expect(material.emissiveTexture == nil && asset.warnings.count == 1)
    }

    @Test func texturedWithoutCoordinates() throws {
        var draft = Self.draft(
            ["pbrMetallicRoughness": ["baseColorTexture": ["index": 0, "texCoord": 1]]], sets: 0)
        let image = draft.add(
            "images", ["bufferView": draft.view(try Self.png(SIMD4(9, 9, 9, 9)))])
        draft.add("textures", ["source": image])
        #expect(
            try draft.load().rig.primitives[0].uvSets
                == [[SIMD2]](repeating: [.zero, .zero, .zero], count: 2))
    }

    @Test func specularGlossiness() throws {
        var draft = Self.draft([
            "extensions": [
                "KHR_materials_pbrSpecularGlossiness": [
                    "diffuseFactor": [0.5, 0.5, 1, 1], "diffuseTexture": ["index": 0],
                    "glossinessFactor": 0.8, "specularGlossinessTexture": ["index": 1],
                ]
            ]
        ])
        for color in [SIMD4<UInt8>(1, 2, 3, 255), SIMD4(0, 0, 0, 100)] {
            let image = draft.add("images", ["bufferView": draft.view(try Self.png(color))])
            draft.add("textures", ["source": image])
        }
        let asset = try draft.load()
        let material = asset.materials[0]
        #expect(material.baseColor == SIMD4(0.5, 0.5, 1, 1) && material.metallic == 0)
        let diffuse = try #require(material.baseColorTexture)
        #expect(asset.textures[diffuse.texture].image[0, 0] == SIMD4(1, 2, 3, 255))
        // Glossiness is 0.8 * 100 / 255, roughness what is left: 255 - 80 = 175 of 255.
        let rough = try #require(material.metallicRoughnessTexture)
        #expect(material.roughness == 1)
        #expect(asset.textures[rough.texture].image[0, 0].y == 175)

        let plain = Self.draft([
            "extensions": ["KHR_materials_pbrSpecularGlossiness": ["glossinessFactor": 0.75]]
        ])
        #expect(try plain.load().materials[0].roughness == 0.25)
        let both = Self.draft([
            "extensions": ["KHR_materials_pbrSpecularGlossiness": ["glossinessFactor": 0.75]],
            "pbrMetallicRoughness": ["metallicFactor": 0.5, "roughnessFactor": 0.5],
        ])
        #expect(try both.load().materials[0].metallic == 0.5)
    }

    @Test func picturesAreKnownByTheirContent() throws {
        var draft = Self.draft(["pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]])
        let data = Data(try Self.png(SIMD4(1, 2, 3, 4))).base64EncodedString()
        draft.add("images", ["uri": "data:image/jpeg;base64," + data])
        draft.add("textures", ["source": 0])
        #expect(try draft.load().textures[0].image[0, 0] == SIMD4(1, 2, 3, 4))
    }

    @Test func webPStandsInForAnotherFormat() throws {
        var draft = Self.draft(["pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]])
        draft.add("images", ["uri": "absent.png"])
        draft.add("images", ["bufferView": draft.view(try Self.png(SIMD4(1, 2, 3, 4)))])
        draft.add(
            "textures",
            ["source": 0, "extensions": ["EXT_texture_webp": ["source": 1]]])
        let asset = try draft.load()
        #expect(asset.textures[0].image[0, 0] == SIMD4(1, 2, 3, 4))
        #expect(asset.missingTextures.isEmpty)
    }

    @Test func missingPicturesAreNamedAndLeftOut() throws {
        var draft = Self.draft([
            "pbrMetallicRoughness": [
                "baseColorFactor": [1, 0, 0, 1], "baseColorTexture": ["index": 0],
            ],
            "normalTexture": ["index": 1], "emissiveTexture": ["index": 2],
        ])
        draft.add("images", ["uri": "paint%20job.png"])
        draft.add("images", ["bufferView": draft.view([1, 2, 3, 4]), "name": "broken"])
        draft.add("images", ["bufferView": draft.view(try Self.png(SIMD4(1, 2, 3, 4)))])
        for i in 0..<3 { draft.add("textures", ["source": i]) }
        let asset = try draft.load()
        #expect(asset.missingTextures.sorted() == ["broken", "paint job.png"])
        let material = asset.materials[0]
        #expect(material.baseColorTexture == nil && material.normalTexture == nil)
        #expect(material.baseColor == SIMD4(1, 0, 0, 1))
        #expect(material.emissiveTexture?.texture == 0 && asset.textures.count == 1)
    }
}
