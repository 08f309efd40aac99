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

        private static let eventRecord = """
            04010000000000004475e2da0900001040fc54d94110f0a2042af4010a110a0a6c6f73732f74\
            7261696e15cdcccc3d0ade010a0773616d706c657322d2010803108005180422c80100010203\
            0405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272829\
            2a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f\
            505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475\
            767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b\
            9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1\
            c2c3c4c5c6c7bb0bfba8
            """

        /// Records as the Python package tensorboard 2.21.0 writes them.
        @Test func recordsAreThoseOfTensorBoard() {
            let version = EventFile.versionEvent(time: 1234.5)
            #expect(
                EventFile.record(version)
                    == bytes(
                        "1800000000000000a37f4b220900000000004a93401a0d627261696e2e4576656e743a3265b8"
                            + "d3fb"))
            let start = EventFile.startEvent(time: 1234.5, step: 300)
            #expect(
                EventFile.record(start)
                    == bytes(
                        "100000000000000095fbfe180900000000004a934010ac023a02080160cea677"))
            let event = EventFile.event(
                [
                    ("loss/train", .scalar(0.1)),
                    ("samples", .picture(png: Array(0..<200), width: 640, height: 3)),
                ], step: 70_000, time: 1_700_000_000.25)
            #expect(EventFile.record(event) == bytes(Self.eventRecord))
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
