import Curation
import Geometry
import Testing

@Suite struct SignatureIndexTests {
    private static let shape = ShapeSignature(numbers: [Double](repeating: 100, count: 64))!
    private static let still = MotionSignature(numbers: [Double](repeating: 0, count: 64))!

    private static func signature(_ hashes: SIMD4<UInt64>, shape: ShapeSignature = shape)
        -> Signature
    {
        Signature(views: ViewSignature(hashes: hashes), shape: shape, motion: still)
    }

    /// Random signatures, many of them a few bits beside others, some turned by quarters.
    private static func signatures(_ count: Int) -> [Signature] {
        var random = KeyedRandom(seed: 1, asset: "index", purpose: "test")
        var result: [Signature] = []
        for i in 0..<count {
            if i > 4, i % 3 == 0 {
                let other = result[Int(random.next() % UInt64(i))].views
                var hashes = other.turned(Int(random.next() % 4)).hashes
                for _ in 0..<random.next() % 80 {
                    let bit = random.next() % 256
                    hashes[Int(bit / 64)] ^= 1 << (bit % 64)
                }
                result.append(signature(hashes))
            } else {
                result.append(
                    signature(SIMD4(random.next(), random.next(), random.next(), random.next())))
            }
        }
        return result
    }

    /// What comparing all finds is found, and nothing else, for radii on both sides of a word's.
    @Test func findsWhatComparingAllFinds() {
        let signatures = Self.signatures(3000)
        for views in [0, 15, 16, 31, 32, 47, 64, 100] {
            let limits = Signature.Limits(views: views, shape: 0.1, motion: 1)
            var index = SignatureIndex(limits: limits)
            var found = 0
            for (i, signature) in signatures.enumerated() {
                // Asked before each is inserted, and the tables are large enough late on.
                if i % 7 == 0 || i > 2900 {
                    let expected = (0..<i).filter {
                        limits.lookAlike(Signature.distance(signature, signatures[$0]))
                    }
                    #expect(index.matches(signature).map(\.number) == expected)
                    found += expected.count
                }
                #expect(index.insert(signature) == i)
            }
            #expect(index.count == signatures.count)
            #expect(views < 15 || found > 20)
        }
    }

    @Test func turnsAreOneAsset() {
        let hashes = SIMD4<UInt64>(1, 2, 3, 4) &* 0x9e37_79b9_7f4a_7c15
        let one = ViewSignature(hashes: hashes)
        for quarters in 0..<4 {
            let distances = ViewSignature.distances(one, one.turned(quarters))
            #expect(distances.min() == 0)
            #expect(distances[(4 - quarters) & 3] == 0)
        }
    }

    @Test func shapesAreAskedToo() {
        var numbers = [Double](repeating: 0, count: 64)
        numbers[0] = 10_000
        numbers[32] = 10_000
        numbers[48] = 10_000
        let other = Self.signature(.zero, shape: ShapeSignature(numbers: numbers)!)
        var index = SignatureIndex(limits: Signature.Limits(views: 256, shape: 0.01, motion: 1))
        index.insert(Self.signature(.zero))
        #expect(index.matches(other).isEmpty)
        #expect(index.matches(Self.signature(SIMD4(repeating: .max))).count == 1)
    }
}
