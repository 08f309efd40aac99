import Foundation
import Tensors

/// What a stage's model is made of, and what its training keeps in memory beside activations. It
/// costs nothing: no weight is made.
public struct ModelSummary: Sendable {
    /// What one property of the model holds.
    public struct Part: Sendable, Equatable {
        /// The property's name, with which its parameters' names begin.
        public let name: String
        /// Numbers.
        public var count = 0
        /// Those of them that learn.
        public var learning = 0

        package init(name: String, count: Int = 0, learning: Int = 0) {
            self.name = name
            self.count = count
            self.learning = learning
        }
    }

    /// Something that is kept, one number for each parameter or several.
    public struct Memory: Sendable, Equatable {
        /// What it is.
        public let name: String
        /// How much of it.
        public let bytes: Int
    }

    /// The parts, in the order of the model's properties.
    public let parts: [Part]
    /// What is kept.
    public let memory: [Memory]

    /// Numbers in all.
    public var count: Int { parts.reduce(0) { $0 + $1.count } }
    /// Those that learn, in all.
    public var learning: Int { parts.reduce(0) { $0 + $1.learning } }
    /// Bytes in all.
    public var bytes: Int { memory.reduce(0) { $0 + $1.bytes } }

    /// Describes a stage.
    public init(_ stage: TrainingManifest.Stage) throws {
        func made<Description: TrainingStage>(_ description: Description) throws -> Module {
            try description.makeSystem().model
        }
        let settings = stage.settings
        var parts: [Part] = []
        for (name, parameter) in try Module.withoutMemory({ try made(stage.description) })
            .namedParameters()
        {
            let first = String(name.prefix { $0 != "." })
            if parts.last?.name != first { parts.append(Part(name: first)) }
            parts[parts.count - 1].count += parameter.count
            if settings.learningRate(of: name) > 0 {
                parts[parts.count - 1].learning += parameter.count
            }
        }
        self.parts = parts
        let (count, learning) = parts.reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.learning) }
        var memory = [
            Memory(name: "weights, float32", bytes: 4 * count),
            Memory(name: "gradients, float32", bytes: 4 * learning),
            Memory(name: "Adam's two moments, float32", bytes: 8 * learning),
        ]
        if settings.averageDecay != nil {
            memory.append(Memory(name: "means of the weights, float32", bytes: 4 * learning))
        }
        if settings.precision == .bfloat16 {
            memory.append(Memory(name: "copies of the weights, bfloat16", bytes: 2 * count))
        }
        self.memory = memory
    }

    /// A table of the parts and one of the memory, a line each.
    public var lines: [String] {
        func grouped(_ number: Int) -> String {
            var digits = String(number)
            var groups: [String] = []
            while digits.count > 3 {
                groups.insert(String(digits.suffix(3)), at: 0)
                digits.removeLast(3)
            }
            return ([digits] + groups).joined(separator: ",")
        }
        func gigabytes(_ bytes: Int) -> String {
            String(format: "%.3f GiB", Double(bytes) / Double(1 << 30))
        }
        var rows = parts.map { part in
            (
                part.name, grouped(part.count),
                part.learning == part.count
                    ? "" : part.learning == 0 ? "frozen" : "\(grouped(part.learning)) learn"
            )
        }
        rows.append(
            (
                "parameters", grouped(count), learning == count ? "" : "\(grouped(learning)) learn"
            ))
        rows += memory.map { ($0.name, gigabytes($0.bytes), "") }
        rows.append(("in all, without activations", gigabytes(bytes), ""))
        let (first, second) = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
        return rows.map { name, number, note in
            let gap = String(repeating: " ", count: first - name.count + 2 + second - number.count)
            return name + gap + number + (note.isEmpty ? "" : "  " + note)
        }
    }
}
