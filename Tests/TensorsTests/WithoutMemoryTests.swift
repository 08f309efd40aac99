import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct WithoutMemoryTests {
        @Test func modulesHaveNamesAndShapesAlone() throws {
            let real = Attention(6, heads: 2)
            let bare = Module.withoutMemory { Attention(6, heads: 2) }
            #expect(bare.namedParameters().map(\.name) == real.namedParameters().map(\.name))
            #expect(bare.parameters().map(\.shape) == real.parameters().map(\.shape))
            #expect(bare.parameterCount == 4 * 42)
            #expect(bare.parameters().allSatisfy { !$0.hasMemory && $0.requiresGradient })
            #expect(bare.parameters().allSatisfy { $0.type == .float32 && $0.device == .cpu })
            #expect(real.parameters().allSatisfy { $0.hasMemory })
        }

        /// Ten times the memory of the machine.
        @Test func sizesAreOfNoConsequence() {
            let bare = Module.withoutMemory { Linear(1 << 20, 1 << 18) }
            #expect(bare.parameterCount == (1 << 38) + (1 << 18))
        }

        @Test func theScopeEndsAndHoldsForItsThread() {
            struct Stop: Error {}
            #expect(throws: Stop.self) { try Module.withoutMemory { throw Stop() } }
            Module.withoutMemory {
                let thread = Thread { #expect(Linear(2, 2).weight.hasMemory) }
                thread.start()
                while !thread.isFinished { usleep(100) }
            }
            #expect(Linear(2, 2).weight.hasMemory)
        }

        @Test func numbersThatAreNotThereCannotBeRead() {
            let bare = Module.withoutMemory { Linear(2, 3) }
            #expect(throws: TensorError.self) { _ = try bare.weight.elements() as [Float] }
            #expect(throws: TensorError.self) { try bare.weight.withUnsafeBytes { _ in } }
            #expect(throws: TensorError.self) {
                try bare.weight.detached().withUnsafeMutableBytes { _ in }
            }
            #expect(throws: TensorError.self) { _ = try bare.weight.sum().item() }
        }
    }
}
