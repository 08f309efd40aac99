import DatasetBuilding
import Foundation

// A worker that does what damaged files make importers do, told by the asset's name.

/// Assets that this process was given before.
nonisolated(unsafe) var served = 0

func misbehave(_ id: String) {
    defer { served += 1 }
    switch id.split(separator: "/").last.map(String.init) ?? id {
    case "crash": raise(SIGSEGV)
    case "crash-if-used": if served > 0 { raise(SIGBUS) }
    case "trap": fatalError("the file is beyond me")
    case "hang": while true { usleep(100_000) }
    case "spin": while true {}
    case "leave": exit(7)
    case "kill-self-once":
        // What an operator does, or a system that is short of memory; a file remembers it.
        let mark = ProcessInfo.processInfo.environment["MISBEHAVING_MARK"] ?? "/nonexistent"
        if !FileManager.default.fileExists(atPath: mark) {
            _ = FileManager.default.createFile(atPath: mark, contents: nil)
            raise(SIGKILL)
        }
    case "kill-self": raise(SIGKILL)
    case "allocate":
        let bytes = 1 << 40
        let array = [UInt8](repeating: 1, count: bytes)
        print(array[bytes / 2])
    case "grow":
        var arrays: [[UInt8]] = []
        while true { arrays.append([UInt8](repeating: 1, count: 32 << 20)) }
    case "garbage":
        let bytes = [UInt8](repeating: 0x55, count: 4096)
        _ = write(3, bytes, bytes.count)
    case "huge-claim":
        // A header that promises a payload of 2^60 bytes.
        var bytes: [UInt8] = Array("MBWK".utf8) + [1, 0, 5, 0] + [UInt8](repeating: 0, count: 23)
        bytes.append(0x10)
        _ = write(3, bytes, bytes.count)
    case "chatter":
        for _ in 0..<20_000 { print("a library that prints what it does") }
        fflush(nil)
    case "wait": usleep(300_000)
    default: break
    }
}

WorkerService.run { misbehave($0) }
