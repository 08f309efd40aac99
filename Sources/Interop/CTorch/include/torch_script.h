// Models that Python's torch.jit has written.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

typedef struct TorchScriptObject *TorchScript;

// Loads to a device, in evaluation mode.
TorchScript TORCH_NULLABLE torch_script_load(const char *path, int device);
void torch_script_release(TorchScript script);
// Calls the method with tensors. Writes the tensor, or up to `capacity` tensors of the tuple or list
// that it returns, to `results`, and how many there were to `count`.
bool torch_script_call(TorchScript script, const char *method,
                       const TorchTensor TORCH_NULLABLE *TORCH_NULLABLE inputs,
                       ptrdiff_t input_count,
                       TorchTensor TORCH_NULLABLE *TORCH_NULLABLE results, ptrdiff_t capacity,
                       ptrdiff_t *count);

TORCH_C_END
