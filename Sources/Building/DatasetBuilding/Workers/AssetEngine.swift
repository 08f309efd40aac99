/// Where assets are worked on.
protocol AssetEngine: Sendable {
    /// Works on one asset.
    ///
    /// - Parameters:
    ///   - slot: which of the threads that work at once asks, from 0.
    ///   - shouldStop: whether the run was asked to stop.
    /// - Returns: nil where the asset was dropped because the run is to stop.
    /// - Throws: what ends the run: no fault of an asset.
    func process(
        _ request: AssetRequest, slot: Int, shouldStop: @Sendable () -> Bool
    ) throws -> AssetProcessor.Result?

    /// Lets go of what the engine holds.
    func shutDown()
}

/// Works in this process, where a debugger sees what happens, and where a crash is the run's.
struct InProcessEngine: AssetEngine {
    let processor: AssetProcessor

    func process(
        _ request: AssetRequest, slot: Int, shouldStop: @Sendable () -> Bool
    ) -> AssetProcessor.Result? {
        processor.process(request)
    }

    func shutDown() {}
}
