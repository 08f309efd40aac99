import CImageCodecs

/// How hard a PNG encoder tries.
public enum PNGEffort: String, Sendable, CaseIterable {
    /// For pictures by the million: RGBA takes about a tenth of the time of `small`, and up to a
    /// fifth more bytes.
    case fast
    /// libpng's own choice of filters with zlib's default level.
    case small
}

extension Image {
    /// The picture as a PNG file, 8-bit RGBA. The same picture gives the same bytes.
    ///
    /// - Throws: ``ImageCodecError/notEncoded(format:reason:)`` where memory runs out.
    public func pngEncoded(_ effort: PNGEffort = .fast) throws(ImageCodecError) -> [UInt8] {
        if effort == .fast, width * height <= FastPNGEncoder.maximumPixelCount {
            return FastPNGEncoder.encode(self)
        }
        return try encodePNG(
            pixels, width: width, height: height, channels: 4, bitsPerChannel: 8, effort: effort)
    }

    /// A grey PNG of 8-bit samples.
    ///
    /// - Parameter samples: `[height, width]`, row-major.
    public static func greyPNG(
        width: Int, height: Int, samples: [UInt8], _ effort: PNGEffort = .fast
    ) throws(ImageCodecError) -> [UInt8] {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(samples.count == width * height, "samples must be [height, width]")
        return try encodePNG(
            samples, width: width, height: height, channels: 1, bitsPerChannel: 8, effort: effort)
    }

    /// A grey PNG of 16-bit samples, as depth maps are often kept.
    ///
    /// - Parameter samples: `[height, width]`, row-major.
    public static func greyPNG(
        width: Int, height: Int, samples: [UInt16], _ effort: PNGEffort = .fast
    ) throws(ImageCodecError) -> [UInt8] {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(samples.count == width * height, "samples must be [height, width]")
        return try encodePNG(
            samples, width: width, height: height, channels: 1, bitsPerChannel: 16, effort: effort)
    }
}

private func encodePNG<Sample: FixedWidthInteger>(
    _ samples: [Sample], width: Int, height: Int, channels: Int, bitsPerChannel: Int,
    effort: PNGEffort
) throws(ImageCodecError) -> [UInt8] {
    guard let w = UInt32(exactly: width), let h = UInt32(exactly: height) else {
        throw .notEncoded(format: .png, reason: "a side is longer than a PNG file can say")
    }
    let layout = codec_png_layout(
        width: w, height: h, channels: Int32(channels), bits_per_channel: Int32(bitsPerChannel),
        // Level 2 costs 5 % more time than level 1 and saves 6 % of the bytes of renderings; level 3
        // costs half as much again.
        filter: effort == .fast ? codec_png_filter_sub : codec_png_filter_all,
        compression_level: effort == .fast ? 2 : 6,
        compression_strategy: effort == .fast ? codec_zlib_default : codec_zlib_filtered)
    // Incompressible data grows by a few bytes a block of deflate and twelve a PNG chunk (64 KiB).
    let raw = samples.count * MemoryLayout<Sample>.size + height
    let capacity = raw + raw / 8 + 4096
    let output = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    defer { output.deallocate() }
    var count = 0
    let failure = samples.withUnsafeBytes { bytes in
        failureMessage { message in
            codec_png_encode(
                layout, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, output, capacity,
                &count, message)
        }
    }
    if let failure { throw .notEncoded(format: .png, reason: failure) }
    return Array(UnsafeBufferPointer(start: output, count: count))
}
