// Gradients, and nodes of the graph whose backward pass is the caller's.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

bool torch_requires_grad(TorchTensor tensor);
bool torch_set_requires_grad(TorchTensor tensor, bool required);
bool torch_is_leaf(TorchTensor tensor);
// NULL where there is no gradient, which is no failure.
TorchTensor TORCH_NULLABLE torch_grad(TorchTensor tensor);
bool torch_set_grad(TorchTensor tensor, TorchTensor TORCH_NULLABLE grad);
TorchTensor TORCH_NULLABLE torch_detach(TorchTensor tensor);

bool torch_gradients_enabled(void);
// Of this thread.
void torch_enable_gradients(bool enabled);

// Adds the gradients of `outputs`, weighted by `seeds` (null: 1 for a scalar), to the leaves.
bool torch_backward(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE outputs,
                    const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE seeds, ptrdiff_t count,
                    bool keep_graph, bool create_graph);
// Writes the gradient by each input to `gradients`, null where the outputs do not depend on it.
bool torch_gradients(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE outputs,
                     const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE seeds, ptrdiff_t count,
                     const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE inputs,
                     ptrdiff_t input_count, bool keep_graph, bool create_graph,
                     TorchTensor TORCH_NULLABLE *TORCH_NULLABLE gradients);

// A backward pass of the caller's. `run` is given one gradient per output (null: zero), borrowed,
// and writes one owned gradient per input (null: none); it returns false after
// `torch_set_error`. It may be called on another thread. `release` is called once, when the node
// is gone or its graph was let go.
typedef struct {
    void *context;
    bool (*run)(void *context, const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE output_gradients,
                ptrdiff_t output_count, TorchTensor TORCH_NULLABLE *TORCH_NULLABLE input_gradients,
                ptrdiff_t input_count);
    void (*release)(void *context);
} TorchBackward;
// Writes to `results` an alias of each output that has the node as its history. Without gradients
// (mode or inputs) `backward` is released at once and the aliases have none.
bool torch_attach_backward(const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE inputs,
                           ptrdiff_t input_count,
                           const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE outputs,
                           ptrdiff_t output_count, TorchBackward backward,
                           TorchTensor TORCH_NULLABLE *TORCH_NULLABLE results);
// What `run` failed with.
void torch_set_error(const char *message);

TORCH_C_END
