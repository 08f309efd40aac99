import Foundation
import Imaging
import Tensors

extension Trainer {
    /// Computes what is due after a step: the loss on other samples, pictures.
    func look(_ watch: inout TrainingWatch) throws {
        if let every = settings.validation.every, let validationSet,
            step % every == 0 || step == settings.steps
        {
            try watch.note(validation: validationLoss(validationSet), step: step)
        }
        if let every = settings.picturesEvery, run.rank == 0,
            step % every == 0 || step == settings.steps
        {
            let items = try loader(of: validationSet ?? samples, "pictures").next().items
            RandomState.seed(keyedSeed(run.seed, "pictures"))
            let pictures = try asTrained { try system.pictures(of: items, context(false)) }
            try watch.note(pictures: pictures, step: step)
        }
    }

    /// The mean loss on batches of samples that are not learnt from, the same at every step.
    private func validationLoss(_ samples: StoredDataset) throws -> Double {
        let size = partSize
        // The last batch begins again with the first samples rather than being smaller.
        let whole = (samples.count + size * run.ranks - 1) / (size * run.ranks)
        let count = min(settings.validation.batches, max(1, whole))
        let loader = try loader(of: samples, "validation")
        RandomState.seed(keyedSeed(run.seed, "validation, process \(run.rank)"))
        return try asTrained {
            var sum = 0.0
            for _ in 0..<count {
                let items = try loader.next().items
                sum += try system.losses(of: items, context(false)).total.item()
            }
            let mean = try Tensor([sum / Double(count)], on: run.device)
            if let group = run.group, group.size > 1 { try group.averageInPlace(mean) }
            return try mean.item()
        }
    }

    /// Samples that are computed on at once.
    private var partSize: Int { settings.batch / settings.accumulate / run.ranks }

    /// Batches in the samples' own order, with draws of their own.
    private func loader(
        of samples: StoredDataset, _ purpose: String
    ) throws -> BatchLoader<System.Item> {
        try BatchLoader(
            samples,
            LoaderSettings(
                batchSize: partSize, seed: keyedSeed(run.seed, purpose), isShuffled: false,
                threads: settings.loaderThreads, rank: run.rank, ranks: run.ranks),
            make: system.makeItem)
    }

    /// Runs `body` with the model as it would be used: without dropout and recording, by the means
    /// of its parameters.
    private func asTrained<Result>(_ body: () throws -> Result) throws -> Result {
        try system.model.evaluating {
            try inPrecision {
                if let average { try average.applied(body) } else { try body() }
            }
        }
    }
}
