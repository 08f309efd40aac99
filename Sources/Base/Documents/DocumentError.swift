/// What is wrong with a document, and where.
public struct DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The document's path.
    public var file: String
    /// Line, counted from 1; nil where the fault has no place.
    public var line: Int?
    /// Column, counted from 1; nil where the fault has no place.
    public var column: Int?
    /// What is wrong and what to write instead.
    public var message: String

    /// An error at a place of a document.
    public init(file: String, line: Int? = nil, column: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: message`, as editors and compilers write it.
    public var description: String {
        ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
            + ": " + message
    }
}
