extension Tensor {
    /// `count` different numbers of 0..<bound in random order (`int64`), a function of the seed.
    ///
    /// - Precondition: `count` is at most `bound`.
    public static func choice(_ count: Int, of bound: Int, seed: UInt64) throws -> Tensor {
        precondition(count <= bound, "\(count) different numbers of \(bound)")
        return try rand([bound], seed: seed).topK(count).indices
    }
}
