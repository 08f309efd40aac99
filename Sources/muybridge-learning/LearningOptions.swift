import ArgumentParser
import Foundation
import Tensors

/// Where a command that uses trained weights computes.
struct LearningOptions: ParsableArguments {
    @Option(help: "cpu, cuda or cuda:1. Default: the first CUDA device, else cpu.")
    var device: String?

    @Option(help: "Threads of one operation on the processor. Default: libtorch's choice.")
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    }

    /// Sets what concerns the whole process, and gives the device.
    func prepared() throws -> Device {
        TorchLibrary.keepFreedMemory()
        TorchLibrary.keepProductsOnOneThread()
        if let threads { TorchLibrary.threadCount = threads }
        return try TorchDevice.chosen(device)
    }
}
