import ArgumentParser
import Tensors

/// The device that an option names.
enum TorchDevice {
    /// - Throws: `ValidationError` where the name is none, or there is no such device.
    static func chosen(_ name: String?) throws -> Device {
        guard let name else { return ProcessGroup.localDevice() }
        guard let chosen = Device(name) else {
            throw ValidationError("--device is \(name); it must be cpu, cuda or cuda:NUMBER")
        }
        if case .cuda(let number) = chosen, number >= Device.cudaDeviceCount {
            throw ValidationError(
                "--device is \(name), but libtorch sees \(Device.cudaDeviceCount) CUDA "
                    + "devices; the distribution's libtorch has none: point TORCH_HOME at a "
                    + "build with CUDA and build again")
        }
        return chosen
    }
}
