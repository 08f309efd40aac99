extension Recipe {
    /// All assets of the corpus, in the order in which they are written.
    static let all: [Recipe] = creatures + objects + otherLayouts + rejected + broken

    private static let creatures: [Recipe] = [
        .glb(
            "creatures/cat", "Kitten", tags: ["animal", "cat", "walk"], score: 7.1,
            "A striped kitten walks: one skin, a painted texture, linear keys."
        ) { Cat.document(seed: $0) },
        .glb(
            "creatures/dinosaur", "Young dinosaur", tags: ["animal", "dinosaur", "walk"],
            score: 6.9,
            "A dinosaur with three clips (walk, jump, idle), scale keys and 8-bit weights."
        ) { Dinosaur.document(seed: $0) },
        .glb(
            "creatures/penguin", "Penguin", tags: ["animal", "bird", "winter"], score: 6.6,
            "A penguin with two clips, in centimetres with Z up under an armature node."
        ) { Penguin.document(seed: $0) },
        .glb(
            "creatures/fish", "Clownfish", tags: ["animal", "fish", "sea"], score: 6.4,
            "A clownfish swims: a skinned spine, fins bound to single joints."
        ) { Fish.document(seed: $0) },
        .glb(
            "creatures/octopus", "Octopus", tags: ["animal", "sea"], score: 6.7,
            "An octopus of 34 joints, up to eight influences a vertex (JOINTS_1, WEIGHTS_1)."
        ) { Octopus.document(seed: $0) },
        .glb(
            "creatures/cobra", "Cobra in a pot", tags: ["animal", "snake"], license: "by",
            score: 6.2,
            "A cobra sways: 16-bit joints and weights, beside a mesh that is not skinned."
        ) { Cobra.document(seed: $0) },
        .glb(
            "creatures/butterfly", "Butterfly", tags: ["animal", "insect"], score: 6.5,
            "Alpha-masked wings, the right one the left one's mesh under a negative scale."
        ) { Butterfly.document(seed: $0) },
        .glb(
            "creatures/jellyfish", "Jellyfish", tags: ["animal", "sea"], score: 7.0,
            "A blended bell that pulses: two primitives that share three morph targets."
        ) { Jellyfish.document(seed: $0) },
        .glb(
            "creatures/owl", "Owl", tags: ["animal", "bird"], score: 6.8,
            "An owl looks around and blinks by sparse morph targets."
        ) { Owl.document(seed: $0) },
        .glb(
            "creatures/ghost", "Little ghost", tags: ["character", "cartoon"], score: 6.0,
            "An unlit ghost, its arms raised by a default morph weight of its node."
        ) { Ghost.document(seed: $0) },
    ]

    private static let objects: [Recipe] = [
        .glb(
            "objects/flower", "Flower", tags: ["plant"], score: 6.6,
            "A flower opens: morph weights on cubic splines, default weights on the mesh."
        ) { Flower.document(seed: $0) },
        .glb(
            "objects/flag", "Flag", tags: ["cloth"], score: 5.9,
            "A flag waves: morph weights that run below zero."
        ) { Flag.document(seed: $0) },
        .glb(
            "objects/ball", "Beach ball", tags: ["toy", "physics"], score: 5.8,
            "A ball bounces: translation, rotation and scale on cubic splines."
        ) { BouncingBall.document(seed: $0) },
        .glb(
            "objects/clock", "Clock", tags: ["machine"], license: "by", score: 6.1,
            "A clock ticks: step keys, and nodes that share their names."
        ) { Clock.document(seed: $0) },
        .glb(
            "objects/orrery", "Orrery", tags: ["machine", "space"], score: 6.3,
            "Planets on nested turning nodes under a matrix; emissive; a second scene."
        ) { Orrery.document(seed: $0) },
        .glb(
            "objects/globe", "Globe", tags: ["furniture"], score: 6.0,
            "A globe whose map is on the second UV set."
        ) { Globe.document(seed: $0) },
        .glb(
            "objects/robot-arm", "Robot arm", tags: ["machine", "robot"], score: 6.2,
            "A robot's rigid parts, rotations in normalised 16-bit integers."
        ) { RobotArm.document(seed: $0) },
        .glb(
            "objects/roller", "Rolling robot", tags: ["robot"], score: 6.5,
            "A robot on a ball: metal, normal map, metallic-roughness texture, glowing eyes."
        ) { Roller.document(seed: $0) },
        .glb(
            "objects/soap-bubbles", "Soap bubbles", tags: ["toy"], score: 5.7,
            "Blended instances of one mesh, morph weights in normalised 8-bit integers."
        ) { SoapBubbles.document(seed: $0) },
        .glb(
            "objects/windmill", "Windmill", tags: ["building", "low-poly"], license: "by-sa",
            score: 6.0,
            "Vertex colours, no normals, no index lists, and a partly animated node."
        ) { Windmill.document(seed: $0) },
        .glb(
            "objects/gift-box", "Present", tags: ["toy"], score: 5.9,
            "A present opens: KHR_texture_transform, mirrored wrapping, nearest filtering."
        ) { GiftBox.document(seed: $0) },
        .glb(
            "objects/pudding", "Pudding", tags: ["food"], score: 6.1,
            "A pudding wobbles under a scale that differs by axis and changes."
        ) { Pudding.document(seed: $0) },
        .gltf(
            "objects/toy-car/toy-car", "Toy car", tags: ["vehicle", "toy"], score: 6.7,
            "A car kept as .gltf with a .bin file and pictures beside it.",
            embedding: .externalFiles
        ) { ToyCar.document(seed: $0) },
        .gltf(
            "objects/lighthouse", "Lighthouse", tags: ["building", "sea"], score: 6.4,
            "A lighthouse kept as .gltf with everything in data URIs.", embedding: .dataURIs
        ) { Lighthouse.document(seed: $0) },
    ]

    private static let otherLayouts: [Recipe] = [
        .file(
            "animals/elephant_walk/elephant_walk.anime", .anime, "Elephant", tags: ["animal"],
            score: 5.9, .kept, "An elephant walks: a DeformingThings4D file of 24 frames."
        ) { _ in
            let elephant = Elephant.frames()
            return AnimeFile.data(elephant.positions, triangles: elephant.triangles)
        },
        .folder(
            "bicar/0001", .character, "Bear cub", tags: ["character"], score: 6.6,
            "A bear cub walks and waves: a 3DBiCar-style character with its rig."
        ) { Bear.files(seed: $0) },
        .folder(
            "flame", .objSequence, "Campfire", tags: ["effect"], score: 6.0,
            "A campfire: sixteen OBJ files that share their topology."
        ) { try Campfire.files(seed: $0) },
    ]
}
