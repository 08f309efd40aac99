import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct TensorTests {
        @Test func elementsComeBackInEveryType() throws {
            #expect(try Tensor([1.5, -2, 3] as [Float]).elements() == [1.5, -2, 3] as [Float])
            #expect(try Tensor([1.5, -2, 3]).elements() == [1.5, -2, 3])
            #expect(try Tensor([1.5, -2] as [Float16]).elements() == [1.5, -2] as [Float16])
            #expect(try Tensor([1, -2, 1 << 40]).elements() == [1, -2, 1 << 40])
            #expect(try Tensor([1, -2] as [Int32]).elements() == [1, -2] as [Int32])
            #expect(try Tensor([0, 255] as [UInt8]).elements() == [0, 255] as [UInt8])
            #expect(try Tensor([true, false]).elements() == [true, false])
            #expect(try Tensor([Float]()).elements() == [Float]())
            for type in TensorType.allCases {
                let tensor = try Tensor.ones([2, 3], type: type)
                #expect(tensor.type == type)
                #expect(tensor.shape == [2, 3])
                #expect(try tensor.elements() == [Double](repeating: 1, count: 6))
                #expect(tensor.form == "\(type)[2, 3]")
            }
        }

        @Test func expressionsReadLikeMathematics() throws {
            let x = try Tensor([1.0, 2, 3, 4], shape: [2, 2])
            let y = try Tensor([10.0, 20], shape: [2])
            func expect(_ result: Tensor, _ expected: [Double]) throws {
                #expect(try result.elements(as: Double.self) == expected)
            }
            try expect(2 * x + y / 10 - 1, [2, 5, 6, 9])
            try expect(1 / x, [1, 0.5, 1 / 3.0, 0.25])
            try expect(5 - x, [4, 3, 2, 1])
            try expect(-x, [-1, -2, -3, -4])
            try expect(x.to(.float64).matmul(y.to(.float64)), [50, 110])
            try expect(x.pow(2).sum(), [30])
            try expect(Tensor.pow(2, x), [2, 4, 8, 16])
            #expect(try x.greater(2).elements() == [false, false, true, true])
            try expect(Tensor.where(x.less(3), x, -x), [1, 2, -3, -4])
            try expect(x.clamp(min: 2, max: 3.5), [2, 2, 3, 3.5])
            try expect(x.lerp(to: x * 3, weight: 0.5), [2, 4, 6, 8])
            try expect(x.addProduct(x, x, factor: 2), [3, 10, 21, 36])
        }

        @Test func wholeNumbersStayWhole() throws {
            let x = try Tensor([1, 2, 3])
            #expect(try (x * 2).type == .int64)
            #expect(try (x * 2.0).type == .float32)
            let large = 1 << 60
            let sums: [Int] = try (x + large).elements()
            #expect(sums == [large + 1, large + 2, large + 3])
        }

        @Test func partsShowTheSameMemory() throws {
            let x = try Tensor.arange(to: 24).reshaped(2, 3, 4)
            #expect(try x[1, 2, 3].item() == 23)
            #expect(try x[.all, -1].elements() == [8, 9, 10, 11, 20, 21, 22, 23])
            #expect(try x[.rest, .slice(from: 1, to: 4, by: 2)].shape == [2, 3, 2])
            #expect(try x[.new, .rest, 0].shape == [1, 2, 3])
            #expect(try x[0, .range(1..<3)].elements() == [4, 5, 6, 7, 8, 9, 10, 11])
            try x[0].fillInPlace(-1)
            #expect(try x.sum().item() == -12 + Double((12...23).reduce(0, +)))
            #expect(try x[0].sharesMemory(with: x))
            #expect(try !x.clone().sharesMemory(with: x))
        }

        @Test func shapesAndIndicesFollowNumPy() throws {
            let x = try Tensor.arange(to: 6).reshaped(2, 3)
            #expect(try x.transposed().contiguous().elements() == [0, 3, 1, 4, 2, 5])
            #expect(try x.transposed().strides == [1, 3])
            #expect(try Tensor.concatenate([x, x], axis: 1).shape == [2, 6])
            #expect(try Tensor.stack([x, x, x], axis: 1).shape == [2, 3, 3])
            #expect(
                try x.chunks(3, axis: 1).map { try $0.elements() } == [[0, 3], [1, 4], [2, 5]])
            #expect(try x.split([1, 2], axis: 1)[1].elements() == [1, 2, 4, 5])
            #expect(try x.gather(1, Tensor([2, 0], shape: [2, 1])).elements() == [2, 3])
            #expect(try x.gathered(at: [nil, Tensor([0, 2])]).elements() == [0, 2, 3, 5])
            #expect(try x.unflattened(-1, [3, -1]).shape == [2, 3, 1])
            #expect(try x.padded([(1, 0)]).elements() == [0, 0, 1, 2, 0, 3, 4, 5])
            #expect(try x.rolled([1], axes: [1]).elements() == [2, 0, 1, 5, 3, 4])
            #expect(try x.topK(1).indices.elements() == [2, 2])
            #expect(try x.sorted(descending: true).values.elements() == [2, 1, 0, 5, 4, 3])
            #expect(
                try x.scatteredAdd(1, Tensor([0, 0], shape: [1, 2]), .ones([1, 2]))[0].elements()
                    == [2, 1, 2])
            let y = try x.clone()
            try y.putInPlace(.scalar(9), at: [Tensor([1]), Tensor([1])])
            #expect(try y.elements() == [0, 1, 2, 3, 9, 5])
            #expect(try Tensor([1.0, 3, 5]).searchSorted(Tensor([3.0, 4])).elements() == [1, 2])
            #expect(try Tensor.einsum("ij,kj->ik", x, x).elements() == [5, 14, 14, 50])
        }

        @Test func reductionsTakeAxesOrAll() throws {
            let x = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).to(.float64)
            #expect(try x.sum().item() == 21)
            #expect(try x.mean(0).elements() == [2.5, 3.5, 4.5])
            #expect(try x.mean([0, 1], keeping: true).shape == [1, 1])
            #expect(try x.amax(1).elements() == [3, 6])
            #expect(try x.variance([1]).elements() == [1, 1])
            #expect(try x.variance([1], correction: 0).elements() == [2 / 3.0, 2 / 3.0])
            #expect(try abs(x.norm().item() - 91.0.squareRoot()) < 1e-12)
            #expect(try x.argmax(1).elements() == [2, 2])
            #expect(try x.cumulativeSum(1).elements() == [1, 3, 6, 4, 9, 15])
            #expect(try x.greater(5).any())
            #expect(try !x.greater(5).all())
        }

        @Test func decompositionsRebuildTheirMatrix() throws {
            RandomState.seed(3)
            let a = try randn(4, 3)
            let (u, s, vT) = try a.singularValues()
            try expectClose(u.matmul(vT * s.unsqueezed(1)), a, tolerance: 1e-12)
            let square = try randn(3, 3)
            try expectClose(
                square.inverse().matmul(square), Tensor.eye(3, type: .float64), tolerance: 1e-10)
            try expectClose(square.solve(square), Tensor.eye(3, type: .float64), tolerance: 1e-10)
        }

        @Test func aFailureNamesOperationAndShapes() throws {
            let a = try Tensor.zeros([2, 3])
            let b = try Tensor.zeros([4, 5], type: .float64)
            let error = #expect(throws: TensorError.self) { try a.matmul(b) }
            #expect(error?.operation == "matmul")
            #expect(error?.operands == ["float32[2, 3]", "float64[4, 5]"])
            #expect(error?.description.contains("frame #") == false, "a backtrace is no message")
            #expect(error?.message.isEmpty == false)
            #expect(throws: TensorError.self) { try a + b }
            #expect(throws: TensorError.self) { try a.item() }
            #expect(throws: TensorError.self) { try a[5] }
            #expect(throws: TensorError.self) { try a.chunks(2, axis: 1) }
            #expect(throws: TensorError.self) { try Tensor([1.0, 2], shape: [3]) }
            #expect(throws: TensorError.self) { try Tensor.zeros([-1]) }
        }

        @Test func tooLittleMemoryIsAnErrorLikeOthers() throws {
            let error = #expect(throws: TensorError.self) { try Tensor.zeros([1 << 40, 1 << 10]) }
            #expect(
                error?.message.contains("memory") == true
                    || error?.message.contains("overflow") == true)
        }

        @Test func tensorsShowMemoryOfOthersWithoutACopy() throws {
            final class Owner: @unchecked Sendable {
                let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 24, alignment: 64)
                let gone: @Sendable () -> Void
                init(gone: @escaping @Sendable () -> Void) { self.gone = gone }
                deinit {
                    bytes.deallocate()
                    gone()
                }
            }
            nonisolated(unsafe) var isGone = false
            var owner: Owner? = Owner { isGone = true }
            owner!.bytes.bindMemory(to: Float.self).baseAddress!.initialize(repeating: 2, count: 6)
            var tensor: Tensor? = try Tensor(
                showing: UnsafeRawBufferPointer(owner!.bytes), shape: [2, 3], type: .float32,
                owner: owner!)
            owner!.bytes.storeBytes(of: 5, as: Float.self)
            owner = nil
            #expect(!isGone)
            #expect(try tensor!.elements() == [5, 2, 2, 2, 2, 2] as [Float])
            var part: Tensor? = try tensor![1]
            tensor = nil
            #expect(!isGone)
            #expect(try part!.sum().item() == 6)
            part = nil
            #expect(isGone)
        }

        @Test func shownMemoryMustFitAndBeAligned() throws {
            final class Nobody {}
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 64)
            defer { bytes.deallocate() }
            let memory = UnsafeRawBufferPointer(bytes)
            #expect(throws: TensorError.self) {
                try Tensor(showing: memory, shape: [9], type: .float32, owner: Nobody())
            }
            #expect(throws: TensorError.self) {
                try Tensor(
                    showing: UnsafeRawBufferPointer(rebasing: memory[1..<5]), shape: [1],
                    type: .float32, owner: Nobody())
            }
            #expect(throws: TensorError.self) {
                try Tensor(
                    showing: memory, shape: [Int.max, Int.max], type: .float32, owner: Nobody())
            }
        }

        @Test func seedsHaveNumbersOfTheirOwn() throws {
            RandomState.seed(1)
            let first: [Float] = try Tensor.randn([20], seed: keyedSeed(3, "noise")).elements()
            let next: [Float] = try Tensor.randn([4]).elements()
            RandomState.seed(1)
            #expect(try Tensor.randn([4]).elements() == next, "the default generator is not used")
            #expect(try Tensor.randn([20], seed: keyedSeed(3, "noise")).elements() == first)
            #expect(try Tensor.randn([20], seed: keyedSeed(3, "noises")).elements() != first)
            let uniform = try Tensor.rand([1000], seed: 2, type: .float64)
            #expect(try uniform.amin().item() >= 0 && uniform.amax().item() < 1)
            #expect(try abs(uniform.mean().item() - 0.5) < 0.05)
        }

        @Test func descriptionsOfLargeTensorsAreShort() throws {
            #expect("\(try Tensor.zeros([2000, 10]))" == "float32[2000, 10] on cpu")
            #expect("\(try Tensor([1.5]))".contains("1.5"))
        }

        @Test func devicesHaveNames() {
            for device in [Device.cpu, .cuda(0), .cuda(3)] {
                #expect(Device(device.description) == device)
            }
            #expect(Device("cuda") == .cuda(0))
            for text in ["gpu", "cuda:", "cuda:-1", "cuda:x", ""] { #expect(Device(text) == nil) }
            #expect(throws: TensorError.self) { try Device.cpu.memory() }
            if Device.cudaDeviceCount == 0 {
                #expect(Device.best == .cpu)
                #expect(throws: TensorError.self) { try Tensor.zeros([1], on: .cuda(0)) }
                #expect(throws: TensorError.self) { try Tensor.zeros([1]).pinned() }
            }
        }

        @Test func randomStatesRepeatDraws() throws {
            RandomState.seed(11)
            let state = try RandomState.current()
            let first: [Float] = try Tensor.randn([5]).elements()
            let mask: [Float] = try Tensor.ones([50]).dropout(0.5, training: true).elements()
            try state.restore()
            #expect(try Tensor.randn([5]).elements() == first)
            #expect(try Tensor.ones([50]).dropout(0.5, training: true).elements() == mask)
            RandomState.seed(11)
            #expect(try Tensor.randn([5]).elements() == first)
        }
    }
}
