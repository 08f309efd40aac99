import Assets
import Geometry

/// The whole recipe of a dataset: which assets, sampled and normalised how, judged by which
/// rules, rendered into which videos, stored where. Read from YAML by ``Manifest/init(file:text:)``.
public struct Manifest: Sendable, Equatable {
    /// The dataset's name.
    public var name: String
    /// Seeds every draw, together with the asset's identity and the draw's purpose.
    public var seed: UInt64
    /// Which assets.
    public var corpus: Corpus
    /// Which clips of an asset become samples.
    public var clips: ClipSelection
    /// At which times of a clip frames are taken.
    public var timeline: Timeline
    /// How a sequence is brought to a common size and place.
    public var normalisation: Normalisation
    /// How pictures are made.
    public var rendering: Rendering
    /// The videos of a sample, in the file's order.
    public var videos: [VideoRecipe]
    /// What decides whether a sample is kept.
    public var curation: Curation
    /// What is made of the surfaces; nil for nothing.
    public var surfaces: Surfaces?
    /// What is written besides the videos, and how.
    public var store: Store

    /// Which assets are processed.
    public struct Corpus: Sendable, Equatable {
        /// The corpus's layout; `automatic` tells by extension, content and folder.
        public var layout: AssetLayout
        /// A file of asset identities, one a line; nil takes all that the folder holds.
        public var ids: String?
        /// An Objaverse annotations JSON: an object of objects keyed by identity.
        public var annotations: String?
        /// A CSV (with a header) or JSON Lines file of further columns.
        public var columns: String?
        /// The column of `columns` that holds the identity.
        public var identityColumn: String
        /// Frames a second of sources that do not say (`.anime`, OBJ sequences, 3DBiCar).
        public var framesPerSecond: Double?
        /// The axis that points up in sources that do not say; nil for the format's custom.
        public var upAxis: UpAxis?
        /// The largest assets that are taken.
        public var limits: Limits
    }

    /// The largest assets that are taken; larger ones are recorded as such.
    public struct Limits: Sendable, Equatable {
        /// The sizes that an asset's files may state.
        public var asset: AssetLimits
        /// Clips of an asset that become samples; later ones are recorded as left out.
        public var clips: Int
    }

    /// How pictures are made.
    public struct Rendering: Sendable, Equatable {
        /// Width and height in pixels.
        public var size: Int
        /// Samples a pixel: 1, 4 or 16.
        public var samples: Int
        /// The camera's distance from the origin.
        public var distance: Double
        /// The horizontal field of view in degrees.
        public var fieldOfViewDegrees: Double
        /// The lights.
        public var lights: Lights
        /// Whether back faces are left out as materials say, or always drawn.
        public var culling: Culling
        /// Axes in which camera files are written.
        public var world: World
    }

    /// The lights of all videos of an asset.
    public struct Lights: Sendable, Equatable {
        /// The preset.
        public enum Preset: String, Sendable, CaseIterable {
            /// The base colour as it is.
            case unlit
            /// White surroundings.
            case uniform
            /// Diffusion4D's key, fill, rim and bottom suns.
            case fourSuns = "four-suns"
            /// A soft key and fill.
            case area
        }
        /// The preset.
        public var preset: Preset
        /// `four-suns`: strengths of key, fill, rim and bottom in W/m²; nil draws them for each
        /// asset, as Diffusion4D's script does.
        public var strengths: SIMD4<Double>?

        /// Lights of a preset.
        public init(preset: Preset, strengths: SIMD4<Double>? = nil) {
            self.preset = preset
            self.strengths = strengths
        }
    }

    /// Whether back faces are drawn.
    public enum Culling: String, Sendable, CaseIterable {
        /// As the material says.
        case byMaterial = "by-material"
        /// All faces are drawn, as Cycles does.
        case never
    }

    /// Axes in which camera files are written.
    public enum World: String, Sendable, CaseIterable {
        /// Y up, as everything here.
        case muybridge
        /// Z up, as Diffusion4D's and GVF's loaders expect.
        case blender
    }

    /// One video of a sample.
    public struct VideoRecipe: Sendable, Equatable {
        /// The path of the camera.
        public enum Path: String, Sendable, CaseIterable {
            /// Around the asset once.
            case orbit
            /// From one place.
            case fixed
            /// Four cameras at right angles, at each time.
            case fourView = "four-view"
            /// Cameras spread evenly over the sphere, around frame 0.
            case sphere
        }
        /// An angle that is given, or drawn for each asset.
        public enum Angle: Sendable, Equatable {
            /// Degrees.
            case degrees(Double)
            /// Drawn uniformly from a range of degrees.
            case drawn(Range<Double>)
        }
        /// The name, which becomes part of the fields' names.
        public var name: String
        /// The path of the camera.
        public var path: Path
        /// Where it starts (orbit) or stands.
        public var azimuth: Angle
        /// Degrees above the horizon.
        public var elevation: Angle
        /// `orbit`: whether the last view stands one step before the first, rather than on it.
        public var periodic: Bool
        /// `sphere`: how many cameras.
        public var count: Int
        /// The name of the video whose views this one repeats with the asset held at frame 0.
        public var frozen: String?
        /// Shares the drawn angles of the video of this name.
        public var anglesOf: String
        /// The share of the picture that the object fills over the whole video, or nil for none.
        public var fit: Double?
        /// `color`, `depth`, `normal`, `position`, `triangle-id`, `part-id`, `flow`, `scene-flow`.
        public var outputs: [Output]
    }

    /// What is written of a rendered frame.
    public enum Output: String, Sendable, CaseIterable {
        /// PNG, 8-bit sRGB with straight alpha.
        case color
        /// `[T, H, W]` metres along the view direction.
        case depth
        /// `[T, H, W, 3]` in the camera's axes.
        case normal
        /// `[T, H, W, 3]` in the world.
        case position
        /// `[T, H, W]` `int32`, -1 where there is none.
        case triangleID = "triangle-id"
        /// `[T, H, W]` `int32`, -1 where there is none.
        case partID = "part-id"
        /// `[T, H, W, 2]` pixels to the next frame.
        case flow
        /// `[T, H, W, 3]` metres to the next frame.
        case sceneFlow = "scene-flow"
    }

    /// What decides whether a sample is kept.
    public struct Curation: Sendable, Equatable {
        /// The rule file, or nil to keep everything.
        public var filter: String?
        /// Measures that are taken and stored although no rule asks for them.
        public var measures: [String]
        /// Whether all rules are judged even after one has rejected.
        public var exhaustive: Bool
        /// What becomes of clips that look alike.
        public var duplicates: Duplicates
        /// Width of the preview strips' pictures in pixels; 0 writes none.
        public var previewSize: Int
    }

    /// What is written, and how.
    public struct Store: Sendable, Equatable {
        /// Where a shard is full, in bytes.
        public var shardBytes: Int
        /// Shares of the splits; they sum to one.
        public var train: Double
        /// Share of the validation split.
        public var validation: Double
        /// Share of the test split.
        public var test: Double
        /// Mesh arrays that are stored with each sample.
        public var arrays: [MeshArray]
    }

    /// An array of the sampled, normalised mesh.
    public enum MeshArray: String, Sendable, CaseIterable {
        /// `[T, V, 3]` float32.
        case positions
        /// `[T, V, 3]` float32.
        case normals
        /// `[F, 3]` uint32.
        case triangles
        /// `[V, 2]` float32.
        case uvs
    }
}
