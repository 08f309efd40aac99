import Foundation

/// Prints a line to standard error.
func printError(_ text: String) {
    FileHandle.standardError.write(Data("muybridge: \(text)\n".utf8))
}
