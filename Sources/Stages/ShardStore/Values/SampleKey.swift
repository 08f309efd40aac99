/// The names of samples: `[A-Za-z0-9][A-Za-z0-9_-]*`, at most 80 bytes.
///
/// WebDataset takes a member's name up to its first dot as the key, so a key has none. It has no
/// slash either: the same key names a folder when a sample is exported, and a part of an address.
/// It begins with a letter or a digit: WebDataset skips members that begin with two underscores,
/// and commands read a leading hyphen as an option.
public enum SampleKey {
    /// The most bytes that a key may have.
    public static let maximumLength = 80

    /// Whether `key` is a key as it stands.
    public static func isValid(_ key: String) -> Bool {
        guard let first = key.utf8.first, ASCII.isAlphanumeric(first) else { return false }
        return key.utf8.count <= maximumLength && key.utf8.allSatisfy(isKeyByte)
    }

    /// The key of a raw name, such as an asset's path.
    ///
    /// A name that is a valid key stays as it is. Otherwise each run of other characters becomes
    /// one underscore, the name is cut to 71 bytes, and a hyphen and eight hexadecimal digits of
    /// the raw name's hash follow, so that names that differ keep keys that differ:
    /// `robots/walk.glb` becomes `robots_walk_glb-` and digits. A valid key that already looks
    /// like that, or that `joined` could have made, also gets digits. Apply it once, to raw names:
    /// applied to its own results it adds digits again.
    public static func sanitised(_ name: String) -> String {
        joined([name])
    }

    /// One key of several raw names, such as an asset's and a clip's, joined by two underscores:
    /// `Fox` and `Survey` make `Fox__Survey`.
    ///
    /// Lists of names that differ keep keys that differ: where the plain form could be read in
    /// two ways, or a name is not a valid key, digits of a hash follow as in `sanitised`.
    public static func joined(_ names: [String]) -> String {
        let plain = names.joined(separator: "__")
        if isValid(plain), names.allSatisfy(isUnambiguous), !endsInDigits(plain) {
            return plain
        }
        let slug = slug(names).prefix(maximumLength - 9)
        return slug + "-" + StableHash.digits(names.joined(separator: "\0"))
    }

    /// A part from which a joined key can be taken apart again.
    private static func isUnambiguous(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("_") && !name.hasSuffix("_") && !name.contains("__")
    }

    /// Whether `key` ends as a sanitised key does: in a hyphen and eight hexadecimal digits.
    private static func endsInDigits(_ key: String) -> Bool {
        let tail = key.utf8.suffix(9)
        return tail.count == 9 && tail.first == UInt8(ascii: "-")
            && tail.dropFirst().allSatisfy { byte in
                ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
    }

    /// ASCII, without a leading byte that a key cannot begin with.
    private static func slug(_ names: [String]) -> String {
        var bytes: [UInt8] = []
        for byte in names.joined(separator: "__").utf8 {
            if ASCII.isAlphanumeric(byte) || (isKeyByte(byte) && !bytes.isEmpty) {
                bytes.append(byte)
            } else if let last = bytes.last, last != UInt8(ascii: "_") {
                bytes.append(UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "sample" : String(decoding: bytes, as: UTF8.self)
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
