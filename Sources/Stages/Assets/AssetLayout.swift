/// How a corpus keeps its assets.
public enum AssetLayout: String, Sendable, Equatable, Codable, CaseIterable {
    /// Each asset's extension, content or folder shape says which of the others it is.
    case automatic
    /// `.glb` and `.gltf` files, read by the project's own reader.
    case gltf
    /// Files of any format that assimp reads but glTF.
    case assimp
    /// DeformingThings4D's `.anime` files.
    case anime
    /// 3DBiCar character folders.
    case threeDBiCar = "3dbicar"
    /// Folders of numbered OBJ files.
    case objSequence = "obj-sequence"
}

extension AssetLayout {
    /// The layout of a file by its extension, or nil where no reader knows it.
    static func ofFile(_ path: String) -> AssetLayout? {
        switch AssetFile.pathExtension(of: path) {
        case "glb", "gltf": .gltf
        case "anime": .anime
        case let other where AssimpLoader.fileExtensions.contains(other): .assimp
        default: nil
        }
    }

    /// The layout of a file among assets of the layout `wanted`, or nil where it is none of them.
    /// glTF files, which have a reader of their own, are assimp's where that is asked for.
    static func ofFile(_ path: String, among wanted: AssetLayout) -> AssetLayout? {
        guard let own = ofFile(path) else { return nil }
        if wanted == .assimp, own == .gltf { return .assimp }
        return wanted == .automatic || wanted == own ? own : nil
    }

    /// The layout of a folder that is one asset as a whole, or nil where it is not.
    static func ofFolder(_ path: String) -> AssetLayout? {
        if ThreeDBiCarLoader.isCharacter(folder: path) { return .threeDBiCar }
        return OBJSequenceLoader.frameNames(in: path).count > 1 ? .objSequence : nil
    }

    /// Whether assets of this layout are folders.
    var isFolder: Bool { self == .threeDBiCar || self == .objSequence }
}
