/// The part of a dataset that a sample belongs to.
public enum Split: String, Sendable, Codable, CaseIterable, Hashable {
    /// For fitting a model.
    case train
    /// For choosing between models.
    case validation = "val"
    /// For the figures that are published.
    case test

    /// The shares of the three splits.
    public struct Fractions: Sendable, Equatable {
        /// The share of each split; the three sum to 1.
        public let train, validation, test: Double

        /// Everything in `train`.
        public static let trainOnly = Fractions(unchecked: 1, 0, 0)

        /// Shares that must be finite, not negative, and sum to 1 within 1e-6.
        ///
        /// - Throws: `StoreError.invalid`.
        public init(train: Double, validation: Double, test: Double) throws(StoreError) {
            let shares = [train, validation, test]
            guard shares.allSatisfy({ $0.isFinite && $0 >= 0 }),
                abs(shares.reduce(0, +) - 1) <= 1e-6
            else {
                throw .invalid(
                    record: "splits train \(train), val \(validation), test \(test)",
                    what: "the shares must not be negative and must sum to 1")
            }
            self.init(unchecked: train, validation, test)
        }

        private init(unchecked train: Double, _ validation: Double, _ test: Double) {
            self.train = train
            self.validation = validation
            self.test = test
        }
    }

    /// The split of an asset, by a hash of its identity and the seed alone: all clips of an asset
    /// fall together, and a corpus that grows moves none of its assets.
    ///
    /// `u` is the top 53 bits of the hash of `"SEED\0split\0ASSET"` over 2⁵³; the asset is in
    /// `test` where `u < test`, else in `val` where `u < test + val`, else in `train`.
    ///
    /// - Parameters:
    ///   - asset: the asset's identity, or that of a group of assets that must stay together.
    ///   - fractions: the shares of the splits.
    ///   - seed: the manifest's seed.
    public static func assign(asset: String, fractions: Fractions, seed: UInt64) -> Split {
        let unit = Double(StableHash.of("\(seed)\0split\0\(asset)") >> 11) * 0x1p-53
        if unit < fractions.test { return .test }
        if unit < fractions.test + fractions.validation { return .validation }
        return .train
    }
}
