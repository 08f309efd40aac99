// Arithmetic, reductions, shapes and indices. Names are the library's; the lists are expanded
// into declarations here and into definitions in the .cpp files.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

#define TORCH_UNARY_OPERATIONS(X)                                                                 \
    X(abs) X(acos) X(asin) X(atan) X(bitwise_not) X(ceil) X(cos) X(cosh) X(erf) X(erfinv) X(exp)  \
    X(expm1) X(floor) X(isfinite) X(isnan) X(log) X(log1p) X(log2) X(log_sigmoid) X(logical_not)  \
    X(neg) X(reciprocal) X(relu) X(round) X(rsqrt) X(sigmoid) X(sign) X(silu) X(sin) X(sinh)      \
    X(sqrt) X(square) X(tan) X(tanh) X(trunc) X(selu) X(det) X(linalg_inv) X(nonzero)             \
    X(zeros_like) X(empty_like) X(rand_like) X(randn_like)

#define TORCH_BINARY_OPERATIONS(X)                                                                \
    X(add) X(sub) X(mul) X(div) X(pow) X(maximum) X(minimum) X(atan2) X(remainder) X(eq) X(ne)    \
    X(lt) X(le) X(gt) X(ge) X(logical_and) X(logical_or) X(matmul) X(bmm) X(masked_select)        \
    X(linalg_solve) X(dot)

#define TORCH_SCALAR_OPERATIONS(X)                                                                \
    X(add) X(sub) X(mul) X(div) X(pow) X(remainder) X(eq) X(ne) X(lt) X(le) X(gt) X(ge) X(rsub)   \
    X(elu) X(leaky_relu)

// Change their first argument in place.
#define TORCH_BINARY_UPDATES(X) X(add_) X(sub_) X(mul_) X(div_) X(copy_)
#define TORCH_SCALAR_UPDATES(X) X(add_) X(sub_) X(mul_) X(div_) X(fill_)

#define X(name) TorchTensor TORCH_NULLABLE torch_##name(TorchTensor input);
TORCH_UNARY_OPERATIONS(X)
#undef X
#define X(name) TorchTensor TORCH_NULLABLE torch_##name(TorchTensor input, TorchTensor other);
TORCH_BINARY_OPERATIONS(X)
#undef X
#define X(name) TorchTensor TORCH_NULLABLE torch_##name##_scalar(TorchTensor input, TorchScalar value);
TORCH_SCALAR_OPERATIONS(X)
#undef X
#define X(name) bool torch_##name(TorchTensor target, TorchTensor other);
TORCH_BINARY_UPDATES(X)
#undef X
#define X(name) bool torch_##name##number(TorchTensor target, TorchScalar value);
TORCH_SCALAR_UPDATES(X)
#undef X

TorchTensor TORCH_NULLABLE torch_scalar_pow(TorchScalar base, TorchTensor exponent);
bool torch_addcmul_(TorchTensor target, TorchTensor a, TorchTensor b, double value);
bool torch_lerp_(TorchTensor target, TorchTensor end, double weight);
TorchTensor TORCH_NULLABLE torch_lerp(TorchTensor input, TorchTensor end, TorchTensor weight);
TorchTensor TORCH_NULLABLE torch_lerp_scalar(TorchTensor input, TorchTensor end, double weight);
TorchTensor TORCH_NULLABLE torch_addcmul(TorchTensor input, TorchTensor a, TorchTensor b,
                                         double value);
TorchTensor TORCH_NULLABLE torch_clamp(TorchTensor input, const TorchScalar *TORCH_NULLABLE low,
                                       const TorchScalar *TORCH_NULLABLE high);
TorchTensor TORCH_NULLABLE torch_where(TorchTensor condition, TorchTensor a, TorchTensor b);
TorchTensor TORCH_NULLABLE torch_masked_fill(TorchTensor input, TorchTensor mask, TorchScalar value);
TorchTensor TORCH_NULLABLE torch_gelu(TorchTensor input, bool tanh_approximation);
TorchTensor TORCH_NULLABLE torch_softplus(TorchTensor input, double beta, double threshold);

// Reductions. No axes means all of them.
#define TORCH_AXES_REDUCTIONS(X) X(sum) X(mean) X(amax) X(amin) X(logsumexp)
#define X(name)                                                                                   \
    TorchTensor TORCH_NULLABLE torch_##name(TorchTensor input,                                    \
                                            const ptrdiff_t *TORCH_NULLABLE axes,                 \
                                            ptrdiff_t count, bool keep);
TORCH_AXES_REDUCTIONS(X)
#undef X
TorchTensor TORCH_NULLABLE torch_var(TorchTensor input, const ptrdiff_t *TORCH_NULLABLE axes,
                                     ptrdiff_t count, ptrdiff_t correction, bool keep);
TorchTensor TORCH_NULLABLE torch_vector_norm(TorchTensor input, double order,
                                             const ptrdiff_t *TORCH_NULLABLE axes, ptrdiff_t count,
                                             bool keep);
TorchTensor TORCH_NULLABLE torch_prod(TorchTensor input, ptrdiff_t axis, bool keep);
TorchTensor TORCH_NULLABLE torch_cumsum(TorchTensor input, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_cumprod(TorchTensor input, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_argmax(TorchTensor input, ptrdiff_t axis, bool keep);
TorchTensor TORCH_NULLABLE torch_argmin(TorchTensor input, ptrdiff_t axis, bool keep);
TorchTensor TORCH_NULLABLE torch_any(TorchTensor input);
TorchTensor TORCH_NULLABLE torch_all(TorchTensor input);
TorchTensor TORCH_NULLABLE torch_softmax(TorchTensor input, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_log_softmax(TorchTensor input, ptrdiff_t axis);
bool torch_topk(TorchTensor input, ptrdiff_t count, ptrdiff_t axis, bool largest,
                TorchTensor TORCH_NULLABLE *TORCH_NULLABLE values,
                TorchTensor TORCH_NULLABLE *TORCH_NULLABLE indices);
bool torch_sort(TorchTensor input, ptrdiff_t axis, bool descending,
                TorchTensor TORCH_NULLABLE *TORCH_NULLABLE values,
                TorchTensor TORCH_NULLABLE *TORCH_NULLABLE indices);
bool torch_svd(TorchTensor input, TorchTensor TORCH_NULLABLE *TORCH_NULLABLE u,
               TorchTensor TORCH_NULLABLE *TORCH_NULLABLE s,
               TorchTensor TORCH_NULLABLE *TORCH_NULLABLE vh);
TorchTensor TORCH_NULLABLE torch_cdist(TorchTensor a, TorchTensor b, double order);
TorchTensor TORCH_NULLABLE torch_cross(TorchTensor a, TorchTensor b, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_einsum(const char *equation,
                                        const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE tensors,
                                        ptrdiff_t count);
TorchTensor TORCH_NULLABLE torch_addmm(TorchTensor bias, TorchTensor a, TorchTensor b);
TorchTensor TORCH_NULLABLE torch_baddbmm(TorchTensor bias, TorchTensor a, TorchTensor b,
                                         double beta, double alpha);

// Shapes.
#define TORCH_SHAPE_OPERATIONS(X)                                                                 \
    X(reshape) X(permute) X(expand) X(repeat) X(flip) X(broadcast_to)
#define X(name)                                                                                   \
    TorchTensor TORCH_NULLABLE torch_##name(TorchTensor input, const ptrdiff_t *values,           \
                                            ptrdiff_t count);
TORCH_SHAPE_OPERATIONS(X)
#undef X
TorchTensor TORCH_NULLABLE torch_contiguous(TorchTensor input);
TorchTensor TORCH_NULLABLE torch_clone(TorchTensor input);
TorchTensor TORCH_NULLABLE torch_transpose(TorchTensor input, ptrdiff_t a, ptrdiff_t b);
TorchTensor TORCH_NULLABLE torch_squeeze(TorchTensor input, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_unsqueeze(TorchTensor input, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_flatten(TorchTensor input, ptrdiff_t first, ptrdiff_t last);
TorchTensor TORCH_NULLABLE torch_select(TorchTensor input, ptrdiff_t axis, ptrdiff_t index);
TorchTensor TORCH_NULLABLE torch_slice(TorchTensor input, ptrdiff_t axis, ptrdiff_t start,
                                       ptrdiff_t end, ptrdiff_t step);
TorchTensor TORCH_NULLABLE torch_diagonal(TorchTensor input, ptrdiff_t offset, ptrdiff_t a,
                                          ptrdiff_t b);
TorchTensor TORCH_NULLABLE torch_tril(TorchTensor input, ptrdiff_t diagonal);
TorchTensor TORCH_NULLABLE torch_triu(TorchTensor input, ptrdiff_t diagonal);
TorchTensor TORCH_NULLABLE torch_roll(TorchTensor input, const ptrdiff_t *shifts,
                                      const ptrdiff_t *axes, ptrdiff_t count);
TorchTensor TORCH_NULLABLE torch_repeat_interleave(TorchTensor input, ptrdiff_t repeats,
                                                   ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_unfold(TorchTensor input, ptrdiff_t axis, ptrdiff_t size,
                                        ptrdiff_t step);
TorchTensor TORCH_NULLABLE torch_cat(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE tensors,
                                     ptrdiff_t count, ptrdiff_t axis);
TorchTensor TORCH_NULLABLE torch_stack(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE tensors,
                                       ptrdiff_t count, ptrdiff_t axis);
// Writes `count` equal parts along the axis to `parts`.
bool torch_chunk(TorchTensor input, ptrdiff_t count, ptrdiff_t axis,
                 TorchTensor TORCH_NULLABLE *TORCH_NULLABLE parts);
// Writes parts of the sizes given to `parts`.
bool torch_split(TorchTensor input, const ptrdiff_t *sizes, ptrdiff_t count, ptrdiff_t axis,
                 TorchTensor TORCH_NULLABLE *TORCH_NULLABLE parts);

// Indices.
TorchTensor TORCH_NULLABLE torch_index_select(TorchTensor input, ptrdiff_t axis, TorchTensor index);
TorchTensor TORCH_NULLABLE torch_gather(TorchTensor input, ptrdiff_t axis, TorchTensor index);
TorchTensor TORCH_NULLABLE torch_scatter(TorchTensor input, ptrdiff_t axis, TorchTensor index,
                                         TorchTensor source);
TorchTensor TORCH_NULLABLE torch_scatter_add(TorchTensor input, ptrdiff_t axis, TorchTensor index,
                                             TorchTensor source);
TorchTensor TORCH_NULLABLE torch_index_add(TorchTensor input, ptrdiff_t axis, TorchTensor index,
                                           TorchTensor source);
// Advanced indexing; a null index takes the whole axis.
TorchTensor TORCH_NULLABLE torch_index(TorchTensor input,
                                       const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE indices,
                                       ptrdiff_t count);
bool torch_index_put_(TorchTensor target,
                      const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE indices, ptrdiff_t count,
                      TorchTensor values, bool accumulate);
TorchTensor TORCH_NULLABLE torch_searchsorted(TorchTensor sorted, TorchTensor values, bool right);
TorchTensor TORCH_NULLABLE torch_one_hot(TorchTensor input, ptrdiff_t classes);
TorchTensor TORCH_NULLABLE torch_bincount(TorchTensor input, ptrdiff_t minimum_length);

TORCH_C_END
