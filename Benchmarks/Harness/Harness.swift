import Foundation

/// Times cases and prints one aligned line each; with peers, a further line for each of them.
///
/// A case runs once to warm up and then at least five times; the median counts, since other work
/// on the machine only ever slows a run down now and then. Peers run in turn with it.
package final class Harness {
    /// What one run of a case came to.
    package struct Yield {
        /// Things made: frames, assets, samples.
        package var items: Int
        /// Bytes written or moved.
        package var bytes: Int
        /// How good the result is, in a few words.
        package var quality: String

        package init(items: Int, bytes: Int = 0, quality: String = "") {
            self.items = items
            self.bytes = bytes
            self.quality = quality
        }
    }

    /// How long a run took.
    struct Duration {
        /// By the clock.
        var seconds: Double
        /// Of processors, over all threads: what remains comparable where other work shares the
        /// machine.
        var processor: Double
    }

    /// Where cases put files.
    package let folder: URL
    private let runs: Int
    private let only: String?
    private let environment: PeerEnvironment?
    private var peers: [String: Result<Peer, any Error>] = [:]

    /// - Parameter environment: where peers are; nil runs none.
    package init(folder: URL, runs: Int, only: String?, environment: PeerEnvironment?) {
        self.folder = folder
        self.runs = max(5, runs)
        self.only = only
        self.environment = environment
    }

    package static func printHeader() {
        print(
            line(
                "case", "item", "items", "median s", "core s", "items/s", "MB/s", "ratio", "quality"
            ))
    }

    /// Whether the command line asks for a case.
    package func runs(_ name: String) -> Bool { only.map(name.contains) ?? true }

    /// Runs a case and its peers, unless the command line asks for others.
    ///
    /// - Parameters:
    ///   - name: what the line calls it.
    ///   - item: what is counted.
    ///   - works: what peers are asked to do, each the same as `body` does.
    ///   - body: one run of our own.
    package func measure(
        _ name: String, item: String, against works: [PeerWork] = [],
        _ body: () throws -> Yield
    ) throws {
        guard runs(name) else { return }
        // Lines appear as they are measured, also in a file.
        defer { fflush(nil) }
        let opponents = works.map { work in (work, Result { try ready(work) }) }
        var yield = try body()
        for (_, peer) in opponents { _ = try? peer.get().run() }
        var own: [Duration] = []
        var theirs = [[Duration]](repeating: [], count: works.count)
        var failures = [(any Error)?](repeating: nil, count: works.count)
        for _ in 0..<runs {
            own.append(try Self.duration { yield = try body() })
            for (i, (_, peer)) in opponents.enumerated() where failures[i] == nil {
                do { theirs[i].append(try peer.get().run()) } catch { failures[i] = error }
            }
        }
        let median = Self.median(own)
        Self.printLine(name, item, yield, median, ratio: "", quality: yield.quality)
        for (i, (work, peer)) in opponents.enumerated() {
            if let failure = failures[i] {
                print("  \(work.peer) \(failure)")
                continue
            }
            let theirs = Self.median(theirs[i])
            Self.printLine(
                "  \(try peer.get().versions) \(work.name)", item, yield, theirs,
                ratio: String(format: "%.2fx", theirs.seconds / median.seconds),
                quality: try agreement(work, peer.get()))
        }
    }

    /// Ends the peers; those that are asked again start anew.
    package func endPeers() { peers = [:] }

    private func ready(_ work: PeerWork) throws -> Peer {
        guard let environment else { throw PeerError.absent("peers were not asked for") }
        // A process for each case of a peer, so that two of them can run in turn.
        let key = work.peer + work.name
        let log = folder.appending(path: key + ".log")
        let started = peers[key] ?? Result { try Peer(work.peer, in: environment, log: log) }
        peers[key] = started
        let peer = try started.get()
        try peer.prepare(work)
        return peer
    }

    private func agreement(_ work: PeerWork, _ peer: Peer) throws -> String {
        guard let check = work.agreement else { return "" }
        let file = folder.appending(path: work.peer + ".result")
        try peer.save(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try check(file)
    }

    private static func duration(_ body: () throws -> Void) rethrows -> Duration {
        let processor = processorSeconds()
        let start = ContinuousClock.now
        try body()
        let elapsed = (ContinuousClock.now - start).components
        return Duration(
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18,
            processor: processorSeconds() - processor)
    }

    /// What all threads of this process, and processes that it started and that have ended, have
    /// used so far. Peers end between cases only.
    private static func processorSeconds() -> Double {
        var own = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own)
        var children = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &children)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
        }
        return Double(own.tv_sec) + Double(own.tv_nsec) * 1e-9
            + seconds(children.ru_utime) + seconds(children.ru_stime)
    }

    /// Both medians by themselves.
    private static func median(_ runs: [Duration]) -> Duration {
        func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        return Duration(
            seconds: middle(runs.map(\.seconds)), processor: middle(runs.map(\.processor)))
    }

    private static func printLine(
        _ name: String, _ item: String, _ yield: Yield, _ time: Duration, ratio: String,
        quality: String
    ) {
        print(
            line(
                name, item, "\(yield.items)", String(format: "%.4f", time.seconds),
                String(format: "%.4f", time.processor),
                String(format: "%.1f", Double(yield.items) / time.seconds),
                yield.bytes > 0
                    ? String(format: "%.1f", Double(yield.bytes) / time.seconds / 1e6) : "-",
                ratio, quality))
    }

    private static func line(_ columns: String...) -> String {
        let widths = [48, 8, 8, 9, 9, 11, 8, 8, 0]
        return zip(columns, widths).enumerated().map { i, pair in
            let (text, width) = pair
            let padding = String(repeating: " ", count: max(0, width - text.count))
            return i < 2 || i == 8 ? text + padding : padding + text
        }.joined(separator: " ")
    }
}
