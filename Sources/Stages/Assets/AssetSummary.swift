import Geometry

/// What an asset holds, for people and for scripts.
public struct AssetSummary: Codable, Sendable, Equatable {
    /// The file's or folder's name without its extension.
    public var name: String
    /// The format's name: `gltf`, `fbx`, `anime`, ...
    public var format: String
    /// The animations.
    public var clips: [ClipSummary]
    /// Meshes that the file holds; one for vertex animation.
    public var primitiveCount: Int
    /// Places where a mesh is shown.
    public var instanceCount: Int
    /// Vertices of a frame, every instance counted.
    public var vertexCount: Int
    /// Triangles of a frame, every instance counted.
    public var triangleCount: Int
    /// Nodes that skins name, each counted once.
    public var jointCount: Int
    /// Morph targets of all meshes.
    public var morphTargetCount: Int
    /// The box around the rest pose; nil where it was not measured.
    public var restBounds: BoundsSample?
    /// The materials' names.
    public var materials: [String]
    /// The pictures.
    public var textures: [TextureSummary]
    /// Pictures that a material asks for and that could not be read.
    public var missingTextures: [String]
    /// What the loader had to work around.
    public var warnings: [String]

    /// One animation.
    public struct ClipSummary: Codable, Sendable, Equatable {
        /// The clip's name; may be empty.
        public var name: String
        /// The time of the first key in seconds.
        public var startSeconds: Double
        /// From the first key to the last one, in seconds.
        public var durationSeconds: Double
        /// Properties that are animated.
        public var channelCount: Int
        /// Keys of all properties.
        public var keyCount: Int
        /// Frames that the source holds, where it is sampled rather than keyed.
        public var sourceFrameCount: Int?
        /// The box around the asset at some times of the clip; empty where it was not measured.
        public var bounds: [BoundsSample]
    }

    /// The box around an asset at one time.
    public struct BoundsSample: Codable, Sendable, Equatable {
        /// Seconds of the clip.
        public var timeSeconds: Double
        /// `[3]`: the smallest coordinates, metres.
        public var minimum: [Float]
        /// `[3]`: the largest coordinates, metres.
        public var maximum: [Float]
    }

    /// One picture.
    public struct TextureSummary: Codable, Sendable, Equatable {
        /// The name under which the asset knows it; may be empty.
        public var name: String
        /// Pixels in a row.
        public var width: Int
        /// Rows.
        public var height: Int
    }

    /// The summary of an asset.
    ///
    /// An asset that cannot be sampled is summed up without boxes, with a warning that says why.
    ///
    /// - Parameters:
    ///   - boundsSampleCount: at how many times of a clip the asset is measured; 0 for no boxes
    ///     at all.
    ///   - measuredClipCount: how many of the first clips are measured.
    public init(
        _ asset: AnimatedAsset, boundsSampleCount: Int = 8, measuredClipCount: Int = 4
    ) {
        name = asset.name
        format = asset.format
        materials = asset.materials.map(\.name)
        textures = asset.textures.map {
            TextureSummary(name: $0.name, width: $0.image.width, height: $0.image.height)
        }
        missingTextures = asset.missingTextures
        warnings = asset.warnings
        switch asset.body {
        case .rig(let rig):
            let shown = rig.instances.compactMap { instance in
                rig.primitives.indices.contains(instance.primitive)
                    ? rig.primitives[instance.primitive] : nil
            }
            primitiveCount = rig.primitives.count
            instanceCount = rig.instances.count
            vertexCount = shown.reduce(0) { $0 + $1.positions.count }
            triangleCount = shown.reduce(0) { $0 + $1.triangles.count / 3 }
            jointCount = Set(rig.skins.flatMap(\.joints)).count
            morphTargetCount = rig.primitives.reduce(0) { $0 + $1.morphTargets.count }
        case .vertexAnimation(let animation):
            primitiveCount = 1
            instanceCount = 1
            vertexCount = animation.mesh.vertexCount
            triangleCount = animation.mesh.triangleCount
            jointCount = 0
            morphTargetCount = 0
        }
        clips = asset.clips.map(ClipSummary.init)
        guard boundsSampleCount > 0 else { return }
        do {
            restBounds = BoundsSample(
                try asset.mesh(clip: nil, times: [0]).bounds, timeSeconds: 0)
            let timeline = Timeline.uniform(count: boundsSampleCount, periodic: false)
            for (i, clip) in asset.clips.enumerated().prefix(measuredClipCount) {
                let mesh = try asset.mesh(clip: i, times: timeline.times(for: clip))
                clips[i].bounds = mesh.times.indices.map { t in
                    BoundsSample(mesh.bounds(ofFrame: t), timeSeconds: mesh.times[t])
                }
            }
        } catch {
            warnings.append("It cannot be sampled: \(error).")
        }
    }
}

extension AssetSummary.ClipSummary {
    /// A clip without its boxes.
    fileprivate init(_ clip: Clip) {
        name = clip.name
        startSeconds = clip.start
        durationSeconds = clip.duration
        channelCount = clip.channels.count
        keyCount = clip.channels.reduce(0) { $0 + $1.times.count }
        sourceFrameCount = clip.sourceFrameCount
        bounds = []
    }
}

extension AssetSummary.BoundsSample {
    fileprivate init(_ bounds: Bounds, timeSeconds: Double) {
        self.timeSeconds = timeSeconds
        let corners = bounds.isEmpty ? (.zero, .zero) : (bounds.minimum, bounds.maximum)
        minimum = [corners.0.x, corners.0.y, corners.0.z]
        maximum = [corners.1.x, corners.1.y, corners.1.z]
    }
}
