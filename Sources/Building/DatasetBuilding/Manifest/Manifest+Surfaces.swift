import Documents
import Surfaces

extension Manifest {
    /// What is made of a sample's surfaces, for trainers that read shapes. What is nil is not made.
    public struct Surfaces: Sendable, Equatable {
        /// Cells of the grid of watertight conversion along the longest side.
        public var resolution: Int
        /// Whether the watertight surfaces themselves are stored.
        public var isMeshStored: Bool
        /// Time-aligned queries (ShapeGen4D).
        public var queries: QuerySettings?
        /// How many points are tracked (GVF).
        public var pointCount: Int?
        /// Points with normals on the watertight surface of each frame.
        public var cloud: SurfaceCloud.Settings?
        /// Points with signed distances, for each frame.
        public var distances: DistanceSamples.Settings?
        /// Signed distances on a regular grid, for each frame.
        public var grid: Grid?
        /// Cells that the surface meets.
        public var voxels: Voxels?
        /// Points with colours near the watertight surface of each frame.
        public var colors: Colors?

        /// Signed distances on a regular grid.
        public struct Grid: Sendable, Equatable {
            /// How numbers are stored.
            public enum Precision: String, Sendable, CaseIterable {
                /// Two bytes.
                case float16
                /// Four bytes.
                case float32
            }
            /// Cells a side.
            public var resolution: Int
            /// The grid reaches from minus this to this along every axis.
            public var halfSide: Float
            /// How numbers are stored.
            public var precision: Precision
        }

        /// Cells that the surface meets.
        public struct Voxels: Sendable, Equatable {
            /// Cells a side.
            public var resolution: Int
            /// The cells fill the cube from minus this to this.
            public var halfSide: Float
            /// Whether they are made for all frames; else for frame 0.
            public var coversAllFrames: Bool
        }

        /// Points with colours near the surface.
        public struct Colors: Sendable, Equatable {
            /// How many, in each frame.
            public var count: Int
            /// The standard deviation by which they leave the surface, along every axis.
            public var deviation: Float
        }

        /// Whether anything needs the watertight surface of every frame.
        var needsEveryFrame: Bool {
            isMeshStored || cloud != nil || distances != nil || grid != nil || colors != nil
        }
    }
}

extension Manifest.Surfaces {
    private enum Frames: String, CaseIterable { case first, all }

    /// Reads the section; nil where there is none.
    init?(_ section: DocumentReader?) throws(ManifestError) {
        guard var reader = section else { return nil }
        let counts = 1...1 << 24
        resolution =
            try reader.integer("resolution", in: WatertightSettings.resolutions)
            ?? WatertightSettings().resolution
        isMeshStored = try reader.boolean("mesh") ?? false
        if var entry = try reader.mapping("queries") {
            let usual = QuerySettings()
            queries = QuerySettings(
                count: try entry.integer("count", in: counts) ?? usual.count,
                denseCount: try entry.integer("dense-count", in: counts) ?? usual.denseCount,
                innerDistance: try entry.number("inner-distance", in: 0...10).map(Float.init)
                    ?? usual.innerDistance)
            try entry.finish()
        }
        if var entry = try reader.mapping("points") {
            pointCount = try entry.integer("count", in: counts) ?? 8192
            try entry.finish()
        }
        if var entry = try reader.mapping("cloud") {
            let usual = SurfaceCloud.Settings()
            cloud = SurfaceCloud.Settings(
                count: try entry.integer("count", in: counts) ?? usual.count,
                salientShare: try entry.number("salient-share", in: 0...1) ?? usual.salientShare,
                sharpAngle: try entry.number("sharp-angle", in: 0...180).map { $0 * .pi / 180 }
                    ?? usual.sharpAngle)
            try entry.finish()
        }
        distances = try Manifest.Surfaces.distances(reader.mapping("sdf"))
        if var entry = try reader.mapping("grid") {
            grid = Grid(
                resolution: try entry.integer("resolution", in: 2...512) ?? 64,
                halfSide: try entry.number("half-side", in: 0.001...1000).map(Float.init) ?? 0.525,
                precision: try entry.choice("type") ?? .float32)
            try entry.finish()
        }
        if var entry = try reader.mapping("voxels") {
            voxels = Voxels(
                resolution: try entry.integer("resolution", in: 2...1024) ?? 64,
                halfSide: try entry.number("half-side", in: 0.001...1000).map(Float.init) ?? 0.5,
                coversAllFrames: try entry.choice("frames", Frames.self) == .all)
            try entry.finish()
        }
        if var entry = try reader.mapping("colour") {
            colors = Colors(
                count: try entry.integer("count", in: counts) ?? 16_384,
                deviation: try entry.number("deviation", in: 0...1).map(Float.init) ?? 0.005)
            try entry.finish()
        }
        try reader.finish()
    }

    private static func distances(
        _ section: DocumentReader?
    ) throws(ManifestError) -> DistanceSamples.Settings? {
        guard var entry = section else { return nil }
        var settings = DistanceSamples.Settings()
        let counts = 0...1 << 24
        settings.nearCount =
            try entry.integer("near-count", in: counts) ?? settings.nearCount
        if let texts = try entry.strings("deviations") {
            settings.deviations = texts.compactMap(Float.init).filter { $0 >= 0 && $0 < 1000 }
            guard settings.deviations.count == texts.count else {
                throw entry.error(
                    at: "deviations", "surfaces.sdf.deviations must be a list of lengths")
            }
        }
        settings.uniformCount =
            try entry.integer("uniform-count", in: counts) ?? settings.uniformCount
        settings.halfSide =
            try entry.number("half-side", in: 0.001...1000).map(Float.init) ?? settings.halfSide
        settings.truncation = try entry.number("truncation", in: 1e-9...1000).map(Float.init)
        settings.isPositiveInside =
            try entry.boolean("positive-inside") ?? settings.isPositiveInside
        try entry.finish()
        return settings
    }
}
