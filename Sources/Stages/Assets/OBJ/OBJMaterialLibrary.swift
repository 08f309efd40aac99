import Foundation
import Geometry

/// The materials of Wavefront MTL files.
struct OBJMaterialLibrary {
    /// A picture with its place on the surface.
    struct Map: Equatable {
        /// The file as the library names it.
        var file: String
        /// `-s`: factors on u and v.
        var scale = SIMD2<Float>(1, 1)
        /// `-o`: added to u and v, which runs up.
        var offset = SIMD2<Float>(0, 0)
        /// `-clamp`: whether the picture is not tiled.
        var isClamped = false
    }

    /// One material's statements.
    struct Entry: Equatable {
        var diffuse: SIMD3<Float>?
        var emissive: SIMD3<Float>?
        var opacity: Float = 1
        var specularExponent: Float?
        var roughness: Float?
        var metallic: Float?
        var maps: [String: Map] = [:]
    }

    /// The entries by their names.
    private(set) var entries: [String: Entry] = [:]

    /// Adds the materials in the bytes of a library. Lines that make no sense are passed over.
    mutating func read(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = OBJScanner(buffer)
            var name: String?
            while !scanner.isAtEnd {
                let keyword = scanner.word()
                let word = String(decoding: buffer[keyword], as: UTF8.self).lowercased()
                if word == "newmtl" {
                    let new = scanner.restOfLine()
                    entries[new] = Entry()
                    name = new
                } else if let name, !word.isEmpty {
                    OBJMaterialLibrary.read(word, &scanner, into: &entries[name, default: Entry()])
                }
                scanner.nextLine()
            }
        }
    }

    /// Reads one statement.
    private static func read(
        _ keyword: String, _ scanner: inout OBJScanner, into entry: inout Entry
    ) {
        func color() -> SIMD3<Float>? {
            guard let r = scanner.number() else { return nil }
            let g = scanner.number() ?? r
            let b = scanner.number() ?? r
            let color = SIMD3(Float(r), Float(g), Float(b))
            return color - color == .zero ? color : nil
        }
        func number() -> Float? {
            scanner.number().map { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
        }
        switch keyword {
        case "kd": entry.diffuse = color()
        case "ke": entry.emissive = color()
        case "d": entry.opacity = number() ?? 1
        case "tr": entry.opacity = 1 - (number() ?? 0)
        case "ns": entry.specularExponent = number()
        case "pr": entry.roughness = number()
        case "pm": entry.metallic = number()
        case "map_kd", "map_ke", "map_d", "norm", "map_pr", "map_pm":
            entry.maps[keyword] = Map(scanner.restOfLine())
        default: break
        }
    }
}

extension OBJMaterialLibrary.Map {
    /// How many words follow each option; `-s`, `-o` and `-t` take up to three numbers.
    private static let wordsAfterOption = [
        "-blendu": 1, "-blendv": 1, "-boost": 1, "-mm": 2, "-texres": 1, "-clamp": 1, "-bm": 1,
        "-imfchan": 1, "-type": 1, "-cc": 1,
    ]

    /// The map that a statement's arguments describe, or nil where no file is named.
    init?(_ arguments: String) {
        self.init(file: "")
        var rest = arguments[...].drop { $0 == " " || $0 == "\t" }
        func word() -> Substring { rest.prefix { $0 != " " && $0 != "\t" } }
        func advance() { rest = rest.dropFirst(word().count).drop { $0 == " " || $0 == "\t" } }
        while rest.hasPrefix("-") {
            let option = word().lowercased()
            if let count = Self.wordsAfterOption[option] {
                advance()
                if option == "-clamp" { isClamped = word().lowercased() == "on" }
                for _ in 0..<count { advance() }
            } else if ["-s", "-o", "-t"].contains(option) {
                advance()
                var numbers: [Float] = []
                while numbers.count < 3, let number = Float(word()), number.isFinite {
                    numbers.append(number)
                    advance()
                }
                if option == "-s", let u = numbers.first {
                    scale = SIMD2(u, numbers.count > 1 ? numbers[1] : u)
                } else if option == "-o", let u = numbers.first {
                    offset = SIMD2(u, numbers.count > 1 ? numbers[1] : 0)
                }
            } else {
                break
            }
        }
        guard !rest.isEmpty else { return nil }
        file = String(rest)
    }

    /// The reference to a texture that shows the map, with v running down: the file's
    /// `v' = s v + o` becomes `1 - v' = s (1 - v) + (1 - s - o)`.
    func reference(_ texture: Int) -> TextureReference {
        TextureReference(
            texture: texture, offset: SIMD2(offset.x, 1 - scale.y - offset.y), scale: scale)
    }
}
