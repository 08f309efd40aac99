import ArgumentParser
import Evaluation
import Foundation
import Running

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure predicted shapes and pictures against the truth.",
        discussion: "Documentation/evaluation.md says what each number is.",
        subcommands: [
            GeometryEvaluationCommand.self, SetEvaluationCommand.self, VideoEvaluationCommand.self,
        ])
}

/// What all evaluations are told.
struct EvaluationOutput: ParsableArguments {
    @Option(
        help: "Also write the results to FILE.json, and as a table of frames to FILE.csv.")
    var out: String?

    @Option(help: "Seeds the draws of points.")
    var seed: UInt64 = 0
}

/// Says how far an evaluation is, and ends it when it was asked to stop.
final class EvaluationProgress {
    private var line = ProgressLine()

    init() { Interruption.listen(saying: "Stopping; nothing was written.") }

    /// A function to call with pieces of work that are done and all of them.
    func callback(_ name: String) -> (Int, Int) throws -> Void {
        { done, total in
            if Interruption.isRequested { throw ExitCode(Interruption.exitStatus) }
            let share = Double(done) / Double(max(1, total))
            self.line.show { elapsed, width in
                let bar = ProgressLine.bar(share, width: width)
                let time = ProgressLine.duration(elapsed.seconds)
                return bar + (bar.isEmpty ? "" : " ") + "\(name): \(done) of \(total), \(time)"
            }
        }
    }

    /// Leaves the last line standing.
    func finish(_ words: String) {
        line.show(isLast: true) { elapsed, _ in
            "\(words) in \(ProgressLine.duration(elapsed.seconds))"
        }
    }
}
