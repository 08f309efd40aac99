import Foundation
import Geometry

/// The tables beside the assets, as corpora bring them.
enum Tables {
    /// An asset that the ID list names and that is not there.
    static let absentID = "creatures/unicorn"

    /// The tables' files by name.
    static func files(_ recipes: [Recipe], _ made: [MadeAsset], seed: UInt64) -> [String: Data] {
        [
            "annotations.json": annotations(recipes, made, seed: seed),
            "scores.csv": scores(recipes), "ids.txt": ids(recipes),
        ]
    }

    /// Annotations in the manner of Objaverse 1.0: an object of objects, keyed by ID. Files that
    /// are broken have no counts.
    private static func annotations(
        _ recipes: [Recipe], _ made: [MadeAsset], seed: UInt64
    ) -> Data {
        let entries = zip(recipes, made).filter { $0.0.asset.layout == .gltf }
        return Data(
            JSONValue.object(
                entries.map { ($0.0.asset.id, annotation($0.0, $0.1.counts, seed: seed)) }
            ).text(linesForLevels: 2).utf8)
    }

    private static func annotation(
        _ recipe: Recipe, _ counts: MadeAsset.Counts?, seed: UInt64
    ) -> JSONValue {
        var random = KeyedRandom(seed: seed, asset: recipe.asset.id, purpose: "annotations")
        let views = Int(random.uniform(20..<5000))
        var members: [(String, JSONValue)] = [
            ("uid", .string(recipe.asset.id)), ("name", .string(recipe.title)),
            ("description", .string(recipe.asset.description)),
            ("license", .string(recipe.license)),
            ("tags", .array(recipe.tags.map { .object([("name", .string($0))]) })),
            (
                "categories",
                .array(recipe.tags.prefix(1).map { .object([("name", .string($0))]) })
            ),
            ("user", .object([("username", .string("muybridge"))])),
            ("viewCount", .integer(views)),
            ("likeCount", .integer(Int(Double(views) * random.uniform(0.01..<0.1)))),
            ("commentCount", .integer(Int(random.uniform(0..<20)))),
            ("isDownloadable", .boolean(true)), ("isAgeRestricted", .boolean(false)),
        ]
        if let counts {
            members += [
                ("animationCount", .integer(counts.animations)),
                ("vertexCount", .integer(counts.vertices)), ("faceCount", .integer(counts.faces)),
            ]
        }
        return .object(members)
    }

    /// Rows of ID and aesthetic score, for the assets that have one.
    private static func scores(_ recipes: [Recipe]) -> Data {
        let rows = recipes.compactMap { recipe in
            recipe.score.map { "\(recipe.asset.id),\($0)" }
        }
        return Data((["id,aesthetic_score"] + rows).map { $0 + "\n" }.joined().utf8)
    }

    private static func ids(_ recipes: [Recipe]) -> Data {
        Data((recipes.map(\.asset.id) + [absentID]).map { $0 + "\n" }.joined().utf8)
    }
}
