import DatasetBuilding
import Foundation
import Geometry
import Running
import Synchronization
import Testing

@Suite struct OrderedWorkTests {
    /// Results come in the inputs' order although later inputs are done sooner.
    @Test(arguments: [1, 2, 4, 9], [1, 3, 100])
    func resultsComeInOrder(workers: Int, window: Int) throws {
        let work = OrderedWork(Array(0..<60), window: window) { i, _ in
            var random = KeyedRandom(seed: 0, asset: "\(i)", purpose: "sleep")
            usleep(UInt32(random.uniform(0..<2000)))
            return i * i
        }
        var seen: [Int] = []
        try work.run(workers: workers, shouldStop: { false }) { input, output in
            #expect(output == input * input)
            seen.append(input)
        }
        #expect(seen == Array(0..<60))
    }

    /// A consumer that stands still holds the workers up: no queue grows.
    @Test func slowConsumerSlowsTheWorkers() throws {
        let begun = Atomic<Int>(0)
        let work = OrderedWork(Array(0..<40), window: 4) { i, _ in
            begun.add(1, ordering: .relaxed)
            return i
        }
        try work.run(workers: 4, shouldStop: { false }) { input, _ in
            if input == 3 { usleep(50_000) }
            // Handing over input n frees the place of n: at most n + 1 + window are begun.
            #expect(begun.load(ordering: .relaxed) <= input + 1 + 4)
        }
    }

    @Test func stoppingHandsOverWhatWasBegun() throws {
        let begun = Atomic<Int>(0)
        let work = OrderedWork(Array(0..<1000), window: 8) { i, _ in
            begun.add(1, ordering: .relaxed)
            return i
        }
        var seen = 0
        try work.run(workers: 3, shouldStop: { begun.load(ordering: .relaxed) >= 20 }) {
            input, _ in
            #expect(input == seen)
            seen += 1
        }
        #expect(seen == begun.load(ordering: .relaxed))
        #expect(seen < 1000)
    }

    @Test func consumersErrorsEndTheRun() {
        struct Full: Error {}
        let work = OrderedWork(Array(0..<100), window: 4) { i, _ in i }
        #expect(throws: Full.self) {
            try work.run(workers: 2, shouldStop: { false }) { input, _ in
                if input == 10 { throw Full() }
            }
        }
    }

    /// Results that wait may weigh no more than the budget, and one more for each thread.
    @Test func heavyResultsHoldNewWorkUp() throws {
        let alive = Mutex((now: 0, most: 0))
        let work = OrderedWork(
            Array(0..<60), window: 1000, budget: 100, weigh: { (_: Int) in 60 }
        ) { i, _ in
            alive.withLock { alive in
                alive.now += 1
                alive.most = max(alive.most, alive.now)
            }
            return i
        }
        var seen: [Int] = []
        try work.run(workers: 3, shouldStop: { false }) { input, _ in
            usleep(1000)
            alive.withLock { $0.now -= 1 }
            seen.append(input)
        }
        #expect(seen == Array(0..<60))
        // Two are over the budget; three threads may each have begun one by then, and one more
        // is in the consumer's hands.
        #expect(alive.withLock { $0.most } <= 2 + 3 + 1)
    }

    /// A dropped result ends the run there, whatever later ones were done.
    @Test func droppedResultsEndTheRun() throws {
        let work = OrderedWork(Array(0..<20), window: 8) { i, _ in i == 5 ? nil : i }
        var seen: [Int] = []
        try work.run(workers: 4, shouldStop: { false }) { input, _ in seen.append(input) }
        #expect(seen == Array(0..<5))
    }

    @Test func errorsOfTheWorkEndTheRun() {
        struct Gone: Error {}
        let work = OrderedWork(Array(0..<100), window: 4) { i, _ in
            if i == 7 { throw Gone() }
            return i
        }
        var seen = 0
        #expect(throws: Gone.self) {
            try work.run(workers: 2, shouldStop: { false }) { _, _ in seen += 1 }
        }
        #expect(seen <= 7)
    }

    @Test func nothingToDoIsDone() throws {
        let work = OrderedWork([Int](), window: 4) { i, _ in i }
        try work.run(workers: 2, shouldStop: { false }) { _, _ in Issue.record("no input") }
    }
}

@Suite struct ProgressTests {
    @Test func lineSaysRateAndTimeLeft() {
        var state = Progress.State(total: 100)
        state.done = 25
        state.kept = 10
        state.rejected = 14
        state.failed = 1
        let line = Progress.line(state, elapsed: .seconds(50), width: 8)
        #expect(
            line
                == "[##------]  25/100 assets  kept 10, rejected 14, failed 1  0.50/s  2 min 30 s left"
        )
    }

    @Test func durationsReadWell() {
        #expect(ProgressLine.duration(42.4) == "42 s")
        #expect(ProgressLine.duration(185) == "3 min 05 s")
        #expect(ProgressLine.duration(7620) == "2 h 07 min")
        #expect(ProgressLine.duration(475_200) == "5 d 12 h")
        #expect(ProgressLine.duration(-1) == "0 s")
    }
}
