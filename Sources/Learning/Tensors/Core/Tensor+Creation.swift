import CTorch

extension Tensor {
    /// A tensor of zeros.
    ///
    /// - Throws: `TensorError` where memory is not enough; so do all that make tensors.
    public static func zeros(
        _ shape: [Int], type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try full(shape, 0, type: type, on: device)
    }

    /// A tensor of ones.
    public static func ones(
        _ shape: [Int], type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try full(shape, 1, type: type, on: device)
    }

    /// A tensor of one number, repeated.
    public static func full(
        _ shape: [Int], _ value: some TensorScalar, type: TensorType = .float32,
        on device: Device = .cpu
    ) throws -> Tensor {
        try made("full") {
            torch_full(shape, shape.count, value.scalar.value, type.rawValue, device.number)
        }
    }

    /// A tensor whose elements are whatever was in memory.
    public static func empty(
        _ shape: [Int], type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try made("empty") { torch_empty(shape, shape.count, type.rawValue, device.number) }
    }

    /// A tensor without axes.
    public static func scalar(
        _ value: some TensorScalar, type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try full([], value, type: type, on: device)
    }

    /// `start`, `start + step`, ... up to but not including `end`: `[⌈(end - start) / step⌉]`.
    public static func arange(
        from start: some TensorScalar = 0, to end: some TensorScalar,
        by step: some TensorScalar = 1, type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try made("arange") {
            torch_arange(
                start.scalar.value, end.scalar.value, step.scalar.value, type.rawValue,
                device.number)
        }
    }

    /// `count` numbers at equal distances, both ends included.
    public static func linspace(
        from start: Double, to end: Double, count: Int, type: TensorType = .float32,
        on device: Device = .cpu
    ) throws -> Tensor {
        try made("linspace") {
            torch_linspace(start, end, count, type.rawValue, device.number)
        }
    }

    /// The unit matrix, `[size, size]`.
    public static func eye(
        _ size: Int, type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try made("eye") { torch_eye(size, type.rawValue, device.number) }
    }

    /// Numbers drawn uniformly from 0..<1, by the device's default generator.
    public static func rand(
        _ shape: [Int], type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try made("rand") { torch_rand(shape, shape.count, type.rawValue, device.number) }
    }

    /// Numbers drawn from the standard normal distribution, by the device's default generator.
    public static func randn(
        _ shape: [Int], type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        try made("randn") { torch_randn(shape, shape.count, type.rawValue, device.number) }
    }

    /// Standard normal numbers of a seed's own, the same on every device and whatever was drawn
    /// before. `keyedSeed` makes seeds of names.
    public static func randn(
        _ shape: [Int], seed: UInt64, type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        let result = try empty(shape)
        try result.change("randn") { torch_fill_normal($0, 0, 1, seed) }
        return try result.to(type, on: device)
    }

    /// Numbers from 0..<1 of a seed's own, as `randn` with a seed.
    public static func rand(
        _ shape: [Int], seed: UInt64, type: TensorType = .float32, on device: Device = .cpu
    ) throws -> Tensor {
        let result = try empty(shape)
        try result.change("rand") { torch_fill_uniform($0, 0, 1, seed) }
        return try result.to(type, on: device)
    }

    /// Whole numbers (`int64`) drawn uniformly from a range, by the device's default generator.
    public static func randint(
        _ range: Range<Int>, _ shape: [Int], on device: Device = .cpu
    ) throws -> Tensor {
        try made("randint") {
            torch_randint(range.lowerBound, range.upperBound, shape, shape.count, device.number)
        }
    }

    /// 0..<count (`int64`) in a random order, by the device's default generator.
    public static func randperm(_ count: Int, on device: Device = .cpu) throws -> Tensor {
        try made("randperm") { torch_randperm(count, device.number) }
    }

    /// Zeros in this tensor's form.
    public final func zerosLike() throws -> Tensor { try made("zerosLike", torch_zeros_like) }

    /// Ones in this tensor's form.
    public final func onesLike() throws -> Tensor { try fullLike(1) }

    /// One number, repeated, in this tensor's form.
    public final func fullLike(_ value: some TensorScalar) throws -> Tensor {
        try made("fullLike") { torch_full_like($0, value.scalar.value, -1) }
    }

    /// Whatever was in memory, in this tensor's form.
    public final func emptyLike() throws -> Tensor { try made("emptyLike", torch_empty_like) }

    /// Uniform numbers from 0..<1 in this tensor's form.
    public final func randLike() throws -> Tensor { try made("randLike", torch_rand_like) }

    /// Standard normal numbers in this tensor's form.
    public final func randnLike() throws -> Tensor { try made("randnLike", torch_randn_like) }

    /// 1 with each element's probability, else 0.
    public final func bernoulli() throws -> Tensor { try made("bernoulli", torch_bernoulli) }

    /// `count` indices (`int64`) of each row, drawn by weight.
    ///
    /// - Parameter replacement: whether an index can be drawn twice.
    public final func multinomial(_ count: Int, replacement: Bool) throws -> Tensor {
        try made("multinomial") { torch_multinomial($0, count, replacement) }
    }
}
