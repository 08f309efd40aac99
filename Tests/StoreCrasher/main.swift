// Works on a store, and may be killed at any moment: from outside, or by itself.
//
//   muybridge-store-crasher write STORE [count=N] [part=I/N]
//   muybridge-store-crasher merge STORE PART... [placement=copy]
//   muybridge-store-crasher repair STORE
//
// with [at=K moment=before|torn|after] to die at the K-th operation on a file, and [limit=BYTES]
// for the largest file that may be written. Says how many assets are committed, and in the end how
// many operations there were. Exits with 3 where the store gave an error, which it prints.

import Foundation
import ShardStore

func say(_ text: String) {
    let bytes = Array("\(text)\n".utf8)
    _ = write(1, bytes, bytes.count)
}

let words = CommandLine.arguments.dropFirst().filter { !$0.contains("=") }
let options = Dictionary(
    CommandLine.arguments.dropFirst().compactMap { word -> (String, String)? in
        let parts = word.split(separator: "=", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
) { $1 }

func build(_ path: String, _ files: KillingFiles) throws {
    let part = options["part"].flatMap { Partition($0) }
    let writer = try StoreWriter(
        at: path, run: CrasherCorpus.run(part), filter: CrasherCorpus.filter,
        limits: CrasherCorpus.limits, files: files)
    let done = try writer.completedAssets()
    say("committed \(done.count)")
    let count = options["count"].flatMap { Int($0) } ?? 24
    var appended = 0
    for outcome in CrasherCorpus.outcomes(count, part: part)
    where !done.contains(outcome.asset.id) {
        try writer.append(outcome)
        appended += 1
        if appended % 2 == 0 {
            try writer.commit()
            say("committed \(done.count + appended)")
        }
    }
    try writer.finish()
    say("committed \(done.count + appended)")
}

let files = KillingFiles(
    fatal: options["at"].flatMap { Int($0) },
    options["moment"].flatMap { KillingFiles.Moment(rawValue: $0) } ?? .before)
if let limit = options["limit"].flatMap({ UInt($0) }) {
    signal(SIGXFSZ, SIG_IGN)
    var limits = rlimit(rlim_cur: limit, rlim_max: limit)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
}
say("started")
do {
    let store = words[words.startIndex + 1]
    switch words.first {
    case "write": try build(store, files)
    case "merge":
        let placement = options["placement"].flatMap { StoreMerger.Placement(rawValue: $0) }
        let report = try StoreMerger.merge(
            Array(words.dropFirst(2)), into: store,
            run: RunRecord(toolVersion: "1.2.3", commandLine: "muybridge merge"),
            options: StoreMerger.Options(placement: placement ?? .link), files: files)
        say("merged \(report.sampleCount)")
    case "repair":
        _ = try StoreRebuilder.repair(at: store, files: files)
    default: exit(2)
    }
    say("operations \(files.count)")
} catch {
    say("error \(error)")
    exit(3)
}
