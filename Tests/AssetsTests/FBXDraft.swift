import Foundation

/// An ASCII FBX 7.3 file, written from its parts.
struct FBXDraft {
    /// Axes (0 x, 1 y, 2 z) and signs that point up, to the front and to the right.
    var up = (axis: 1, sign: 1)
    var front = (axis: 2, sign: 1)
    var right = (axis: 0, sign: 1)
    /// Centimetres in a unit.
    var unitScaleFactor = 1.0
    private var objects = ""
    private var connections = ""

    /// One second in FBX time.
    static let second = 46_186_158_000

    /// Adds a mesh; `polygons` are closed as FBX has it, by a negated last index.
    mutating func addGeometry(_ id: Int, vertices: [Double], polygons: [[Int]], extra: String = "")
    {
        let indices = polygons.flatMap { p in p.dropLast() + [-(p[p.count - 1]) - 1] }
        objects += """
            Geometry: \(id), "Geometry::Mesh\(id)", "Mesh" {
            \(array("Vertices", vertices))
            \(array("PolygonVertexIndex", indices.map(Double.init)))
            GeometryVersion: 124
            \(extra)
            }

            """
    }

    /// Adds a node with its transform's parts.
    mutating func addModel(
        _ id: Int, _ name: String, kind: String = "Mesh", _ parts: [String: [Double]] = [:]
    ) {
        let properties = parts.sorted { $0.key < $1.key }.map { key, value in
            let type = key.hasPrefix("Lcl") ? key : "Vector3D"
            let kind = key.hasPrefix("Lcl") ? "" : "Vector"
            return "P: \"\(key)\", \"\(type)\", \"\(kind)\", \"A\",\(list(value))"
        }
        objects += """
            Model: \(id), "Model::\(name)", "\(kind)" {
            Version: 232
            Properties70:  {
            \(properties.joined(separator: "\n"))
            }
            Shading: T
            Culling: "CullingOff"
            }

            """
    }

    /// Adds an object as it is written.
    mutating func add(_ text: String) { objects += text + "\n" }

    /// Puts an object under another, or under one of its properties.
    mutating func connect(_ child: Int, to parent: Int, property: String? = nil) {
        connections +=
            property.map { "C: \"OP\",\(child),\(parent), \"\($0)\"\n" }
            ?? "C: \"OO\",\(child),\(parent)\n"
    }

    /// Adds an animation of seconds 0 to `duration` and its one layer, whose id is one higher.
    mutating func addStack(_ id: Int, _ name: String, duration: Double) {
        let stop = Int(duration * Double(Self.second))
        add(
            """
            AnimationStack: \(id), "AnimStack::\(name)", "" {
            Properties70:  {
            P: "LocalStart", "KTime", "Time", "",0
            P: "LocalStop", "KTime", "Time", "",\(stop)
            }
            }
            AnimationLayer: \(id + 1), "AnimLayer::Base", "" {
            }
            """)
        connect(id + 1, to: id)
    }

    /// Adds the curves of a property, one for each component, keyed at the given seconds.
    mutating func addCurves(
        _ id: Int, of model: Int, _ property: String, layer: Int,
        _ curves: [String: [(Double, Double)]]
    ) {
        add("AnimationCurveNode: \(id), \"AnimCurveNode::\(property)\", \"\" {\n}")
        connect(id, to: layer)
        connect(id, to: model, property: property)
        for (k, (component, keys)) in curves.sorted(by: { $0.key < $1.key }).enumerated() {
            let curve = id + 1 + k
            add(
                """
                AnimationCurve: \(curve), "AnimCurve::", "" {
                Default: 0
                KeyVer: 4008
                \(array("KeyTime", keys.map { ($0.0 * Double(Self.second)).rounded() }))
                \(array("KeyValueFloat", keys.map(\.1)))
                }
                """)
            connect(curve, to: id, property: "d|\(component)")
        }
    }

    /// Adds a skin of a mesh with its clusters: bone, influences, and the two bind matrices as
    /// FBX writes them, row vectors' way (rows are the columns of ours).
    mutating func addSkin(
        _ id: Int, on geometry: Int,
        _ clusters: [(
            bone: Int, indices: [Int], weights: [Double], transform: [Double], link: [Double]
        )]
    ) {
        add("Deformer: \(id), \"Deformer::\", \"Skin\" {\nVersion: 101\nLink_DeformAcuracy: 50\n}")
        connect(id, to: geometry)
        for (k, cluster) in clusters.enumerated() {
            let sub = id + 1 + k
            add(
                """
                Deformer: \(sub), "SubDeformer::", "Cluster" {
                Version: 100
                UserData: "", ""
                \(array("Indexes", cluster.indices.map(Double.init)))
                \(array("Weights", cluster.weights))
                \(array("Transform", cluster.transform))
                \(array("TransformLink", cluster.link))
                }
                """)
            connect(sub, to: id)
            connect(cluster.bone, to: sub)
        }
    }

    /// Adds a blend shape of a mesh: one channel of one shape for each of the displacement lists.
    mutating func addShapes(_ id: Int, on geometry: Int, _ shapes: [[Int: [Double]]]) {
        add("Deformer: \(id), \"Deformer::\", \"BlendShape\" {\nVersion: 100\n}")
        connect(id, to: geometry)
        for (k, shape) in shapes.enumerated() {
            let channel = id + 1 + 2 * k
            let indices = shape.keys.sorted()
            add(
                """
                Deformer: \(channel), "SubDeformer::Shape\(k)", "BlendShapeChannel" {
                Version: 100
                DeformPercent: 0
                \(array("FullWeights", [100]))
                }
                Geometry: \(channel + 1), "Geometry::Shape\(k)", "Shape" {
                Version: 100
                \(array("Indexes", indices.map(Double.init)))
                \(array("Vertices", indices.flatMap { shape[$0] ?? [] }))
                \(array("Normals", indices.flatMap { _ in [0, 0, 0] }))
                }
                """)
            connect(channel, to: id)
            connect(channel + 1, to: channel)
        }
    }

    /// The file.
    var text: String {
        let settings: [(String, Int)] = [
            ("UpAxis", up.axis), ("UpAxisSign", up.sign), ("FrontAxis", front.axis),
            ("FrontAxisSign", front.sign), ("CoordAxis", right.axis), ("CoordAxisSign", right.sign),
        ]
        return """
            ; FBX 7.3.0 project file
            FBXHeaderExtension:  {
            FBXHeaderVersion: 1003
            FBXVersion: 7300
            }
            GlobalSettings:  {
            Version: 1000
            Properties70:  {
            \(settings.map { "P: \"\($0)\", \"int\", \"Integer\", \"\",\($1)" }.joined(separator: "\n"))
            P: "UnitScaleFactor", "double", "Number", "",\(unitScaleFactor)
            P: "TimeMode", "enum", "", "",11
            }
            }
            Objects:  {
            \(objects)
            }
            Connections:  {
            \(connections)
            }

            """
    }

    private func array(_ name: String, _ values: [Double]) -> String {
        "\(name): *\(values.count) {\na: \(list(values))\n}"
    }

    private func list(_ values: [Double]) -> String {
        values.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
            .joined(separator: ",")
    }
}
