import Geometry

/// What a clip looks like, what shape it has and how it moves: what near-duplicates are told by.
public struct Signature: Sendable, Equatable {
    /// From four sides.
    public var views: ViewSignature
    /// In space.
    public var shape: ShapeSignature
    /// Over time.
    public var motion: MotionSignature

    /// A signature of its parts.
    public init(views: ViewSignature, shape: ShapeSignature, motion: MotionSignature) {
        self.views = views
        self.shape = shape
        self.motion = motion
    }

    /// A signature of the stored measures of a clip; nil where one is missing.
    ///
    /// - Parameter numbers: the numbers of a measure, such as `signature.views`.
    public init?(numbers: (MeasureID) -> [Double]?) {
        guard let views = numbers(.signatureViews).flatMap(ViewSignature.init(numbers:)),
            let shape = numbers(.signatureShape).flatMap(ShapeSignature.init(numbers:)),
            let motion = numbers(.signatureMotion).flatMap(MotionSignature.init(numbers:))
        else { return nil }
        self.init(views: views, shape: shape, motion: motion)
    }

    /// How far two signatures are from each other.
    public static func distance(_ a: Signature, _ b: Signature) -> Distance {
        Distance(
            views: ViewSignature.distance(a.views, b.views),
            shape: ShapeSignature.distance(a.shape, b.shape),
            motion: MotionSignature.distance(a.motion, b.motion))
    }

    /// How far two signatures are from each other.
    public struct Distance: Sendable, Equatable {
        /// Bits of 256 in which the hashes of four views differ.
        public var views: Int
        /// Earth mover's distance between shapes, in root mean square distances from the middle.
        public var shape: Double
        /// Mean difference of displacements, in the same unit.
        public var motion: Double
    }

    /// Up to which distances two clips are near-duplicates.
    public struct Limits: Sendable, Equatable {
        /// Bits of 256; from 256 on, views are not asked.
        public var views: Int
        /// Earth mover's distance between shapes.
        public var shape: Double
        /// Mean difference of displacements; for clips that not only look alike, but move alike.
        public var motion: Double

        /// Limits that divide variants of an asset from other assets on the demo corpus; see
        /// Documentation/integrity.md.
        public static let standard = Limits(views: 48, shape: 0.06, motion: 0.06)

        /// Limits of the distances.
        public init(views: Int, shape: Double, motion: Double) {
            self.views = views
            self.shape = shape
            self.motion = motion
        }

        /// Whether two clips look alike, however they move.
        public func lookAlike(_ distance: Distance) -> Bool {
            distance.views <= views && distance.shape <= shape
        }

        /// Whether two clips look alike and move alike.
        public func areAlike(_ distance: Distance) -> Bool {
            lookAlike(distance) && distance.motion <= motion
        }
    }
}
