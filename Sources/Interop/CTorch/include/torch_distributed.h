// A process group of c10d: Gloo for tensors of the processor; for those of CUDA devices NCCL where
// this module was built with it, else Gloo.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

typedef struct TorchGroupObject *TorchGroup;

bool torch_group_has_nccl(void);
// Meets the other processes at the store on `host`:`port`, which rank 0 opens unless it is served
// already. `prefix` keeps the store's keys apart from others'.
TorchGroup TORCH_NULLABLE torch_group_create(const char *host, int port, bool store_is_served,
                                             const char *prefix, int rank, int size,
                                             double timeout_seconds);
void torch_group_release(TorchGroup group);
// In place, over all processes.
bool torch_group_sum(TorchGroup group, TorchTensor tensor);
bool torch_group_broadcast(TorchGroup group, TorchTensor tensor, int root);
// Writes every process's tensor, all of one shape, to `results`, in the order of ranks.
bool torch_group_gather(TorchGroup group, TorchTensor tensor,
                        TorchTensor TORCH_NULLABLE *TORCH_NULLABLE results, ptrdiff_t size);
bool torch_group_barrier(TorchGroup group);

TORCH_C_END
