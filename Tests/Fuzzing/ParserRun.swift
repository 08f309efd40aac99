import Foundation

/// Mutants of one parser, in processes of this program. Where one dies or stands still, its notes
/// name the mutant, which is tried alone; the next process goes on behind it.
struct ParserRun {
    let parser: String
    let seed: UInt64
    let work: String
    let deadline: Date

    private static let batchSize = 500
    /// The longest that a mutant may take, in seconds; loaded machines are slow.
    private static let mutantSeconds = 30.0

    func run(count: Int, report: inout FuzzReport) throws {
        var index = 0
        while index < count, Date() < deadline {
            let end = min(count, index + Self.batchSize)
            let (outcomes, unfinished, ending) = try parse(index..<end)
            for (index, outcome) in outcomes {
                report.count(parser, outcome)
                // A parser may say itself that it did wrong.
                if outcome.hasPrefix("MISSED") {
                    report.fail("\(parser)-\(index)", "\(outcome); seed \(seed)") {
                        try save(index, in: $0)
                    }
                }
            }
            guard ending != .exit(0) || unfinished != nil else {
                index = end
                continue
            }
            guard let culprit = unfinished else {
                throw FuzzError("\(parser): the process ended with \(ending) before any mutant")
            }
            try blame(culprit, ending, report: &report)
            index = culprit + 1
        }
        progress("\(parser): \(index) of \(count)")
    }

    /// Tries a mutant alone, and records what it does.
    private func blame(
        _ index: Int, _ ending: Subprocess.Ending, report: inout FuzzReport
    ) throws {
        let alone = try parse(index..<index + 1).ending
        let what = "\(ending)" + (alone == ending ? "" : ", alone \(alone)")
        report.count(parser, "\(ending)")
        report.fail("\(parser)-\(index)", "\(what); seed \(seed)") { folder in
            try save(index, in: folder)
            try FileManager.default.copyItem(
                atPath: work + "/parse.log", toPath: folder + "/parse.log")
        }
    }

    /// Writes a mutant to a folder.
    private func save(_ index: Int, in folder: String) throws {
        _ = try Subprocess.run(
            CommandLine.arguments[0],
            [
                "mutant", "--parser", parser, "--seed", "\(seed)", "--index", "\(index)",
                "--work", work, "--out", folder + "/mutant",
            ], output: folder + "/mutant.log", seconds: 60)
    }

    /// Parses a range of mutants in a process of its own.
    ///
    /// - Returns: the outcomes of those that were finished, and the one that was not.
    private func parse(_ range: Range<Int>) throws -> (
        outcomes: [(index: Int, word: String)], unfinished: Int?, ending: Subprocess.Ending
    ) {
        let notes = work + "/notes"
        try? FileManager.default.removeItem(atPath: notes)
        var size = -1
        var lastChange = Date()
        let ending = try Subprocess.run(
            CommandLine.arguments[0],
            [
                "parse", "--parser", parser, "--seed", "\(seed)", "--from", "\(range.lowerBound)",
                "--to", "\(range.upperBound)", "--work", work, "--notes", notes,
            ], output: work + "/parse.log"
        ) {
            let status = try? FileManager.default.attributesOfItem(atPath: notes)
            let now = status?[.size] as? Int ?? 0
            if now != size { (size, lastChange) = (now, Date()) }
            return Date().timeIntervalSince(lastChange) > Self.mutantSeconds
        }
        let text = (try? String(contentsOfFile: notes, encoding: .utf8)) ?? ""
        var outcomes: [(index: Int, word: String)] = []
        var unfinished: Int?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard let index = words.first.flatMap({ Int($0) }) else { continue }
            if words.count == 2 {
                outcomes.append((index, String(words[1])))
            } else {
                unfinished = index
            }
        }
        return (outcomes, unfinished, ending)
    }
}
