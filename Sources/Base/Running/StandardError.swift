import Foundation

/// Prints a line to standard error, with the program's name before it.
public func printError(_ text: String) { writeToStandardError("muybridge: \(text)\n") }

/// Writes all of a text to standard error, unbuffered.
func writeToStandardError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let count = write(STDERR_FILENO, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            // Nobody is left to tell.
            guard count > 0 else { return }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
