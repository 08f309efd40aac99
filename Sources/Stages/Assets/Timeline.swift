import Foundation
import Geometry

/// At which times of a clip an asset is sampled.
public enum Timeline: Sendable, Equatable {
    /// T times spread evenly over the clip: both ends among them, or, where `periodic`, without
    /// the end, which a looping clip's start repeats.
    case uniform(count: Int, periodic: Bool)
    /// T times `1 / framesPerSecond` apart from `start` seconds on, held at the clip's ends.
    /// Diffusion4D's script takes the 24 scene frames from 0 at 24 a second.
    case rate(framesPerSecond: Double, start: Double, count: Int)
    /// As GVFDiffusion's script chooses: T frames in a row from the clip's first key on; where
    /// they hardly move, T frames spread over the clip's whole range.
    case window(count: Int, framesPerSecond: Double)

    /// Under this mean displacement, in unit cubes, GVFDiffusion's script calls frames static.
    public static let stillnessThreshold = 0.01

    /// The number of times, T.
    public var count: Int {
        switch self {
        case .uniform(let count, _), .rate(_, _, let count), .window(let count, _): count
        }
    }

    /// `[T]` times in seconds of the clip, ascending and within it. A window is the frames in a
    /// row, whether they move or not: see ``times(for:clip:)``.
    ///
    /// Counts and rates must be positive.
    public func times(for clip: Clip) -> [Double] {
        precondition(count > 0, "a timeline has one time at least")
        switch self {
        case .uniform(let count, let periodic):
            let steps = periodic ? count : count - 1
            guard steps > 0 else { return [clip.start] }
            return (0..<count).map { i in
                i == steps ? clip.end : clip.start + clip.duration * Double(i) / Double(steps)
            }
        case .rate(let framesPerSecond, let start, let count):
            precondition(framesPerSecond > 0, "a frame rate is positive")
            return (0..<count).map { i in
                min(max(start + Double(i) / framesPerSecond, clip.start), clip.end)
            }
        case .window(let count, let framesPerSecond):
            let last = Timeline.lastFrame(of: clip, framesPerSecond: framesPerSecond)
            return (0..<count).map { i in
                Timeline.time(ofFrame: min(Double(i), last), of: clip, framesPerSecond)
            }
        }
    }

    /// `[T]` times in seconds of one of the asset's clips. A window is moved over the asset's own
    /// vertices to see whether it moves.
    ///
    /// - Throws: ``AssetError`` where the asset has no such clip or cannot be sampled.
    public func times(for asset: AnimatedAsset, clip: Int) throws(AssetError) -> [Double] {
        guard asset.clips.indices.contains(clip) else {
            throw .noSuchClip(
                asset: asset.name, clip: "number \(clip)", available: asset.clips.map(\.name))
        }
        let times = times(for: asset.clips[clip])
        guard case .window(let count, let framesPerSecond) = self, count > 1 else { return times }
        let displacement = try asset.mesh(clip: clip, times: times).meanDisplacement
        if displacement >= Timeline.stillnessThreshold { return times }
        // The script steps through whole frames and rounds down.
        let clip = asset.clips[clip]
        let last = Timeline.lastFrame(of: clip, framesPerSecond: framesPerSecond)
        return (0..<count).map { i in
            let frame = (Double(i) / Double(count - 1) * last + 1e-9).rounded(.down)
            return Timeline.time(ofFrame: frame, of: clip, framesPerSecond)
        }
    }

    /// The last whole frame of a clip, counted from its start. A key that stands on a frame but
    /// for rounding counts as standing on it.
    private static func lastFrame(of clip: Clip, framesPerSecond: Double) -> Double {
        precondition(framesPerSecond > 0, "a frame rate is positive")
        return (clip.duration * framesPerSecond + 1e-6).rounded(.down)
    }

    private static func time(ofFrame frame: Double, of clip: Clip, _ framesPerSecond: Double)
        -> Double
    {
        min(clip.start + frame / framesPerSecond, clip.end)
    }
}

extension MeshSequence {
    /// How far the vertices are from where they are in frame 0: the mean over vertices, averaged
    /// over the later frames, where the longest side of frame 0's box is one. GVFDiffusion's
    /// measure of whether an asset moves. Zero where there is one frame.
    ///
    /// - Complexity: O(*T* · *V*).
    public var meanDisplacement: Double {
        let side = Double(bounds(ofFrame: 0).longestSide)
        guard frameCount > 1, vertexCount > 0, side > 0 else { return 0 }
        let sum = positions.scalars.withUnsafeBufferPointer { p in
            var sum = 0.0
            for t in 1..<frameCount {
                let base = 3 * t * vertexCount
                for i in stride(from: 0, to: 3 * vertexCount, by: 3) {
                    let d = SIMD3(
                        p[base + i] - p[i], p[base + i + 1] - p[i + 1], p[base + i + 2] - p[i + 2])
                    sum += Double(length(d))
                }
            }
            return sum
        }
        return sum / (side * Double(vertexCount) * Double(frameCount - 1))
    }
}
