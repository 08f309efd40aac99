#include "Guard.hpp"

#include "include/torch_operations.h"

using namespace ctorch;

namespace {
// Every axis of the tensor where the caller named none.
c10::SmallVector<int64_t, 8> axes_of(const at::Tensor &tensor, const ptrdiff_t *axes,
                                     ptrdiff_t count) {
    c10::SmallVector<int64_t, 8> result;
    if (count > 0) {
        result.append(axes, axes + count);
    } else {
        for (int64_t i = 0; i < tensor.dim(); i++) result.push_back(i);
    }
    return result;
}

bool give_pair(std::tuple<at::Tensor, at::Tensor> &&pair, TorchTensor *first,
               TorchTensor *second) {
    *first = give(std::move(std::get<0>(pair)));
    *second = give(std::move(std::get<1>(pair)));
    return true;
}
}  // namespace

#define X(name)                                                                                   \
    TorchTensor torch_##name(TorchTensor input, const ptrdiff_t *axes, ptrdiff_t count,           \
                             bool keep) {                                                         \
        return made([&] {                                                                         \
            Borrowed borrowed(input);                                                             \
            auto over = axes_of(borrowed, axes, count);                                           \
            return at::name(*borrowed, at::IntArrayRef(over), keep);                              \
        });                                                                                       \
    }
TORCH_AXES_REDUCTIONS(X)
#undef X

TorchTensor torch_var(TorchTensor input, const ptrdiff_t *axes, ptrdiff_t count,
                      ptrdiff_t correction, bool keep) {
    return made([&] {
        Borrowed borrowed(input);
        auto over = axes_of(borrowed, axes, count);
#if TORCH_AT_LEAST(2, 1)
        c10::optional<at::Scalar> freedom = at::Scalar(static_cast<int64_t>(correction));
#else
        c10::optional<int64_t> freedom = static_cast<int64_t>(correction);
#endif
        return at::var(*borrowed, at::IntArrayRef(over), freedom, keep);
    });
}

TorchTensor torch_vector_norm(TorchTensor input, double order, const ptrdiff_t *axes,
                              ptrdiff_t count, bool keep) {
    return made([&] {
        Borrowed borrowed(input);
        auto over = axes_of(borrowed, axes, count);
        return at::linalg_vector_norm(*borrowed, order, at::IntArrayRef(over), keep);
    });
}

TorchTensor torch_prod(TorchTensor input, ptrdiff_t axis, bool keep) {
    return made([&] { return at::prod(*Borrowed(input), axis, keep); });
}

TorchTensor torch_cumsum(TorchTensor input, ptrdiff_t axis) {
    return made([&] { return at::cumsum(*Borrowed(input), axis); });
}

TorchTensor torch_cumprod(TorchTensor input, ptrdiff_t axis) {
    return made([&] { return at::cumprod(*Borrowed(input), axis); });
}

TorchTensor torch_argmax(TorchTensor input, ptrdiff_t axis, bool keep) {
    return made([&] { return at::argmax(*Borrowed(input), axis, keep); });
}

TorchTensor torch_argmin(TorchTensor input, ptrdiff_t axis, bool keep) {
    return made([&] { return at::argmin(*Borrowed(input), axis, keep); });
}

TorchTensor torch_any(TorchTensor input) {
    return made([&] { return at::any(*Borrowed(input)); });
}

TorchTensor torch_all(TorchTensor input) {
    return made([&] { return at::all(*Borrowed(input)); });
}

TorchTensor torch_softmax(TorchTensor input, ptrdiff_t axis) {
    return made([&] { return at::softmax(*Borrowed(input), axis); });
}

TorchTensor torch_log_softmax(TorchTensor input, ptrdiff_t axis) {
    return made([&] { return at::log_softmax(*Borrowed(input), axis); });
}

bool torch_topk(TorchTensor input, ptrdiff_t count, ptrdiff_t axis, bool largest,
                TorchTensor *values, TorchTensor *indices) {
    return done([&] {
        give_pair(at::topk(*Borrowed(input), count, axis, largest), values, indices);
    });
}

bool torch_sort(TorchTensor input, ptrdiff_t axis, bool descending, TorchTensor *values,
                TorchTensor *indices) {
    return done([&] {
        // Stable, so that equal elements do not depend on the number of threads.
        give_pair(at::sort(*Borrowed(input), c10::optional<bool>(true), axis, descending), values,
                  indices);
    });
}

bool torch_svd(TorchTensor input, TorchTensor *u, TorchTensor *s, TorchTensor *vh) {
    return done([&] {
        auto parts = at::linalg_svd(*Borrowed(input), /*full_matrices=*/false);
        *u = give(std::move(std::get<0>(parts)));
        *s = give(std::move(std::get<1>(parts)));
        *vh = give(std::move(std::get<2>(parts)));
    });
}

TorchTensor torch_cdist(TorchTensor a, TorchTensor b, double order) {
    return made([&] { return at::cdist(*Borrowed(a), *Borrowed(b), order); });
}

TorchTensor torch_cross(TorchTensor a, TorchTensor b, ptrdiff_t axis) {
    return made([&] { return at::linalg_cross(*Borrowed(a), *Borrowed(b), axis); });
}

TorchTensor torch_einsum(const char *equation, const TorchTensor *handles, ptrdiff_t count) {
    return made([&] { return at::einsum(equation, tensors(handles, count)); });
}

TorchTensor torch_addmm(TorchTensor bias, TorchTensor a, TorchTensor b) {
    return made([&] { return at::addmm(*Borrowed(bias), *Borrowed(a), *Borrowed(b)); });
}

TorchTensor torch_baddbmm(TorchTensor bias, TorchTensor a, TorchTensor b, double beta,
                          double alpha) {
    return made([&] {
        return at::baddbmm(*Borrowed(bias), *Borrowed(a), *Borrowed(b), beta, alpha);
    });
}
