import Assets
import BenchmarkHarness
import Foundation
import Geometry
import Imaging
import Rendering

/// What pictures cost on one core: comparing, encoding and decoding 24 frames of 256² of an orbit
/// around each asset of the demo corpus that is measured, and around a surface that fills the
/// picture.
struct ImageCases {
    let assets: [BenchmarkAsset]
    let folder: URL

    func run(_ harness: Harness) throws {
        let names = ["SSIM of 256² ", "encode PNG, 256² ", "decode PNG, 256² "].flatMap { name in
            ["frames", "filled pictures"].map { name + $0 }
        }
        guard names.contains(where: harness.runs) else { return }
        let frames = try assets.flatMap { try Self.frames(of: $0) }
        try similarities(harness, "frames", frames)
        try similarities(harness, "filled pictures", Self.filled())
        try encoding(harness, "frames", frames)
        try encoding(harness, "filled pictures", Self.filled())
        try decoding(harness, "frames", frames)
        harness.endPeers()
    }

    /// Neighbouring frames in pairs.
    private func similarities(_ harness: Harness, _ what: String, _ pictures: [Image]) throws {
        let similarity = StructuralSimilarity()
        let inputs = ["pictures": try write(pictures)]
        var scores: [Double] = []
        let check = { (file: URL) in try Agreement.scores(file, scores) }
        try harness.measure(
            "SSIM of 256² \(what)", item: "pair",
            against: [
                PeerWork(
                    peer: "skimage_ssim", name: "pictures", inputs: inputs,
                    options: ["luma": true], agreement: check),
                PeerWork(
                    peer: "skimage_ssim", name: "luma", inputs: inputs,
                    options: ["luma": false], agreement: check),
            ]
        ) {
            scores = try stride(from: 0, to: pictures.count, by: 2).map {
                try similarity.score(pictures[$0], pictures[$0 + 1])
            }
            return Harness.Yield(
                items: scores.count, bytes: pictures.count * pictures[0].pixels.count)
        }
    }

    private func encoding(_ harness: Harness, _ what: String, _ pictures: [Image]) throws {
        let inputs = ["pictures": try write(pictures)]
        let level6 = try pictures.reduce(0) { try $0 + $1.pngEncoded(.small).count }
        var bytes = 0
        let works = ["Pillow", "OpenCV"].map { library in
            PeerWork(
                peer: "png_codecs", name: "encode by \(library)", inputs: inputs,
                options: ["library": library, "direction": "encode"],
                agreement: { file in
                    let theirs = try Agreement.sum(file)
                    return String(
                        format: "\(library): ours are %.2f of its bytes", Double(bytes) / theirs)
                })
        }
        try harness.measure("encode PNG, 256² \(what)", item: "frame", against: works) {
            bytes = try pictures.reduce(0) { try $0 + $1.pngEncoded().count }
            return Harness.Yield(
                items: pictures.count, bytes: pictures.count * pictures[0].pixels.count,
                quality: String(
                    format: "%.2f of libpng's bytes at level 6", Double(bytes) / Double(level6)))
        }
    }

    /// Files of our own encoder, and the files that libpng writes of the same pictures.
    private func decoding(_ harness: Harness, _ what: String, _ pictures: [Image]) throws {
        for (writer, effort) in [("our", PNGEffort.fast), ("libpng's", .small)] {
            let files = try pictures.map { try $0.pngEncoded(effort) }
            var end: Int64 = 0
            let ends = files.map { file in
                end += Int64(file.count)
                return end
            }
            let inputs = [
                "files": try NumpyFile.write(
                    files.flatMap { $0 }, shape: [Int(end)], "files-\(effort)", in: folder),
                "ends": try NumpyFile.write(
                    ends, shape: [ends.count], "ends-\(effort)", in: folder),
            ]
            let works = ["Pillow", "OpenCV"].map { library in
                PeerWork(
                    peer: "png_codecs", name: "decode by \(library)", inputs: inputs,
                    options: ["library": library, "direction": "decode"],
                    agreement: { _ in library })
            }
            let name = "decode PNG, 256² \(what), \(writer) files"
            try harness.measure(name, item: "frame", against: works) {
                var batch = [UInt8](repeating: 0, count: pictures[0].pixels.count)
                for file in files {
                    var span = batch.mutableSpan
                    var pixels = span.mutableBytes
                    _ = try Image.decode(file.span.bytes, into: &pixels)
                }
                return Harness.Yield(items: files.count, bytes: files.count * batch.count)
            }
        }
    }

    private func write(_ pictures: [Image]) throws -> URL {
        try NumpyFile.write(
            pictures.flatMap(\.pixels),
            shape: [pictures.count, pictures[0].height, pictures[0].width, 4],
            "pictures-\(pictures.count)", in: folder)
    }

    /// An orbit of 24 frames at 256² under four suns.
    static func frames(
        of asset: BenchmarkAsset, startAzimuthDegrees azimuth: Double = 0
    ) throws -> [Image] {
        let mesh = try mesh(of: asset)
        let views = CameraPath.orbit(startAzimuthDegrees: azimuth, periodic: true)
            .views(frameCount: 24)
        return try Renderer(mesh: mesh, settings: RenderSettings()).renderVideo(views)
            .compactMap(\.color)
    }

    /// The asset's clip at 24 times, in the unit cube.
    static func mesh(of asset: BenchmarkAsset) throws -> MeshSequence {
        let loaded = try AssetLoader().load(path: asset.path)
        let clip = asset.clip.flatMap { name in loaded.clips.firstIndex { $0.name == name } } ?? 0
        var mesh = try loaded.mesh(
            clip: clip,
            times: Timeline.uniform(count: 24, periodic: true).times(for: loaded.clips[clip]))
        mesh.normalise(Normalisation())
        return mesh
    }

    /// Waves of colour over the whole picture: no ground that comparing could leave out.
    private static func filled() -> [Image] {
        (0..<8).map { k in
            var image = Image(width: 256, height: 256)
            for y in 0..<256 {
                for x in 0..<256 {
                    let phase = Double(x) * 0.11 + Double(y) * 0.07 + 0.4 * Double(k)
                    let v = UInt8(127.5 + 127.5 * sin(phase))
                    image[x, y] = SIMD4(v, 255 - v, UInt8((x ^ y) & 255), 255)
                }
            }
            return image
        }
    }
}

extension Agreement {
    /// The largest difference of scores.
    fileprivate static func scores(_ file: URL, _ own: [Double]) throws -> String {
        let theirs: [Double] = try numbers(file)
        guard theirs.count == own.count else { return "\(theirs.count) against \(own.count)" }
        return String(
            format: "differs by %.1e at most", zip(theirs, own).map { abs($0 - $1) }.max() ?? 0)
    }

    /// The sum of a peer's numbers.
    fileprivate static func sum(_ file: URL) throws -> Double {
        let theirs: [Float] = try numbers(file)
        return theirs.reduce(0) { $0 + Double($1) }
    }
}
