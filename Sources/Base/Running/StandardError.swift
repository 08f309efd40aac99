import Foundation

/// Prints a line to standard error, with the program's name before it.
public func printError(_ text: String) {
    FileHandle.standardError.write(Data("muybridge: \(text)\n".utf8))
}
