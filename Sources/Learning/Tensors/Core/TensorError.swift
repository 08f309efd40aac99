import CTorch

/// What an operation on tensors failed with: which operation, in the library's words, and what it
/// was given.
public struct TensorError: Error, Sendable, CustomStringConvertible {
    /// The operation's name, for example `matmul`.
    public let operation: String
    /// What was wrong, in the library's words where it was the library that refused.
    public let message: String
    /// The operands' element types and shapes, for example `float32[2, 3]`.
    public let operands: [String]

    /// An error of an operation on some operands.
    public init(operation: String, message: String, operands: [Tensor] = []) {
        self.operation = operation
        self.message = message
        self.operands = operands.map(\.form)
    }

    /// One line: `matmul(float32[2, 3], float32[2, 3]): ...`.
    public var description: String {
        "\(operation)(\(operands.joined(separator: ", "))): \(message)"
    }

    /// The error of the call that failed last on this thread.
    @inline(never)
    static func last(_ operation: StaticString, _ operands: [Tensor] = []) -> TensorError {
        TensorError(
            operation: "\(operation)", message: String(cString: torch_last_error()),
            operands: operands)
    }
}
