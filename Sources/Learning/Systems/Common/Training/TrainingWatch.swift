import Foundation
import Imaging
import Running
import Tensors

/// What a run says of itself: a line on standard error, curves and pictures for TensorBoard.
struct TrainingWatch {
    private let run: TrainingRun
    private let settings: TrainingSettings
    private let events: EventFile?
    private var line: ProgressLine?
    private let first: Int
    private var done: Int
    private var lastLoss = Double.nan
    private var waited = Duration.zero
    private let start = ContinuousClock.now
    // Since the last point of the curves.
    private var records: [StepRecord] = []
    private var pointStart = ContinuousClock.now
    private var pointWaited = Duration.zero

    init(_ run: TrainingRun, _ settings: TrainingSettings, from step: Int) throws {
        self.run = run
        self.settings = settings
        first = step
        done = step
        guard run.rank == 0 else {
            events = nil
            return
        }
        try run.manifest.write(
            to: run.folder.url.appending(path: "manifest.yaml"), atomically: true, encoding: .utf8)
        events = step < settings.steps ? try EventFile(folder: run.folder.events, step: step) : nil
        if run.showsProgress {
            line = ProgressLine()
            if step > 0 { line?.note("Going on after step \(step).") }
        }
    }

    /// Notes a step.
    mutating func note(_ record: StepRecord, waited: Duration) throws {
        done = record.step + 1
        lastLoss = record.loss
        self.waited = waited
        records.append(record)
        if done % settings.logEvery == 0 || done == settings.steps { try addPoint() }
        show(isLast: false)
    }

    /// Notes a loss on samples that are not learnt from.
    mutating func note(validation loss: Double, step: Int) throws {
        try events?.add([("loss/validation", .scalar(loss))], step: step)
        line?.note("step \(step): validation loss \(Self.number(loss))")
    }

    /// Notes pictures.
    mutating func note(pictures: [(name: String, image: Image)], step: Int) throws {
        guard !pictures.isEmpty else { return }
        let folder = run.folder.pictures
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, image) in pictures {
            let png = try image.pngEncoded()
            let file = "step-\(String(format: "%08d", step))-\(name).png"
            try Data(png).write(to: folder.appending(path: file), options: .atomic)
            try events?.add(
                [(name, .picture(png: png, width: image.width, height: image.height))], step: step)
        }
    }

    /// Shows the last line.
    mutating func end() { show(isLast: true) }

    private mutating func addPoint() throws {
        guard let last = records.last else { return }
        let count = Double(records.count)
        let now = ContinuousClock.now
        let seconds = max(1e-9, (now - pointStart).seconds)
        func mean(_ value: (StepRecord) -> Double) -> Double {
            records.reduce(0) { $0 + value($1) } / count
        }
        var values: [(tag: String, value: EventFile.Value)] = [
            ("loss/train", .scalar(mean(\.loss))),
            ("optimiser/learning-rate", .scalar(last.learningRate)),
            ("optimiser/gradient-norm", .scalar(mean(\.gradientNorm))),
            ("speed/steps-per-second", .scalar(count / seconds)),
            ("speed/samples-per-second", .scalar(count * Double(settings.batch) / seconds)),
            ("speed/waiting-share", .scalar((waited - pointWaited).seconds / seconds)),
        ]
        for (place, part) in last.parts.enumerated() {
            values.append(("loss/\(part.name)", .scalar(mean { $0.parts[place].value })))
        }
        try events?.add(values, step: done)
        records.removeAll(keepingCapacity: true)
        pointStart = now
        pointWaited = waited
    }

    private mutating func show(isLast: Bool) {
        let (done, first, total) = (done, first, settings.steps)
        let (loss, waited) = (lastLoss, waited)
        line?.show(isLast: isLast) { elapsed, width in
            Self.line(
                done: done, first: first, total: total, loss: loss, elapsed: elapsed.seconds,
                waited: waited.seconds, barWidth: width)
        }
    }

    /// `[####----]  500/1000 steps  loss 0.0312  3.4/s  2 min 27 s left  waiting 1 %`.
    static func line(
        done: Int, first: Int, total: Int, loss: Double, elapsed: Double, waited: Double,
        barWidth: Int
    ) -> String {
        var parts: [String] = []
        if barWidth > 0 {
            parts.append(ProgressLine.bar(Double(done) / Double(total), width: barWidth))
        }
        parts.append("\(done)/\(total) steps")
        if done > first, elapsed > 0 {
            let rate = Double(done - first) / elapsed
            parts.append("loss \(number(loss))")
            parts.append(ProgressLine.rate(rate))
            parts.append("\(ProgressLine.duration(Double(total - done) / rate)) left")
            parts.append("waiting \(Int((100 * waited / elapsed).rounded())) %")
        }
        return parts.joined(separator: "  ")
    }

    private static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
