// What every file of this module uses: handles as tensors and back, and exceptions as words.
#pragma once

#include <ATen/ATen.h>

#include <torch/csrc/api/include/torch/version.h>

#include <utility>
#include <vector>

#include "include/torch_tensor.h"
#include "include/torch_types.h"

#define TORCH_AT_LEAST(major, minor)                                                              \
    (TORCH_VERSION_MAJOR > (major) ||                                                             \
     (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace ctorch {

// Keeps the words of the exception in flight for `torch_last_error`.
void remember_exception() noexcept;
void remember(const char *message) noexcept;
void count_handle() noexcept;

// A handle as a tensor for the length of a call, without touching the reference count. Null is
// the undefined tensor, which is how the library spells an absent argument.
class Borrowed {
public:
    explicit Borrowed(TorchTensor handle)
        : tensor_(handle == nullptr ? at::Tensor()
                                    : at::Tensor(c10::intrusive_ptr<
                                                 c10::TensorImpl, c10::UndefinedTensorImpl>::
                                                     reclaim(reinterpret_cast<c10::TensorImpl *>(
                                                         handle)))) {}
    ~Borrowed() { (void)tensor_.unsafeReleaseTensorImpl(); }
    Borrowed(const Borrowed &) = delete;
    Borrowed &operator=(const Borrowed &) = delete;

    operator const at::Tensor &() const { return tensor_; }
    const at::Tensor &operator*() const { return tensor_; }
    const at::Tensor *operator->() const { return &tensor_; }

private:
    at::Tensor tensor_;
};

// Moves a reference out to the caller; an undefined tensor is null.
inline TorchTensor give(at::Tensor &&tensor) noexcept {
    if (!tensor.defined()) return nullptr;
    count_handle();
    return reinterpret_cast<TorchTensor>(tensor.unsafeReleaseTensorImpl());
}

// Runs `body`, which makes a tensor; null and words where it throws.
template <typename Body> inline TorchTensor made(Body &&body) noexcept {
    try {
        return give(body());
    } catch (...) {
        remember_exception();
        return nullptr;
    }
}

// Runs `body`, which makes no tensor; false and words where it throws.
template <typename Body> inline bool done(Body &&body) noexcept {
    try {
        body();
        return true;
    } catch (...) {
        remember_exception();
        return false;
    }
}

inline at::IntArrayRef ints(const ptrdiff_t *values, ptrdiff_t count) {
    static_assert(sizeof(ptrdiff_t) == sizeof(int64_t), "64-bit platforms only");
    return {reinterpret_cast<const int64_t *>(values), static_cast<size_t>(count)};
}

// New references to the tensors; a null handle is an undefined tensor.
inline std::vector<at::Tensor> tensors(const TorchTensor *handles, ptrdiff_t count) {
    std::vector<at::Tensor> result;
    result.reserve(static_cast<size_t>(count));
    for (ptrdiff_t i = 0; i < count; i++) result.push_back(*Borrowed(handles[i]));
    return result;
}

inline at::Scalar scalar(TorchScalar value) {
    return value.is_integer ? at::Scalar(value.integer) : at::Scalar(value.real);
}

inline at::ScalarType scalar_type(int type) {
    switch (type) {
    case TORCH_UINT8: return at::kByte;
    case TORCH_BOOL: return at::kBool;
    case TORCH_INT32: return at::kInt;
    case TORCH_INT64: return at::kLong;
    case TORCH_FLOAT16: return at::kHalf;
    case TORCH_BFLOAT16: return at::kBFloat16;
    case TORCH_FLOAT32: return at::kFloat;
    case TORCH_FLOAT64: return at::kDouble;
    default: TORCH_CHECK(false, "no element type has the number ", type);
    }
}

inline int type_number(at::ScalarType type) {
    switch (type) {
    case at::kByte: return TORCH_UINT8;
    case at::kBool: return TORCH_BOOL;
    case at::kInt: return TORCH_INT32;
    case at::kLong: return TORCH_INT64;
    case at::kHalf: return TORCH_FLOAT16;
    case at::kBFloat16: return TORCH_BFLOAT16;
    case at::kFloat: return TORCH_FLOAT32;
    case at::kDouble: return TORCH_FLOAT64;
    default: return TORCH_OTHER_TYPE;
    }
}

inline at::Device device(int number) {
    return number < 0 ? at::Device(at::kCPU)
                      : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(number));
}

inline at::TensorOptions options(int type, int device_number) {
    return at::TensorOptions().dtype(scalar_type(type)).device(device(device_number));
}

}  // namespace ctorch
