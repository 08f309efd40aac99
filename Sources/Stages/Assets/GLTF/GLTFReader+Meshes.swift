import Geometry

/// The geometry that a scene shows.
struct GLTFShownMeshes {
    var primitives: [Rig.Primitive] = []
    var instances: [Rig.Instance] = []
    /// For each of the document's nodes the most morph targets of its primitives.
    var targetCounts: [Int]
}

extension GLTFReader {
    /// Reads the meshes of all shown nodes, each once. Nodes that are repeated by
    /// EXT_mesh_gpu_instancing get a child node for every repetition.
    mutating func shownMeshes(_ hierarchy: inout GLTFHierarchy, skins rigSkins: [Rig.Skin])
        throws(GLTFError) -> GLTFShownMeshes
    {
        var shown = GLTFShownMeshes(targetCounts: [Int](repeating: 0, count: nodes.count))
        var known: [Int: [Int]] = [:]
        var vertexCount = 0
        var triangleCount = 0
        for node in hierarchy.shown {
            let object = nodes[node]
            guard let mesh = try object.index("mesh", below: meshes.count) else { continue }
            let skin = try object.index("skin", below: rigSkins.count)
            let indices: [Int]
            if let before = known[mesh] {
                indices = before
            } else {
                let first = shown.primitives.count
                try readMesh(meshes[mesh], into: &shown.primitives)
                indices = Array(first..<shown.primitives.count)
                known[mesh] = indices
            }
            shown.targetCounts[node] =
                indices.map { shown.primitives[$0].morphTargets.count }.max() ?? 0
            let places = try repetitions(of: node, &hierarchy)
            for primitive in indices {
                try count(
                    shown.primitives[primitive], times: places.count, vertices: &vertexCount,
                    triangles: &triangleCount)
                let influences = shown.primitives[primitive].influences
                if let skin, let largest = influences?.joints.max(),
                    Int(largest) >= rigSkins[skin].joints.count
                {
                    throw .malformed(
                        "\(meshes[mesh].place) names joint \(largest), but skins[\(skin)] has "
                            + "\(rigSkins[skin].joints.count)")
                }
                for place in places {
                    shown.instances.append(
                        Rig.Instance(
                            node: place, primitive: primitive,
                            skin: influences == nil ? nil : skin))
                }
            }
        }
        return shown
    }

    /// Adds a primitive that is shown several times to the vertices and triangles of a frame.
    private func count(
        _ primitive: Rig.Primitive, times: Int, vertices: inout Int, triangles: inout Int
    ) throws(GLTFError) {
        // Both factors are below 2^32: what they count was in memory, or limited to it.
        vertices += primitive.positions.count * times
        triangles += primitive.triangles.count / 3 * times
        try check(vertices, "vertices", \.vertices)
        try check(triangles, "triangles", \.triangles)
    }

    /// The rig's nodes at which a node's mesh stands: itself, or children that are added for
    /// every instance of EXT_mesh_gpu_instancing.
    private mutating func repetitions(of node: Int, _ hierarchy: inout GLTFHierarchy)
        throws(GLTFError) -> [Int]
    {
        let own = hierarchy.rigIndex[node]
        guard
            let attributes = nodes[node].extension("EXT_mesh_gpu_instancing")?.object("attributes")
        else { return [own] }
        var values: [String: [Float]] = [:]
        var count: Int?
        for (name, width) in [("TRANSLATION", 3), ("ROTATION", 4), ("SCALE", 3)] {
            guard let index = try attributes.index(name, below: accessors.count) else { continue }
            let numbers = try floats(
                try accessor(index), widths: width...width, fraction: name == "ROTATION")
            guard numbers.count / width == count ?? numbers.count / width else {
                throw .malformed("\(attributes.place) have different counts")
            }
            values[name] = numbers
            count = numbers.count / width
        }
        guard let count else { return [own] }
        try check(hierarchy.rigNodes.count + count, "nodes", \.nodes)
        try charge(count, elementsOf: MemoryLayout<Rig.Node>.stride, for: attributes.place)
        let first = hierarchy.rigNodes.count
        for i in 0..<count {
            func number(_ name: String, _ component: Int, of width: Int, else rest: Double)
                -> Double
            {
                values[name].map { Double($0[i * width + component]) } ?? rest
            }
            func vector(_ name: String, else rest: Double) -> SIMD3<Double> {
                SIMD3(
                    number(name, 0, of: 3, else: rest), number(name, 1, of: 3, else: rest),
                    number(name, 2, of: 3, else: rest))
            }
            let rotation = Quaternion(
                x: number("ROTATION", 0, of: 4, else: 0), y: number("ROTATION", 1, of: 4, else: 0),
                z: number("ROTATION", 2, of: 4, else: 0), w: number("ROTATION", 3, of: 4, else: 1))
            hierarchy.rigNodes.append(
                Rig.Node(
                    name: hierarchy.rigNodes[own].name, parent: own,
                    rest: .components(
                        translation: vector("TRANSLATION", else: 0), rotation: rotation,
                        scale: vector("SCALE", else: 1)),
                    morphWeights: hierarchy.rigNodes[own].morphWeights))
        }
        return Array(first..<first + count)
    }

    /// Adds a mesh's primitives of triangles.
    private mutating func readMesh(_ mesh: GLTFObject, into primitives: inout [Rig.Primitive])
        throws(GLTFError)
    {
        let names = mesh.object("extras")?.member("targetNames")?.array?.map { $0.string ?? "" }
        for object in try mesh.objects("primitives") {
            var primitive = Rig.Primitive(
                name: mesh.string("name") ?? "", positions: Vector3Array(), triangles: [])
            guard let topology = GLTFTopology(rawValue: try object.count("mode") ?? 4) else {
                warn("Points and lines are not read.")
                continue
            }
            guard try readVertices(object, into: &primitive) else {
                warn("A primitive without positions is not read.")
                continue
            }
            try readTriangles(object, topology, into: &primitive)
            try readTargets(object, names: names ?? [], into: &primitive)
            primitive.material = try material(of: object)
            try readTextureCoordinates(object, into: &primitive)
            // What shows nothing has nothing that could be counted, however often it is repeated.
            if primitive.triangles.isEmpty { continue }
            primitive.dropUnusedVertices()
            primitives.append(primitive)
        }
    }

    /// Reads the corners of the primitive's triangles, whose positions must have been read.
    private mutating func readTriangles(
        _ object: GLTFObject, _ topology: GLTFTopology, into primitive: inout Rig.Primitive
    ) throws(GLTFError) {
        let vertexCount = primitive.positions.count
        guard vertexCount <= Int(UInt32.max) else { throw .tooLarge("\(vertexCount) vertices") }
        var corners: [UInt32]
        if let index = try object.index("indices", below: accessors.count) {
            let accessor = try accessor(index)
            if accessor.run == nil, accessor.sparse == nil {
                try refuseCompressed(object)
            }
            try check(topology.triangleCount(corners: accessor.count), "triangles", \.triangles)
            corners = try integers(accessor, width: 1)
            guard corners.allSatisfy({ Int($0) < vertexCount }) else {
                throw .malformed(
                    "\(object.place) names vertex \(corners.max() ?? 0) of \(vertexCount)")
            }
        } else {
            try charge(vertexCount, elementsOf: 4, for: object.place)
            corners = Array(0..<UInt32(vertexCount))
        }
        if topology == .triangles, !corners.count.isMultiple(of: 3) {
            warn("Corners at the end of a list that make no triangle are dropped.")
        }
        try charge(corners.count, elementsOf: topology == .triangles ? 0 : 12, for: object.place)
        primitive.triangles = topology.triangles(corners)
    }

    /// Throws where a primitive's data is there only in compressed form.
    func refuseCompressed(_ primitive: GLTFObject) throws(GLTFError) {
        if primitive.extension("KHR_draco_mesh_compression") != nil {
            throw .unsupported("KHR_draco_mesh_compression; export it again uncompressed")
        }
    }

    /// Reads morph targets. Displacements that are zero for most vertices are kept for the others
    /// alone.
    private mutating func readTargets(
        _ object: GLTFObject, names: [String], into primitive: inout Rig.Primitive
    ) throws(GLTFError) {
        let vertexCount = primitive.positions.count
        for (i, target) in try object.objects("targets").enumerated() {
            func displacements(_ name: String) throws(GLTFError) -> [Float] {
                guard let index = try target.index(name, below: accessors.count) else { return [] }
                let accessor = try accessor(index)
                guard accessor.count == vertexCount else {
                    throw .malformed(
                        "\(target.place).\(name) has \(accessor.count) elements for "
                            + "\(vertexCount) vertices")
                }
                return try floats(accessor, widths: 3...3)
            }
            let positions = try displacements("POSITION")
            let normals = primitive.normals.isEmpty ? [] : try displacements("NORMAL")
            primitive.morphTargets.append(
                Rig.MorphTarget(
                    name: i < names.count ? names[i] : "", vertexCount: vertexCount,
                    positions: positions, normals: normals))
        }
    }
}

/// How corners make triangles.
enum GLTFTopology: Int {
    case triangles = 4
    case strip = 5
    case fan = 6

    /// The most triangles that so many corners make.
    func triangleCount(corners: Int) -> Int {
        self == .triangles ? corners / 3 : max(0, corners - 2)
    }

    /// Three corners a triangle, counter-clockwise (glTF 2.0, section 3.7.2.1). Strips and fans
    /// are stitched with triangles of two equal corners, which are left out.
    func triangles(_ corners: [UInt32]) -> [UInt32] {
        if self == .triangles {
            let left = corners.count % 3
            return left == 0 ? corners : Array(corners.dropLast(left))
        }
        var triangles: [UInt32] = []
        triangles.reserveCapacity(max(0, corners.count - 2) * 3)
        for i in 0..<max(0, corners.count - 2) {
            let (a, b, c) =
                self == .fan
                ? (corners[i + 1], corners[i + 2], corners[0])
                : (corners[i], corners[i + 1 + i % 2], corners[i + 2 - i % 2])
            guard a != b, b != c, a != c else { continue }
            triangles.append(a)
            triangles.append(b)
            triangles.append(c)
        }
        return triangles
    }
}

extension Rig.MorphTarget {
    /// The displacements of `vertexCount` vertices (`[vertexCount, 3]`, or none at all), kept for
    /// all of them or, where more than half do not move, for those that do.
    fileprivate init(name: String, vertexCount: Int, positions: [Float], normals: [Float]) {
        func moves(_ v: Int, _ displacements: [Float]) -> Bool {
            !displacements.isEmpty
                && (displacements[3 * v] != 0 || displacements[3 * v + 1] != 0
                    || displacements[3 * v + 2] != 0)
        }
        let moved = (0..<vertexCount).filter { moves($0, positions) || moves($0, normals) }
        guard moved.count * 2 < vertexCount else {
            self.init(
                name: name, positions: Vector3Array(scalars: positions),
                normals: Vector3Array(scalars: normals))
            return
        }
        func picked(_ displacements: [Float]) -> Vector3Array {
            guard !displacements.isEmpty else { return Vector3Array() }
            return Vector3Array(
                scalars: moved.flatMap { displacements[3 * $0..<3 * $0 + 3] })
        }
        self.init(
            name: name, vertices: moved.map { UInt32($0) }, positions: picked(positions),
            normals: picked(normals))
    }
}
