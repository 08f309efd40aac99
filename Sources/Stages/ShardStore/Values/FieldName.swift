/// The names of a sample's fields: parts of `[a-z0-9_-]`, divided by dots, at most 100 bytes;
/// `orbit.000.png`, `orbit.transforms.json`, `queries.npy`.
///
/// Capitals are refused because WebDataset lowers them, which could make two fields one.
public enum FieldName {
    /// The most bytes that a name may have.
    public static let maximumLength = 100

    /// The last name or part that the store keeps for itself: the record that each group of
    /// members ends with.
    static let record = "meta.json"

    /// Whether `name` is a field's name as it stands.
    ///
    /// `meta.json`, and names that end in `.meta.json`, are the store's own and are not valid.
    public static func isValid(_ name: String) -> Bool {
        isWellFormed(name) && name != record && !name.hasSuffix("." + record)
    }

    /// Whether `name` has the form of a field's name, the store's own included.
    static func isWellFormed(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= maximumLength else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy(isFieldByte)
        }
    }

    private static func isFieldByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || ASCII.isLowercase(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
