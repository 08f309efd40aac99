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
        private static func seconds(_ who: __rusage_who) -> Double {
            var usage = rusage()
            getrusage(who, &usage)
            let times = [usage.ru_utime, usage.ru_stime]
            return times.reduce(0) { $0 + Double($1.tv_sec) + 1e-6 * Double($1.tv_usec) }
        }

        private static func multiply() throws {
            unsetenv("OPENBLAS_NUM_THREADS")
            TorchLibrary.threadCount = 1
            TorchLibrary.keepProductsOnOneThread()
            let x = try Tensor.randn([768, 768])
            let others = seconds(RUSAGE_SELF) - seconds(RUSAGE_THREAD)
            let own = seconds(RUSAGE_THREAD)
            for _ in 0..<40 { _ = try x.matmul(x) }
            #expect(
                seconds(RUSAGE_SELF) - seconds(RUSAGE_THREAD) - others
                    < 0.2 * (seconds(RUSAGE_THREAD) - own))
        }
    }
}
