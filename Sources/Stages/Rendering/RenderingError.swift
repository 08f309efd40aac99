/// Why a mesh sequence cannot be rendered.
public enum RenderingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The picture's size is not one that can be rendered.
    case unsupportedSize(width: Int, height: Int)
    /// A mesh sequence refers to something that it does not hold; `what` says what.
    case inconsistentMesh(what: String)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        switch self {
        case .unsupportedSize(let width, let height):
            "preparing to render \(width) x \(height) pixels: each side must be 1 to "
                + "\(RenderSettings.maximumSide); choose another size"
        case .inconsistentMesh(let what):
            "preparing a mesh sequence for rendering: \(what); the loader that made it is at fault"
        }
    }
}
