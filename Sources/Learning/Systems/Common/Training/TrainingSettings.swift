import Tensors

/// How a stage is trained, whatever the system.
public struct TrainingSettings: Sendable, Equatable {
    /// In what numbers the forward pass computes.
    public enum Precision: String, Sendable, CaseIterable {
        /// float32 throughout.
        case float32
        /// float32 whose products round their factors to TF32, on CUDA devices.
        case tf32
        /// Products in bfloat16; parameters, norms and losses stay float32.
        case bfloat16
    }

    /// When checkpoints are written, and which stay.
    public struct Checkpoints: Sendable, Equatable {
        /// Steps from one to the next.
        public var every = 1000
        /// How many of the newest stay.
        public var keep = 3
        /// Checkpoints of steps that divide by this stay for good.
        public var keepEvery: Int?
    }

    /// When the loss on samples that are not learnt from is computed.
    public struct Validation: Sendable, Equatable {
        /// Steps from one to the next; nil for never.
        public var every: Int?
        /// The most batches of the validation split; the same ones each time.
        public var batches = 8
    }

    /// Learning rates of parts of the model.
    public struct Rate: Sendable, Equatable {
        /// Parameters whose names begin so.
        public var prefix: String
        /// Their rate; 0 freezes them.
        public var learningRate: Double
    }

    /// Steps in all.
    public var steps: Int
    /// Samples of a step, of all processes and accumulated parts together.
    public var batch: Int
    /// Parts of a step's batch that are computed one after another: memory for time.
    public var accumulate = 1
    /// The optimiser's numbers.
    public var optimiser = Adam.Settings(weightDecay: 0)
    /// How the learning rate changes.
    public var schedule = LearningRateSchedule()
    /// Rates other than the optimiser's; of several prefixes that fit, the longest counts.
    public var rates: [Rate] = []
    /// The decay of the mean of the parameters; nil for no mean.
    public var averageDecay: Double?
    /// Whether the mean forgets its first values sooner.
    public var averageWarmsUp = true
    /// The longest that the gradient may be; nil for any length.
    public var clip: Double?
    /// In what numbers the forward pass computes.
    public var precision = Precision.float32
    /// Whether only operations that give the same at every run are allowed.
    public var isDeterministic = false
    /// Threads that make items; 0 for half of the cores.
    public var loaderThreads = 0
    /// Items made ahead; nil for two batches.
    public var loaderAhead: Int?
    /// Checkpoints.
    public var checkpoints = Checkpoints()
    /// Validation.
    public var validation = Validation()
    /// Steps from pictures to pictures; nil for none.
    public var picturesEvery: Int?
    /// Steps from one point of the curves to the next, each the mean of the steps between.
    public var logEvery = 10
    /// Weights to begin with, as another stage's `weights.safetensors`; nil begins with random ones.
    public var start: Start?

    /// Weights to begin with.
    public struct Start: Sendable, Equatable {
        /// The file.
        public var weights: String
        /// Whose names its tensors have; nil for this model's own.
        public var names: String?
        /// Whether every parameter must be in it, and nothing else.
        public var isStrict: Bool
    }

    /// The rate of a parameter before the schedule; 0 where it is frozen.
    public func learningRate(of parameter: String) -> Double {
        rates.filter { parameter.hasPrefix($0.prefix) }
            .max { $0.prefix.count < $1.prefix.count }?.learningRate ?? optimiser.learningRate
    }

    /// Settings with the standard values for all else.
    public init(steps: Int, batch: Int) {
        self.steps = steps
        self.batch = batch
    }
}
