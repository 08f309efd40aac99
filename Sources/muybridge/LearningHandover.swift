import ArgumentParser
import Foundation
import Running

/// The way from a command to the program that has libtorch.
enum LearningHandover {
    /// Becomes that program, for a command and its arguments as they were given.
    ///
    /// - Throws: `ExitCode.failure` where it is not there or cannot be started, with a line that
    ///   says what to do.
    static func run(_ command: String, _ arguments: [String]) throws -> Never {
        let program = URL(fileURLWithPath: try RunningProgram.path()).deletingLastPathComponent()
            .appending(path: "muybridge-learning").path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            printError(
                """
                this muybridge was built without libtorch, which `muybridge \(command)` needs. \
                Install it (apt-get install libtorch-dev, or unpack a release and set TORCH_HOME \
                to it) and run make again.
                """)
            throw ExitCode.failure
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([program, command] + arguments).map {
            strdup($0)
        }
        words.append(nil)
        // Commands run on threads of the concurrency library, which block all signals, and a program
        // keeps the mask of the thread that became it: Ctrl-C would never reach it.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execv(program, words)
        printError("\(program) cannot be started: \(String(cString: strerror(errno)))")
        throw ExitCode.failure
    }
}
