// swift-tools-version: 6.2

import Foundation
import PackageDescription

// The rooms of the house, in the order in which they may import each other:
// Documentation/architecture.md draws the plan, and a test holds every
// `import` line to it.

/// Swift and C code of this package is compiled for x86-64-v3 (AVX2 and FMA: Haswell, Zen and
/// later). `MUYBRIDGE_BASELINE=1` compiles for any processor of the architecture instead; `make`
/// sets it by itself where the processor has no AVX2.
#if arch(x86_64)
    let usesProcessorLevel3 =
        ProcessInfo.processInfo.environment["MUYBRIDGE_BASELINE"] != "1"
#else
    let usesProcessorLevel3 = false
#endif

let swiftSettings: [SwiftSetting] =
    [.swiftLanguageMode(.v6)]
    + (usesProcessorLevel3 ? [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])] : [])

let cSettings: [CSetting] =
    usesProcessorLevel3 ? [.unsafeFlags(["-march=x86-64-v3"])] : []

func room(_ folder: String, _ name: String, _ imports: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: imports, path: "Sources/\(folder)/\(name)",
        swiftSettings: swiftSettings)
}

func tests(
    _ name: String, _ imports: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: imports + ["TestSupport"], path: "Tests/\(name)Tests",
        exclude: exclude, swiftSettings: swiftSettings)
}

/// libtorch for the learning rooms: `TORCH_HOME` names a folder with `include` and `lib` (the
/// `torch` folder of a pip install is one); else the distribution's (libtorch-dev). Without any, the
/// package has no learning rooms.
struct Torch {
    let compilerFlags: [String]
    let linkerFlags: [String]
    /// Versions 2 and up need C++20; 1.13's headers are C++17.
    let isModern: Bool

    static let found: Torch? = {
        if let home = ProcessInfo.processInfo.environment["TORCH_HOME"], !home.isEmpty {
            guard let torch = Torch(home: home) else {
                fatalError(
                    "TORCH_HOME is \(home), which has no include/torch and lib/libtorch_cpu.so")
            }
            return torch
        }
        return Torch(distribution: "/usr/include")
    }()

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    private static func isModern(include: String) -> Bool? {
        let words =
            text("\(include)/torch/csrc/api/include/torch/version.h")
            + text("\(include)/torch/headeronly/version.h")
        guard words.contains("TORCH_VERSION") else { return nil }
        return !words.contains("TORCH_VERSION_MAJOR 1\n")
    }

    /// Folders that together hold the headers which c10d's NCCL group needs: of `CUDA_HOME`, or of
    /// the pip packages that a CUDA build of PyTorch brings. Without them there is no NCCL.
    private static func includesForNCCL(home: String) -> [String]? {
        let files = FileManager.default
        let packages = URL(fileURLWithPath: home).deletingLastPathComponent().path + "/nvidia"
        let cuda = ProcessInfo.processInfo.environment["CUDA_HOME"] ?? "/usr/local/cuda"
        let folders =
            ["\(cuda)/include"]
            + ((try? files.contentsOfDirectory(atPath: packages)) ?? []).sorted()
            .map { "\(packages)/\($0)/include" }
        let needed = [
            "cuda_runtime_api.h", "crt/host_config.h", "nccl.h", "cublas_v2.h", "cublasLt.h",
            "cusparse.h",
            "cusolverDn.h",
        ]
        let complete = needed.allSatisfy { header in
            (folders + ["/usr/include"]).contains { files.fileExists(atPath: "\($0)/\(header)") }
        }
        return complete ? folders.filter { files.fileExists(atPath: $0) } : nil
    }

    init?(home: String) {
        let library = "\(home)/lib"
        guard FileManager.default.fileExists(atPath: "\(library)/libtorch_cpu.so"),
            let isModern = Self.isModern(include: "\(home)/include")
        else { return nil }
        self.isModern = isModern
        // Wheels before 2.6 were built with the C++ library's old strings.
        let usesOldStrings = Self.text("\(home)/share/cmake/Torch/TorchConfig.cmake")
            .contains("_GLIBCXX_USE_CXX11_ABI=0")
        var compilerFlags =
            [
                "-isystem", "\(home)/include", "-isystem",
                "\(home)/include/torch/csrc/api/include",
            ] + (usesOldStrings ? ["-D_GLIBCXX_USE_CXX11_ABI=0"] : [])
        // CUDA's kernels register themselves when loaded; nothing else asks for their library.
        let hasCUDA = FileManager.default.fileExists(atPath: "\(library)/libtorch_cuda.so")
        if hasCUDA, let includes = Self.includesForNCCL(home: home) {
            compilerFlags += includes.flatMap { ["-isystem", $0] } + ["-DMUYBRIDGE_TORCH_NCCL"]
        }
        self.compilerFlags = compilerFlags
        linkerFlags =
            ["-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library, "-ltorch_cpu", "-lc10"]
            + (hasCUDA
                ? [
                    "-Xlinker", "--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "-Xlinker",
                    "--as-needed",
                ] : [])
    }

    init?(distribution include: String) {
        guard let isModern = Self.isModern(include: include) else { return nil }
        self.isModern = isModern
        compilerFlags = ["-isystem", "\(include)/torch/csrc/api/include"]
        linkerFlags = ["-ltorch_cpu", "-lc10"]
    }
}

let torch = Torch.found

func learning(_ targets: [Target]) -> [Target] { torch == nil ? [] : targets }

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "muybridge",
    products: [.executable(name: "muybridge", targets: ["muybridge"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Interop: module maps and thin C shims, no logic.
        .systemLibrary(
            name: "CAssimp", path: "Sources/Interop/CAssimp", pkgConfig: "assimp",
            providers: [.apt(["libassimp-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", path: "Sources/Interop/COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "CImageCodecs", path: "Sources/Interop/CImageCodecs", cSettings: cSettings,
            linkerSettings: [
                .linkedLibrary("png"), .linkedLibrary("deflate"), .linkedLibrary("jpeg"),
                .linkedLibrary("webp"),
                .linkedLibrary("m"),
            ]),
        .target(name: "CChecksum", path: "Sources/Interop/CChecksum", cSettings: cSettings),
        // Compiled for the oldest processor on purpose: it runs before anything else.
        .target(
            name: "CProcessor", path: "Sources/Interop/CProcessor",
            cSettings: usesProcessorLevel3 ? [.define("MUYBRIDGE_REQUIRES_LEVEL_3")] : []),

        // Base: values and algorithms, no files, no stages.
        room("Base", "Documents", [yams]),
        room("Base", "Running", []),
        room("Base", "Imaging", ["CImageCodecs"]),
        room("Base", "Geometry", ["Imaging", "COpenBLAS"]),

        // Stages: pure functions from values to values; none imports another.
        room("Stages", "Assets", ["Geometry", "Imaging", "CAssimp"]),
        room("Stages", "Rendering", ["Geometry", "Imaging"]),
        room("Stages", "Curation", ["Documents", "Geometry", "Imaging"]),
        room("Stages", "Surfaces", ["Geometry", "Imaging"]),
        room("Stages", "MeshFiles", ["Geometry", "Imaging"]),
        room("Stages", "ShardStore", ["CChecksum", grdb]),

        // Building: where the stages meet.
        room("Building", "DemoCorpus", ["Geometry", "Imaging", "MeshFiles"]),
        room(
            "Building", "DatasetBuilding",
            [
                "Documents", "Geometry", "Imaging", "Running", "Assets", "Rendering", "Curation",
                "Surfaces", "MeshFiles", "ShardStore", crypto, csv,
            ]),
        .executableTarget(
            name: "muybridge",
            dependencies: ["DatasetBuilding", "DemoCorpus", "Running", "CProcessor", arguments],
            path: "Sources/muybridge", swiftSettings: swiftSettings),

        // Timing, and the programs of other libraries that run beside it.
        .target(
            name: "BenchmarkHarness", path: "Benchmarks/Harness", swiftSettings: swiftSettings),
        .executableTarget(
            name: "muybridge-benchmarks",
            dependencies: [
                "BenchmarkHarness", "Assets", "Rendering", "Curation", "Surfaces", "ShardStore",
                "Geometry", "Imaging",
                "DemoCorpus", arguments,
            ],
            path: "Benchmarks", exclude: ["Harness", "Learning", "Peers"],
            swiftSettings: swiftSettings),

        // The long run of damaged files (`make fuzz`).
        .executableTarget(
            name: "muybridge-fuzz",
            dependencies: [
                "TestSupport", "DemoCorpus", "DatasetBuilding", "Assets", "Curation", "Rendering",
                "MeshFiles", "ShardStore", "Geometry", "Imaging", "CAssimp", arguments,
            ],
            path: "Tests/Fuzzing", swiftSettings: swiftSettings),

        .target(
            name: "TestSupport", dependencies: ["Geometry", "Imaging", "MeshFiles", "DemoCorpus"],
            path: "Tests/TestSupport", swiftSettings: swiftSettings),
        .testTarget(
            name: "ArchitectureTests", path: "Tests/ArchitectureTests",
            swiftSettings: swiftSettings),
        // A worker that crashes, hangs and lies on request, for the tests of those who use one.
        .executableTarget(
            name: "misbehaving-worker", dependencies: ["DatasetBuilding"],
            path: "Tests/MisbehavingWorker", swiftSettings: swiftSettings),
        tests("Documents", ["Documents"]),
        tests("Imaging", ["Imaging"]),
        tests("Geometry", ["Geometry"]),
        tests("Assets", ["Assets", "Geometry", "Imaging"]),
        tests("Rendering", ["Rendering", "Geometry", "Imaging"]),
        tests("Curation", ["Curation", "Geometry", "Imaging"]),
        tests("Surfaces", ["Surfaces", "Geometry", "Imaging"]),
        tests("MeshFiles", ["MeshFiles", "Assets", "Geometry", "Imaging"]),
        tests("ShardStore", ["ShardStore", "muybridge-store-crasher"]),
        // Works on a store in a process of its own, which tests kill.
        .executableTarget(
            name: "muybridge-store-crasher", dependencies: ["ShardStore"],
            path: "Tests/StoreCrasher", swiftSettings: swiftSettings),
        tests("DemoCorpus", ["DemoCorpus", "MeshFiles", "Geometry", "Imaging"]),
        // Small cases whose instructions and allocations tests count, under callgrind.
        .executableTarget(
            name: "muybridge-counts",
            dependencies: [
                "TestSupport", "DemoCorpus", "Assets", "Curation", "Rendering", "ShardStore",
                "Surfaces", "Geometry", "Imaging",
            ],
            path: "Tests/Counts", swiftSettings: swiftSettings,
            // Valgrind 3.19 gives up on Swift's debug information.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-S"])]),
        .testTarget(
            name: "CountsTests", dependencies: ["muybridge-counts", "Imaging", "TestSupport"],
            path: "Tests/CountsTests", exclude: ["counts.json"], swiftSettings: swiftSettings),
        tests(
            "DatasetBuilding",
            [
                "DatasetBuilding", "DemoCorpus", "Assets", "Curation", "MeshFiles", "Rendering",
                "ShardStore", "Surfaces", "Geometry", "Imaging", "Running", "muybridge",
                "misbehaving-worker",
            ]),
    ]
        + learning([
            .target(
                name: "CTorch", path: "Sources/Interop/CTorch", exclude: ["Gloo/README.md"],
                cxxSettings: [
                    .headerSearchPath("Gloo"), .unsafeFlags(torch?.compilerFlags ?? []),
                ],
                linkerSettings: [.unsafeFlags(torch?.linkerFlags ?? [])]),
            room("Learning", "Tensors", ["CTorch", "ShardStore"]),
            room(
                "Learning", "Systems",
                ["Tensors", "Documents", "Geometry", "Imaging", "Running"]),
            room("Learning", "Evaluation", ["Tensors", "Geometry", "Imaging"]),
            // What `muybridge train`, `generate`, `evaluate` and others become.
            .executableTarget(
                name: "muybridge-learning",
                dependencies: [
                    "Assets", "DatasetBuilding", "Documents", "Evaluation", "Geometry", "Imaging",
                    "Running", "ShardStore", "Systems", "Tensors", arguments,
                ],
                path: "Sources/muybridge-learning", swiftSettings: swiftSettings),
            tests("Tensors", ["Tensors", "muybridge-group-member"], exclude: ["Reference"]),
            tests(
                "Systems",
                [
                    "Systems", "Tensors", "ShardStore", "Documents", "Geometry", "Imaging",
                    "muybridge", "muybridge-learning",
                ],
                exclude: ["Reference"]),
            tests(
                "Evaluation",
                [
                    "Evaluation", "Tensors", "Assets", "DemoCorpus", "ShardStore", "Geometry",
                    "Imaging", "muybridge-learning",
                ],
                exclude: ["Reference"]),
            // One of several processes that train together, for the tests of that.
            .executableTarget(
                name: "muybridge-group-member", dependencies: ["Tensors"],
                path: "Tests/GroupMember", swiftSettings: swiftSettings),
            .executableTarget(
                name: "muybridge-learning-benchmarks",
                dependencies: [
                    "BenchmarkHarness", "Evaluation", "Geometry", "Systems", "Tensors", arguments,
                ],
                path: "Benchmarks/Learning", swiftSettings: swiftSettings),
        ]),
    cxxLanguageStandard: torch?.isModern == true ? .cxx20 : .cxx17
)
