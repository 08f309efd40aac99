import Foundation
extension DemoCorpus {
    static func tables(seed: UInt64) -> [(String, Data)] { [] }
}
