// Tensors themselves: making them, what they are, and moving their elements.
#pragma once
#include "torch_types.h"
TORCH_C_BEGIN

// The words of the last failure on this thread; valid until the next failure on it.
const char *torch_last_error(void);

TorchTensor torch_retain(TorchTensor tensor);
void torch_release(TorchTensor tensor);
// Handles given out and not given back, in the whole process.
int64_t torch_live_handles(void);

TorchTensor TORCH_NULLABLE torch_empty(const ptrdiff_t *shape, ptrdiff_t rank, int type, int device);
TorchTensor TORCH_NULLABLE torch_full(const ptrdiff_t *shape, ptrdiff_t rank, TorchScalar value,
                                      int type, int device);
TorchTensor TORCH_NULLABLE torch_full_like(TorchTensor tensor, TorchScalar value, int type);
TorchTensor TORCH_NULLABLE torch_arange(TorchScalar start, TorchScalar end, TorchScalar step,
                                        int type, int device);
TorchTensor TORCH_NULLABLE torch_linspace(double start, double end, ptrdiff_t count, int type,
                                          int device);
TorchTensor TORCH_NULLABLE torch_eye(ptrdiff_t size, int type, int device);
// A copy of `bytes`, which hold the elements densely in row-major order.
TorchTensor TORCH_NULLABLE torch_from_bytes(const void *bytes, const ptrdiff_t *shape,
                                            ptrdiff_t rank, int type);
// A view of memory that somebody else owns: `release(owner)` is called once, when the last tensor
// that shows the memory is gone, or before return on failure.
TorchTensor TORCH_NULLABLE torch_from_memory(void *bytes, const ptrdiff_t *shape, ptrdiff_t rank,
                                             int type, void *owner, void (*release)(void *));

ptrdiff_t torch_rank(TorchTensor tensor);
// `axis` may count from the end; -1 where there is no such axis.
ptrdiff_t torch_size(TorchTensor tensor, ptrdiff_t axis);
void torch_shape(TorchTensor tensor, ptrdiff_t *shape);
void torch_strides(TorchTensor tensor, ptrdiff_t *strides);
ptrdiff_t torch_count(TorchTensor tensor);
int torch_type(TorchTensor tensor);
int torch_device(TorchTensor tensor);
bool torch_is_contiguous(TorchTensor tensor);
// Whether both show the same elements in memory.
bool torch_shares_storage(TorchTensor a, TorchTensor b);
// The first element's address; memory of a CUDA device cannot be read through it.
void *TORCH_NULLABLE torch_data(TorchTensor tensor);

// Copies the elements in row-major order, converted to `type`, to `bytes` of the processor.
bool torch_read(TorchTensor tensor, int type, void *bytes, ptrdiff_t byte_count);
// The only element.
bool torch_item_double(TorchTensor tensor, double *value);
bool torch_item_integer(TorchTensor tensor, int64_t *value);

// The tensor itself (a new reference) where nothing changes. TORCH_NO_TYPE keeps the type;
// `device` below TORCH_CPU keeps the device.
TorchTensor TORCH_NULLABLE torch_to(TorchTensor tensor, int type, int device, bool non_blocking,
                                    bool copy);
// A copy in page-locked memory.
TorchTensor TORCH_NULLABLE torch_pin_memory(TorchTensor tensor);
// Lets the tensor show `data`'s elements from now on, as assigning `.data` does in Python.
bool torch_set_data(TorchTensor tensor, TorchTensor data);
// The library's own printed form, to be given to `free`.
char *TORCH_NULLABLE torch_description(TorchTensor tensor);

TORCH_C_END
