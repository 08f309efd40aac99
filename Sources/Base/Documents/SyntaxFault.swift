import Yams

/// Why a text is no YAML document. How that is put is for whoever reads the document to say.
public struct SyntaxFault: Error, Sendable, Equatable {
    /// What is wrong.
    public enum Kind: Sendable, Equatable {
        /// There is nothing in the text.
        case empty
        /// The text breaks YAML's grammar; the context is what was being read, where that is known.
        case grammar(context: String?, problem: String)
        /// A mapping has keys more than once.
        case repeatedKeys([String])
        /// Something else, in the parser's words.
        case other(String)
    }

    /// What is wrong.
    public var kind: Kind
    /// Line, counted from 1; nil where the fault has no place.
    public var line: Int?
    /// Column, counted from 1; nil where the fault has no place.
    public var column: Int?

    init(_ kind: Kind, at mark: Mark? = nil) {
        self.kind = kind
        line = mark?.line
        column = mark?.column
    }

    init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(.grammar(context: context?.text, problem: problem), at: mark)
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(.repeatedKeys(keys), at: context.mark)
        default:
            self.init(.other("\(error)"))
        }
    }
}
