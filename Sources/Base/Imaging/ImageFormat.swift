/// The picture formats that can be read.
public enum ImageFormat: String, Sendable, CaseIterable {
    /// Portable Network Graphics.
    case png
    /// JPEG, baseline and progressive.
    case jpeg
    /// WebP, lossy and lossless, still.
    case webp
    /// Windows bitmap.
    case bmp
    /// Graphics Interchange Format; the first frame.
    case gif
    /// Photoshop document; the composite.
    case psd
    /// Binary portable any-map (P5, P6).
    case pnm
    /// Truevision Targa.
    case tga

    /// The format that the first bytes of a file announce.
    ///
    /// Targa has no signature: whatever announces nothing else, but has a header that a Targa file
    /// could have (version 2.0 specification, fields 2, 3 and 5), is taken for one.
    public init?(sniffing bytes: [UInt8]) {
        guard let format = bytes.withUnsafeBytes({ ImageFormat(sniffing: $0) }) else { return nil }
        self = format
    }

    init?(sniffing bytes: UnsafeRawBufferPointer) {
        func begins(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: signature)
        }
        if begins(PNGStream.signature) {
            self = .png
        } else if begins([0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if begins(Array("RIFF".utf8)), begins(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if begins(Array("BM".utf8)) {
            self = .bmp
        } else if begins(Array("GIF8".utf8)) {
            self = .gif
        } else if begins(Array("8BPS".utf8)) {
            self = .psd
        } else if begins(Array("P5".utf8)) || begins(Array("P6".utf8)) {
            self = .pnm
        } else if ImageFormat.mayBeTarga(bytes) {
            self = .tga
        } else {
            return nil
        }
    }

    private static func mayBeTarga(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count > 18 else { return false }
        let colorMapType = bytes[1]
        let isMapped = [1, 9].contains(bytes[2])
        let isDirect = [2, 3, 10, 11].contains(bytes[2])
        let depth = bytes[16]
        return (isMapped && colorMapType == 1 && [8, 16].contains(depth))
            || (isDirect && colorMapType <= 1 && [8, 15, 16, 24, 32].contains(depth))
    }
}
