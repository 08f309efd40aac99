import Assets
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct MD5Tests {
    static let mesh = MD5Sample.mesh

    /// Two frames: the arm goes from 5 above the root to `height`, unturned.
    static func animation(height: Double, rate: Int) -> String {
        """
        MD5Version 10
        commandline ""
        numFrames 2
        numJoints 2
        frameRate \(rate)
        numAnimatedComponents 1
        hierarchy {
        "root" -1 0 0
        "arm" 0 4 0
        }
        bounds {
        ( 0 0 0 ) ( 1 1 1 )
        ( 0 0 0 ) ( 1 1 1 )
        }
        baseframe {
        ( 1 0 0 ) ( 0 0 0 )
        ( 0 0 5 ) ( 0 0 0 )
        }
        frame 0 {
        5
        }
        frame 1 {
        \(height)
        }

        """
    }

    /// The vertices for an arm at `height` whose x axis points along `x` and y axis along `y`, in
    /// the project's axes.
    static func expected(height: Double, x: SIMD3<Double>) -> [SIMD3<Double>] {
        let root = SIMD3<Double>(1, 0, 0)
        let arm = root + SIMD3(0, 0, height)
        let bySpec = [
            root + SIMD3(0, 1, 0), arm + 2 * x,
            0.25 * (root + SIMD3(0, 0, 4)) + 0.75 * (arm + SIMD3(0, 0, 1)),
        ]
        return bySpec.map { Written.yUpFromZUp.transform(point: $0) }
    }

    @Test func everyAnimationBesideTheMeshIsAClip() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("hero.md5mesh", Self.mesh)
        try folder.write("hero.md5anim", Self.animation(height: 7, rate: 10))
        try folder.write("jump.md5anim", Self.animation(height: 25, rate: 20))
        try folder.write("zbroken.md5anim", "MD5Version 10\n")
        let asset = try AssimpLoader.load(path: path)
        try #require(asset.clips.map(\.name) == ["hero", "jump"])
        #expect(abs(asset.clips[0].end - 0.1) < 1e-9 && abs(asset.clips[1].end - 0.05) < 1e-9)
        let rest = try asset.mesh(clip: nil, times: [0])
        // Turned by 90 degrees about z, the arm's x axis points along y.
        #expect(distance(points(rest), Self.expected(height: 5, x: SIMD3(0, 1, 0))) < 1e-5)
        let walk = try asset.mesh(clip: 0, times: [0.05, 0.1])
        #expect(distance(points(walk), Self.expected(height: 6, x: SIMD3(1, 0, 0))) < 1e-5)
        #expect(
            distance(points(walk, frame: 1), Self.expected(height: 7, x: SIMD3(1, 0, 0))) < 1e-5)
        let jump = try asset.mesh(clip: 1, times: [0.05])
        #expect(distance(points(jump), Self.expected(height: 25, x: SIMD3(1, 0, 0))) < 1e-5)
        // assimp turns v up; the project has it down again, as id's files do.
        #expect(rest.uvSets[0].contains(SIMD2(1, 0.25)))
        #expect(asset.missingTextures.contains { $0.contains("skin_d") })
    }
}
