// The library's settings: version, devices, threads, random numbers, mixed precision.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

const char *torch_library_version(void);
int torch_thread_count(void);
void torch_set_thread_count(int count);
/// Tells malloc to keep what is freed, where it can be told.
void torch_keep_freed_memory(void);
/// Where OpenBLAS computes matrix products; nothing happens where it does not.
void torch_set_openblas_thread_count(int count);
void torch_set_deterministic(bool deterministic);
// Lets float32 matrix products and convolutions of CUDA devices use TF32.
void torch_allow_tf32(bool allowed);

int torch_cuda_count(void);
bool torch_cuda_synchronise(int device);
// Bytes that tensors hold on a device now and held at most since the last reset; false where the
// library cannot say.
bool torch_cuda_memory(int device, int64_t *allocated, int64_t *peak);
bool torch_cuda_reset_peak(int device);

// Seeds the default generator of every device.
void torch_seed(uint64_t seed);
// The state of a device's default generator, as uint8.
TorchTensor TORCH_NULLABLE torch_random_state(int device);
bool torch_set_random_state(int device, TorchTensor state);

// Draws from the default generator of the device...
TorchTensor TORCH_NULLABLE torch_rand(const ptrdiff_t *shape, ptrdiff_t rank, int type, int device);
TorchTensor TORCH_NULLABLE torch_randn(const ptrdiff_t *shape, ptrdiff_t rank, int type, int device);
TorchTensor TORCH_NULLABLE torch_randint(ptrdiff_t low, ptrdiff_t high, const ptrdiff_t *shape,
                                         ptrdiff_t rank, int device);
TorchTensor TORCH_NULLABLE torch_randperm(ptrdiff_t count, int device);
TorchTensor TORCH_NULLABLE torch_bernoulli(TorchTensor probabilities);
TorchTensor TORCH_NULLABLE torch_multinomial(TorchTensor weights, ptrdiff_t count, bool replacement);
// ... and from a generator of the processor with this seed, made for the call.
bool torch_fill_uniform(TorchTensor target, double low, double high, uint64_t seed);
bool torch_fill_normal(TorchTensor target, double mean, double deviation, uint64_t seed);

// Mixed precision on this thread, as it was before and to be put back by `torch_autocast_leave`.
typedef struct {
    int device;
    bool enabled;
    int type;
} TorchAutocast;
TorchAutocast torch_autocast_state(bool cuda);
TorchAutocast torch_autocast_enter(bool cuda, int type, bool enabled);
void torch_autocast_leave(TorchAutocast before);
// Whether weights that were cast once are kept until the outermost region ends; returns what was
// set before.
bool torch_autocast_cache(bool enabled);

TORCH_C_END
