import Foundation
import Tensors
import TestSupport
import Testing

extension AllTests {
    @Suite struct EventFileTests {
        private func bytes(_ hex: String) -> [UInt8] {
            let digits = Array(hex)
            return stride(from: 0, to: digits.count, by: 2).map {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)!
            }
        }

        /// Records as the Python package tensorboard VERSION writes them.
        @Test func recordsAreThoseOfTensorBoard() {
            let version = EventFile.versionEvent(time: 1234.5)
            #expect(EventFile.record(version) == bytes("VERSION_HEX"))
            let start = EventFile.startEvent(time: 1234.5, step: 300)
            #expect(EventFile.record(start) == bytes("START_HEX"))
            let event = EventFile.event(
                [
                    ("loss/train", .scalar(0.1)),
                    ("samples", .picture(png: Array(0..<200), width: 640, height: 3)),
                ], step: 70_000, time: 1_700_000_000.25)
            #expect(EventFile.record(event) == bytes("EVENT_HEX"))
        }

        @Test func filesHoldWholeRecordsFromTheStart() throws {
            let folder = TemporaryFolder()
            let events = folder.url.appending(path: "events")
            let file = try EventFile(folder: events, step: 0, time: 10)
            try file.add([("a", .scalar(1))], step: 1, time: 11)
            // Written without closing: a run that is killed loses nothing of it.
            let found = try Data(contentsOf: file.url)
            let expected =
                EventFile.record(EventFile.versionEvent(time: 10))
                + EventFile.record(EventFile.event([("a", .scalar(1))], step: 1, time: 11))
            #expect(Array(found) == expected)
            let second = try EventFile(folder: events, step: 1, time: 10)
            #expect(second.url != file.url)
            #expect(file.url.lastPathComponent.contains(".tfevents."))
        }
    }
}
