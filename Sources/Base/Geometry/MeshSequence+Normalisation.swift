import Foundation

/// How a sequence is brought to a common size and place before it is rendered or sampled.
public struct Normalisation: Sendable, Equatable {
    /// What the sequence is scaled into.
    public enum Shape: String, Sendable, CaseIterable {
        /// Left as it is.
        case none
        /// The longest side of the box becomes 1, its centre the origin.
        case unitCube = "unit-cube"
        /// The point farthest from the box's centre comes to distance 1 from the origin.
        case unitSphere = "unit-sphere"
    }

    /// Which frames the box is taken from.
    public enum Extent: String, Sendable, CaseIterable {
        /// Frame 0 alone (Diffusion4D, GVF): later frames may leave the box.
        case firstFrame = "first-frame"
        /// All frames (ShapeGen4D): nothing leaves the box.
        case allFrames = "all-frames"
    }

    /// What is done about motion of the body as a whole.
    public enum RootMotion: String, Sendable, CaseIterable {
        /// Kept.
        case keep
        /// Each frame is rotated and moved onto frame 0 (ShapeGen4D).
        case remove
        /// Each frame is moved, not rotated, so that its centroid stays where frame 0 has it.
        case removeTranslation = "remove-translation"
        /// As `removeTranslation`, but along the ground (x and z) only: jumps remain.
        case removeHorizontal = "remove-horizontal"
    }

    /// What the sequence is scaled into.
    public var shape: Shape
    /// Which frames the box is taken from.
    public var extent: Extent
    /// What is done about motion of the body as a whole.
    public var rootMotion: RootMotion

    /// A normalisation; by default into the unit cube by the first frame, as Diffusion4D does it.
    public init(
        shape: Shape = .unitCube, extent: Extent = .firstFrame, rootMotion: RootMotion = .keep
    ) {
        self.shape = shape
        self.extent = extent
        self.rootMotion = rootMotion
    }
}

extension MeshSequence {
    /// Brings the sequence to a common size and place, in place.
    ///
    /// A sequence without a finite extent (one point, no vertices) is centred and not scaled.
    ///
    /// - Returns: `[T]` similarity transforms `normalisedFromAsset`, one a frame, whose inverses
    ///   undo what was done.
    /// - Complexity: O(*T V*).
    @discardableResult
    public mutating func normalise(_ normalisation: Normalisation) -> [Matrix4] {
        let motions = rootMotionRemovals(normalisation.rootMotion)
        for (t, motion) in motions.enumerated() where motion != .identity {
            transformFrame(t, by: motion)
        }
        let similarity = similarityTransform(normalisation)
        if similarity != .identity {
            for t in 0..<frameCount { transformFrame(t, by: similarity) }
        }
        return motions.map { similarity * $0 }
    }

    /// One similarity for all frames: scale and centring alone.
    private func similarityTransform(_ normalisation: Normalisation) -> Matrix4 {
        guard normalisation.shape != .none else { return .identity }
        let frames = normalisation.extent == .firstFrame ? 0..<1 : 0..<frameCount
        let range = frames.lowerBound * vertexCount..<frames.upperBound * vertexCount
        let box = Bounds(positions, range: range)
        guard !box.isEmpty else { return .identity }
        let center = SIMD3<Double>(box.center)
        let extent: Double
        switch normalisation.shape {
        case .none: return .identity
        case .unitCube: extent = Double(box.longestSide)
        case .unitSphere:
            var farthest: Float = 0
            for i in range {
                let squared = length(positions[i] - box.center)
                if squared.isFinite { farthest = max(farthest, squared) }
            }
            extent = Double(farthest)
        }
        let scale = extent > 0 && extent.isFinite ? 1 / extent : 1
        return Matrix4.scale(SIMD3(repeating: scale)) * Matrix4.translation(-center)
    }

    /// Per frame, the rigid motion that brings it onto frame 0.
    private func rootMotionRemovals(_ rootMotion: Normalisation.RootMotion) -> [Matrix4] {
        guard rootMotion != .keep, frameCount > 1, vertexCount > 0 else {
            return [Matrix4](repeating: .identity, count: frameCount)
        }
        let weights = vertexAreas(frame: 0)
        let first = positions[vertexRange(ofFrame: 0)]
        if rootMotion == .remove {
            return (0..<frameCount).map { t in
                t == 0
                    ? .identity
                    : RigidRegistration.kabsch(
                        source: positions[vertexRange(ofFrame: t)], target: first,
                        weights: weights)
            }
        }
        let home = weightedMean(frame: 0, weights: weights)
        return (0..<frameCount).map { t in
            var shift = home - weightedMean(frame: t, weights: weights)
            if rootMotion == .removeHorizontal { shift.y = 0 }
            return t == 0 ? .identity : .translation(shift)
        }
    }

    /// A third of the area of the triangles around each vertex, in frame `t`; where the whole
    /// surface has no area, one for each vertex.
    ///
    /// - Returns: `[V]` areas in squared metres.
    public func vertexAreas(frame t: Int) -> [Float] {
        var areas = [Float](repeating: 0, count: vertexCount)
        let base = t * vertexCount
        for f in 0..<triangleCount {
            let a = Int(triangles[3 * f]), b = Int(triangles[3 * f + 1])
            let c = Int(triangles[3 * f + 2])
            let p = positions[base + a]
            let area = length(cross(positions[base + b] - p, positions[base + c] - p)) / 6
            guard area.isFinite else { continue }
            areas[a] += area
            areas[b] += area
            areas[c] += area
        }
        return areas.contains { $0 > 0 } ? areas : [Float](repeating: 1, count: vertexCount)
    }

    private func weightedMean(frame t: Int, weights: [Float]) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        var total = 0.0
        for (i, p) in positions[vertexRange(ofFrame: t)].enumerated()
        where weights[i] > 0 && p - p == .zero {
            sum += SIMD3<Double>(p) * Double(weights[i])
            total += Double(weights[i])
        }
        return total > 0 ? sum / total : .zero
    }

    /// Applies a similarity to the positions and normals of one frame.
    private mutating func transformFrame(_ t: Int, by m: Matrix4) {
        let x = m.columns.0, y = m.columns.1, z = m.columns.2, w = m.columns.3
        for i in vertexRange(ofFrame: t) {
            let p = SIMD3<Double>(positions[i])
            let q = x * p.x + y * p.y + z * p.z + w
            positions[i] = SIMD3<Float>(SIMD3(q.x, q.y, q.z))
        }
        let turns =
            m.columns.0.y != 0 || m.columns.0.z != 0 || m.columns.1.x != 0 || m.columns.1.z != 0
            || m.columns.2.x != 0 || m.columns.2.y != 0
        guard turns, !normals.isEmpty else { return }
        for i in vertexRange(ofFrame: t) {
            normals[i] = SIMD3<Float>(normalize(m.transform(direction: SIMD3<Double>(normals[i]))))
        }
    }
}
