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
        },
        glb("creatures/dinosaur", .kept, "x") { Dinosaur.document(seed: $0) },
        glb("creatures/penguin", .kept, "x") { Penguin.document(seed: $0) },
        glb("creatures/fish", .kept, "x") { Fish.document(seed: $0) },
        glb("creatures/octopus", .kept, "x") { Octopus.document(seed: $0) },
        glb("creatures/butterfly", .kept, "x") { Butterfly.document(seed: $0) },
        glb("creatures/jellyfish", .kept, "x") { Jellyfish.document(seed: $0) },
        glb("objects/flower", .kept, "x") { Flower.document(seed: $0) },
        glb("objects/flag", .kept, "x") { Flag.document(seed: $0) },
        glb("objects/ball", .kept, "x") { BouncingBall.document(seed: $0) },
        glb("objects/clock", .kept, "x") { Clock.document(seed: $0) },
        glb("objects/orrery", .kept, "x") { Orrery.document(seed: $0) },
        glb("objects/globe", .kept, "x") { Globe.document(seed: $0) },
        glb("objects/robot-arm", .kept, "x") { RobotArm.document(seed: $0) },
        glb("objects/roller", .kept, "x") { Roller.document(seed: $0) },
        glb("creatures/owl", .kept, "x") { Owl.document(seed: $0) },
        glb("objects/soap-bubbles", .kept, "x") { SoapBubbles.document(seed: $0) },
        glb("objects/windmill", .kept, "x") { Windmill.document(seed: $0) },
        glb("creatures/ghost", .kept, "x") { Ghost.document(seed: $0) },
        glb("objects/gift-box", .kept, "x") { GiftBox.document(seed: $0) },
        glb("objects/pudding", .kept, "x") { Pudding.document(seed: $0) },
        glb("creatures/cobra", .kept, "x") { Cobra.document(seed: $0) },
    ]
}
