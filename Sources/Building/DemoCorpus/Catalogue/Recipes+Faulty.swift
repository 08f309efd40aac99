import Foundation

extension Recipe {
    /// Sound files that a rule must reject.
    static let rejected: [Recipe] = [
        .glb(
            "rules/static-vase", "Vase", tags: ["furniture"], score: 6.3,
            expectation: .rejected(why: .noClip), "A vase without any clip."
        ) { RuleBreakers.staticVase(seed: $0) },
        .glb(
            "rules/motionless-lamp", "Lamp", tags: ["furniture"], score: 5.9,
            expectation: .rejected(why: .tooStill), "A lamp whose keys are all alike."
        ) { RuleBreakers.motionlessLamp(seed: $0) },
        .glb(
            "rules/slow-snail", "Snail", tags: ["animal"], score: 6.2,
            expectation: .rejected(why: .tooStill),
            "A snail that moves by a thousandth of its length."
        ) { Snail.document(seed: $0) },
        .glb(
            "rules/rocket", "Rocket", tags: ["vehicle", "space"], score: 6.0,
            expectation: .rejected(why: .outOfFrame), "A rocket that climbs out of every picture."
        ) { RuleBreakers.rocket(seed: $0) },
        .glb(
            "rules/explosion", "Bursting balloon", tags: ["toy"], score: 5.6,
            expectation: .rejected(why: .explodes),
            "A balloon whose vertices fly apart a hundredfold."
        ) { RuleBreakers.explosion(seed: $0) },
        .glb(
            "rules/short-spring", "Spring toy", tags: ["toy"], score: 5.7,
            expectation: .rejected(why: .tooShort), "A clip of 0.15 seconds: four frames."
        ) { RuleBreakers.shortSpring(seed: $0) },
        .glb(
            "rules/plane", "Propeller plane", tags: ["vehicle"], score: 5.8,
            expectation: .rejected(why: .missingTexture),
            "A plane whose picture is not there: its colour factor remains."
        ) { Plane.document(seed: $0) },
        .glb(
            "rules/borrowed-top", "Spinning top", tags: ["toy"], license: "by-nc", score: 6.1,
            expectation: .rejected(why: .license), "A top whose licence forbids commercial use."
        ) { RuleBreakers.spinningTop(seed: $0) },
        .glb(
            "rules/test-card", "Test card", tags: ["test"], score: 5.6,
            expectation: .rejected(why: .unwantedTag), "A turning card that is tagged as a test."
        ) { RuleBreakers.testCard(seed: $0) },
        .glb(
            "rules/gray-boxes", "Boxes", tags: ["shapes"], score: 3.4,
            expectation: .rejected(why: .lowScore),
            "Two grey boxes that turn, with a low aesthetic score."
        ) { RuleBreakers.grayBoxes(seed: $0) },
    ]

    /// Files that cannot be read.
    static let broken: [Recipe] = [
        .file(
            "broken/truncated.glb", .gltf, "Cut off", .fails(why: "the file ends too early"),
            "A .glb file that ends after three fifths of its bytes."
        ) { try Broken.truncated(seed: $0) },
        .file(
            "broken/empty.glb", .gltf, "Empty", .fails(why: "the file is empty"),
            "A .glb file of no bytes."
        ) { _ in Data() },
        .file(
            "broken/noise.glb", .gltf, "Noise", .fails(why: "the file is no glTF"),
            "Random bytes under the name of a .glb file."
        ) { Broken.noise(seed: $0, byteCount: 4096) },
        .glb(
            "broken/index-beyond-vertices", "Wrong index", tags: [], score: nil,
            expectation: .fails(why: "an index names no vertex"),
            "A triangle that names vertex 60000."
        ) { _ in Broken.indexBeyondVertices() },
        .glb(
            "broken/cyclic-hierarchy", "Cycle", tags: [], score: nil,
            expectation: .fails(why: "a node is its own ancestor"),
            "Two nodes that are each other's child."
        ) { _ in Broken.cyclicHierarchy() },
        .file(
            "broken/draco-compressed.glb", .gltf, "Draco",
            .fails(why: "KHR_draco_mesh_compression is not supported"),
            "A file that requires Draco's decoder."
        ) { _ in Broken.dracoCompressed() },
        .file(
            "animals/truncated_walk/truncated_walk.anime", .anime, "Cut off",
            .fails(why: "the counts do not match the length"), "An .anime file cut in half."
        ) { _ in Broken.truncatedAnime() },
        .file(
            "animals/lying_walk/lying_walk.anime", .anime, "Liar",
            .fails(why: "the counts do not match the length"),
            "An .anime file of 132 bytes that claims 2147483647 vertices."
        ) { _ in AnimeFile.lying },
    ]
}
