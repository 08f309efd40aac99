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
        self = try bytes.span.bytes.withUnsafeBytes { bytes throws(ImageCodecError) in
            try Image(decoding: bytes, maximumPixelCount: maximumPixelCount)
        }
    }

    /// Decodes a picture file where it lies, such as in a mapped shard.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - maximumPixelCount: the most pixels a picture may have.
    /// - Throws: ``ImageCodecError``; see ``init(decoding:maximumPixelCount:)-([UInt8],_)``.
    public init(
        decoding bytes: RawSpan, maximumPixelCount: Int = 1 << 26
    ) throws(ImageCodecError) {
        self = try bytes.withUnsafeBytes { bytes throws(ImageCodecError) in
            try Image(decoding: bytes, maximumPixelCount: maximumPixelCount)
        }
    }

    /// Decodes a picture file into memory that the caller owns, such as its place in a batch, and
    /// sets aside none for pixels.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - pixels: takes `[height, width, 4]`; the other bytes stay as they are.
    ///   - offset: which byte of `pixels` is the picture's first.
    /// - Returns: the picture's width and height.
    /// - Throws: ``ImageCodecError``; `tooLarge` where `pixels` has no room.
    public static func decode(
        _ bytes: RawSpan, into pixels: inout MutableRawSpan, at offset: Int = 0
    ) throws(ImageCodecError) -> (width: Int, height: Int) {
        precondition((0...pixels.byteCount).contains(offset), "a place in the memory")
        return try bytes.withUnsafeBytes { bytes throws(ImageCodecError) in
            try pixels.withUnsafeMutableBytes { pixels throws(ImageCodecError) in
                let room = pixels[offset...]
                let file = try EncodedImage(bytes, maximumPixelCount: room.count / 4)
                let place = room.prefix(file.width * file.height * 4)
                try file.decode(into: UnsafeMutableRawBufferPointer(rebasing: place))
                return (file.width, file.height)
            }
        }
    }

    /// The width and height that the header of a picture file announces; nothing is decoded, and
    /// memory is set aside for none of its pixels.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: ``ImageCodecError`` where there is no header of a known format, or it is wrong.
    public static func size(
        ofEncoded bytes: [UInt8]
    ) throws(ImageCodecError) -> (width: Int, height: Int) {
        try bytes.span.bytes.withUnsafeBytes { bytes throws(ImageCodecError) in
            let file = try EncodedImage(bytes)
            return (file.width, file.height)
        }
    }

    /// Decodes as if there were no plain PNG files: what the others are held against.
    package init(
        decodingByLibrary bytes: [UInt8], maximumPixelCount: Int = 1 << 26
    ) throws(ImageCodecError) {
        self = try bytes.span.bytes.withUnsafeBytes { bytes throws(ImageCodecError) in
            try Image(
                decoding: bytes, maximumPixelCount: maximumPixelCount, isPlainQuick: false)
        }
    }

    /// Whether a file is a plain PNG, whose pixels libpng need not be asked for.
    package static func isPlainPNG(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { PNGStream($0) != nil }
    }

    private init(
        decoding bytes: UnsafeRawBufferPointer, maximumPixelCount: Int, isPlainQuick: Bool = true
    ) throws(ImageCodecError) {
        let file = try EncodedImage(
            bytes, maximumPixelCount: maximumPixelCount, isPlainQuick: isPlainQuick)
        let count = file.width * file.height * 4
        var failure: ImageCodecError?
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(ImageCodecError) {
                let whole = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                try file.decode(into: UnsafeMutableRawBufferPointer(whole))
                filled = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        self.init(width: file.width, height: file.height, pixels: pixels)
    }
}

/// A picture file whose header was read, and found to be within bounds.
struct EncodedImage {
    let format: ImageFormat
    let width: Int
    let height: Int
    /// The file; it must outlive this value.
    private let bytes: UnsafeRawBufferPointer
    /// The parts of a plain PNG file, which libpng need not read.
    private let plain: PNGStream?

    /// - Parameters:
    ///   - maximumPixelCount: the most pixels the picture may have; nil where none are made.
    ///   - isPlainQuick: whether plain PNG files are read by ``FastPNGDecoder``.
    init(
        _ bytes: UnsafeRawBufferPointer, maximumPixelCount: Int? = nil, isPlainQuick: Bool = true
    ) throws(ImageCodecError) {
        guard let format = ImageFormat(sniffing: bytes) else {
            throw .unknownFormat(firstBytes: Array(bytes.prefix(8)))
        }
        // stb_image counts bytes in 32 bits.
        let byteLimit = Int(Int32.max)
        guard bytes.count <= byteLimit else {
            throw .malformed(format: format, reason: "the file has more than \(byteLimit) bytes")
        }
        self.format = format
        self.bytes = bytes
        plain = format == .png && isPlainQuick ? PNGStream(bytes) : nil
        (width, height) =
            if let plain { (plain.width, plain.height) } else { try format.size(of: bytes) }
        guard width > 0, height > 0 else {
            throw .malformed(format: format, reason: "there are no pixels")
        }
        guard let maximumPixelCount else { return }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        let limit = min(maximumPixelCount, Int(Int32.max) / 4)
        guard !overflow, count <= limit else {
            throw .tooLarge(
                format: format, width: width, height: height, maximumPixelCount: limit)
        }
    }

    /// Decodes into `[height, width, 4]`, by the library that knows the format.
    func decode(into pixels: UnsafeMutableRawBufferPointer) throws(ImageCodecError) {
        if let plain, FastPNGDecoder.decode(plain, of: bytes, into: pixels) { return }
        // Whatever a library leaves out of a damaged picture is empty.
        pixels.initializeMemory(as: UInt8.self, repeating: 0)
        let (w, h) = (UInt32(width), UInt32(height))
        let input = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        let output = pixels.assumingMemoryBound(to: UInt8.self).baseAddress
        var isCMYK = false
        let failure = failureMessage { message in
            switch format {
            case .png: codec_png_decode(input, bytes.count, w, h, output, message)
            case .jpeg: codec_jpeg_decode(input, bytes.count, w, h, output, &isCMYK, message)
            case .webp: codec_webp_decode(input, bytes.count, w, h, output, message)
            case .bmp, .gif, .psd, .pnm, .tga:
                codec_stb_decode(input, bytes.count, w, h, output, message)
            }
        }
        if let failure { throw .malformed(format: format, reason: failure) }
        if isCMYK { EncodedImage.convertInvertedCMYK(pixels) }
    }

    /// Turns cyan, magenta, yellow and black into RGBA. JPEG files hold them inverted (255 is no
    /// ink), as Adobe's programs began to and every reader assumes.
    private static func convertInvertedCMYK(_ pixels: UnsafeMutableRawBufferPointer) {
        for i in stride(from: 0, to: pixels.count, by: 4) {
            let white = Int(pixels[i + 3])
            for c in i..<i + 3 { pixels[c] = UInt8((Int(pixels[c]) * white + 127) / 255) }
            pixels[i + 3] = 255
        }
    }
}

extension ImageFormat {
    /// The size in the header. The numbers fit 31 bits.
    fileprivate func size(of bytes: UnsafeRawBufferPointer) throws(ImageCodecError) -> (Int, Int) {
        let read =
            switch self {
            case .png: codec_png_size
            case .jpeg: codec_jpeg_size
            case .webp: codec_webp_size
            case .bmp, .gif, .psd, .pnm, .tga: codec_stb_size
            }
        var width: UInt32 = 0
        var height: UInt32 = 0
        let input = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        let failure = failureMessage { read(input, bytes.count, &width, &height, $0) }
        if let failure { throw .malformed(format: self, reason: failure) }
        return (Int(width), Int(height))
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
