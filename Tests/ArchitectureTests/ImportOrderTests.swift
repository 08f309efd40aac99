import Foundation
import Testing

/// Holds the house to its plan (Documentation/architecture.md): who may import whom, and which
/// room alone speaks to which foreign library.
@Suite struct ImportOrderTests {
    /// What each room may import of this package and of foreign packages.
    static let allowed: [String: Set<String>] = [
        "Documents": ["Yams"],
        "Running": [],
        "Imaging": ["CImageCodecs"],
        "Geometry": ["Imaging", "COpenBLAS"],
        "Assets": ["Geometry", "Imaging", "CAssimp"],
        "Rendering": ["Geometry", "Imaging"],
        "Curation": ["Documents", "Geometry", "Imaging"],
        "Surfaces": ["Geometry", "Imaging"],
        "MeshFiles": ["Geometry", "Imaging"],
        "ShardStore": ["CChecksum", "GRDB"],
        "DemoCorpus": ["Geometry", "Imaging", "MeshFiles"],
        "DatasetBuilding": [
            "Documents", "Geometry", "Imaging", "Running", "Assets", "Rendering", "Curation",
            "Surfaces", "MeshFiles", "ShardStore", "Crypto", "SwiftCSV",
        ],
        "Tensors": ["CTorch", "ShardStore"],
        "Systems": ["Tensors", "Documents", "Geometry", "Imaging", "Running"],
        "Evaluation": ["Tensors", "Geometry", "Imaging"],
        "muybridge": [
            "DatasetBuilding", "DemoCorpus", "CProcessor", "ArgumentParser", "Geometry",
            "Imaging", "Running", "Assets", "Rendering", "Curation", "ShardStore", "Documents",
            "Tensors", "Systems", "Evaluation",
        ],
    ]

    /// What any room may import.
    static let platform: Set<String> = [
        "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Musl", "Synchronization",
        "Swift",
    ]

    /// Foreign libraries that one room alone may import.
    static let soleImporters = [
        "CAssimp": "Assets", "CImageCodecs": "Imaging", "COpenBLAS": "Geometry",
        "GRDB": "ShardStore", "CChecksum": "ShardStore", "ArgumentParser": "muybridge",
        "CProcessor": "muybridge", "Crypto": "DatasetBuilding", "SwiftCSV": "DatasetBuilding",
        "CTorch": "Tensors", "Yams": "Documents",
    ]

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Room and imported module of every import line below Sources.
    private static func imports() throws -> [(file: String, room: String, module: String)] {
        let sources = root.appending(path: "Sources")
        let files = try #require(
            FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var result: [(String, String, String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let parts = file.path.dropFirst(sources.path.count + 1).split(separator: "/")
            let room = parts[0].hasPrefix("muybridge") ? "muybridge" : String(parts[1])
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0 == "public" }
                guard words.first == "import", let module = words.last else { continue }
                result.append((file.path, room, String(module.prefix { $0 != "." })))
            }
        }
        return result
    }

    @Test func noImportRunsAgainstTheOrder() throws {
        let imports = try Self.imports()
        #expect(imports.count > 50)
        for (file, room, module) in imports where !Self.platform.contains(module) {
            let allowed = try #require(
                Self.allowed[room], "\(file): the plan knows no room \(room)")
            #expect(allowed.contains(module), "\(file) imports \(module)")
        }
    }

    @Test func foreignLibrariesHaveOneImporter() throws {
        for (file, room, module) in try Self.imports() {
            if let sole = Self.soleImporters[module] {
                #expect(room == sole, "\(file) imports \(module), which is \(sole)'s alone")
            }
        }
    }

    /// The base rooms hold values and algorithms: files are the stages' business.
    @Test func baseRoomsOpenNoFiles() throws {
        let base = Self.root.appending(path: "Sources/Base")
        let files = try #require(
            FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for forbidden in [
                "FileManager", "(contentsOf: URL", "contentsOfFile", "FileHandle", "fopen(",
            ] {
                #expect(!text.contains(forbidden), "\(file.path) uses \(forbidden)")
            }
        }
    }
}
