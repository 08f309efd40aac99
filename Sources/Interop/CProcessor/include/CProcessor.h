#pragma once

/// 1 where the processor runs x86-64-v3 code (AVX2, FMA, BMI2), or is no x86-64 at all.
int muybridge_processor_is_level_3(void);
