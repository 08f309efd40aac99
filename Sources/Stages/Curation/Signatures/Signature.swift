import Foundation

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

    /// How far two signatures are from each other, each turned as the views agree best.
    public static func distance(_ a: Signature, _ b: Signature) -> Distance {
        let views = ViewSignature.distances(a.views, b.views)
        let least = views.min()
        let motion = (0..<4).lazy.filter { views[$0] == least }.map {
            MotionSignature.distance(a.motion, b.motion, quarters: $0)
        }.min()
        return Distance(
            views: least, shape: ShapeSignature.distance(a.shape, b.shape), motion: motion ?? 0)
    }

    /// How far two signatures are from each other.
    public struct Distance: Sendable, Equatable, CustomStringConvertible {
        /// Bits of 256 in which the hashes of four views differ.
        public var views: Int
        /// Earth mover's distance between shapes, in root mean square distances from the middle.
        public var shape: Double
        /// Difference of the motions relative to the larger of them, 0 to 2.
        public var motion: Double

        /// The distances, as people read them.
        public var description: String {
            "views \(views) of 256, shape " + String(format: "%.3f, motion %.3f", shape, motion)
        }
    }

    /// Up to which distances two clips are near-duplicates.
    public struct Limits: Sendable, Equatable {
        /// Bits of 256; from 256 on, views are not asked.
        public var views: Int
        /// Earth mover's distance between shapes.
        public var shape: Double
        /// Relative difference of motions, for clips that not only look alike, but move alike.
        public var motion: Double

        /// Limits that divide variants of an asset from other assets on the demo corpus; see
        /// Documentation/integrity.md.
        public static let standard = Limits(views: 47, shape: 0.05, motion: 0.25)

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
