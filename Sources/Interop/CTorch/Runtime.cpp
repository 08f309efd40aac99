#include <dlfcn.h>
#include <limits>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include "Guard.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include <mutex>

#include "include/torch_runtime.h"

#if TORCH_AT_LEAST(2, 9)
#include <c10/core/CachingDeviceAllocator.h>
#endif

using namespace ctorch;

namespace {
at::Generator default_generator(int device_number) {
    return device_number < 0 ? at::detail::getDefaultCPUGenerator()
                             : at::globalContext().defaultGenerator(device(device_number));
}

#if TORCH_AT_LEAST(2, 4)
at::DeviceType device_type(bool cuda) { return cuda ? at::kCUDA : at::kCPU; }
#endif
}  // namespace

const char *torch_library_version(void) { return TORCH_VERSION; }

int torch_thread_count(void) { return at::get_num_threads(); }

void torch_set_thread_count(int count) { at::set_num_threads(count); }

void torch_keep_freed_memory(void) {
#ifdef __GLIBC__
  // No block, however large, is mapped on its own, and none is given back.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

void torch_set_openblas_thread_count(int count) {
  // Absent where libtorch brings another library for matrix products.
  if (void *found = dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) {
    reinterpret_cast<void (*)(int)>(found)(count);
  }
}

void torch_set_deterministic(bool deterministic) {
    at::globalContext().setDeterministicAlgorithms(deterministic, /*warn_only=*/false);
    at::globalContext().setDeterministicCuDNN(deterministic);
}

void torch_allow_tf32(bool allowed) {
    at::globalContext().setAllowTF32CuBLAS(allowed);
    at::globalContext().setAllowTF32CuDNN(allowed);
}

int torch_cuda_count(void) {
    int count = 0;
    done([&] { count = at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0; });
    return count;
}

bool torch_cuda_synchronise(int device_number) {
    return done([&] {
        at::detail::getCUDAHooks().deviceSynchronize(
            static_cast<c10::DeviceIndex>(device_number));
    });
}

bool torch_cuda_memory(int device_number, int64_t *allocated, int64_t *peak) {
#if TORCH_AT_LEAST(2, 9)
    return done([&] {
        auto statistics = c10::getDeviceAllocator(at::kCUDA)->getDeviceStats(
            static_cast<c10::DeviceIndex>(device_number));
        const auto &bytes = statistics.allocated_bytes[0];  // all pools together
        *allocated = bytes.current;
        *peak = bytes.peak;
    });
#else
    (void)device_number, (void)allocated, (void)peak;
    remember("this libtorch does not tell its memory through a device-independent interface");
    return false;
#endif
}

bool torch_cuda_reset_peak(int device_number) {
#if TORCH_AT_LEAST(2, 9)
    return done([&] {
        c10::getDeviceAllocator(at::kCUDA)->resetPeakStats(
            static_cast<c10::DeviceIndex>(device_number));
    });
#else
    (void)device_number;
    remember("this libtorch does not tell its memory through a device-independent interface");
    return false;
#endif
}

void torch_seed(uint64_t seed) {
    done([&] { at::manual_seed(seed); });
}

TorchTensor torch_random_state(int device_number) {
    return made([&] {
        at::Generator generator = default_generator(device_number);
        std::lock_guard<std::mutex> lock(generator.mutex());
        return generator.get_state();
    });
}

bool torch_set_random_state(int device_number, TorchTensor state) {
    return done([&] {
        at::Generator generator = default_generator(device_number);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_state(*Borrowed(state));
    });
}

TorchTensor torch_rand(const ptrdiff_t *shape, ptrdiff_t rank, int type, int device_number) {
    return made([&] { return at::rand(ints(shape, rank), options(type, device_number)); });
}

TorchTensor torch_randn(const ptrdiff_t *shape, ptrdiff_t rank, int type, int device_number) {
    return made([&] { return at::randn(ints(shape, rank), options(type, device_number)); });
}

TorchTensor torch_randint(ptrdiff_t low, ptrdiff_t high, const ptrdiff_t *shape, ptrdiff_t rank,
                          int device_number) {
    return made([&] {
        return at::randint(low, high, ints(shape, rank), options(TORCH_INT64, device_number));
    });
}

TorchTensor torch_randperm(ptrdiff_t count, int device_number) {
    return made([&] { return at::randperm(count, options(TORCH_INT64, device_number)); });
}

TorchTensor torch_bernoulli(TorchTensor probabilities) {
    return made([&] { return at::bernoulli(*Borrowed(probabilities)); });
}

TorchTensor torch_multinomial(TorchTensor weights, ptrdiff_t count, bool replacement) {
    return made([&] { return at::multinomial(*Borrowed(weights), count, replacement); });
}

bool torch_fill_uniform(TorchTensor target, double low, double high, uint64_t seed) {
    return done([&] {
        Borrowed(target)->uniform_(low, high, at::detail::createCPUGenerator(seed));
    });
}

bool torch_fill_normal(TorchTensor target, double mean, double deviation, uint64_t seed) {
    return done([&] {
        Borrowed(target)->normal_(mean, deviation, at::detail::createCPUGenerator(seed));
    });
}

bool torch_autocast_cache(bool enabled) {
    bool before = at::autocast::is_autocast_cache_enabled();
    at::autocast::set_autocast_cache_enabled(enabled);
    return before;
}

TorchAutocast torch_autocast_state(bool cuda) {
    TorchAutocast state;
    state.device = cuda ? 0 : TORCH_CPU;
#if TORCH_AT_LEAST(2, 4)
    state.enabled = at::autocast::is_autocast_enabled(device_type(cuda));
    state.type = type_number(at::autocast::get_autocast_dtype(device_type(cuda)));
#else
    state.enabled = cuda ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
    state.type = type_number(cuda ? at::autocast::get_autocast_gpu_dtype()
                                  : at::autocast::get_autocast_cpu_dtype());
#endif
    return state;
}

namespace {
void set_autocast(bool cuda, int type, bool enabled) {
#if TORCH_AT_LEAST(2, 4)
    at::autocast::set_autocast_enabled(device_type(cuda), enabled);
    at::autocast::set_autocast_dtype(device_type(cuda), scalar_type(type));
#else
    if (cuda) {
        at::autocast::set_enabled(enabled);
        at::autocast::set_autocast_gpu_dtype(scalar_type(type));
    } else {
        at::autocast::set_cpu_enabled(enabled);
        at::autocast::set_autocast_cpu_dtype(scalar_type(type));
    }
#endif
}
}  // namespace

TorchAutocast torch_autocast_enter(bool cuda, int type, bool enabled) {
    TorchAutocast before = torch_autocast_state(cuda);
    done([&] {
        set_autocast(cuda, type, enabled);
        at::autocast::increment_nesting();
    });
    return before;
}

void torch_autocast_leave(TorchAutocast before) {
    done([&] {
        // Weights that were cast once for the whole region go with the outermost one.
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        set_autocast(before.device != TORCH_CPU, before.type, before.enabled);
    });
}
