import Foundation
import Tensors
import Testing

private final class Perceptron: Module, Layer {
    let hidden: Linear
    let output: Linear
    init(_ width: Int) {
        hidden = Linear(width, 2 * width)
        output = Linear(2 * width, width, hasBias: false)
    }
    func callAsFunction(_ x: Tensor) throws -> Tensor { try output(hidden(x).gelu()) }
}

private class Base: Module {
    let scale = Parameter([2], .ones)
}

private final class Everything: Base {
    let blocks: [Perceptron] = [Perceptron(2), Perceptron(2)]
    let named: [String: Linear] = ["b": Linear(1, 1), "a": Linear(1, 1)]
    let absent: Linear? = nil
    let present: Linear? = Linear(2, 3)
    let pair: (key: Linear, value: Linear) = (Linear(1, 2), Linear(2, 1))
    let numbers = [Float](repeating: 1, count: 1000)
    let table: Buffer
    lazy var shared: Linear = blocks[0].hidden
    init(tableSize: Int) throws { table = Buffer(try .ones([tableSize])) }
}

extension AllTests {
    @Suite struct ModuleTests {
        @Test func namesFollowProperties() throws {
            let module = try Everything(tableSize: 3)
            #expect(
                module.namedParameters().map(\.name) == [
                    "scale", "blocks.0.hidden.weight", "blocks.0.hidden.bias",
                    "blocks.0.output.weight",
                    "blocks.1.hidden.weight", "blocks.1.hidden.bias", "blocks.1.output.weight",
                    "named.a.weight", "named.a.bias", "named.b.weight", "named.b.bias",
                    "present.weight", "present.bias", "pair.key.weight", "pair.key.bias",
                    "pair.value.weight", "pair.value.bias",
                ])
            #expect(module.namedBuffers().map(\.name) == ["table"])
            let before = module.parameterCount
            _ = module.shared
            #expect(module.parameterCount == before, "a shared parameter counts once")
            #expect(module.submodules().map(\.name).contains("blocks.1.output"))
            #expect(try module.state().map(\.name).last == "table")
        }

        @Test func referencesBackAreNoParts() throws {
            final class Part: Module {
                unowned let whole: Module
                weak var again: Module?
                let weight = Parameter([1], .ones)
                init(_ whole: Module) { self.whole = whole }
            }
            final class Whole: Module {
                var part: Part?
            }
            let whole = Whole()
            whole.part = Part(whole)
            whole.part?.again = whole
            #expect(whole.namedParameters().map(\.name) == ["part.weight"])
        }

        @Test func aModelThatWasNotInitialisedComputesNaN() throws {
            let module = Perceptron(3)
            #expect(try module(.ones([3])).isNaN().all())
            try module.initialise(seed: 1)
            #expect(try module(.ones([3])).isFinite().all())
        }

        @Test func firstValuesDependOnSeedAndNameAlone() throws {
            final class Two: Module {
                let a = Linear(4, 4)
                let b = Linear(4, 4)
            }
            final class OtherOrder: Module {
                let b = Linear(4, 4)
                let further = Linear(9, 9)
                let a = Linear(4, 4)
            }
            let two = Two()
            let other = OtherOrder()
            try two.initialise(seed: 5)
            RandomState.seed(99)
            try other.initialise(seed: 5)
            #expect(try two.a.weight.elements() == other.a.weight.elements() as [Float])
            #expect(try two.b.bias!.elements() == other.b.bias!.elements() as [Float])
            #expect(try two.a.weight.elements() != two.b.weight.elements() as [Float])
            let first: [Float] = try two.a.weight.elements()
            try two.initialise(seed: 6)
            #expect(try two.a.weight.elements() != first)
        }

        @Test func distributionsAreWhatTheySay() throws {
            final class Wide: Module {
                let uniform = Parameter([200, 200], .uniform(bound: 0.3))
                let normal = Parameter([200, 200], .normal(mean: 1, deviation: 2))
                let truncated = Parameter([200, 200], .truncatedNormal(deviation: 0.02))
                let glorot = Parameter([200, 200], .glorotUniform(inputs: 200, outputs: 400))
                let constant = Parameter([3], .constant(7))
            }
            let wide = Wide()
            try wide.initialise(seed: 1)
            func deviation(_ tensor: Tensor) throws -> Double {
                try tensor.standardDeviation().item()
            }
            #expect(try wide.uniform.abs().amax().item() <= 0.3)
            #expect(try abs(deviation(wide.uniform) - 0.3 / 3.0.squareRoot()) < 0.003)
            #expect(try abs(wide.normal.mean().item() - 1) < 0.05)
            #expect(try abs(deviation(wide.normal) - 2) < 0.03)
            // The deviation of a normal distribution cut at ±2σ is 0.8796 σ.
            #expect(try abs(deviation(wide.truncated) - 0.02 * 0.8796) < 0.0003)
            #expect(try wide.truncated.abs().amax().item() <= 0.04 + 1e-6)
            #expect(try abs(wide.glorot.abs().amax().item() - 0.1) < 1e-3)
            #expect(try wide.constant.elements() == [7, 7, 7])
        }

        @Test func trainingAndEvaluating() throws {
            let module = try Everything(tableSize: 3)
            module.train(false)
            #expect(!module.blocks[1].output.isTraining)
            module.blocks[1].train()
            module.evaluating {
                #expect(!module.blocks[1].output.isTraining)
                #expect(!Tensor.recordsGradients)
            }
            #expect(module.blocks[1].output.isTraining)
            #expect(!module.isTraining)
        }

        @Test func convertingKeepsNamesAndIdentity() throws {
            let module = Perceptron(3)
            try module.initialise(seed: 1)
            let weight = module.hidden.weight
            try module.convert(to: .float64)
            #expect(weight.type == .float64)
            #expect(weight.requiresGradient && weight.isLeaf)
            try module(randn(2, 3)).sum().backward()
            #expect(weight.gradient?.type == .float64)
        }

        @Test func checkpointedModulesHaveTheSameGradients() throws {
            final class Noisy: Module {
                let first = Perceptron(4)
                let second = Perceptron(4)
                func callAsFunction(_ x: Tensor, checkpointing: Bool) throws -> Tensor {
                    let body = { [self] (x: Tensor) in
                        try second(first(x).dropout(0.5, training: isTraining))
                    }
                    return checkpointing ? try checkpointed(x, body) : try body(x)
                }
            }
            let module = Noisy()
            try module.initialise(seed: 3)
            try module.convert(to: .float64)
            RandomState.seed(1)
            let x = try randn(5, 4).requireGradient()
            var runs: [[[Double]]] = []
            for checkpointing in [false, true] {
                try module.clearGradients()
                try x.setGradient(nil)
                RandomState.seed(2)
                let y = try module(x, checkpointing: checkpointing)
                let next: [Double] = try Tensor.rand([3]).elements()
                try y.square().sum().backward()
                let last: [Double] = try Tensor.rand([3]).elements()
                runs.append(
                    try [y.elements(), x.gradient!.elements(), next, last]
                        + module.parameters().map { try $0.gradient!.elements() })
            }
            #expect(runs[0] == runs[1], "values, gradients and random states")
        }

        @Test func checkpointingWorksUnderAutocastAndWithoutInputGradients() throws {
            let module = Perceptron(8)
            try module.initialise(seed: 3)
            RandomState.seed(1)
            let x = try Tensor.randn([4, 8])
            var runs: [[[Float]]] = []
            for checkpointing in [false, true] {
                try module.clearGradients()
                let y = try autocast(on: .cpu) {
                    let y =
                        checkpointing
                        ? try module.checkpointed(x) { try module($0) } : try module(x)
                    #expect(y.type == .bfloat16)
                    return try y + module(x)
                }
                try y.to(.float32).square().sum().backward()
                runs.append(try module.parameters().map { try $0.gradient!.elements() })
            }
            for (a, b) in zip(runs[0], runs[1]) {
                try expectClose(b.map(Double.init), a.map(Double.init), tolerance: 2e-2)
            }
        }

        @Test func checkpointingUnderAutocastGivesEqualBits() throws {
            let module = Perceptron(8)
            try module.initialise(seed: 3)
            RandomState.seed(1)
            let x = try Tensor.randn([4, 8])
            var runs: [[[Float]]] = []
            for checkpointing in [false, true] {
                try module.clearGradients()
                let y = try autocast(on: .cpu) {
                    checkpointing ? try module.checkpointed(x) { try module($0) } : try module(x)
                }
                try y.to(.float32).square().sum().backward()
                runs.append(try module.parameters().map { try $0.gradient!.elements() })
            }
            #expect(runs[0] == runs[1])
        }
    }
}
