import Foundation
import Testing

/// Holds small cases to the instructions and allocations that were recorded of them: a check of
/// speed that does not depend on the clock, nor on what else the machine does.
///
/// `MUYBRIDGE_RECORD_COUNTS=1` writes the record anew, next to this file, and fails, so that no run
/// that records passes for one that checks.
@Suite struct CountsTests {
    /// What is recorded.
    private struct Record: Codable {
        /// What the counts were taken with.
        var toolchain: String
        var cases: [String: CallgrindRun.Counts]
    }

    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "counts.json")
    /// How much more is let pass.
    private static let tolerance = 0.05

    @Test func casesTakeNoMoreThanWasRecorded() throws {
        guard let toolchain = try? CallgrindRun.toolchain() else {
            print("Counts are not checked: valgrind is not installed (make setup installs it).")
            return
        }
        let run = try CallgrindRun()
        let counts = run.counts
        for (name, why) in run.uncounted { print("\(name) is not counted: \(why)") }
        #expect(counts.count + run.uncounted.count >= 18, "every case was begun")
        #expect(run.uncounted.count <= 3, "most cases were counted")
        expectNoGrowth(counts)
        if ProcessInfo.processInfo.environment["MUYBRIDGE_RECORD_COUNTS"] == "1" {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let data = try encoder.encode(Record(toolchain: toolchain, cases: counts))
            try (data + Data("\n".utf8)).write(to: Self.file)
            Issue.record("The counts were recorded in \(Self.file.path), not checked.")
            return
        }
        let record = try JSONDecoder().decode(Record.self, from: Data(contentsOf: Self.file))
        guard record.toolchain == toolchain else {
            print(
                """
                Counts are not checked: they were recorded with \(record.toolchain), and this is \
                \(toolchain). MUYBRIDGE_RECORD_COUNTS=1 records them anew.
                """)
            return
        }
        for name in counts.keys where record.cases[name] == nil {
            Issue.record("\(name) has no record: MUYBRIDGE_RECORD_COUNTS=1 makes it")
        }
        for name in record.cases.keys where counts[name] == nil && run.uncounted[name] == nil {
            Issue.record("\(name) is recorded, and there is no such case any more")
        }
        for (name, before) in record.cases.sorted(by: { $0.key < $1.key }) {
            guard let now = counts[name] else { continue }
            compare(name, "instructions", before.instructions, now.instructions)
            compare(name, "allocations", before.allocations, now.allocations, slack: 2)
        }
    }

    /// Fails where a count grew, and says by how much whatever changed.
    private func compare(
        _ name: String, _ what: String, _ before: Int, _ now: Int, slack: Int = 0
    ) {
        let change = Double(now) / Double(max(1, before)) - 1
        let text =
            "\(name): \(what) \(before) -> \(now) (\(String(format: "%+.1f", 100 * change)) %)"
        if abs(change) > 0.01 { print(text) }
        let limit = Double(before) * (1 + Self.tolerance) + Double(slack)
        #expect(
            Double(now) <= limit,
            "\(text); if that is the price of something, MUYBRIDGE_RECORD_COUNTS=1 records it")
    }

    /// Cases that differ in a number alone take about the same allocations: none is for a pixel, a
    /// point or a triangle.
    private func expectNoGrowth(_ counts: [String: CallgrindRun.Counts]) {
        var families: [String: [(size: Int, counts: CallgrindRun.Counts)]] = [:]
        for (name, counts) in counts {
            let parts = name.components(separatedBy: ": ")
            guard parts.count == 2, let size = Int(parts[1]) else { continue }
            families[parts[0], default: []].append((size, counts))
        }
        #expect(families.count >= 5)
        for (name, cases) in families {
            let sorted = cases.sorted { $0.size < $1.size }
            guard let small = sorted.first, let large = sorted.last else { continue }
            #expect(small.size < large.size)
            // A table may grow by doubling, and a tree may have a level more.
            let growth = 8 + (large.size - small.size) / 32
            #expect(
                large.counts.allocations <= small.counts.allocations + growth,
                """
                \(name) \(small.size): \(small.counts.allocations) allocations; \
                \(large.size): \(large.counts.allocations)
                """)
            #expect(
                large.counts.instructions > small.counts.instructions, "\(name) was counted")
        }
    }
}

/// The sums of a dump, on one that is short enough to sum by hand.
@Suite struct CallgrindDumpTests {
    @Test func allocationsAreCountedOnceEach() {
        let dump = """
            events: Ir
            fn=(1) muybridge_counted
            10 5
            cfn=(2) malloc
            calls=3 20
            10 300
            cfn=(3) swift_slowAlloc
            calls=4 30
            10 400

            fn=(3)
            30 40
            cfn=(2)
            calls=4 20
            30 360
            cfn=(4) posix_memalign@@GLIBC_2.2.5
            calls=1 40
            30 50

            fn=(4)
            40 10
            cfn=(2)
            calls=1 20
            40 40
            totals: 1234
            """
        let counts = CallgrindRun.counts(in: dump)
        #expect(counts == CallgrindRun.Counts(instructions: 1234, allocations: 8))
    }
}
