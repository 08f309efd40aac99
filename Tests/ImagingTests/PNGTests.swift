import Imaging
import Testing

@Suite struct PNGTests {
    @Test(arguments: PNGEffort.allCases)
    func roundTrips(effort: PNGEffort) throws {
        var generator = Numbers(seed: 7)
        for (width, height) in [(1, 1), (1, 300), (300, 1), (7, 5), (64, 64), (255, 131)] {
            let noise = Image(
                width: width, height: height,
                pixels: (0..<width * height * 4).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                })
            #expect(try Image(decoding: noise.pngEncoded(effort)) == noise)
            var sparse = Image(width: width, height: height)
            for _ in 0..<10 {
                sparse[
                    .random(in: 0..<width, using: &generator),
                    .random(in: 0..<height, using: &generator)] =
                    SIMD4(1, 2, 3, 4)
            }
            #expect(try Image(decoding: sparse.pngEncoded(effort)) == sparse)
        }
    }
}
