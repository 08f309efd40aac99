import Evaluation
import Foundation

/// Which predicted sequence belongs to which true one.
struct GeometryPairs {
    /// The frames of a prediction and of its truth.
    typealias Loading = () throws -> (prediction: [EvaluatedFrame], truth: [EvaluatedFrame])

    /// By name, in order.
    let sequences: [(name: String, load: Loading)]

    /// Pairs predictions with the truth.
    ///
    /// - Parameter truth: a file, a folder or a store.
    init(
        predicted: String, truth: String, key: String?, files: ShapeFiles, gridHalfSide: Float
    ) throws {
        let predictions = try ShapeFiles.sequences(at: predicted)
        if let key, predictions.count > 1 {
            throw EvaluationError(
                predicted, "--key \(key) belongs to one sequence, but there are several")
        }
        if StoredTruth.isStore(truth) {
            let store = try StoredTruth(truth)
            sequences = try predictions.map { prediction in
                let name = key ?? prediction.name
                guard store.holds(name) else {
                    throw EvaluationError(
                        prediction.path,
                        "\(truth) has no sample \(name); name the folder after a key "
                            + "(`muybridge ls \(truth)`) or give --key")
                }
                return (
                    name,
                    {
                        let truth = try store.shapes(name, gridHalfSide: gridHalfSide)
                        return (try files.load(prediction.path, wanted: truth.count), truth)
                    }
                )
            }
            return
        }
        let truths = try ShapeFiles.sequences(at: truth)
        let byName = Dictionary(truths.map { ($0.name, $0.path) }) { first, _ in first }
        sequences = try predictions.map { prediction in
            let alone = predictions.count == 1 && truths.count == 1 ? truths[0].path : nil
            guard let path = alone ?? byName[key ?? prediction.name] else {
                throw EvaluationError(
                    prediction.path,
                    "\(truth) has no \(key ?? prediction.name) to judge it by; sequences belong "
                        + "together by name")
            }
            return (
                prediction.name,
                {
                    let truth = try files.load(path, wanted: nil)
                    return (try files.load(prediction.path, wanted: truth.count), truth)
                }
            )
        }
    }
}
