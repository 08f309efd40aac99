#pragma once

/// 1 where the processor runs x86-64-v3 code (AVX2, FMA, BMI2), or is no x86-64 at all.
///
/// Where the package is compiled for x86-64-v3, a program that links this module says so and
/// exits before `main` on a processor for which this gives 0.
int muybridge_processor_is_level_3(void);
