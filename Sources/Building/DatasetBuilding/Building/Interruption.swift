import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, turned into a flag that long runs look at between assets.
///
/// The first signal asks the run to stop cleanly; a second one ends the process at once. Signals
/// belong to the process, and so does the flag.
public enum Interruption {
    /// The exit status of a run that was asked to stop: that of a shell's Ctrl-C.
    public static let exitStatus: Int32 = 130

    private static let signals = Atomic<Int>(0)

    /// Whether the run was asked to stop.
    public static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }

    /// Takes over SIGINT and SIGTERM from here on.
    public static func listen() {
        // Touched once here, so that the handler finds the counter initialised.
        _ = isRequested
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                // Only what POSIX allows in a handler: an atomic, write and _exit.
                if Interruption.signals.add(1, ordering: .relaxed).oldValue > 0 {
                    _exit(Interruption.exitStatus)
                }
                let note: StaticString =
                    "\nStopping after the assets in flight; again to stop at once.\n"
                _ = write(STDERR_FILENO, note.utf8Start, note.utf8CodeUnitCount)
            }
        }
    }
}
