// Tensors that have a form and no memory: libtorch's meta device.
#pragma once

#include "torch_types.h"

TORCH_C_BEGIN

TorchTensor TORCH_NULLABLE torch_empty_meta(const ptrdiff_t *shape, ptrdiff_t rank, int type);
bool torch_has_memory(TorchTensor tensor);

TORCH_C_END
