/// One asset of the demo corpus, and what a user should see become of it.
public struct DemoAsset: Sendable, Equatable {
    /// The path of the asset's file or folder relative to the corpus, without extension.
    public var id: String
    /// The path of the asset's file or folder relative to the corpus.
    public var path: String
    /// How the asset's files are laid out.
    public var layout: Layout
    /// What becomes of it.
    public var expectation: Expectation
    /// What it shows or tests, in one sentence.
    public var description: String

    /// An asset of the demo corpus.
    public init(
        id: String, path: String, layout: Layout, expectation: Expectation, description: String
    ) {
        self.id = id
        self.path = path
        self.layout = layout
        self.expectation = expectation
        self.description = description
    }

    /// How an asset's files are laid out.
    public enum Layout: String, Sendable {
        /// A .glb or .gltf file.
        case gltf
        /// A DeformingThings4D .anime file.
        case anime
        /// A character folder in the manner of 3DBiCar.
        case character = "3dbicar"
        /// A folder of numbered OBJ files.
        case objSequence = "obj-sequence"
    }

    /// What becomes of an asset under the demo's rules.
    public enum Expectation: Sendable, Equatable {
        /// It passes every rule.
        case kept
        /// It loads, and a rule rejects it.
        case rejected(why: Rejection)
        /// It cannot be read or sampled.
        case fails(why: String)
    }

    /// The rule that rejects an asset.
    public enum Rejection: String, Sendable {
        /// It has no clip.
        case noClip = "no clip"
        /// Nothing moves, or hardly anything.
        case tooStill = "hardly moves"
        /// It grows to many times its size.
        case explodes = "explodes"
        /// It leaves the picture.
        case outOfFrame = "leaves the frame"
        /// Its clip is shorter than twelve frames.
        case tooShort = "too short"
        /// Its aesthetic score is under 5.5.
        case lowScore = "low aesthetic score"
        /// A picture that a material asks for is not there.
        case missingTexture = "missing texture"
        /// Its licence forbids commercial use.
        case license = "licence"
        /// It is tagged as something that is not wanted.
        case unwantedTag = "unwanted tag"
    }
}
