extension DemoCorpus {
    static let recipes: [Recipe] = creatures

    static func glb(
        _ id: String, _ expectation: DemoAsset.Expectation = .kept, _ description: String,
        _ make: @escaping @Sendable (UInt64) -> GLTFDocument
    ) -> Recipe {
        Recipe(
            asset: DemoAsset(
                id: id, path: "\(id).glb", layout: .gltf, expectation: expectation,
                description: description),
            content: .glb(make))
    }

    private static let creatures: [Recipe] = [
        glb("creatures/cat", .kept, "a striped kitten that walks: skinned, painted, linear keys") {
            Cat.document(seed: $0)
        }
    ]
}
