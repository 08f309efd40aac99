#include "Guard.hpp"

#include <cmath>
#include <limits>

#include "include/torch_network.h"

using namespace ctorch;

namespace {
using Optional = c10::optional<at::Tensor>;

Optional maybe(const Borrowed &tensor) {
    return tensor->defined() ? Optional(*tensor) : Optional();
}

int64_t reduction_of(int reduction) {
    switch (reduction) {
    case TORCH_REDUCE_NONE: return at::Reduction::None;
    case TORCH_REDUCE_MEAN: return at::Reduction::Mean;
    default: return at::Reduction::Sum;
    }
}
}  // namespace

TorchTensor torch_linear(TorchTensor input, TorchTensor weight, TorchTensor bias) {
    return made(
        [&] { return at::linear(*Borrowed(input), *Borrowed(weight), maybe(Borrowed(bias))); });
}

TorchTensor torch_embedding(TorchTensor weight, TorchTensor indices) {
    return made([&] { return at::embedding(*Borrowed(weight), *Borrowed(indices)); });
}

TorchTensor torch_dropout(TorchTensor input, double probability, bool training) {
    return made([&] { return at::dropout(*Borrowed(input), probability, training); });
}

TorchTensor torch_convolution(TorchTensor input, TorchTensor weight, TorchTensor bias,
                              const TorchConvolution *form) {
    return made([&] {
        Borrowed x(input), w(weight), b(bias);
        auto stride = ints(form->stride, form->axes), padding = ints(form->padding, form->axes),
             dilation = ints(form->dilation, form->axes),
             output = ints(form->output_padding, form->axes);
        int64_t groups = form->groups;
        // By their own names, which mixed precision knows in every version.
        switch (form->axes + (form->transposed ? 3 : 0)) {
        case 1: return at::conv1d(*x, *w, maybe(b), stride, padding, dilation, groups);
        case 2: return at::conv2d(*x, *w, maybe(b), stride, padding, dilation, groups);
        case 3: return at::conv3d(*x, *w, maybe(b), stride, padding, dilation, groups);
        case 4:
            return at::conv_transpose1d(*x, *w, maybe(b), stride, padding, output, groups,
                                        dilation);
        case 5:
            return at::conv_transpose2d(*x, *w, maybe(b), stride, padding, output, groups,
                                        dilation);
        case 6:
            return at::conv_transpose3d(*x, *w, maybe(b), stride, padding, output, groups,
                                        dilation);
        default: TORCH_CHECK(false, "no convolution has ", form->axes, " axes");
        }
    });
}

TorchTensor torch_layer_norm(TorchTensor input, const ptrdiff_t *shape, ptrdiff_t rank,
                             TorchTensor weight, TorchTensor bias, double epsilon) {
    return made([&] {
        return at::layer_norm(*Borrowed(input), ints(shape, rank), maybe(Borrowed(weight)),
                              maybe(Borrowed(bias)), epsilon);
    });
}

TorchTensor torch_rms_norm(TorchTensor input, TorchTensor weight, double epsilon) {
    return made([&]() -> at::Tensor {
        Borrowed x(input), w(weight);
#if TORCH_AT_LEAST(2, 4)
        int64_t width = x->size(-1);
        return at::rms_norm(*x, at::IntArrayRef(&width, 1), maybe(w), epsilon);
#else
        // In float32 at least: squares of half-precision numbers overflow.
        at::ScalarType type = x->scalar_type();
        at::Tensor wide = type == at::kHalf || type == at::kBFloat16 ? x->to(at::kFloat) : *x;
        at::Tensor result =
            wide * at::rsqrt(at::mean(at::square(wide), at::IntArrayRef({-1}), true) + epsilon);
        if (w->defined()) result = result * *w;
        return result.to(type);
#endif
    });
}

TorchTensor torch_group_norm(TorchTensor input, ptrdiff_t groups, TorchTensor weight,
                             TorchTensor bias, double epsilon) {
    return made([&] {
        return at::group_norm(*Borrowed(input), groups, maybe(Borrowed(weight)),
                              maybe(Borrowed(bias)), epsilon);
    });
}

bool torch_attention_is_fused(void) { return TORCH_AT_LEAST(2, 1); }

TorchTensor torch_attention(TorchTensor query, TorchTensor key, TorchTensor value,
                            TorchTensor mask, double dropout, bool causal, double scale) {
    return made([&]() -> at::Tensor {
        Borrowed q(query), k(key), v(value), m(mask);
#if TORCH_AT_LEAST(2, 1)
        c10::optional<double> factor;
        if (!std::isnan(scale)) factor = scale;
        return at::scaled_dot_product_attention(*q, *k, *v, maybe(m), dropout, causal, factor);
#else
        TORCH_CHECK(!(causal && m->defined()), "attention is causal or has a mask, not both");
        if (std::isnan(scale)) scale = 1 / std::sqrt(static_cast<double>(q->size(-1)));
        at::Tensor scores = at::matmul(*q * scale, k->transpose(-2, -1));
        const double hidden = -std::numeric_limits<double>::infinity();
        if (causal) {
            at::Tensor seen = at::ones({q->size(-2), k->size(-2)}, q->options().dtype(at::kBool));
            scores = scores.masked_fill(at::logical_not(seen.tril()), hidden);
        } else if (m->defined()) {
            scores = m->scalar_type() == at::kBool
                         ? scores.masked_fill(at::logical_not(*m), hidden)
                         : scores + *m;
        }
        at::Tensor weights = at::softmax(scores, -1);
        if (dropout > 0) weights = at::dropout(weights, dropout, true);
        return at::matmul(weights, *v);
#endif
    });
}

TorchTensor torch_interpolate(TorchTensor input, const ptrdiff_t *sizes, ptrdiff_t axes, int mode,
                              bool align_corners, bool antialias) {
    return made([&] {
        Borrowed x(input);
        auto size = ints(sizes, axes);
        switch (mode * 4 + static_cast<int>(axes)) {
        case TORCH_NEAREST * 4 + 1: return at::upsample_nearest1d(*x, size);
        case TORCH_NEAREST * 4 + 2: return at::upsample_nearest2d(*x, size);
        case TORCH_NEAREST * 4 + 3: return at::upsample_nearest3d(*x, size);
        case TORCH_LINEAR * 4 + 1: return at::upsample_linear1d(*x, size, align_corners);
        case TORCH_LINEAR * 4 + 2:
            return antialias ? at::_upsample_bilinear2d_aa(*x, size, align_corners)
                             : at::upsample_bilinear2d(*x, size, align_corners);
        case TORCH_LINEAR * 4 + 3: return at::upsample_trilinear3d(*x, size, align_corners);
        case TORCH_CUBIC * 4 + 2:
            return antialias ? at::_upsample_bicubic2d_aa(*x, size, align_corners)
                             : at::upsample_bicubic2d(*x, size, align_corners);
        default: TORCH_CHECK(false, "no such interpolation over ", axes, " axes");
        }
    });
}

TorchTensor torch_average_pool(TorchTensor input, ptrdiff_t axes, ptrdiff_t size, ptrdiff_t stride,
                               ptrdiff_t padding) {
    return made([&] {
        Borrowed x(input);
        switch (axes) {
        case 1: return at::avg_pool1d(*x, size, stride, padding);
        case 2: return at::avg_pool2d(*x, size, stride, padding);
        case 3: return at::avg_pool3d(*x, size, stride, padding);
        default: TORCH_CHECK(false, "no pooling has ", axes, " axes");
        }
    });
}

TorchTensor torch_max_pool(TorchTensor input, ptrdiff_t axes, ptrdiff_t size, ptrdiff_t stride,
                           ptrdiff_t padding) {
    return made([&] {
        Borrowed x(input);
        switch (axes) {
        case 1: return at::max_pool1d(*x, size, stride, padding);
        case 2: return at::max_pool2d(*x, size, stride, padding);
        case 3: return at::max_pool3d(*x, size, stride, padding);
        default: TORCH_CHECK(false, "no pooling has ", axes, " axes");
        }
    });
}

TorchTensor torch_grid_sample(TorchTensor input, TorchTensor grid, int mode, int padding,
                              bool align_corners) {
    return made([&] {
        // The library numbers them bilinear, nearest, bicubic and zeros, border, reflection.
        int64_t method = mode == TORCH_LINEAR ? 0 : mode == TORCH_NEAREST ? 1 : 2;
        return at::grid_sampler(*Borrowed(input), *Borrowed(grid), method, padding, align_corners);
    });
}

TorchTensor torch_pad(TorchTensor input, const ptrdiff_t *widths, ptrdiff_t count, int mode,
                      double value) {
    return made([&] {
        static const char *const names[] = {"constant", "reflect", "replicate", "circular"};
        c10::optional<double> filling;
        if (mode == TORCH_PAD_CONSTANT) filling = value;
        return at::pad(*Borrowed(input), ints(widths, count), names[mode], filling);
    });
}

TorchTensor torch_mse_loss(TorchTensor input, TorchTensor target, int reduction) {
    return made(
        [&] { return at::mse_loss(*Borrowed(input), *Borrowed(target), reduction_of(reduction)); });
}

TorchTensor torch_l1_loss(TorchTensor input, TorchTensor target, int reduction) {
    return made(
        [&] { return at::l1_loss(*Borrowed(input), *Borrowed(target), reduction_of(reduction)); });
}

TorchTensor torch_smooth_l1_loss(TorchTensor input, TorchTensor target, int reduction,
                                 double beta) {
    return made([&] {
        return at::smooth_l1_loss(*Borrowed(input), *Borrowed(target), reduction_of(reduction),
                                  beta);
    });
}

TorchTensor torch_bce_with_logits(TorchTensor input, TorchTensor target,
                                  TorchTensor positive_weight, int reduction) {
    return made([&] {
        return at::binary_cross_entropy_with_logits(*Borrowed(input), *Borrowed(target), {},
                                                    maybe(Borrowed(positive_weight)),
                                                    reduction_of(reduction));
    });
}

TorchTensor torch_cross_entropy(TorchTensor input, TorchTensor target, int reduction,
                                double label_smoothing) {
    return made([&] {
        return at::cross_entropy_loss(*Borrowed(input), *Borrowed(target), {},
                                      reduction_of(reduction), -100, label_smoothing);
    });
}
