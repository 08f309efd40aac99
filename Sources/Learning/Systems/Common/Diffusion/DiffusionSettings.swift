import Documents
import Geometry
import Tensors

/// How a stage adds noise and what its model puts out, as a manifest's `noise` section says.
public struct DiffusionSettings: Sendable {
    /// The two kinds of noise.
    public enum Process: Sendable {
        /// Whole-numbered steps.
        case diffusion(DiscretePath)
        /// Straight lines.
        case flow(RectifiedFlow)
    }

    /// How noise grows.
    public var process: Process
    /// What the model puts out.
    public var parameterisation: Parameterisation
    /// How errors are weighed.
    public var weight: DiffusionWeight

    /// Settings.
    public init(
        _ process: Process, _ parameterisation: Parameterisation,
        weight: DiffusionWeight = .output
    ) {
        self.process = process
        self.parameterisation = parameterisation
        self.weight = weight
    }

    /// How noise grows, whichever kind it is.
    public var path: any NoisePath {
        switch process {
        case .diffusion(let path): path
        case .flow(let flow): flow
        }
    }

    /// A level for training.
    ///
    /// - Parameter seed: all that the draw depends on.
    public func drawLevel(seed: UInt64) -> NoiseLevel {
        var random = KeyedRandom(seed: seed, asset: "", purpose: "noise level")
        return switch process {
        case .diffusion(let path): path.draw(&random)
        case .flow(let flow): flow.draw(&random)
        }
    }

    /// The two kinds of noise, without their numbers.
    public enum Kind: String, Sendable, CaseIterable { case diffusion, flow }
    private enum Schedule: String, CaseIterable {
        case linear, cosine
        case scaledLinear = "scaled-linear"
    }
    private enum Weight: String, CaseIterable {
        case output, data
        case minimumSNR = "minimum-snr"
    }
    private enum Times: String, CaseIterable {
        case uniform
        case logitNormal = "logit-normal"
    }

    /// Reads a `noise` section.
    ///
    /// - Parameters:
    ///   - section: nil takes the defaults: a cosine diffusion whose model puts out v; or a flow with
    ///     logit-normal times, whose errors are weighed as errors of the sample (Step1X-3D's).
    ///   - standard: the kind where none is named.
    public init(
        _ section: DocumentReader?, standard: Kind = .diffusion
    ) throws(DocumentError) {
        let standardWeight = standard == .flow ? Weight.data : .output
        guard var section else {
            switch standard {
            case .diffusion: self.init(.diffusion(DiscretePath(.cosine())), .velocity)
            case .flow: self.init(.flow(RectifiedFlow()), .flow, weight: .data)
            }
            return
        }
        let kind = try section.choice("process", Kind.self) ?? standard
        let output = try section.choice("predict", Parameterisation.self)
        let weight: DiffusionWeight =
            switch try section.choice("weight", Weight.self) ?? standardWeight {
            case .output: .output
            case .data: .data
            case .minimumSNR: .minimumSNR(gamma: try section.number("gamma", in: 1e-6...1e6) ?? 5)
            }
        switch kind {
        case .diffusion:
            let path = try Self.diffusion(&section)
            let output = output ?? .velocity
            if output == .noise, path.schedule.alphasCumprod.last == 0 {
                throw section.error(
                    at: "predict",
                    "\(section.path).predict cannot be noise with zero-terminal-snr: it says "
                        + "nothing of the sample at the last step; take velocity or data")
            }
            self.init(.diffusion(path), output, weight: weight)
        case .flow:
            self.init(.flow(try Self.flow(&section)), output ?? .flow, weight: weight)
        }
        try section.finish()
    }

    private static func diffusion(
        _ section: inout DocumentReader
    ) throws(DocumentError) -> DiscretePath {
        let name = try section.choice("schedule", Schedule.self) ?? .cosine
        let count = try section.integer("steps", in: 2...1_000_000) ?? 1000
        var schedule: NoiseSchedule
        switch name {
        case .linear, .scaledLinear:
            let isScaled = name == .scaledLinear
            let first = try section.number("first", in: 1e-9...0.999) ?? (isScaled ? 0.00085 : 1e-4)
            let last = try section.number("last", in: 1e-9...0.999) ?? (isScaled ? 0.012 : 0.02)
            schedule =
                isScaled
                ? .scaledLinear(count: count, from: first, to: last)
                : .linear(count: count, from: first, to: last)
        case .cosine:
            schedule = .cosine(
                count: count, offset: try section.number("offset", in: 0...1) ?? 0.008)
        }
        if try section.boolean("zero-terminal-snr") ?? false {
            schedule = schedule.withZeroTerminalSNR()
        }
        return DiscretePath(schedule, spacing: try section.choice("spacing") ?? .trailing)
    }

    private static func flow(
        _ section: inout DocumentReader
    ) throws(DocumentError) -> RectifiedFlow {
        let times: RectifiedFlow.Times
        switch try section.choice("times", Times.self) ?? .logitNormal {
        case .uniform: times = .uniform
        case .logitNormal:
            times = .logitNormal(
                mean: try section.number("mean", in: -100...100) ?? 0,
                deviation: try section.number("deviation", in: 0...100) ?? 1)
        }
        return RectifiedFlow(
            times: times, shift: try section.number("shift", in: 1e-3...1e3) ?? 1,
            timeFactor: try section.number("time-factor", in: 1e-6...1e6) ?? 1000)
    }
}

/// How samples are drawn, as a manifest's `sampler` section says.
public struct SamplerSettings: Sendable {
    /// The rule; nil where `adaptive` is used.
    public var sampler: Sampler?
    /// Evaluations of the model, of samplers that are told how many.
    public var steps: Int
    /// The solver that chooses its steps itself.
    public var adaptive: AdaptiveSolver
    /// The shift of a flow's times in sampling (`RectifiedFlow.shift`); nil is that of training.
    public var shift: Double?

    private enum Method: String, CaseIterable { case ddpm, ddim, euler, dpmsolver, adaptive }

    /// Reads a `sampler` section; nil takes 50 steps of DPM-Solver++, along flows of Euler's rule.
    public init(_ section: DocumentReader?, for noise: DiffusionSettings) throws(DocumentError) {
        var isFlow = false
        if case .flow = noise.process { isFlow = true }
        adaptive = AdaptiveSolver()
        sampler = isFlow ? .euler : .multistep
        steps = 50
        guard var section else { return }
        var most = 100_000
        if case .diffusion(let path) = noise.process { most = path.schedule.count }
        steps = try section.integer("steps", in: 1...most) ?? min(50, most)
        shift = try section.number("shift", in: 1e-3...1e3)
        if shift != nil, !isFlow {
            throw section.error(at: "shift", "\(section.path).shift is for flows")
        }
        switch try section.choice("method", Method.self) {
        case nil: break
        case .ddpm: sampler = .ancestral(try section.choice("variance") ?? .posterior)
        case .ddim: sampler = .implicit(eta: try section.number("eta", in: 0...1) ?? 0)
        case .euler:
            guard isFlow else {
                throw section.error(
                    at: "method", "\(section.path).method euler is for flows; take ddim")
            }
            sampler = .euler
        case .dpmsolver: sampler = .multistep
        case .adaptive:
            sampler = nil
            adaptive.absoluteTolerance =
                try section.number("absolute-tolerance", in: 1e-9...1e3) ?? 0.0078
            adaptive.relativeTolerance =
                try section.number("relative-tolerance", in: 1e-9...1e3) ?? 0.05
            adaptive.endTime = try section.number("end-time", in: 1e-6...0.5) ?? 1e-3
        }
        try section.finish()
    }

    /// Draws samples.
    ///
    /// - Parameters:
    ///   - noise: a standard normal batch `[B, ...]`.
    ///   - seed: of what else is drawn.
    public func sample(
        from noise: Tensor, _ settings: DiffusionSettings, seed: UInt64, _ denoiser: Denoiser
    ) throws -> Tensor {
        if let sampler {
            return try sampler.sample(
                from: noise, levels: path(settings).samplingLevels(count: steps), seed: seed,
                denoiser)
        }
        // At time 1 a flow, and a diffusion with zero terminal SNR, have no signal.
        func adaptively(_ path: some NoisePath) throws -> Tensor {
            let start = path.level(at: 1).alpha > 0 ? 1 : 1 - 1e-3
            return try adaptive.sample(from: noise, along: path, startTime: start, denoiser).x
        }
        return try adaptively(path(settings))
    }

    private func path(_ settings: DiffusionSettings) -> any NoisePath {
        guard let shift, case .flow(var flow) = settings.process else { return settings.path }
        flow.shift = shift
        return flow
    }
}
