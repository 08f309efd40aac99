import CImageCodecs

extension Image {
    /// Decodes a PNG, JPEG, WebP, BMP, GIF (first frame), PSD (composite), PNM or TGA file.
    ///
    /// The content decides about the format. Palettes, grey, 16-bit samples (rounded), colour-key
    /// transparency and CMYK all become 8-bit RGBA. Colour profiles, gamma chunks and EXIF
    /// orientation are passed over: samples are taken as sRGB, as renderers take textures.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - maximumPixelCount: the most pixels a picture may have. The header is checked against it
    ///     before memory is set aside, so a small file cannot ask for a huge picture.
    /// - Throws: ``ImageCodecError``; a file that ends too early is malformed.
    public init(
        decoding bytes: [UInt8], maximumPixelCount: Int = 1 << 26
    ) throws(ImageCodecError) {
        let (format, width, height) = try Image.header(of: bytes)
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        // stb_image counts bytes in 32 bits.
        let limit = min(maximumPixelCount, Int(Int32.max) / 4)
        guard !overflow, count <= limit else {
            throw .tooLarge(
                format: format, width: width, height: height, maximumPixelCount: limit)
        }
        self.init(
            width: width, height: height,
            pixels: try format.pixels(of: bytes, width: width, height: height))
    }

    /// The width and height that the header of a picture file announces; nothing is decoded, and
    /// memory is set aside for none of its pixels.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: ``ImageCodecError`` where there is no header of a known format, or it is wrong.
    public static func size(
        ofEncoded bytes: [UInt8]
    ) throws(ImageCodecError) -> (width: Int, height: Int) {
        let (_, width, height) = try header(of: bytes)
        return (width, height)
    }

    private static func header(
        of bytes: [UInt8]
    ) throws(ImageCodecError) -> (format: ImageFormat, width: Int, height: Int) {
        guard let format = ImageFormat(sniffing: bytes) else {
            throw .unknownFormat(firstBytes: Array(bytes.prefix(8)))
        }
        // stb_image counts bytes in 32 bits.
        let byteLimit = Int(Int32.max)
        guard bytes.count <= byteLimit else {
            throw .malformed(format: format, reason: "the file has more than \(byteLimit) bytes")
        }
        let (width, height) = try format.size(of: bytes)
        guard width > 0, height > 0 else {
            throw .malformed(format: format, reason: "there are no pixels")
        }
        return (format, width, height)
    }
}

extension ImageFormat {
    /// The size in the header. The numbers fit 31 bits.
    fileprivate func size(of bytes: [UInt8]) throws(ImageCodecError) -> (Int, Int) {
        let read =
            switch self {
            case .png: codec_png_size
            case .jpeg: codec_jpeg_size
            case .webp: codec_webp_size
            case .bmp, .gif, .psd, .pnm, .tga: codec_stb_size
            }
        var width: UInt32 = 0
        var height: UInt32 = 0
        let failure = failureMessage { read(bytes, bytes.count, &width, &height, $0) }
        if let failure { throw .malformed(format: self, reason: failure) }
        return (Int(width), Int(height))
    }

    /// The `[height, width, 4]` samples of a picture whose size is known and bounded.
    fileprivate func pixels(
        of bytes: [UInt8], width: Int, height: Int
    ) throws(ImageCodecError) -> [UInt8] {
        let (w, h) = (UInt32(width), UInt32(height))
        var pixels = [UInt8](repeating: 0, count: width * height * 4)
        var isCMYK = false
        let failure = failureMessage { message in
            switch self {
            case .png: codec_png_decode(bytes, bytes.count, w, h, &pixels, message)
            case .jpeg: codec_jpeg_decode(bytes, bytes.count, w, h, &pixels, &isCMYK, message)
            case .webp: codec_webp_decode(bytes, bytes.count, w, h, &pixels, message)
            case .bmp, .gif, .psd, .pnm, .tga:
                codec_stb_decode(bytes, bytes.count, w, h, &pixels, message)
            }
        }
        if let failure { throw .malformed(format: self, reason: failure) }
        if isCMYK { ImageFormat.convertInvertedCMYK(&pixels) }
        return pixels
    }

    /// Turns cyan, magenta, yellow and black into RGBA. JPEG files hold them inverted (255 is no
    /// ink), as Adobe's programs began to and every reader assumes.
    private static func convertInvertedCMYK(_ pixels: inout [UInt8]) {
        for i in stride(from: 0, to: pixels.count, by: 4) {
            let white = Int(pixels[i + 3])
            for c in i..<i + 3 { pixels[c] = UInt8((Int(pixels[c]) * white + 127) / 255) }
            pixels[i + 3] = 255
        }
    }
}

/// Runs a C codec with a buffer for its message; nil if it succeeds.
func failureMessage(_ codec: (UnsafeMutablePointer<CChar>) -> Bool) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CODEC_MESSAGE_LENGTH)) { buffer in
        buffer.initialize(repeating: 0)
        // A temporary allocation of a positive capacity has an address.
        let message = buffer.baseAddress.unsafelyUnwrapped
        return codec(message) ? nil : String(cString: message)
    }
}
