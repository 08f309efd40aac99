import CTorch

// Reductions. No axes means all of them; reduced axes go, or stay with length 1 where `keeping`.

extension Tensor {
    /// The sum over some axes.
    public final func sum(_ axes: [Int] = [], keeping: Bool = false) throws -> Tensor {
        try made("sum") { torch_sum($0, axes, axes.count, keeping) }
    }

    /// The sum over one axis.
    public final func sum(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try withUnsafePointer(to: axis) { axes in
            try made("sum") { torch_sum($0, axes, 1, keeping) }
        }
    }

    /// The mean over some axes.
    public final func mean(_ axes: [Int] = [], keeping: Bool = false) throws -> Tensor {
        try made("mean") { torch_mean($0, axes, axes.count, keeping) }
    }

    /// The mean over one axis.
    public final func mean(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try withUnsafePointer(to: axis) { axes in
            try made("mean") { torch_mean($0, axes, 1, keeping) }
        }
    }

    /// The largest element over some axes.
    public final func amax(_ axes: [Int] = [], keeping: Bool = false) throws -> Tensor {
        try made("amax") { torch_amax($0, axes, axes.count, keeping) }
    }

    /// The largest element over one axis.
    public final func amax(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try withUnsafePointer(to: axis) { axes in
            try made("amax") { torch_amax($0, axes, 1, keeping) }
        }
    }

    /// The smallest element over some axes.
    public final func amin(_ axes: [Int] = [], keeping: Bool = false) throws -> Tensor {
        try made("amin") { torch_amin($0, axes, axes.count, keeping) }
    }

    /// The smallest element over one axis.
    public final func amin(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try withUnsafePointer(to: axis) { axes in
            try made("amin") { torch_amin($0, axes, 1, keeping) }
        }
    }

    /// ln Σ eˣ, without overflow over some axes.
    public final func logSumExp(_ axes: [Int] = [], keeping: Bool = false) throws -> Tensor {
        try made("logSumExp") { torch_logsumexp($0, axes, axes.count, keeping) }
    }

    /// ln Σ eˣ, without overflow over one axis.
    public final func logSumExp(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try withUnsafePointer(to: axis) { axes in
            try made("logSumExp") { torch_logsumexp($0, axes, 1, keeping) }
        }
    }

    /// The variance over some axes, divided by their count less `correction`.
    public final func variance(
        _ axes: [Int] = [], correction: Int = 1, keeping: Bool = false
    ) throws -> Tensor {
        try made("variance") { torch_var($0, axes, axes.count, correction, keeping) }
    }

    /// The standard deviation, as `variance`.
    public final func standardDeviation(
        _ axes: [Int] = [], correction: Int = 1, keeping: Bool = false
    ) throws -> Tensor {
        try variance(axes, correction: correction, keeping: keeping).sqrt()
    }

    /// (Σ |x|ᵖ)^(1/p) over some axes.
    public final func norm(
        _ axes: [Int] = [], order: Double = 2, keeping: Bool = false
    ) throws -> Tensor {
        try made("norm") { torch_vector_norm($0, order, axes, axes.count, keeping) }
    }

    /// The product along an axis.
    public final func product(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try made("product") { torch_prod($0, axis, keeping) }
    }

    /// Sums of all elements up to each, along an axis.
    public final func cumulativeSum(_ axis: Int) throws -> Tensor {
        try made("cumulativeSum") { torch_cumsum($0, axis) }
    }

    /// Products of all elements up to each, along an axis.
    public final func cumulativeProduct(_ axis: Int) throws -> Tensor {
        try made("cumulativeProduct") { torch_cumprod($0, axis) }
    }

    /// Where along an axis the largest element is (`int64`).
    public final func argmax(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try made("argmax") { torch_argmax($0, axis, keeping) }
    }

    /// Where along an axis the smallest element is (`int64`).
    public final func argmin(_ axis: Int, keeping: Bool = false) throws -> Tensor {
        try made("argmin") { torch_argmin($0, axis, keeping) }
    }

    /// Whether any element is true or not zero.
    public final func any() throws -> Bool { try made("any", torch_any).integer() != 0 }

    /// Whether all elements are true or not zero.
    public final func all() throws -> Bool { try made("all", torch_all).integer() != 0 }

    /// eˣ / Σ eˣ along an axis.
    public final func softmax(_ axis: Int = -1) throws -> Tensor {
        try made("softmax") { torch_softmax($0, axis) }
    }

    /// ln(eˣ / Σ eˣ) along an axis.
    public final func logSoftmax(_ axis: Int = -1) throws -> Tensor {
        try made("logSoftmax") { torch_log_softmax($0, axis) }
    }

    /// The `count` largest elements along an axis (smallest where `largest` is false), best first,
    /// and where they are (`int64`).
    public final func topK(
        _ count: Int, axis: Int = -1, largest: Bool = true
    ) throws -> (values: Tensor, indices: Tensor) {
        let pair = try Tensor.made("topK", count: 2, [self]) {
            torch_topk(handle, count, axis, largest, $0, $0 + 1)
        }
        return (pair[0]!, pair[1]!)
    }

    /// The elements along an axis in order, equal ones in theirs, and where they were (`int64`).
    public final func sorted(
        _ axis: Int = -1, descending: Bool = false
    ) throws -> (values: Tensor, indices: Tensor) {
        let pair = try Tensor.made("sorted", count: 2, [self]) {
            torch_sort(handle, axis, descending, $0, $0 + 1)
        }
        return (pair[0]!, pair[1]!)
    }
}
