import Foundation
import Tensors
import Testing

extension AllTests {
    @Suite struct ThreadTests {
        /// In a process of its own: the setting and the processor time are the process's.
        @Test func productsAreComputedWhereTheyAreAskedFor() async {
            await #expect(processExitsWith: .success) { try Self.multiply() }
        }

        /// Seconds of processor time of the process or of the calling thread.
        private static func seconds(_ clock: clockid_t) -> Double {
            var time = timespec()
            clock_gettime(clock, &time)
            return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
        }

        private static func multiply() throws {
            unsetenv("OPENBLAS_NUM_THREADS")
            TorchLibrary.threadCount = 1
            TorchLibrary.keepProductsOnOneThread()
            let x = try Tensor.randn([768, 768])
            let whole = seconds(CLOCK_PROCESS_CPUTIME_ID)
            let own = seconds(CLOCK_THREAD_CPUTIME_ID)
            for _ in 0..<40 { _ = try x.matmul(x) }
            #expect(
                seconds(CLOCK_PROCESS_CPUTIME_ID) - whole
                    < 1.2 * (seconds(CLOCK_THREAD_CPUTIME_ID) - own))
        }
    }
}
