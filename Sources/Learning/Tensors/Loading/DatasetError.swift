/// Why samples of a store cannot be trained on.
public struct DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The store's folder.
    public let store: String
    /// What is wrong and what to do.
    public let message: String

    init(_ store: String, _ message: String) {
        self.store = store
        self.message = message
    }

    /// `store: message`.
    public var description: String { "\(store): \(message)" }
}
