import Assets
import Running
import ShardStore

/// What a worker is told once: the recipe, as text, so that a manifest that is edited while a run
/// goes on changes nothing in it.
struct WorkerSetup: WireValue, Equatable {
    var toolVersion: String
    var recipe: RecipeText
    /// The most bytes of address space that the worker may have.
    var memoryBytes: Int

    init(recipe: RecipeText, memoryBytes: Int) {
        toolVersion = Version.current
        self.recipe = recipe
        self.memoryBytes = memoryBytes
    }

    func encode(to wire: inout WireWriter) {
        wire.put(toolVersion)
        wire.put(recipe)
        wire.put(memoryBytes)
    }

    init(from wire: inout WireReader) throws(WireError) {
        toolVersion = try wire.take()
        recipe = try wire.take()
        memoryBytes = try wire.take()
    }
}

extension RecipeText: WireValue {
    func encode(to wire: inout WireWriter) {
        wire.put(manifestPath)
        wire.put(manifest)
        wire.put(filterPath)
        wire.put(filter)
        wire.put(corpus)
        wire.put(replayWords)
    }

    init(from wire: inout WireReader) throws(WireError) {
        self.init(
            manifestPath: try wire.take(), manifest: try wire.take(),
            filterPath: try wire.take(), filter: try wire.take(), corpus: try wire.take(),
            replayWords: try wire.take())
    }
}

extension AssetRequest: WireValue {
    func encode(to wire: inout WireWriter) {
        wire.put(path)
        wire.put(layout.rawValue)
        wire.put(record)
        wire.put(columns)
    }

    init(from wire: inout WireReader) throws(WireError) {
        self.init(
            path: try wire.take(), layout: try wire.takeWord(), record: try wire.take(),
            columns: try wire.take())
    }
}

/// The stage that a worker enters: what a row names if it is the last that is heard of it.
struct StageNote: WireValue, Equatable {
    var stage: String
    var clip: String?

    init(stage: String, clip: String?) {
        self.stage = stage
        self.clip = clip
    }

    func encode(to wire: inout WireWriter) {
        wire.put(stage)
        wire.put(clip)
    }

    init(from wire: inout WireReader) throws(WireError) {
        stage = try wire.take()
        clip = try wire.take()
    }
}

/// All of a result but the bytes of its fields, which follow in messages of their own: they go
/// from the worker's arrays into the run's without a copy between.
struct ResultHead: WireValue {
    /// A field whose bytes follow.
    struct FieldHead: WireValue {
        var name: String
        /// The type and shape of an array; nil for a file as it is.
        var type: ElementType?
        var shape: [Int]
        var byteCount: Int

        init(_ field: Field) {
            name = field.name
            switch field.payload {
            case .bytes(let bytes): (type, shape, byteCount) = (nil, [], bytes.count)
            case .array(let array):
                (type, shape, byteCount) = (array.type, array.shape, array.data.count)
            }
        }

        func encode(to wire: inout WireWriter) {
            wire.put(name)
            wire.put(type?.rawValue)
            wire.put(shape)
            wire.put(byteCount)
        }

        init(from wire: inout WireReader) throws(WireError) {
            name = try wire.take()
            let word: String? = try wire.take()
            type = word.flatMap(ElementType.init)
            shape = try wire.take()
            byteCount = try wire.take()
            guard word == nil || type != nil, byteCount >= 0 else {
                throw WireError(description: "the field \(name) of an unknown type or size")
            }
        }

        /// The field with its bytes.
        func field(_ bytes: [UInt8]) throws(WireError) -> Field {
            guard let type else { return Field(name, bytes: bytes) }
            do {
                return Field(
                    name: name,
                    payload: .array(try ArrayPayload(type: type, shape: shape, bytes: bytes)))
            } catch {
                throw WireError(description: "the field \(name): \(error)")
            }
        }
    }

    /// The outcome; its samples have no fields yet.
    var outcome: AssetOutcome
    /// The fields of each sample.
    var fields: [[FieldHead]]
    /// Preview strips by sample key, as PNG.
    var previews: [String: [UInt8]]
    /// Processor seconds of each stage.
    var seconds: [String: Double]

    init(_ result: AssetProcessor.Result) {
        outcome = result.outcome
        fields = outcome.samples.map { $0.fields.map(FieldHead.init) }
        for i in outcome.samples.indices { outcome.samples[i].fields = [] }
        previews = result.previews
        seconds = result.seconds
    }

    func encode(to wire: inout WireWriter) {
        wire.put(outcome.asset)
        wire.put(outcome.clips)
        wire.put(outcome.measures)
        wire.put(outcome.decisions)
        wire.put(outcome.failures)
        wire.put(outcome.samples.count)
        for (sample, fields) in zip(outcome.samples, fields) {
            wire.put(sample.key)
            wire.put(sample.clip)
            wire.put(sample.metadata)
            wire.put(fields)
        }
        wire.put(previews.count)
        for (key, png) in previews.sorted(by: { $0.key < $1.key }) {
            wire.put(key)
            wire.put(blob: png)
        }
        wire.put(seconds)
    }

    init(from wire: inout WireReader) throws(WireError) {
        outcome = AssetOutcome(
            asset: try wire.take(), clips: try wire.take(), measures: try wire.take(),
            decisions: try wire.take(), failures: try wire.take())
        fields = []
        for _ in 0..<(try wire.take(Int.self)) {
            outcome.samples.append(
                Sample(
                    key: try wire.take(), clip: try wire.take(), fields: [],
                    metadata: try wire.take()))
            fields.append(try wire.take())
        }
        previews = [:]
        for _ in 0..<(try wire.take(Int.self)) {
            let key: String = try wire.take()
            previews[key] = try wire.takeBlob()
        }
        seconds = try wire.take()
    }

    /// The result with the bytes of every field, which `next` gives in their order.
    ///
    /// - Parameter limit: the most bytes of all fields together.
    func completed(
        limit: Int, next: () throws(WorkerTrouble) -> [UInt8]
    ) throws(WorkerTrouble) -> AssetProcessor.Result {
        var left = limit
        var result = AssetProcessor.Result(
            outcome: outcome, previews: previews, seconds: seconds)
        for (i, heads) in fields.enumerated() {
            for head in heads {
                guard head.byteCount <= left else { throw .garbage("fields beyond all memory") }
                left -= head.byteCount
                let bytes = try next()
                guard bytes.count == head.byteCount else {
                    throw .garbage("the field \(head.name) of another size")
                }
                do {
                    result.outcome.samples[i].fields.append(try head.field(bytes))
                } catch {
                    throw .garbage(error.description)
                }
            }
        }
        return result
    }
}
