#include "Guard.hpp"

#include "include/torch_operations.h"

using namespace ctorch;

#define X(name)                                                                                   \
    TorchTensor torch_##name(TorchTensor input) {                                                 \
        return made([&] { return at::name(*Borrowed(input)); });                                  \
    }
TORCH_UNARY_OPERATIONS(X)
#undef X

#define X(name)                                                                                   \
    TorchTensor torch_##name(TorchTensor input, TorchTensor other) {                              \
        return made([&] { return at::name(*Borrowed(input), *Borrowed(other)); });                \
    }
TORCH_BINARY_OPERATIONS(X)
#undef X

#define X(name)                                                                                   \
    TorchTensor torch_##name##_scalar(TorchTensor input, TorchScalar value) {                     \
        return made([&] { return at::name(*Borrowed(input), scalar(value)); });                   \
    }
TORCH_SCALAR_OPERATIONS(X)
#undef X

#define X(name)                                                                                   \
    bool torch_##name(TorchTensor target, TorchTensor other) {                                    \
        return done([&] { Borrowed(target)->name(*Borrowed(other)); });                           \
    }
TORCH_BINARY_UPDATES(X)
#undef X

#define X(name)                                                                                   \
    bool torch_##name##number(TorchTensor target, TorchScalar value) {                            \
        return done([&] { Borrowed(target)->name(scalar(value)); });                              \
    }
TORCH_SCALAR_UPDATES(X)
#undef X

TorchTensor torch_scalar_pow(TorchScalar base, TorchTensor exponent) {
    return made([&] { return at::pow(scalar(base), *Borrowed(exponent)); });
}

bool torch_addcmul_(TorchTensor target, TorchTensor a, TorchTensor b, double value) {
    return done([&] { Borrowed(target)->addcmul_(*Borrowed(a), *Borrowed(b), value); });
}

bool torch_lerp_(TorchTensor target, TorchTensor end, double weight) {
    return done([&] { Borrowed(target)->lerp_(*Borrowed(end), weight); });
}

TorchTensor torch_lerp(TorchTensor input, TorchTensor end, TorchTensor weight) {
    return made([&] { return at::lerp(*Borrowed(input), *Borrowed(end), *Borrowed(weight)); });
}

TorchTensor torch_lerp_scalar(TorchTensor input, TorchTensor end, double weight) {
    return made([&] { return at::lerp(*Borrowed(input), *Borrowed(end), weight); });
}

TorchTensor torch_addcmul(TorchTensor input, TorchTensor a, TorchTensor b, double value) {
    return made(
        [&] { return at::addcmul(*Borrowed(input), *Borrowed(a), *Borrowed(b), value); });
}

TorchTensor torch_clamp(TorchTensor input, const TorchScalar *low, const TorchScalar *high) {
    return made([&] {
        c10::optional<at::Scalar> lower, upper;
        if (low != nullptr) lower = scalar(*low);
        if (high != nullptr) upper = scalar(*high);
        return at::clamp(*Borrowed(input), lower, upper);
    });
}

TorchTensor torch_where(TorchTensor condition, TorchTensor a, TorchTensor b) {
    return made([&] { return at::where(*Borrowed(condition), *Borrowed(a), *Borrowed(b)); });
}

TorchTensor torch_masked_fill(TorchTensor input, TorchTensor mask, TorchScalar value) {
    return made([&] { return at::masked_fill(*Borrowed(input), *Borrowed(mask), scalar(value)); });
}

TorchTensor torch_gelu(TorchTensor input, bool tanh_approximation) {
    return made(
        [&] { return at::gelu(*Borrowed(input), tanh_approximation ? "tanh" : "none"); });
}

TorchTensor torch_softplus(TorchTensor input, double beta, double threshold) {
    return made([&] { return at::softplus(*Borrowed(input), beta, threshold); });
}
