import Foundation

/// How many mutants came to what, by parser.
struct FuzzReport {
    /// The folder of the run.
    let work: String
    private var counts: [String: [String: Int]] = [:]
    /// What did harm: a sentence each.
    private(set) var harm: [String] = []

    init(work: String) { self.work = work }

    var hasHarm: Bool { !harm.isEmpty }

    mutating func count(_ parser: String, _ outcome: String, times: Int = 1) {
        counts[parser, default: [:]][outcome, default: 0] += times
    }

    /// Records harm, and keeps the files that did it.
    ///
    /// - Parameter save: writes them to a folder.
    mutating func fail(_ name: String, _ what: String, save: (String) throws -> Void) {
        let folder = "\(work)/failures/\(name)"
        harm.append("\(name): \(what)")
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try? save(folder)
        try? Data((what + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/what.txt"))
        FileHandle.standardError.write(Data("HARM \(name): \(what)\n".utf8))
    }

    /// A line for each parser and outcome, and one for each harm.
    var text: String {
        var lines: [String] = []
        let total = counts.values.reduce(0) { $0 + $1.values.reduce(0, +) }
        for (parser, outcomes) in counts.sorted(by: { $0.key < $1.key }) {
            let sum = outcomes.values.reduce(0, +)
            let cells = outcomes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                "\($0.key) \($0.value)"
            }
            lines.append(
                "\(parser.padding(toLength: 24, withPad: " ", startingAt: 0)) \(sum): "
                    + cells.joined(separator: ", "))
        }
        lines.append("\(total) mutants, \(harm.count) did harm")
        return (lines + harm.map { "HARM \($0)" }).joined(separator: "\n")
    }
}

/// Says how far the run is.
func progress(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
