// Data parallelism: every process has the whole model and a part of each batch. Before the first
// step the parameters are made equal; after each backward pass, the gradients.

extension ProcessGroup {
    /// How many bytes of gradients travel together.
    private static let bucketByteCount = 25 << 20

    /// Gives all processes one process's parameters and saved buffers.
    public func share(_ module: Module, from root: Int = 0) throws {
        try withoutGradients {
            for (_, tensor) in module.savedTensors() {
                // A parameter that is not contiguous travels as a copy.
                let dense = try tensor.detached().contiguous()
                try broadcastInPlace(dense, from: root)
                if !dense.sharesMemory(with: tensor) { try tensor.copyInPlace(from: dense) }
            }
        }
    }

    /// Replaces the gradients by their means over all processes, in a few large operations.
    ///
    /// A parameter that has a gradient somewhere has one everywhere afterwards: where there was
    /// none it counts as zero. With equal parts of a batch, and a loss that is a mean, the result is
    /// the gradient of the whole batch.
    ///
    /// - Parameter parameters: the same, in the same order, in all processes.
    public func averageGradients(of parameters: [Parameter]) throws {
        guard size > 1 else { return }
        try withoutGradients {
            let used = try Tensor(parameters.map { $0.gradient == nil ? Int32(0) : 1 })
            try sumInPlace(used)
            let counts: [Int32] = try used.elements()
            var bucket: [(parameter: Parameter, gradient: Tensor)] = []
            var byteCount = 0
            for (parameter, count) in zip(parameters, counts) where count > 0 {
                let gradient = try parameter.gradient ?? parameter.detached().zerosLike()
                let size = gradient.count * gradient.type.byteCount
                if let first = bucket.first,
                    first.gradient.type != gradient.type
                        || byteCount + size > Self.bucketByteCount
                {
                    try average(bucket)
                    (bucket, byteCount) = ([], 0)
                }
                bucket.append((parameter, gradient))
                byteCount += size
            }
            if !bucket.isEmpty { try average(bucket) }
        }
    }

    private func average(_ bucket: [(parameter: Parameter, gradient: Tensor)]) throws {
        let flat = try Tensor.concatenate(bucket.map { try $0.gradient.reshaped(-1) })
        try sumInPlace(flat)
        try flat.divideInPlace(size)
        var start = 0
        for (parameter, gradient) in bucket {
            let end = start + gradient.count
            try gradient.copyInPlace(
                from: flat.slice(0, from: start, to: end).reshaped(gradient.shape))
            if parameter.gradient == nil { try parameter.setGradient(gradient) }
            start = end
        }
    }
}
