// What networks are made of: linear maps, convolutions, norms, attention, sampling and losses.
// A null tensor means that the part is absent.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

TorchTensor TORCH_NULLABLE torch_linear(TorchTensor input, TorchTensor weight,
                                        TorchTensor TORCH_NULLABLE bias);
TorchTensor TORCH_NULLABLE torch_embedding(TorchTensor weight, TorchTensor indices);
TorchTensor TORCH_NULLABLE torch_dropout(TorchTensor input, double probability, bool training);

// A convolution over 1, 2 or 3 axes; every array has one value per axis. `output_padding` is used
// where `transposed` is.
typedef struct {
    ptrdiff_t axes;
    ptrdiff_t stride[3];
    ptrdiff_t padding[3];
    ptrdiff_t dilation[3];
    ptrdiff_t output_padding[3];
    ptrdiff_t groups;
    bool transposed;
} TorchConvolution;
TorchTensor TORCH_NULLABLE torch_convolution(TorchTensor input, TorchTensor weight,
                                             TorchTensor TORCH_NULLABLE bias,
                                             const TorchConvolution *form);

TorchTensor TORCH_NULLABLE torch_layer_norm(TorchTensor input, const ptrdiff_t *shape,
                                            ptrdiff_t rank, TorchTensor TORCH_NULLABLE weight,
                                            TorchTensor TORCH_NULLABLE bias, double epsilon);
// Over the last axis.
TorchTensor TORCH_NULLABLE torch_rms_norm(TorchTensor input, TorchTensor TORCH_NULLABLE weight,
                                          double epsilon);
TorchTensor TORCH_NULLABLE torch_group_norm(TorchTensor input, ptrdiff_t groups,
                                            TorchTensor TORCH_NULLABLE weight,
                                            TorchTensor TORCH_NULLABLE bias, double epsilon);
// softmax(q kᵀ scale + mask) v over [..., heads, length, width]; a bool mask keeps what is true.
// A scale of NaN is 1/√width.
TorchTensor TORCH_NULLABLE torch_attention(TorchTensor query, TorchTensor key, TorchTensor value,
                                           TorchTensor TORCH_NULLABLE mask, double dropout,
                                           bool causal, double scale);
// Whether `torch_attention` uses the library's fused kernels.
bool torch_attention_is_fused(void);

enum { TORCH_NEAREST = 0, TORCH_LINEAR = 1, TORCH_CUBIC = 2 };
// Resizes the last `axes` axes; TORCH_LINEAR is bilinear and trilinear over two and three axes.
TorchTensor TORCH_NULLABLE torch_interpolate(TorchTensor input, const ptrdiff_t *sizes,
                                             ptrdiff_t axes, int mode, bool align_corners,
                                             bool antialias);
TorchTensor TORCH_NULLABLE torch_average_pool(TorchTensor input, ptrdiff_t axes, ptrdiff_t size,
                                              ptrdiff_t stride, ptrdiff_t padding);
TorchTensor TORCH_NULLABLE torch_max_pool(TorchTensor input, ptrdiff_t axes, ptrdiff_t size,
                                          ptrdiff_t stride, ptrdiff_t padding);
enum { TORCH_PAD_ZEROS = 0, TORCH_PAD_BORDER = 1, TORCH_PAD_REFLECTION = 2 };
TorchTensor TORCH_NULLABLE torch_grid_sample(TorchTensor input, TorchTensor grid, int mode,
                                             int padding, bool align_corners);
enum { TORCH_PAD_CONSTANT = 0, TORCH_PAD_REFLECT = 1, TORCH_PAD_REPLICATE = 2, TORCH_PAD_CIRCULAR = 3 };
// Two numbers an axis, the last axis first.
TorchTensor TORCH_NULLABLE torch_pad(TorchTensor input, const ptrdiff_t *widths, ptrdiff_t count,
                                     int mode, double value);

enum { TORCH_REDUCE_NONE = 0, TORCH_REDUCE_MEAN = 1, TORCH_REDUCE_SUM = 2 };
TorchTensor TORCH_NULLABLE torch_mse_loss(TorchTensor input, TorchTensor target, int reduction);
TorchTensor TORCH_NULLABLE torch_l1_loss(TorchTensor input, TorchTensor target, int reduction);
TorchTensor TORCH_NULLABLE torch_smooth_l1_loss(TorchTensor input, TorchTensor target,
                                                int reduction, double beta);
TorchTensor TORCH_NULLABLE torch_bce_with_logits(TorchTensor input, TorchTensor target,
                                                 TorchTensor TORCH_NULLABLE positive_weight,
                                                 int reduction);
TorchTensor TORCH_NULLABLE torch_cross_entropy(TorchTensor input, TorchTensor target,
                                               int reduction, double label_smoothing);

TORCH_C_END
