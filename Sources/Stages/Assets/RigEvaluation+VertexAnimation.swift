import Foundation
import Geometry
import Imaging

extension MeshSequence {
    /// The sequence at other times: linear between its frames, constant beyond the first and the
    /// last.
    ///
    /// - Parameters:
    ///   - times: `[T]` when to look, by the sequence's own ascending times; at least one.
    ///   - labels: `[T]` the times that the result is given.
    func interpolated(at times: [Double], labelled labels: [Double]) -> MeshSequence {
        var result = self
        result.times = labels
        let places = times.map(place)
        result.positions = Vector3Array(
            scalars: Self.blend(positions.scalars, frame: vertexCount * 3, places))
        if !normals.isEmpty {
            var blended = Self.blend(normals.scalars, frame: vertexCount * 3, places)
            Self.normalizeVectors(&blended, frame: vertexCount * 3, of: places)
            result.normals = Vector3Array(scalars: blended)
        }
        return result
    }

    /// A frame and how far towards the next one.
    private struct Place: Sendable {
        var frame: Int
        var fraction: Float
    }

    /// Where `time` lies among the frames.
    private func place(_ time: Double) -> Place {
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] > time || time.isNaN { high = middle } else { low = middle + 1 }
        }
        guard low > 0 else { return Place(frame: 0, fraction: 0) }
        guard low < times.count else { return Place(frame: times.count - 1, fraction: 0) }
        let fraction = (time - times[low - 1]) / (times[low] - times[low - 1])
        return Place(frame: low - 1, fraction: Float(fraction))
    }

    /// Frames of `frame` scalars each at the given places.
    private static func blend(_ scalars: [Float], frame: Int, _ places: [Place]) -> [Float] {
        [Float](unsafeUninitializedCapacity: frame * places.count) { buffer, count in
            // Every scalar is written once, by the iteration of its frame.
            nonisolated(unsafe) let out = buffer
            Parallel.perform(places.count) { t in
                let place = places[t]
                scalars.withUnsafeBufferPointer { source in
                    let a = UnsafeBufferPointer(
                        rebasing: source[place.frame * frame..<(place.frame + 1) * frame])
                    let target = UnsafeMutableBufferPointer(
                        rebasing: out[t * frame..<(t + 1) * frame])
                    guard place.fraction > 0 else {
                        _ = target.initialize(from: a)
                        return
                    }
                    let b = UnsafeBufferPointer(
                        rebasing: source[(place.frame + 1) * frame..<(place.frame + 2) * frame])
                    for i in 0..<frame { target[i] = a[i] + (b[i] - a[i]) * place.fraction }
                }
            }
            count = frame * places.count
        }
    }

    /// Brings the vectors of blended frames to length one.
    private static func normalizeVectors(_ scalars: inout [Float], frame: Int, of places: [Place]) {
        for (t, place) in places.enumerated() where place.fraction > 0 {
            for i in stride(from: t * frame, to: (t + 1) * frame, by: 3) {
                let n = normalize(SIMD3(scalars[i], scalars[i + 1], scalars[i + 2]))
                scalars[i] = n.x
                scalars[i + 1] = n.y
                scalars[i + 2] = n.z
            }
        }
    }
}
