import CAssimp
import Geometry

/// The reader of every format that assimp reads but glTF: FBX, Collada, MD5, X, B3D, 3DS, OBJ,
/// PLY, STL, Blend, MS3D, LWO and more.
///
/// What assimp 5.2.5 gets wrong is put right where its scene shows it (each place says how). What
/// it does not hand on is lost: FBX and Collada curves become their keys with straight lines
/// between, an FBX clip's time counts from its own start, and FBX' rule by which a bone does not
/// inherit its parent's scale is not known.
public enum AssimpLoader {
    /// The extensions, in lower case, of files that assimp reads and that hold a model: glTF is
    /// read elsewhere, and files of motion, of parts, or of quite other things (`.raw`, `.xml`)
    /// are left out.
    public static let fileExtensions: Set<String> = {
        var list = aiString()
        aiGetExtensionList(&list)
        let extensions = list.text.split(separator: ";").map { $0.drop { $0 != "." }.dropFirst() }
        return Set(extensions.map { $0.lowercased() }).subtracting([
            "glb", "gltf", "md5anim", "md5camera", "bvh", "csm", "mot", "vta", "uc", "prj", "raw",
            "ter", "xml", "mesh.xml",
        ])
    }()

    /// Reads one file.
    ///
    /// Files that it names, and pictures, are read from its own folder only. An `.md5mesh` takes
    /// every `.md5anim` beside it as a clip.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - upAxis: the axis that points up in formats that do not say (all but FBX and Collada);
    ///     nil for the format's custom.
    ///   - limits: the largest assets that are read.
    /// - Throws: ``AssetError/unreadable(path:reason:)``, ``AssetError/unknownFormat(path:)``,
    ///   ``AssetError/malformed(path:what:)`` with assimp's reason,
    ///   ``AssetError/unsupported(path:what:)``, ``AssetError/noGeometry(path:)`` or
    ///   ``AssetError/tooLarge(path:what:)``.
    public static func load(
        path: String, upAxis: UpAxis? = nil, limits: AssetLimits = .generous
    ) throws(AssetError) -> AnimatedAsset {
        let format = AssetFile.pathExtension(of: path)
        // assimp 5.2.5 keeps a `#` in front of the mesh that a morph controller names, and finds
        // none: the whole file fails for a reason that says nothing.
        if format == "dae",
            try AssetFile.bytes(of: path, maximumByteCount: limits.fileBytes)
                .firstRange(of: "<morph".utf8) != nil
        {
            throw .unsupported(
                path: path, what: "Collada's morph controllers; convert the file to glb")
        }
        let source = try AssimpImport(path: path, limits: limits)
        return try withExtendedLifetime(source) { () throws(AssetError) -> AnimatedAsset in
            let scene = source.scene.pointee
            try AssimpScale(scene).check(limits, path: path)
            let rig = AssimpRig(
                scene, format: format, metadata: AssimpMetadata(scene.mMetaData), upAxis: upAxis)
            guard !rig.instances.isEmpty else { throw .noGeometry(path: path) }
            try limits.check(rig.rig, path: path)
            let name = AssetFile.stem(of: path)
            var clips = AssimpClips(rig: rig, format: format)
            var found = clips.clips(scene, fallbackName: format == "md5mesh" ? name : "")
            if format == "md5mesh" { found += md5Clips(beside: path, &clips, limits) }
            let materials = AssimpMaterials(
                scene, format: format, folder: AssetFolder(containing: path), limits: limits)
            try materials.checkSize(path: path)
            var asset = AnimatedAsset(
                name: name, format: format, body: .rig(rig.rig), clips: found,
                materials: materials.materials, textures: materials.textures,
                missingTextures: materials.missing,
                warnings: rig.warnings + clips.warnings + materials.warnings)
            asset.limitMaterialIndices()
            return asset
        }
    }

    /// The clips of the `.md5anim` files in the folder of an `.md5mesh`, by name; the one with the
    /// mesh's own name is read together with the mesh.
    private static func md5Clips(
        beside path: String, _ clips: inout AssimpClips, _ limits: AssetLimits
    ) -> [Clip] {
        let folder = AssetFile.folder(of: path)
        let own = AssetFile.stem(of: path).lowercased()
        var found: [Clip] = []
        for name in AssetFile.names(in: folder)
        where AssetFile.pathExtension(of: name) == "md5anim"
            && AssetFile.stem(of: name).lowercased() != own
        {
            // A link may stand for a file, but not lead out of the folder.
            guard AssetFolder(folder)?.file(at: [name]) != nil,
                let source = try? AssimpImport(path: folder + "/" + name, limits: limits)
            else {
                clips.warn("\(name) cannot be read.")
                continue
            }
            found += withExtendedLifetime(source) {
                clips.clips(source.scene.pointee, fallbackName: AssetFile.stem(of: name))
            }
        }
        return found
    }
}

extension AnimatedAsset {
    /// Gives primitives whose material is absent the first one.
    fileprivate mutating func limitMaterialIndices() {
        guard case .rig(var rig) = body else { return }
        for i in rig.primitives.indices
        where !materials.indices.contains(rig.primitives[i].material) {
            rig.primitives[i].material = 0
        }
        body = .rig(rig)
    }
}
