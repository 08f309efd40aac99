import Foundation
import Tensors

/// Trains a small model on this process's part of each batch, together with the other processes
/// that torchrun's variables speak of, or alone on the whole batch; writes what came of it.
///
///     muybridge-group-member OUTPUT.safetensors
@main
struct GroupMember {
    final class Model: Module {
        let first = Linear(5, 7)
        let second = Linear(7, 3)
        // Used by odd ranks alone, so that even ones have no gradient of it.
        let sometimes = Parameter([3], .ones)
        let never = Parameter([2], .ones)

        func callAsFunction(_ x: Tensor) throws -> Tensor { try second(first(x).tanh()) }
    }

    static func main() throws {
        TorchLibrary.threadCount = 1
        let group = try ProcessGroup.Meeting().map {
            var meeting = $0
            meeting.timeoutSeconds = 60
            return try ProcessGroup(meeting)
        }
        let (rank, size) = (group?.rank ?? 0, group?.size ?? 1)
        let model = Model()
        // Different at first: sharing makes them equal.
        try model.initialise(seed: rank == 0 ? 1 : 99)
        try model.convert(to: .float64)
        try group?.share(model)
        let optimiser = Adam(model.namedParameters(), .init(learningRate: 0.05))
        RandomState.seed(4)
        var losses: [Double] = []
        for _ in 0..<10 {
            let x = try Tensor.randn([8, 5], type: .float64)
            let target = try Tensor.randn([8, 3], type: .float64)
            let part = try x.chunks(size, axis: 0)[rank]
            var loss = try model(part).meanSquaredError(target.chunks(size, axis: 0)[rank])
            // Odd ranks of two have half of the batch; alone, half of the weight.
            if rank % 2 == 1 { loss = try loss + model.sometimes.square().sum() }
            if size == 1 { loss = try loss + model.sometimes.square().sum() / 2.0 }
            try optimiser.clearGradients()
            try loss.backward()
            try group?.averageGradients(of: model.parameters())
            try clipGradients(of: model.parameters(), toNorm: 1)
            try optimiser.step()
            let mean = try loss.detached().reshaped(1)
            try group?.sumInPlace(mean)
            losses.append(try mean.item() / Double(size))
        }
        let ranks = try group?.gather(Tensor([rank])).map { try $0.integer() } ?? [0]
        try group?.barrier()
        try SafetensorsFile.write(
            model.state() + [("losses", Tensor(losses)), ("ranks", Tensor(ranks))],
            to: URL(fileURLWithPath: CommandLine.arguments[1]))
    }
}
