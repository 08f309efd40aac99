#include "CProcessor.h"

#include <unistd.h>

int muybridge_processor_is_level_3(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
        && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
#else
    return 1;
#endif
}

#if defined(MUYBRIDGE_REQUIRES_LEVEL_3)
// Before main, since Swift code compiled for x86-64-v3 may die of an illegal instruction anywhere.
__attribute__((constructor)) static void refuse_older_processors(void) {
    if (muybridge_processor_is_level_3()) return;
    static const char message[] =
        "muybridge: this processor has no AVX2, which this build needs.\n"
        "Build for any x86-64 with: MUYBRIDGE_BASELINE=1 swift build -c release\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(1);
}
#endif
