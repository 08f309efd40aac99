/// Why a training could not begin or go on.
public enum TrainingError: Error, CustomStringConvertible {
    /// A loss or its gradients are not finite. The weights are those of the step before.
    case notFinite(NotFinite)
    /// The output folder holds a run of something else.
    case otherRun(folder: String, what: String)
    /// Another process trains into the folder.
    case busy(folder: String)
    /// The manifest or the command asks for what cannot be.
    case unusable(String)

    /// A step that came to nothing.
    public struct NotFinite: Sendable {
        /// The step, counted from 0.
        public let step: Int
        /// The loss; finite where its gradients are not.
        public let loss: Double
        /// The norm of the gradients.
        public let gradientNorm: Double
        /// The keys of the samples that this process learnt from in the step.
        public let keys: [String]
        /// The keys of those whose loss is not finite on its own.
        public let offending: [String]
    }

    /// One sentence or more, with what to do.
    public var description: String {
        switch self {
        case .notFinite(let failure):
            """
            step \(failure.step): the loss is \(failure.loss) and the norm of its gradients \
            \(failure.gradientNorm); the step was not taken.
            Samples: \(failure.keys.joined(separator: ", "))
            """
                + (failure.offending.isEmpty
                    ? "\nEach of them alone has a finite loss: the rate may be too high."
                    : "\nNot finite on its own: \(failure.offending.joined(separator: ", "))")
        case .otherRun(let folder, let what):
            "\(folder) holds a run with \(what); train into another folder, or say "
                + "--accept-changes to go on with it all the same"
        case .busy(let folder): "\(folder): another process trains into this folder"
        case .unusable(let what): what
        }
    }
}
