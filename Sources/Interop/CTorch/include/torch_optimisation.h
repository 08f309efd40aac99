// Updates of many parameters in one call.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

typedef struct {
    double learning_rate;
    double beta1;
    double beta2;
    double epsilon;
    double weight_decay;
    // AdamW shrinks the weights themselves; Adam adds the decay to the gradient.
    bool decoupled;
} TorchAdam;
// One step of Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019) for every parameter
// that has a gradient. `steps` counts each one's own updates, from 1; it is the caller's to
// advance.
bool torch_adam_step(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE parameters,
                     const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE gradients,
                     const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE first_moments,
                     const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE second_moments,
                     const int64_t *steps, ptrdiff_t count, TorchAdam rule);
// target ← target + weight (source − target).
bool torch_lerp_all(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE targets,
                    const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE sources, ptrdiff_t count,
                    double weight);
bool torch_scale_all(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE tensors, ptrdiff_t count,
                     double factor);
// The Euclidean norm of all elements together, a scalar tensor in float32 or wider.
TorchTensor TORCH_NULLABLE torch_total_norm(
    const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE tensors, ptrdiff_t count);
// Scales all by min(1, limit / (norm + 1e-6)) without reading `norm` back.
bool torch_clip_all(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE tensors, ptrdiff_t count,
                    TorchTensor norm, double limit);

TORCH_C_END
