import Documents
import Foundation

/// The whole recipe of a training: which system, and how each of its stages is trained.
///
/// ```yaml
/// name: demo-points
/// system: points
/// seed: 0
/// stages:
///   denoiser:
///     steps: 2000
///     batch: 16
/// ```
public struct TrainingManifest: Sendable {
    /// A stage, read.
    public struct Stage: Sendable {
        /// The name.
        public let name: String
        /// How it is trained.
        public var settings: TrainingSettings
        /// What is trained.
        public let description: any TrainingStage
    }

    /// The manifest's path.
    public let file: String
    /// The YAML.
    public let text: String
    /// The run's name.
    public let name: String
    /// The system's name.
    public let system: String
    /// What every draw comes from.
    public let seed: UInt64
    /// The stages, in the system's order.
    public let stages: [Stage]

    /// Reads a manifest's file.
    ///
    /// - Throws: `DocumentError`.
    public init(contentsOfFile path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw DocumentError(
                file: path, message: "cannot be read: \(error.localizedDescription)")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw DocumentError(file: path, message: "is not UTF-8 text")
        }
        try self.init(file: path, text: text)
    }

    /// Reads a manifest from YAML. All stages are checked, whichever is to be trained.
    ///
    /// - Parameters:
    ///   - file: the name that messages show, and the place that paths start from.
    ///   - systems: what there is to train.
    /// - Throws: `DocumentError` with line and column for anything that is not understood.
    public init(
        file: String, text: String, systems: [SystemEntry] = SystemEntry.all
    ) throws(DocumentError) {
        self.file = file
        self.text = text
        var top = try DocumentReader(file: file, text: text)
        name = try top.string("name") ?? "training"
        seed = UInt64(try top.integer("seed", in: 0...Int.max) ?? 0)
        let known = systems.map(\.name).joined(separator: ", ")
        guard let systemName = try top.string("system") else {
            throw top.error("system is missing; it must be one of: \(known)")
        }
        guard let system = systems.first(where: { $0.name == systemName }) else {
            throw top.error(
                at: "system", "system is \(systemName); it must be one of: \(known)")
        }
        self.system = systemName
        guard var section = try top.mapping("stages") else {
            throw top.error(
                "stages is missing; \(systemName) has: \(system.stageNames.joined(separator: ", "))"
            )
        }
        var stages: [Stage] = []
        for (name, type) in system.stages {
            guard var reader = try section.mapping(name) else { continue }
            let settings = try TrainingSettings(&reader)
            let description = try Self.read(type, &reader)
            try reader.finish()
            stages.append(Stage(name: name, settings: settings, description: description))
        }
        self.stages = stages
        try section.finish()
        try top.finish()
        if stages.isEmpty {
            throw section.error(
                "stages names none; \(systemName) has: "
                    + system.stageNames.joined(separator: ", "))
        }
    }

    private static func read<Description: TrainingStage>(
        _ type: Description.Type, _ reader: inout DocumentReader
    ) throws(DocumentError) -> any TrainingStage {
        try Description(&reader)
    }

    /// The stage of a name; nil asks for the only one.
    ///
    /// - Throws: `DocumentError` where there is none of that name, or several.
    public func stage(_ name: String?) throws(DocumentError) -> Stage {
        let names = stages.map(\.name).joined(separator: ", ")
        if let name {
            guard let stage = stages.first(where: { $0.name == name }) else {
                throw DocumentError(file: file, message: "has no stage \(name); it has: \(names)")
            }
            return stage
        }
        guard stages.count == 1 else {
            throw DocumentError(
                file: file, message: "has several stages; say which with --stage: \(names)")
        }
        return stages[0]
    }
}

/// A system that can be trained.
public struct SystemEntry: Sendable {
    /// The name by which manifests call it.
    public let name: String
    /// Its stages, in the order in which they are trained.
    public let stages: [(name: String, type: any TrainingStage.Type)]

    /// A system.
    public init(name: String, stages: [(name: String, type: any TrainingStage.Type)]) {
        self.name = name
        self.stages = stages
    }

    var stageNames: [String] { stages.map(\.name) }

    /// All that this package trains.
    public static let all = [
        SystemEntry(name: "points", stages: [("denoiser", PointDenoiserStage.self)]),
        SystemEntry(
            name: "shapegen4d",
            stages: [
                ("autoencoder", ShapeAutoencoderStage.self), ("flow", ShapeFlowStage.self),
            ]),
    ]
}
