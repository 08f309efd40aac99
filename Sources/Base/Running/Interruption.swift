import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, turned into a flag that long runs look at between pieces of work.
///
/// The first signal asks the run to stop cleanly; a second one ends the process at once. Signals
/// belong to the process, and so does the flag.
public enum Interruption {
    /// The exit status of a run that was asked to stop: that of a shell's Ctrl-C.
    public static let exitStatus: Int32 = 130

    private static let signals = Atomic<Int>(0)
    /// The address of what is printed, which lies in the program itself; 0 for nothing.
    private static let note = Atomic<UInt>(0)
    private static let noteLength = Atomic<Int>(0)

    /// Whether the run was asked to stop.
    public static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }

    /// Takes over SIGINT and SIGTERM from here on.
    ///
    /// - Parameter words: what the first signal prints: what is still finished.
    public static func listen(
        saying words: StaticString = "Stopping after the assets in flight; again to stop at once."
    ) {
        // Touched once here, so that the handler finds the counter initialised.
        _ = isRequested
        noteLength.store(words.utf8CodeUnitCount, ordering: .relaxed)
        note.store(UInt(bitPattern: words.utf8Start), ordering: .releasing)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                // Only what POSIX allows in a handler: atomics, write and _exit.
                if Interruption.signals.add(1, ordering: .relaxed).oldValue > 0 {
                    _exit(Interruption.exitStatus)
                }
                let end: StaticString = "\n"
                _ = write(STDERR_FILENO, end.utf8Start, 1)
                let address = Interruption.note.load(ordering: .acquiring)
                if let words = UnsafeRawPointer(bitPattern: address) {
                    let count = Interruption.noteLength.load(ordering: .relaxed)
                    _ = write(STDERR_FILENO, words, count)
                }
                _ = write(STDERR_FILENO, end.utf8Start, 1)
            }
        }
    }
}
