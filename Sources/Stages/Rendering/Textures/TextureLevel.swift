import Geometry

/// One level of a texture.
///
/// Behind the last column and below the last row stands what follows them, the first ones where the
/// texture is tiled, else the last ones again. So a texel's right and lower neighbours always lie
/// next to it in memory, and reading needs no case for borders.
struct TextureLevel: BitwiseCopyable {
    /// Texels in a row and rows, without what follows them.
    let width: Int
    let height: Int
    /// Texels from a row to the next in memory.
    var stride: Int { width + 1 }
    /// Texels in memory.
    var count: Int { (width + 1) * (height + 1) }
    /// Where the level's texels start in the texture's memory.
    let start: Int

    /// Fills the column and the row behind the last ones.
    func fillBorder<Texel: BitwiseCopyable>(
        _ texels: UnsafeMutablePointer<Texel>, wrapU: TextureWrap, wrapV: TextureWrap
    ) {
        for y in 0..<height {
            let row = texels + y * stride
            row[width] = row[wrapU == .repeat ? 0 : width - 1]
        }
        (texels + height * stride).update(
            from: texels + (wrapV == .repeat ? 0 : height - 1) * stride, count: stride)
    }
}
