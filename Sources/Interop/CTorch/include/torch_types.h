// The types that all functions share, and the two macros that say which pointers may be null.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define TORCH_BEGIN _Pragma("clang assume_nonnull begin")
#define TORCH_END _Pragma("clang assume_nonnull end")
#define TORCH_NULLABLE _Nullable
#else
#define TORCH_BEGIN
#define TORCH_END
#define TORCH_NULLABLE
#endif

#ifdef __cplusplus
#define TORCH_C_BEGIN extern "C" { TORCH_BEGIN
#define TORCH_C_END TORCH_END }
#else
#define TORCH_C_BEGIN TORCH_BEGIN
#define TORCH_C_END TORCH_END
#endif

// One counted reference to a tensor.
typedef struct TorchTensorObject *TorchTensor;

// A number that stays whole where it is whole: 2 added to int64 gives int64, 2.0 gives float32.
typedef struct {
    double real;
    int64_t integer;
    bool is_integer;
} TorchScalar;

// Element types; the values are this module's own.
enum {
    TORCH_NO_TYPE = -1,
    TORCH_UINT8 = 0,
    TORCH_BOOL = 1,
    TORCH_INT32 = 2,
    TORCH_INT64 = 3,
    TORCH_FLOAT16 = 4,
    TORCH_BFLOAT16 = 5,
    TORCH_FLOAT32 = 6,
    TORCH_FLOAT64 = 7,
    TORCH_OTHER_TYPE = 99,
};

// A device: -1 is the processor, 0 and up are CUDA devices.
enum { TORCH_CPU = -1 };
