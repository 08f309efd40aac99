import Geometry

/// Distances between the members of two sets.
public struct DistanceMatrix: Sendable, Equatable {
    /// Members of the first set.
    public let rows: Int
    /// Members of the second set.
    public let columns: Int
    /// `[rows, columns]`.
    public var values: [Double]

    /// A matrix of known distances.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(values.count == rows * columns, "one distance a pair")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The distance from member `i` of the first set to member `j` of the second.
    @inlinable public subscript(i: Int, j: Int) -> Double { values[i * columns + j] }

    /// The mean of matrices of one size.
    static func mean(_ matrices: [DistanceMatrix]) -> DistanceMatrix {
        var result = matrices[0]
        for matrix in matrices.dropFirst() {
            for i in result.values.indices { result.values[i] += matrix.values[i] }
        }
        for i in result.values.indices { result.values[i] /= Double(matrices.count) }
        return result
    }
}

/// What is said of a generated set of shapes beside a reference set.
public struct SetScores: Sendable, Equatable, Codable {
    /// Minimum matching distance (Achlioptas et al. 2018): the mean over reference shapes of the
    /// distance to the nearest generated one. Lower is better.
    public var minimumMatchingDistance: Double
    /// Coverage (the same paper): the share of reference shapes that are the nearest of some
    /// generated one, 0 to 1. Higher is better.
    public var coverage: Double
    /// Leave-one-out accuracy of telling the two sets apart by the nearest neighbour (Yang et al.
    /// 2019), 0 to 1; 0.5 is best.
    public var nearestNeighborAccuracy: Double
}

extension SetScores {
    /// The scores that follow from all distances.
    ///
    /// Among equally near shapes the first one is taken for coverage, as `torch.min` does. For the
    /// accuracy each of the equally near ones votes, so that neither the order of shapes nor of
    /// sets matters: with a twin in the other set and none in its own, a shape counts as mistaken.
    ///
    /// - Parameters:
    ///   - referenceToGenerated: `[R, G]`; both at least 1.
    ///   - references: `[R, R]`.
    ///   - generated: `[G, G]`.
    public init(
        referenceToGenerated cross: DistanceMatrix, references: DistanceMatrix,
        generated: DistanceMatrix
    ) {
        let (r, g) = (cross.rows, cross.columns)
        precondition(r > 0 && g > 0, "both sets have members")
        precondition(references.rows == r && references.columns == r, "[R, R] distances")
        precondition(generated.rows == g && generated.columns == g, "[G, G] distances")
        var sum = 0.0
        for i in 0..<r { sum += (0..<g).reduce(.infinity) { min($0, cross[i, $1]) } }
        minimumMatchingDistance = sum / Double(r)
        var isCovered = [Bool](repeating: false, count: r)
        for j in 0..<g {
            var nearest = 0
            for i in 1..<max(1, r) where cross[i, j] < cross[nearest, j] { nearest = i }
            isCovered[nearest] = true
        }
        coverage = Double(isCovered.count { $0 }) / Double(r)
        var right = 0.0
        for i in 0..<r {
            right += Self.share(
                own: (0..<r).lazy.filter { $0 != i }.map { references[i, $0] },
                other: (0..<g).lazy.map { cross[i, $0] })
        }
        for j in 0..<g {
            right += Self.share(
                own: (0..<g).lazy.filter { $0 != j }.map { generated[j, $0] },
                other: (0..<r).lazy.map { cross[$0, j] })
        }
        nearestNeighborAccuracy = right / Double(r + g)
    }

    /// The share of the nearest shapes that are of the own set.
    private static func share(
        own: some Sequence<Double>, other: some Sequence<Double>
    ) -> Double {
        var least = Double.infinity
        var votes = (own: 0, other: 0)
        for distance in own where distance <= least {
            votes.own = distance < least ? 1 : votes.own + 1
            least = distance
        }
        for distance in other where distance <= least {
            votes = distance < least ? (0, 1) : (votes.own, votes.other + 1)
            least = distance
        }
        return Double(votes.own) / Double(max(1, votes.own + votes.other))
    }
}
