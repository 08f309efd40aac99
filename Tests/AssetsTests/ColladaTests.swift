import Assets
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct ColladaTests {
    static func source(_ id: String, _ values: [Double], _ parameters: String, stride: Int)
        -> String
    {
        """
        <source id="\(id)"><float_array id="\(id)-array" count="\(values.count)">
        \(values.map { "\($0)" }.joined(separator: " "))</float_array><technique_common>
        <accessor source="#\(id)-array" count="\(values.count / stride)" stride="\(stride)">\(parameters)</accessor>
        </technique_common></source>
        """
    }

    static let point =
        "<param name=\"X\" type=\"float\"/><param name=\"Y\" type=\"float\"/><param name=\"Z\" type=\"float\"/>"
    static let corners: [SIMD3<Double>] = [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 2, 0)]

    static func geometry(_ id: String, _ corners: [SIMD3<Double>] = corners) -> String {
        """
        <geometry id="\(id)" name="\(id)"><mesh>
        \(source("\(id)-p", corners.flatMap { [$0.x, $0.y, $0.z] }, point, stride: 3))
        <vertices id="\(id)-v"><input semantic="POSITION" source="#\(id)-p"/></vertices>
        <triangles count="1"><input semantic="VERTEX" source="#\(id)-v" offset="0"/><p>0 1 2</p></triangles>
        </mesh></geometry>
        """
    }

    /// An animation of a node's x translation.
    static func animation(_ node: String, _ keys: [(Double, Double)]) -> String {
        """
        <animation id="move-\(node)">
        \(source("\(node)-in", keys.map(\.0), "<param name=\"TIME\" type=\"float\"/>", stride: 1))
        \(source("\(node)-out", keys.map(\.1), "<param name=\"X\" type=\"float\"/>", stride: 1))
        <source id="\(node)-mode"><Name_array id="\(node)-mode-array" count="\(keys.count)">
        \(keys.map { _ in "LINEAR" }.joined(separator: " "))</Name_array><technique_common>
        <accessor source="#\(node)-mode-array" count="\(keys.count)" stride="1"><param name="INTERPOLATION" type="name"/></accessor>
        </technique_common></source>
        <sampler id="\(node)-s"><input semantic="INPUT" source="#\(node)-in"/>
        <input semantic="OUTPUT" source="#\(node)-out"/><input semantic="INTERPOLATION" source="#\(node)-mode"/></sampler>
        <channel source="#\(node)-s" target="\(node)/place.X"/></animation>
        """
    }

    static func file(
        up: String = "Y_UP", metre: Double = 1, geometries: String, controllers: String = "",
        animations: String = "", nodes: String
    ) -> String {
        """
        <?xml version="1.0" encoding="utf-8"?>
        <COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
        <asset><unit name="unit" meter="\(metre)"/><up_axis>\(up)</up_axis></asset>
        <library_geometries>\(geometries)</library_geometries>
        <library_controllers>\(controllers)</library_controllers>
        <library_animations>\(animations)</library_animations>
        <library_visual_scenes><visual_scene id="S" name="S">\(nodes)</visual_scene></library_visual_scenes>
        <scene><instance_visual_scene url="#S"/></scene></COLLADA>
        """
    }

    static func load(_ text: String) throws -> AnimatedAsset {
        let folder = TemporaryFolder()
        return try AssimpLoader.load(path: folder.write("a.dae", text))
    }

    @Test func objectsThatMoveApartAreOneClip() throws {
        let nodes = ["a", "b"].map { id in
            """
            <node id="\(id)" name="\(id)"><translate sid="place">0 0 0</translate>
            <rotate sid="turn">0 0 1 90</rotate><instance_geometry url="#g"/></node>
            """
        }
        let asset = try Self.load(
            Self.file(
                up: "Z_UP", metre: 0.1, geometries: Self.geometry("g"),
                animations: Self.animation("a", [(0, 0), (2, 4)])
                    + Self.animation("b", [(1, 10), (3, 30)]),
                nodes: nodes.joined()))
        #expect(asset.clips.count == 1)
        #expect(asset.clips[0].start == 0 && asset.clips[0].end == 3)
        let file = Written.yUpFromZUp * Written.scale(0.1, 0.1, 0.1)
        for (time, a, b) in [(0.0, 0.0, 10.0), (1, 2, 10), (2, 4, 20), (3, 4, 30)] {
            let mesh = try asset.mesh(clip: 0, times: [time])
            let expected = [a, b].flatMap { x in
                Self.corners.map {
                    (file * Written.translation(x, 0, 0) * Written.z(degrees: 90)).transform(
                        point: $0)
                }
            }
            #expect(distance(points(mesh), expected) < 1e-6)
        }
    }

    @Test func morphControllersAreRefused() throws {
        let morph = """
            <controller id="m"><morph source="#g" method="NORMALIZED"><targets/></morph></controller>
            """
        let text = Self.file(
            geometries: Self.geometry("g"), controllers: morph,
            nodes: "<node id=\"n\"><instance_controller url=\"#m\"/></node>")
        #expect {
            try Self.load(text)
        } throws: { error in
            guard case AssetError.unsupported? = error as? AssetError else { return false }
            return true
        }
    }
}
