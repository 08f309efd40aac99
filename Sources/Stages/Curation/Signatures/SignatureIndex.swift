/// Finds, among many signatures, those that look like a given one.
///
/// Multi-index hashing (Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index
/// Hashing", 2012): the 256 bits of the views are cut into 16 words of 16 bits. Two signatures
/// that differ in at most `r` bits have a word in which they differ in at most `r / 16`, so it is
/// enough to look up, for each word and each of the four turns, the words that near.
///
/// A look-up visits p = 64 Σₖ C(16, k), k = 0 ... r / 16, places, 8768 at r = 47, and all
/// signatures that stand there: about p n / 65536 of n, if the words were evenly spread. Where
/// that is no less than n, all are compared. A signature takes about 300 bytes.
public struct SignatureIndex: Sendable {
    /// A signature that was found.
    public struct Match: Sendable, Equatable {
        /// Its number, counted from 0 in the order of insertion.
        public var number: Int
        /// How far it is from the one that was asked for.
        public var distance: Signature.Distance
    }

    private static let wordCount = 16
    private static let wordBits = 16
    private static let none: Int32 = -1

    private let limits: Signature.Limits
    /// The bits to flip in a word to reach all words that near.
    private let flips: [UInt16]
    private var signatures: [Signature] = []
    /// `[16, 65536]`: the last signature that has the word in that place.
    private var heads: [Int32]
    /// `[n, 16]`: the signature before it with the same word there.
    private var previous: [Int32] = []
    /// The look-up that last saw each signature.
    private var seen: [UInt32] = []
    private var lookUp: UInt32 = 0

    /// An index that is asked for signatures within `limits`.
    public init(limits: Signature.Limits) {
        self.limits = limits
        flips = SignatureIndex.flips(
            upTo: max(0, min(limits.views, 256)) / SignatureIndex.wordCount)
        heads = [Int32](
            repeating: SignatureIndex.none,
            count: SignatureIndex.wordCount << SignatureIndex.wordBits)
    }

    /// How many signatures were inserted.
    public var count: Int { signatures.count }

    /// Adds a signature and returns its number.
    ///
    /// - Complexity: O(1), amortised.
    @discardableResult
    public mutating func insert(_ signature: Signature) -> Int {
        let number = signatures.count
        for i in 0..<SignatureIndex.wordCount {
            let place = SignatureIndex.place(signature.views, i)
            previous.append(heads[place])
            heads[place] = Int32(number)
        }
        signatures.append(signature)
        seen.append(0)
        return number
    }

    /// All signatures that look like the given one, by their numbers.
    ///
    /// - Complexity: see the type; O(n) at worst for n signatures.
    public mutating func matches(_ signature: Signature) -> [Match] {
        let isCheap = flips.count * 4 * SignatureIndex.wordCount < signatures.count
        let candidates = isCheap ? candidates(signature.views) : Array(signatures.indices)
        return candidates.compactMap { number in
            let distance = Signature.distance(signature, signatures[number])
            return limits.lookAlike(distance) ? Match(number: number, distance: distance) : nil
        }
    }

    /// The signatures that share a word, or nearly one, with one of the four turns; sorted.
    private mutating func candidates(_ views: ViewSignature) -> [Int] {
        if lookUp == .max {
            seen = [UInt32](repeating: 0, count: seen.count)
            lookUp = 0
        }
        lookUp += 1
        var candidates: [Int] = []
        for quarters in 0..<4 {
            let turned = views.turned(quarters)
            for i in 0..<SignatureIndex.wordCount {
                let place = SignatureIndex.place(turned, i)
                for flip in flips {
                    var number = heads[place ^ Int(flip)]
                    while number != SignatureIndex.none {
                        if seen[Int(number)] != lookUp {
                            seen[Int(number)] = lookUp
                            candidates.append(Int(number))
                        }
                        number = previous[Int(number) * SignatureIndex.wordCount + i]
                    }
                }
            }
        }
        return candidates.sorted()
    }

    /// Where the signatures begin that have the same word in place `i`.
    private static func place(_ views: ViewSignature, _ i: Int) -> Int {
        let word = Int(truncatingIfNeeded: views.hashes[i >> 2] >> UInt64(16 * (i & 3))) & 0xffff
        return i << wordBits | word
    }

    /// All words of at most `count` bits.
    private static func flips(upTo count: Int) -> [UInt16] {
        (UInt16.min...UInt16.max).filter { $0.nonzeroBitCount <= count }
    }
}
