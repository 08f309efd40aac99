import Foundation
import Geometry
import MeshFiles

/// The tables beside the assets, as corpora bring them.
struct Tables {
    /// An asset that the ID list names and that is not there.
    static let absentID = "creatures/unicorn"

    private var annotations: [(String, OrderedJSON)] = []
    private var scores = "id,aesthetic_score\n"
    private var ids = ""

    /// Adds the rows of one copy of the corpus.
    ///
    /// - Parameter prefix: the copy's folder with a slash, or nothing.
    mutating func add(_ recipes: [Recipe], _ made: [MadeAsset], seed: UInt64, prefix: String) {
        for (recipe, asset) in zip(recipes, made) {
            let id = prefix + recipe.asset.id
            if recipe.asset.layout == .gltf {
                annotations.append((id, Tables.annotation(recipe, id, asset.counts, seed: seed)))
            }
            if let score = recipe.score { scores += "\(id),\(score)\n" }
            ids += "\(id)\n"
        }
        ids += "\(prefix)\(Tables.absentID)\n"
    }

    /// The tables' files by name. The annotations are in the manner of Objaverse 1.0: an object of
    /// objects, keyed by ID.
    var files: [String: Data] {
        [
            "annotations.json": Data(
                OrderedJSON.object(annotations).text(linesForLevels: 2).utf8),
            "scores.csv": Data(scores.utf8), "ids.txt": Data(ids.utf8),
        ]
    }

    /// What the annotations say of an asset. Files that are broken have no counts.
    private static func annotation(
        _ recipe: Recipe, _ id: String, _ counts: MadeAsset.Counts?, seed: UInt64
    ) -> OrderedJSON {
        var random = KeyedRandom(seed: seed, asset: recipe.asset.id, purpose: "annotations")
        let views = Int(random.uniform(20..<5000))
        var members: [(String, OrderedJSON)] = [
            ("uid", .string(id)), ("name", .string(recipe.title)),
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
}
