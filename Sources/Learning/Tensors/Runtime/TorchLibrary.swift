import CTorch
import Foundation

/// The libtorch that this program was built with, and its settings.
public enum TorchLibrary {
    /// For example `2.13.0`.
    public static var version: String { String(cString: torch_library_version()) }

    /// Whether attention runs in fused kernels, which keep no matrix of weights.
    public static var hasFusedAttention: Bool { torch_attention_is_fused() }

    /// How many threads one operation uses on the processor. Set it before the first operation; a
    /// loader that decodes on threads of its own wants fewer here.
    public static var threadCount: Int {
        get { Int(torch_thread_count()) }
        set { torch_set_thread_count(Int32(newValue)) }
    }

    /// Keeps memory that tensors free for the next ones, rather than giving it back to the system
    /// and asking for it anew, page by page: of a small model's step that is a quarter. Call it once,
    /// at the beginning of a program that trains.
    public static func keepFreedMemory() { torch_keep_freed_memory() }

    /// Has OpenBLAS, where libtorch leaves its matrix products to it, compute them on the thread that
    /// asks. Its own threads wait by spinning: they take turns with libtorch's, and where something
    /// else runs on the machine a step of a small model takes two to fifteen times as long.
    /// `OPENBLAS_NUM_THREADS` overrules it. Call it once, at the beginning of a program that trains.
    public static func keepProductsOnOneThread() {
        if ProcessInfo.processInfo.environment["OPENBLAS_NUM_THREADS"] == nil {
            torch_set_openblas_thread_count(1)
        }
    }

    /// Refuses operations whose result depends on the order of threads, and has CUDA choose
    /// repeatable kernels.
    public static func requireDeterminism(_ required: Bool) { torch_set_deterministic(required) }

    /// Lets CUDA devices round factors of float32 products to TF32's 10 bits.
    public static func allowTF32(_ allowed: Bool) { torch_allow_tf32(allowed) }
}
