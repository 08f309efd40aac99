import Foundation
import ShardStore

/// Tensors as `.npy` files.
public enum ArrayFile {
    /// Writes a tensor of a type that numpy knows: not bfloat16.
    ///
    /// - Throws: `DatasetError` for another type; the file system's error.
    public static func write(_ tensor: Tensor, to url: URL) throws {
        try Data(ArrayPayload(tensor, for: url.path).numpyFile).write(to: url, options: .atomic)
    }
}

extension ArrayPayload {
    /// A copy of a tensor's elements.
    ///
    /// - Parameter subject: what the array is for, for messages.
    /// - Throws: `DatasetError` for a type that arrays cannot have.
    init(_ tensor: Tensor, for subject: String) throws {
        guard let type = ElementType.allCases.first(where: { TensorType($0) == tensor.type })
        else { throw DatasetError(subject, "arrays cannot hold \(tensor.type)") }
        self = try tensor.withUnsafeBytes {
            try ArrayPayload(type: type, shape: tensor.shape, bytes: Array($0))
        }
    }
}
