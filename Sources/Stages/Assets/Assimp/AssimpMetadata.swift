import CAssimp
import Geometry

/// What a scene says of its axes and units.
struct AssimpMetadata {
    private var integers: [String: Int] = [:]
    private var numbers: [String: Double] = [:]
    /// The program that wrote the file; empty where it does not say.
    private(set) var generator = ""

    init(_ metadata: UnsafeMutablePointer<aiMetadata>?) {
        guard let metadata = metadata?.pointee else { return }
        let keys = assimpArray(metadata.mKeys, metadata.mNumProperties)
        let values = assimpArray(metadata.mValues, metadata.mNumProperties)
        for (key, value) in zip(keys, values) {
            guard let data = value.mData else { continue }
            switch value.mType {
            case AI_INT32: integers[key.text] = Int(data.loadUnaligned(as: Int32.self))
            case AI_FLOAT: numbers[key.text] = Double(data.loadUnaligned(as: Float.self))
            case AI_DOUBLE: numbers[key.text] = data.loadUnaligned(as: Double.self)
            case AI_AISTRING where key.text == "SourceAsset_Generator":
                generator = data.assumingMemoryBound(to: aiString.self).pointee.text
            default: break
            }
        }
    }

    /// The way from the file's axes and units to Y up, front facing +Z, and metres.
    ///
    /// - Parameters:
    ///   - format: the file's extension.
    ///   - upAxis: the axis for formats that do not say, instead of their custom.
    func worldFromFile(format: String, upAxis: UpAxis?) -> Matrix4 {
        if format == "fbx" {
            // An FBX unit is UnitScaleFactor centimetres.
            let scale = numbers["UnitScaleFactor"].flatMap { $0 > 0 && $0.isFinite ? $0 : nil } ?? 1
            return Matrix4.scale(SIMD3(repeating: scale * 0.01)) * (fbxAxes ?? .identity)
        }
        // assimp turns Collada's axes itself, as the file says.
        return format == "dae" ? .identity : (upAxis ?? Self.customAxis(format)).worldFromFile
    }

    /// FBX names the axis, with its sign, that points right, up and to the front; nil where the
    /// three are not one of each.
    private var fbxAxes: Matrix4? {
        var rows: [[Double]] = []
        var axes: Set<Int> = []
        for name in ["CoordAxis", "UpAxis", "FrontAxis"] {
            guard let axis = integers[name], (0..<3).contains(axis), axes.insert(axis).inserted
            else { return nil }
            var row = [0.0, 0, 0, 0]
            row[axis] = integers[name + "Sign"] == -1 ? -1 : 1
            rows.append(row)
        }
        return Matrix4(rowMajor: rows.flatMap { $0 } + [0, 0, 0, 1])
    }

    /// Which axis points up in files of a format once assimp 5.2.5 has read them.
    ///
    /// assimp itself turns Collada, 3DS, ASE, MD2, MD3, MD5, MDC, MDL, IQM and DXF. STL and PLY
    /// hold no axes; Blender's importers (4.2) take both as Z up, and those are what datasets were
    /// rendered with. Blender's own files, Valve's SMD and the printing formats 3MF and AMF are Z
    /// up by definition. All else is Y up.
    static func customAxis(_ format: String) -> UpAxis {
        ["stl", "ply", "blend", "smd", "vta", "3mf", "amf"].contains(format) ? .z : .y
    }
}
