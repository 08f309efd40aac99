import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct ProcessGroupTests {
        /// Beside the test's own program.
        private static let member = URL(fileURLWithPath: CommandLine.arguments[0])
            .resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "muybridge-group-member")

        private func start(_ output: URL, _ variables: [String: String]) throws -> Process {
            let process = Process()
            process.executableURL = Self.member
            process.arguments = [output.path]
            var environment = ProcessInfo.processInfo.environment
            for name in ["RANK", "WORLD_SIZE"] { environment[name] = nil }
            process.environment = environment.merging(variables) { $1 }
            try process.run()
            return process
        }

        private func freePort() throws -> Int {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            return try withUnsafeMutablePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try #require(bind(listener, $0, length) == 0)
                    try #require(getsockname(listener, $0, &length) == 0)
                }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }

        @Test func twoProcessesDoWhatOneDoes() throws {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "group-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let port = try freePort()
            let outputs = ["0", "1", "alone"].map { folder.appending(path: $0) }
            let processes = try (0..<3).map { place in
                try start(
                    outputs[place],
                    place == 2
                        ? [:]
                        : [
                            "RANK": "\(place)", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1",
                            "MASTER_PORT": "\(port)",
                        ])
            }
            for process in processes {
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
            }
            let results = try outputs.map { try SafetensorsFile($0).tensors() }
            #expect(results[0].keys.sorted() == results[2].keys.sorted())
            for name in results[2].keys where name != "ranks" {
                let first: [Double] = try results[0][name]!.elements()
                #expect(try results[1][name]!.elements() == first, "\(name) of both ranks")
                try expectClose(results[0][name]!, results[2][name]!, tolerance: 1e-12)
            }
            #expect(try results[0]["ranks"]!.elements() == [0, 1])
            #expect(try results[0]["never"]!.elements() == [1, 1], "no gradient, no decay")
            let losses: [Double] = try results[2]["losses"]!.elements()
            #expect(losses.last! < losses.first!)
        }

        @Test func torchrunsVariablesAreRead() throws {
            #expect(try ProcessGroup.Meeting(environment: [:]) == nil)
            let variables = [
                "RANK": "3", "WORLD_SIZE": "8", "MASTER_ADDR": "node1", "MASTER_PORT": "29500",
                "TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RESTART_COUNT": "2",
            ]
            let meeting = try #require(try ProcessGroup.Meeting(environment: variables))
            #expect(meeting.rank == 3 && meeting.size == 8)
            #expect(meeting.host == "node1" && meeting.port == 29500)
            #expect(meeting.storeIsServed && meeting.prefix.hasSuffix("attempt_2"))
            for (name, value) in [("RANK", "8"), ("RANK", "x"), ("MASTER_PORT", "")] {
                #expect(throws: TensorError.self) {
                    try ProcessGroup.Meeting(environment: variables.merging([name: value]) { $1 })
                }
            }
        }

        @Test func whoWaitsForNobodyGetsAnError() throws {
            var meeting = ProcessGroup.Meeting(rank: 0, size: 2, port: try freePort())
            meeting.timeoutSeconds = 1
            #expect(throws: TensorError.self) { try ProcessGroup(meeting) }
        }
    }
}
