import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct ShardFormatTests {
    /// Every member that a build wrote, read by the plain parser, against what was handed over.
    @Test func shardsHoldTheSamplesAndNothingElse() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(60))
        var expected: [String: [Field]] = [:]
        for sample in outcomes.flatMap(\.samples) { expected[sample.key] = sample.fields }
        let shards = shardBytes(folder.store)
        #expect(shards.count > 6)
        for (name, bytes) in shards {
            #expect(name.wholeMatch(of: /(train|val|test)-\d{6}\.tar/) != nil)
            let tar = try PlainTar(bytes)
            #expect(tar.tail == [UInt8](repeating: 0, count: 1024))
            var keys: [String] = []
            for member in tar.members {
                let key = String(member.name.prefix { $0 != "." })
                if keys.last != key { keys.append(key) }
            }
            #expect(Set(keys).count == keys.count, "a sample's members lie together")
            #expect(keys.count <= 5)
            for key in keys {
                let members = tar.members.filter { $0.name.hasPrefix("\(key).") }
                let known = expected.removeValue(forKey: key)
                let fields = try #require(known)
                try check(members, key, fields)
            }
        }
        #expect(expected.isEmpty)
    }

    private func check(_ members: [PlainTar.Member], _ key: String, _ fields: [Field]) throws {
        let sorted = fields.sorted { $0.name < $1.name }
        #expect(members.map(\.name) == (sorted.map(\.name) + ["meta.json"]).map { "\(key).\($0)" })
        for (member, field) in zip(members, sorted) {
            switch field.payload {
            case .bytes(let bytes):
                #expect(member.data == bytes)
            case .array(let array):
                let numpy = try #require(PlainNumpy(member.data))
                #expect(numpy.descriptor == array.type.descriptor)
                #expect(numpy.shape == array.shape)
                #expect(numpy.data == array.bytes)
                #expect((member.offset + numpy.dataOffset) % 64 == 0)
            }
        }
    }

    /// Mode 0644, owner and group 0 without names, time 0: as POSIX lays the block out.
    @Test func headersHoldNothingOfThisMachine() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(12))
        for (_, bytes) in shardBytes(folder.store) {
            for member in try PlainTar(bytes).members {
                var header = member.header
                for range in [0..<100, 124..<136, 148..<156] {
                    for index in range { header[index] = 0 }
                }
                var expected = [UInt8](repeating: 0, count: 512)
                func put(_ text: String, _ offset: Int) {
                    expected.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
                }
                put("0000644", 100)
                put("0000000", 108)
                put("0000000", 116)
                put("00000000000", 136)
                put("0", 156)
                put("ustar\u{0}00", 257)
                put("0000000", 329)
                put("0000000", 337)
                #expect(header == expected)
            }
        }
    }

    @Test func theRecordTellsWhatTheSampleIs() throws {
        let folder = TemporaryFolder()
        let filter = Corpus.filter
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, filter: filter)
        let sample = Sample(
            key: "Fox__Walk", clip: "Walk",
            fields: [
                try Field("a.npy", [Float(1), 2], shape: [2]), Field("b.txt", bytes: [104, 105]),
            ], metadata: ["z": 1, "a": ["x": .null, "y": 0.5], "quote": "\"\\\n\u{1}é"])
        try writer.commit([
            AssetOutcome(
                asset: AssetRecord(id: "Fox", split: .validation, path: "Fox.glb"),
                clips: [ClipRecord(name: "Walk")], samples: [sample])
        ])
        try writer.finish()
        let tar = try PlainTar(fileBytes("\(folder.store)/shards/val-000000.tar"))
        let text = String(decoding: tar.members[2].data, as: UTF8.self)
        // The checksums were computed bit by bit in Python 3.11, that of the array from the file
        // that numpy.save of NumPy 2.4.6 writes.
        #expect(
            text == """
                {"asset":"Fox","asset_position":0,"asset_samples":1,"clip":"Walk","fields":[\
                {"crc32c":2094755522,"dtype":"float32","name":"a.npy","shape":[2]},\
                {"crc32c":4120762818,"name":"b.txt"}],"format":1,"kept":true,"key":"Fox__Walk",\
                "metadata":{"a":{"x":null,"y":0.5},"quote":"\\"\\\\\\n\\u0001é","z":1},\
                "series":"","split":"val"}
                """)
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let metadata = parsed?["metadata"] as? [String: Any]
        #expect(metadata?["quote"] as? String == "\"\\\n\u{1}é")
    }

    /// Names longer than a header's 100 bytes.
    @Test func longNamesSurvive() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        let key = String(repeating: "k", count: 80)
        let names = [19, 20, 98, 99, 100].map { String(repeating: "f", count: $0 - 4) + ".npy" }
        let fields = try names.map { try Field($0, [UInt8(9)], shape: [1]) }
        try writer.commit([
            AssetOutcome(
                asset: AssetRecord(id: "a", split: .train, path: ""),
                samples: [Sample(key: key, fields: fields)])
        ])
        try writer.finish()
        let path = "\(folder.store)/shards/train-000000.tar"
        let tar = try PlainTar(fileBytes(path))
        let expected = names.map { "\(key).\($0)" }.sorted() + ["\(key).meta.json"]
        #expect(tar.members.map(\.name) == expected)
        if let listing = try run("/bin/tar", ["tf", path]) {
            #expect(listing.status == 0)
            #expect(listing.output == expected.joined(separator: "\n") + "\n")
        }
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        let reader = try StoreReader(at: folder.store)
        for name in names {
            let field = try reader.field(name, of: key, checked: true)
            #expect(try field.elements(as: UInt8.self) == [9])
            #expect(field.entry.offset % 64 == 0)
        }
    }

    /// GNU tar lists and extracts what was written.
    @Test func tarExtractsTheFiles() throws {
        guard exists("/bin/tar") else { return }
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(20))
        let target = "\(folder.path)/extracted"
        try FileManager.default.createDirectory(
            atPath: target, withIntermediateDirectories: true)
        for name in shardBytes(folder.store).keys {
            let path = "\(folder.store)/shards/\(name)"
            let listing = try #require(try run("/bin/tar", ["tvf", path, "--utc"]))
            #expect(listing.status == 0)
            for line in listing.output.split(separator: "\n") {
                #expect(line.hasPrefix("-rw-r--r-- 0/0"))
                #expect(line.contains("1970-01-01 00:00 "))
            }
            #expect(try run("/bin/tar", ["xf", path, "-C", target])?.status == 0)
        }
        for sample in outcomes.flatMap(\.samples) {
            for field in sample.fields {
                let bytes = fileBytes("\(target)/\(sample.key).\(field.name)")
                if case .array(let array) = field.payload {
                    #expect(PlainNumpy(bytes)?.data == array.bytes)
                } else {
                    #expect(bytes == dataBytes(field))
                }
            }
        }
    }
}

@Suite struct NumpyTests {
    /// Shapes with the length of the header that `numpy.lib.format.write_array_header_1_0` of
    /// NumPy 2.4.6 writes, and the count of its trailing blanks, line feed included.
    static let headers: [(ElementType, [Int], length: Int, blanks: Int)] = [
        (.float64, [], 128, 63), (.uint8, [5], 128, 61), (.float16, [0, 3], 128, 59),
        (.float32, [3, 4], 128, 59), (.bool, [1], 128, 61),
        (.int64, [Int](repeating: 1, count: 13), 128, 26),
        (.int32, [Int](repeating: 2, count: 10), 128, 35),
        (.int16, [1, 1, 1, 1, 10, 10, 1, 1, 1, 1, 1], 128, 30),
        (.uint64, [Int](repeating: 1, count: 21), 192, 66),
        (.uint32, [Int](repeating: 1, count: 22), 192, 63),
        (.float32, [1, 1, 10, 1, 1, 2, 1, 2, 10, 1, 2, 1, 1, 2], 192, 85),
    ]

    @Test(arguments: headers)
    func headersAreThoseOfNumpy(
        type: ElementType, shape: [Int], length: Int, blanks: Int
    ) throws {
        let folder = TemporaryFolder()
        let count = shape.reduce(type.byteCount, *)
        let array = try ArrayPayload(
            type: type, shape: shape, bytes: [UInt8](repeating: 1, count: count))
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        try writer.commit([
            AssetOutcome(
                asset: AssetRecord(id: "a", split: .train, path: ""),
                samples: [
                    Sample(key: "a", fields: [Field(name: "npy", payload: .array(array))])
                ])
        ])
        let field = try StoreReader(at: folder.store).field("npy", of: "a", checked: true)
        let file = field.fileBytes
        #expect(file.count == length + count)
        #expect(field.entry.headerByteCount == length)
        let header = file[..<length]
        let text = String(decoding: header.dropFirst(10), as: UTF8.self)
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let stem =
            "{'descr': '\(type.descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
        #expect(text == stem + String(repeating: " ", count: blanks - 1) + "\n")
        #expect(field.entry.type == type && field.entry.shape == shape)
    }

    @Test func descriptorsAreThoseOfNumpy() {
        let descriptors = [
            "<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "|b1",
        ]
        #expect(ElementType.allCases.map(\.descriptor) == descriptors)
    }

    @Test func shapesThatCannotBeAreRefused() {
        #expect(ElementType.float32.byteCount(ofShape: [Int.max, 2]) == nil)
        #expect(ElementType.float32.byteCount(ofShape: [-1]) == nil)
        #expect(ElementType.float64.byteCount(ofShape: [3, 0]) == 0)
        #expect(throws: StoreError.self) { try ArrayPayload([Float(1)], shape: [2]) }
        #expect(throws: StoreError.self) {
            try ArrayPayload(type: .int8, shape: [Int.max, Int.max], bytes: [])
        }
    }
}
