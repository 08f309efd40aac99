import Foundation
import Geometry

/// The reader of Wavefront OBJ files, for layouts that need the file's own vertex order (assimp
/// gives each corner a vertex of its own).
///
/// Polygons, negative indices, every form of corner, vertex colours, material libraries and
/// continued lines are read. Points, lines, curves and groups are passed over.
package enum OBJParser {
    /// Reads one file.
    ///
    /// - Throws: ``AssetError/unreadable(path:reason:)``, ``AssetError/malformed(path:what:)``
    ///   naming the line, or ``AssetError/tooLarge(path:what:)``.
    /// - Complexity: O(*n*) in the length of the file.
    package static func document(
        path: String, limits: AssetLimits = .generous
    ) throws(AssetError) -> OBJDocument {
        let document = try document(
            reading: AssetFile.bytes(of: path, maximumByteCount: limits.fileBytes), path: path)
        try limits.check(document.positions.count, "vertices", \.vertices, path: path)
        // A polygon of n corners makes n - 2 triangles.
        try limits.check(
            document.corners.count - 2 * document.polygonCount, "triangles", \.triangles, path: path
        )
        return document
    }

    /// The document in the bytes of a file; `path` names it in errors.
    package static func document(reading bytes: [UInt8], path: String) throws(AssetError)
        -> OBJDocument
    {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<OBJDocument, AssetError> in
            var parser = OBJLineParser(scanner: OBJScanner(buffer))
            do throws(OBJDefect) {
                return .success(try parser.parse())
            } catch {
                return .failure(
                    .malformed(path: path, what: "line \(error.line) \(error.what)"))
            }
        }
        return try result.get()
    }
}

/// What is wrong with a line.
private struct OBJDefect: Error {
    var line: Int
    var what: String
}

/// The state of a parse.
private struct OBJLineParser {
    var scanner: OBJScanner
    var document = OBJDocument()
    private var colors: [SIMD4<Float>] = []
    private var material: Int32 = -1
    private var materialIndices: [String: Int32] = [:]
    /// The corners whose texture coordinate or normal is absent.
    private var danglingAttributes = 0

    init(scanner: OBJScanner) { self.scanner = scanner }

    mutating func parse() throws(OBJDefect) -> OBJDocument {
        while !scanner.isAtEnd {
            let keyword = scanner.word()
            switch keyword.count {
            case 1 where scanner.spells(keyword, "v"): try vertex()
            case 1 where scanner.spells(keyword, "f"): try face()
            case 2 where scanner.spells(keyword, "vt"): texcoord()
            case 2 where scanner.spells(keyword, "vn"): normal()
            case 6 where scanner.spells(keyword, "usemtl"): use(material: scanner.restOfLine())
            case 6 where scanner.spells(keyword, "mtllib"):
                document.libraries.append(scanner.restOfLine())
            default: break
            }
            scanner.nextLine()
        }
        try checkPositions()
        dropDanglingAttributes()
        if colors.count == document.positions.count { document.colors = colors }
        return document
    }

    private func defect(_ what: String) -> OBJDefect {
        OBJDefect(line: scanner.line, what: what)
    }

    private mutating func vertex() throws(OBJDefect) {
        var numbers = SIMD8<Double>.zero
        var count = 0
        while count < 8, let number = scanner.number() {
            numbers[count] = number
            count += 1
        }
        let p = SIMD3<Float>(Float(numbers[0]), Float(numbers[1]), Float(numbers[2]))
        guard count >= 3, p - p == .zero else { throw defect("holds no finite vertex") }
        guard document.positions.count < Int(Int32.max) else {
            throw defect("is one vertex too many")
        }
        document.positions.append(p)
        // Four numbers are a point with its weight; six or seven a point with a colour.
        if count >= 6 {
            let rgb = SIMD3(numbers[3], numbers[4], numbers[5])
            colors.append(
                SIMD4(ColorEncoding.linear(SIMD3<Float>(rgb)), count == 7 ? Float(numbers[6]) : 1))
        }
    }

    private mutating func texcoord() {
        let u = scanner.number() ?? 0
        let v = scanner.number() ?? 0
        let uv = SIMD2(Float(u), Float(v))
        document.texcoords.append(uv - uv == .zero ? uv : .zero)
    }

    private mutating func normal() {
        let n = SIMD3(
            Float(scanner.number() ?? 0), Float(scanner.number() ?? 0),
            Float(scanner.number() ?? 0))
        document.normals.append(n - n == .zero ? n : .zero)
    }

    private mutating func face() throws(OBJDefect) {
        let start = document.corners.count
        while true {
            scanner.skipBlanks()
            if scanner.isAtLineEnd { break }
            guard let corner = scanner.corner() else { throw defect("holds no face") }
            guard let position = index(corner.position, count: document.positions.count) else {
                throw defect("names vertex \(corner.position)")
            }
            let texcoord = index(corner.texcoord, count: document.texcoords.count) ?? -1
            let normal = index(corner.normal, count: document.normals.count) ?? -1
            if corner.texcoord != 0, texcoord < 0 { danglingAttributes += 1 }
            if corner.normal != 0, normal < 0 { danglingAttributes += 1 }
            document.corners.append(
                OBJDocument.Corner(position: position, texcoord: texcoord, normal: normal))
        }
        guard document.corners.count - start >= 3 else {
            document.corners.removeLast(document.corners.count - start)
            return
        }
        guard document.corners.count < Int(Int32.max) else { throw defect("is one face too many") }
        if material < 0 { use(material: "") }
        document.starts.append(Int32(document.corners.count))
        document.polygonMaterials.append(material)
    }

    /// An index from zero: positive numbers count from one, negative ones back from the last entry
    /// so far. A positive one may name an entry that follows later; it is checked at the end.
    private func index(_ number: Int, count: Int) -> Int32? {
        if number > 0 { return Int32(number - 1) }
        guard number < 0, count + number >= 0 else { return nil }
        return Int32(count + number)
    }

    private mutating func use(material name: String) {
        if let known = materialIndices[name] {
            material = known
            return
        }
        material = Int32(document.materialNames.count)
        materialIndices[name] = material
        document.materialNames.append(name)
    }

    private func checkPositions() throws(OBJDefect) {
        let count = document.positions.count
        if let wrong = document.corners.first(where: { Int($0.position) >= count }) {
            throw defect("ends a file of \(count) vertices that names vertex \(wrong.position + 1)")
        }
    }

    /// Takes away texture coordinates and normals that the file names but does not have.
    private mutating func dropDanglingAttributes() {
        let texcoordCount = document.texcoords.count
        let normalCount = document.normals.count
        for i in document.corners.indices {
            if Int(document.corners[i].texcoord) >= texcoordCount {
                document.corners[i].texcoord = -1
                danglingAttributes += 1
            }
            if Int(document.corners[i].normal) >= normalCount {
                document.corners[i].normal = -1
                danglingAttributes += 1
            }
        }
        if danglingAttributes > 0 {
            document.warnings.append(
                "\(danglingAttributes) texture coordinates or normals are named but absent.")
        }
    }
}
