import Foundation
import Systems
import Tensors

/// Threads of this process that train together, as processes would.
final class ThreadGroups: @unchecked Sendable {
    private let condition = NSCondition()
    private let count: Int
    // What follows is read and written with the condition locked.
    private var given: [[Tensor]] = []
    private var means: [Tensor] = []
    private var round = 0

    init(count: Int) { self.count = count }

    func member(_ rank: Int) -> Member { Member(self, rank, count) }

    /// Waits for all, and gives each the means.
    fileprivate func average(_ tensors: [Tensor]) throws {
        let means = try condition.withLock {
            let own = round
            given.append(try tensors.map { try $0.detached().clone() })
            if given.count == count {
                let all = given
                self.means = try tensors.indices.map { place in
                    try Tensor.stack(all.map { $0[place] }).mean(0)
                }
                given = []
                round += 1
                condition.broadcast()
            } else {
                while round == own { condition.wait() }
            }
            return self.means
        }
        for (tensor, mean) in zip(tensors, means) { try tensor.copyInPlace(from: mean) }
    }

    final class Member: TrainingGroup {
        private let groups: ThreadGroups
        let rank: Int
        let size: Int

        fileprivate init(_ groups: ThreadGroups, _ rank: Int, _ count: Int) {
            self.groups = groups
            self.rank = rank
            self.size = count
        }

        func averageGradients(of parameters: [Parameter]) throws {
            try withoutGradients { try groups.average(parameters.map { $0.gradient! }) }
        }

        func averageInPlace(_ tensor: Tensor) throws { try groups.average([tensor]) }
    }
}
