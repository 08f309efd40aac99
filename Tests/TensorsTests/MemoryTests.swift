import Foundation
import Tensors
import Testing

/// Bytes of this process that are in memory.
private func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
        separator: " ")
    return try #require(Int(fields[1])) * 4096
}

extension AllTests {
    /// In processes of their own: what is counted is the process's, and other suites' tensors must
    /// not count.
    @Suite struct MemoryTests {
        @Test func aHundredThousandStepsHoldNothing() async {
            await #expect(processExitsWith: .success) { try Self.makeSteps() }
        }

        /// A step with everything that could hold on to something: layers, a backward pass of the
        /// caller's, a failing operation now and then, the optimiser.
        private static func makeSteps() throws {
            // Handing tiny operations to other threads is all that a busy machine would measure.
            TorchLibrary.threadCount = 1
            let model = Linear(4, 4)
            try model.initialise(seed: 1)
            let optimiser = Adam(model.namedParameters())
            let x = try Tensor.randn([2, 4])
            let target = try Tensor.randn([2, 4])
            func step(_ number: Int) throws {
                let y = try model(x)
                let doubled = try Tensor.attachBackward(
                    to: [withoutGradients { try y * 2 }], from: [y]
                ) { gradients in
                    [try gradients[0]! * 2]
                }[0]
                let loss = try doubled.meanSquaredError(target)
                try optimiser.clearGradients()
                try loss.backward()
                try optimiser.step()
                if number % 100 == 0 { #expect(throws: TensorError.self) { try x.matmul(target) } }
            }
            for number in 0..<2_000 { try step(number) }
            let tensors = Tensor.liveCount
            let bytes = try residentBytes()
            for number in 0..<100_000 { try step(number) }
            #expect(Tensor.liveCount == tensors)
            let growth = try residentBytes() - bytes
            #expect(growth < 16 << 20, "the process grew by \(growth) bytes")
        }

        @Test func graphsThatAreNeverUsedGoAway() async {
            await #expect(processExitsWith: .success) { try Self.makeGraphs() }
        }

        private static func makeGraphs() throws {
            let x = try Tensor.ones([1 << 18]).requireGradient()
            var chain = try x * 1
            for _ in 0..<10 { chain = try chain * 1.5 }
            let before = try residentBytes()
            for _ in 0..<300 {
                var y = try x * 2
                for _ in 0..<10 { y = try y.sin() }
            }
            #expect(try residentBytes() - before < 64 << 20)
        }
    }
}
