import ShardStore
import Testing

@Suite struct SplitTests {
    /// Computed with Python 3.11 from the formula in the documentation.
    @Test func assignmentIsTheDocumentedFormula() throws {
        let tenths = try Split.Fractions(train: 0.8, validation: 0.1, test: 0.1)
        let expected: [UInt64: [Int: Split]] = [
            0: [0: .validation, 2: .test, 3: .test, 11: .test],
            1: [1: .validation, 3: .test, 9: .test, 10: .validation, 12: .validation],
            42: [15: .test],
        ]
        for (seed, exceptions) in expected {
            for number in 0..<20 {
                let split = Split.assign(asset: "asset-\(number)", fractions: tenths, seed: seed)
                #expect(split == exceptions[number] ?? .train)
            }
        }
        let quarters = try Split.Fractions(train: 0.5, validation: 0.25, test: 0.25)
        let names = ["000-023/ナイト", "", "Fox", "robots/walk.glb", "é"]
        #expect(
            names.map { Split.assign(asset: $0, fractions: quarters, seed: 7) }
                == [.train, .test, .test, .train, .validation])
    }

    /// Proportions within five standard deviations of the binomial.
    @Test(arguments: [UInt64(0), 3, 12345])
    func proportionsHold(seed: UInt64) throws {
        let fractions = try Split.Fractions(train: 0.8, validation: 0.15, test: 0.05)
        let total = 100_000
        var counts: [Split: Int] = [:]
        for number in 0..<total {
            counts[
                Split.assign(asset: "\(number)", fractions: fractions, seed: seed), default: 0] += 1
        }
        for (split, share) in [(Split.train, 0.8), (.validation, 0.15), (.test, 0.05)] {
            let deviation = (Double(total) * share * (1 - share)).squareRoot()
            #expect(abs(Double(counts[split]!) - Double(total) * share) < 5 * deviation)
        }
    }

    @Test func seedsAreIndependent() throws {
        let halves = try Split.Fractions(train: 0.5, validation: 0, test: 0.5)
        var alike = 0
        for number in 0..<10_000 {
            let one = Split.assign(asset: "\(number)", fractions: halves, seed: 1)
            if one == Split.assign(asset: "\(number)", fractions: halves, seed: 2) { alike += 1 }
            #expect(one != .validation)
        }
        #expect(abs(alike - 5000) < 250)
    }

    @Test func everythingCanBeTraining() {
        for number in 0..<1000 {
            #expect(Split.assign(asset: "\(number)", fractions: .trainOnly, seed: 9) == .train)
        }
    }

    @Test(arguments: [(0.5, 0.2, 0.2), (1.2, -0.1, -0.1), (.nan, 0.5, 0.5), (0.9, 0.9, 0.2)])
    func sharesThatCannotBeAreRefused(train: Double, validation: Double, test: Double) {
        #expect(throws: StoreError.self) {
            try Split.Fractions(train: train, validation: validation, test: test)
        }
    }
}
