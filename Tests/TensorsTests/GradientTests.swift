import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct GradientTests {
        @Test func backwardAddsToLeaves() throws {
            let x = try Tensor([1.0, 2, 3]).requireGradient()
            try (x * x).sum().backward()
            #expect(try x.gradient?.elements() == [2, 4, 6] as [Double])
            try (x * x).sum().backward()
            #expect(try x.gradient?.elements() == [4, 8, 12] as [Double])
            try x.setGradient(nil)
            #expect(x.gradient == nil)
            let y = try x * 2
            #expect(!y.isLeaf)
            try y.backward(Tensor([1.0, 0, 1]))
            #expect(try x.gradient?.elements() == [2, 0, 2] as [Double])
        }

        @Test func nothingIsRecordedWithoutGradients() throws {
            let x = try Tensor([1.0]).requireGradient()
            let y = try withoutGradients { try x * 2 }
            #expect(!y.requiresGradient)
            #expect(Tensor.recordsGradients)
            struct Stop: Error {}
            #expect(throws: Stop.self) { try withoutGradients { throw Stop() } }
            #expect(Tensor.recordsGradients)
            #expect(throws: TensorError.self) { try y.backward() }
        }

        @Test func gradientsOfGradients() throws {
            let x = try Tensor([2.0]).requireGradient()
            let first = try Tensor.gradients(
                of: [x.pow(3).sum()], by: [x], creatingGraph: true)[0]!
            let second = try Tensor.gradients(of: [first.sum()], by: [x])[0]!
            #expect(try first.item() == 12)
            #expect(try second.item() == 12)
            let unrelated = try Tensor([1.0]).requireGradient()
            #expect(try Tensor.gradients(of: [(x * 2).sum()], by: [unrelated])[0] == nil)
        }

        @Test func functionsAgreeWithDifferences() throws {
            RandomState.seed(1)
            let x = try randn(3, 4)
            let functions: [(String, (Tensor) throws -> Tensor)] = [
                ("exp", { try $0.exp() }), ("sin", { try $0.sin() }), ("tanh", { try $0.tanh() }),
                ("gelu", { try $0.gelu() }), ("gelu tanh", { try $0.gelu(approximate: true) }),
                ("silu", { try $0.silu() }), ("softplus", { try $0.softplus() }),
                ("sigmoid", { try $0.sigmoid() }), ("softmax", { try $0.softmax() }),
                ("logSoftmax", { try $0.logSoftmax(0) }), ("square", { try $0.square() }),
                ("log of squares", { try ($0.square() + 1).log() }),
                ("variance", { try $0.variance([1]) }), ("norm", { try $0.norm([0]) }),
                ("logSumExp", { try $0.logSumExp(1) }),
                ("cumulativeSum", { try $0.cumulativeSum(1) }),
                ("division", { try 1 / ($0.square() + 2) }),
            ]
            for (name, function) in functions {
                try withKnownName(name) {
                    try expectGradients(of: [x.clone()]) { try function($0[0]) }
                }
            }
        }

        private func withKnownName(_ name: String, _ body: () throws -> Void) throws {
            do { try body() } catch { Issue.record("\(name): \(error)") }
        }

        @Test func callersGiveBackwardPassesOfTheirOwn() throws {
            let a = try Tensor([1.0, 2, 3]).requireGradient()
            let b = try Tensor([4.0, 5, 6]).requireGradient()
            func product() throws -> Tensor {
                let result = try withoutGradients { try a * b }
                return try Tensor.attachBackward(to: [result], from: [a, b]) { gradients in
                    let gradient = try #require(gradients[0])
                    return [try gradient * b, try gradient * a]
                }[0]
            }
            let y = try product()
            #expect(y.requiresGradient)
            try y.square().sum().backward()
            #expect(try a.gradient?.elements() == [2 * 4 * 4, 2 * 10 * 5, 2 * 18 * 6] as [Double])
            #expect(try b.gradient?.elements() == [2 * 4, 2 * 10 * 2, 2 * 18 * 3] as [Double])
            #expect(try withoutGradients { try product().requiresGradient } == false)
        }

        @Test func whatABackwardPassThrowsComesOut() throws {
            struct Refusal: Error, CustomStringConvertible {
                var description: String { "the renderer refused" }
            }
            let a = try Tensor([1.0]).requireGradient()
            let y = try Tensor.attachBackward(to: [withoutGradients { try a * 2 }], from: [a]) {
                (_: [Tensor?]) in throw Refusal()
            }[0]
            let error = #expect(throws: TensorError.self) { try y.backward() }
            #expect(error?.message.contains("the renderer refused") == true)
            let z = try Tensor.attachBackward(to: [withoutGradients { try a * 2 }], from: [a]) {
                (_: [Tensor?]) in []
            }[0]
            #expect(throws: TensorError.self) { try z.backward() }
        }

        @Test func aGraphLetsGoOfWhatItsBackwardPassHolds() throws {
            final class Token {}
            weak var weakToken: Token?
            let a = try Tensor([1.0]).requireGradient()
            func make(backward: Bool) throws {
                let token = Token()
                weakToken = token
                let raw = try withoutGradients { try a * 2 }
                // Holding the output too: it is an alias that the caller gets.
                let y = try Tensor.attachBackward(to: [raw], from: [a]) { gradients in
                    withExtendedLifetime((token, raw)) { [gradients[0]] }
                }[0]
                if backward { try y.backward() }
            }
            try make(backward: true)
            #expect(weakToken == nil)
            try make(backward: false)
            #expect(weakToken == nil)
        }
    }
}
