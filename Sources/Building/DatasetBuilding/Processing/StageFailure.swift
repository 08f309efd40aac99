/// Why a stage failed on an asset or on one of its clips.
struct StageFailure: Error {
    /// `read`, `import`, `pose`, `render`, `measure` or `write`.
    var stage: String
    /// The kind of failure in a word or two, the same for like failures.
    var cause: String
    /// The whole message.
    var message: String
}
