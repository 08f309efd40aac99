import Foundation
import Tensors
import Testing

/// The same damage at every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return keyedSeed(state, "mutants")
    }
}

extension AllTests {
    @Suite struct SafetensorsTests {
        private let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory
                .appending(path: "safetensors-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        private func written(_ bytes: [UInt8]) throws -> URL {
            let file = folder.appending(path: "written.safetensors")
            try Data(bytes).write(to: file)
            return file
        }

        private func file(header: String, data: Int) throws -> URL {
            let text = Array(header.utf8)
            return try written(
                withUnsafeBytes(of: UInt64(text.count)) { Array($0) } + text
                    + [UInt8](repeating: 0, count: data))
        }

        @Test func whatIsWrittenIsRead() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let url = folder.appending(path: "all.safetensors")
            var tensors: [(name: String, tensor: Tensor)] = []
            for type in TensorType.allCases {
                tensors.append(("of.\(type)", try Tensor([0.0, 1, 1], shape: [3, 1]).to(type)))
            }
            tensors.append(("empty", try .zeros([0, 4])))
            tensors.append(("scalar", try .scalar(2.5)))
            tensors.append(("turned \"ä\"", try Tensor.arange(to: 6).reshaped(2, 3).transposed()))
            try SafetensorsFile.write(tensors, metadata: ["step": "7", "a\nb": "ü"], to: url)
            let file = try SafetensorsFile(url)
            #expect(file.metadata == ["step": "7", "a\nb": "ü"])
            #expect(file.names == tensors.map(\.name).sorted())
            for (name, tensor) in tensors {
                let read = try file.tensor(name)
                #expect(read.type == tensor.type)
                #expect(read.shape == tensor.shape)
                #expect(try read.elements() == tensor.elements() as [Double])
            }
            let first = try Data(contentsOf: url)
            try SafetensorsFile.write(tensors.reversed(), metadata: file.metadata, to: url)
            #expect(try Data(contentsOf: url) == first, "order does not matter")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
            // The first reader still shows what it opened.
            #expect(try file.tensor("scalar").item() == 2.5)
        }

        @Test func tensorsOutliveTheirFileAndDoNotChangeIt() throws {
            let url = folder.appending(path: "some.safetensors")
            try SafetensorsFile.write([("x", .ones([4]))], to: url)
            let before = try Data(contentsOf: url)
            let x = try SafetensorsFile(url).tensor("x")
            try x.fillInPlace(3)
            try FileManager.default.removeItem(at: folder)
            #expect(try x.elements() == [3, 3, 3, 3])
            #expect(before.suffix(4) == Data([0, 0, 128, 63]))
        }

        /// Written by Python's safetensors 0.8.0 (Reference/make_safetensors.py).
        @Test func filesOfPythonsLibraryAreRead() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "Reference/python.safetensors")
            let file = try SafetensorsFile(url)
            #expect(file.metadata == ["format": "pt", "note": "é"])
            #expect(try file.tensor("a.weight").elements() == [0, 1, 2, 3, 4, 5])
            #expect(try file.tensor("a.weight").shape == [2, 3])
            #expect(try file.tensor("half").type == .bfloat16)
            #expect(try file.tensor("half").elements() == [1.5, -2])
            #expect(try file.tensor("mask").elements() == [true, false, true])
            #expect(try file.tensor("count").integer() == 7)
            #expect(file.form(of: "byte")?.type == "I8")
            #expect(throws: SafetensorsError.self) { try file.tensor("byte") }
        }

        @Test func damagedFilesAreRefusedWithAReason() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let good = #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
            _ = try SafetensorsFile(file(header: good, data: 8))
            let bad: [(String, Int)] = [
                (good, 7), (good, 9), ("[]", 0), ("{", 0), (#"{"x":3}"#, 0),
                (#"{"x":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}"#, 8),
                (#"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8),
                (#"{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8),
                (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, 8),
                (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8),
                (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12),
                (#"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
                (
                    #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
                    8
                ),
            ]
            for (header, data) in bad {
                let url = try file(header: header, data: data)
                let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(url) }
                #expect(error?.description.contains("written.safetensors") == true, "\(header)")
            }
            for bytes in [[], [1, 2, 3], [UInt8](repeating: 255, count: 64)] as [[UInt8]] {
                let url = try written(bytes)
                #expect(throws: SafetensorsError.self) { try SafetensorsFile(url) }
            }
            #expect(throws: SafetensorsError.self) { try SafetensorsFile(folder) }
            #expect(throws: SafetensorsError.self) {
                try SafetensorsFile(folder.appending(path: "absent"))
            }
            #expect(throws: SafetensorsError.self) {
                try SafetensorsFile.write(
                    [("x", .ones([1])), ("x", .ones([1]))], to: folder.appending(path: "twice"))
            }
        }

        @Test func mutantsNeverHarm() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            let url = folder.appending(path: "seed.safetensors")
            try SafetensorsFile.write(
                [("a", .ones([2, 3])), ("b", .ones([5], type: .uint8))], metadata: ["k": "v"],
                to: url)
            let seed = [UInt8](try Data(contentsOf: url))
            var generator = SplitMix(state: 1)
            var opened = 0
            for _ in 0..<500 {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    bytes[place] = UInt8.random(in: 0...255, using: &generator)
                }
                if Bool.random(using: &generator) {
                    bytes.removeLast(Int.random(in: 0..<20, using: &generator))
                }
                do {
                    let file = try SafetensorsFile(written(bytes))
                    for name in file.names { let _: [Double] = try file.tensor(name).elements() }
                    opened += 1
                } catch is SafetensorsError {
                }
            }
            #expect(opened > 5, "some damage is to the data or to names alone")
        }

        @Test func weightsLoadByANameMap() throws {
            defer { try? FileManager.default.removeItem(at: folder) }
            final class Block: Module {
                let attention = Attention(4, heads: 2)
                let norm = LayerNorm(4)
            }
            final class Model: Module {
                let blocks = [Block(), Block()]
            }
            let model = Model()
            try model.initialise(seed: 1)
            let qkv = try Tensor.randn([12, 4])
            var weights: [(name: String, tensor: Tensor)] = []
            for place in 0..<2 {
                weights += [
                    ("layers.\(place).attn.qkv.weight", qkv),
                    ("layers.\(place).attn.qkv.bias", try .randn([12])),
                    ("layers.\(place).attn.proj.weight", try .randn([4, 4])),
                    ("layers.\(place).attn.proj.bias", try .randn([4])),
                    ("layers.\(place).ln.weight", try .randn([4])),
                    ("layers.\(place).ln.bias", try .randn([4])),
                ]
            }
            weights.append(("mask_token", try .zeros([1])))
            let url = folder.appending(path: "public.safetensors")
            try SafetensorsFile.write(weights, to: url)
            let names = NameMap([
                .drop("mask_token"),
                .split(
                    #"layers\.(\d+)\.attn\.qkv\.(.*)"#,
                    into: ["query", "key", "value"].map { "blocks.$1.attention.\($0).$2" }),
                .rename(#"layers\.(\d+)\.attn\.proj\.(.*)"#, to: "blocks.$1.attention.output.$2"),
                .rename(#"layers\.(\d+)\.ln\.(.*)"#, to: "blocks.$1.norm.$2"),
            ])
            let report = try model.load(SafetensorsFile(url), names: names)
            #expect(report.isComplete)
            #expect(report.loaded.count == model.namedParameters().count)
            #expect(
                try model.blocks[1].attention.key.weight.elements()
                    == qkv.slice(0, from: 4, to: 8).elements() as [Float])
            #expect(model.blocks[1].attention.key.weight.requiresGradient)
        }

        /// Two heads of two numbers each: rows q q k k v v of the first, then those of the second.
        @Test func headsAreTakenApart() throws {
            final class Parts: Module {
                let query = Parameter([4, 3], .zeros)
                let key = Parameter([4, 3], .zeros)
                let value = Parameter([4, 3], .zeros)
            }
            let rows = (0..<12).flatMap { row in (0..<3).map { Float(10 * row + $0) } }
            let names = NameMap([
                .splitHeads("(.*)_qkv", heads: 2, into: ["query", "key", "value"])
            ])
            let parts = Parts()
            try parts.load(["c_qkv": Tensor(rows, shape: [12, 3])], names: names)
            for (part, expected) in [
                (parts.query, [0, 1, 6, 7]), (parts.key, [2, 3, 8, 9]),
                (parts.value, [4, 5, 10, 11]),
            ] {
                #expect(
                    try part.elements()
                        == expected.flatMap { row in (0..<3).map { Float(10 * row + $0) } })
            }
            // A bias has one axis, and what does not divide is refused.
            final class Bias: Module {
                let query = Parameter([2], .zeros)
                let key = Parameter([2], .zeros)
                let value = Parameter([2], .zeros)
            }
            let bias = Bias()
            try bias.load(["c_qkv": Tensor([1, 2, 3, 4, 5, 6] as [Float])], names: names)
            #expect(try bias.query.elements() == [1, 4] && bias.value.elements() == [3, 6])
            #expect(throws: TensorError.self) {
                try bias.load(["c_qkv": Tensor.zeros([7])], names: names)
            }
        }

        @Test func whatDoesNotMatchIsListedAndNothingChanges() throws {
            let layer = Linear(3, 2)
            try layer.initialise(seed: 1)
            let before: [Float] = try layer.weight.elements()
            let tensors = ["weight": try Tensor.ones([2, 4]), "scale": try Tensor.ones([1])]
            let error = #expect(throws: TensorError.self) { try layer.load(tensors) }
            let message = try #require(error?.message)
            #expect(message.contains("missing: bias"))
            #expect(message.contains("unexpected: scale"))
            #expect(message.contains("weight: is [2, 3], the file has [2, 4]"))
            #expect(try layer.weight.elements() == before)
            let report = try layer.load(["bias": .ones([2])], isStrict: false)
            #expect(report.loaded == ["bias"] && report.missing == ["weight"])
            #expect(try layer.bias!.elements() == [1, 1])
            #expect(throws: TensorError.self) {
                try layer.load(
                    ["a": .ones([2]), "b": .ones([2])],
                    names: NameMap([.rename("[ab]", to: "bias")]), isStrict: false)
            }
        }
    }
}
