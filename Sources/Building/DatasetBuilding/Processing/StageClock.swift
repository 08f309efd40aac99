/// Tells which stage an asset is in, and how long it was in each.
struct StageClock {
    private let onStage: (_ stage: String, _ clip: String?) -> Void
    private var current: (stage: String, since: ContinuousClock.Instant)?
    private var seconds: [String: Double] = [:]

    init(onStage: @escaping (_ stage: String, _ clip: String?) -> Void) {
        self.onStage = onStage
    }

    /// Ends the stage before, and enters one.
    mutating func enter(_ stage: String, clip: String?) {
        settle()
        current = (stage, .now)
        onStage(stage, clip)
    }

    /// Ends the last stage; the seconds of each.
    mutating func finish() -> [String: Double] {
        settle()
        return seconds
    }

    private mutating func settle() {
        guard let (stage, since) = current else { return }
        seconds[stage, default: 0] += (ContinuousClock.now - since) / .seconds(1)
        current = nil
    }
}
