import Foundation

/// Reads glTF 2.0: `.gltf` with its files, or `.glb`.
///
/// Everything that moves or colours triangles is read: node hierarchies, skins with any number of
/// influences, morph targets, every clip with its own interpolation, metallic-roughness
/// materials with their textures; quantised, sparse, interleaved and embedded data. glTF's space
/// is the project's own, so nothing is turned. Points and lines are passed over.
public struct GLTFLoader: Sendable {
    /// Reads the asset at `path`, and the files beside it that it names. Files outside its folder
    /// are not read, whether a name or a link leads there.
    ///
    /// A texture that cannot be read is left out and named in ``AnimatedAsset/missingTextures``;
    /// an animation channel that cannot be read is left out with a warning.
    ///
    /// - Throws: ``AssetError/unreadable(path:reason:)`` where the file or one of its buffers is
    ///   absent, ``AssetError/malformed(path:what:)`` where it contradicts the format,
    ///   ``AssetError/unsupported(path:what:)`` where it needs an extension that is not known or
    ///   is of another version, ``AssetError/noGeometry(path:)`` where its scene has no triangles,
    ///   and ``AssetError/tooLarge(path:what:)``.
    public static func load(
        path: String, limits: AssetLimits = .generous
    ) throws(AssetError) -> AnimatedAsset {
        let url = URL(fileURLWithPath: path)
        let bytes = try AssetFile.bytes(of: path, maximumByteCount: limits.fileBytes)
        do {
            let container = try GLTFContainer(bytes)
            var reader = try GLTFReader(
                container,
                resources: GLTFResources(
                    folder: AssetFolder(containing: path), maximumByteCount: limits.fileBytes),
                limits: limits)
            return try reader.asset(name: url.deletingPathExtension().lastPathComponent)
        } catch {
            throw error.about(path)
        }
    }
}
