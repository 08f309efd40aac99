#include "include/torch_meta.h"

#include "Guard.hpp"

using namespace ctorch;

TorchTensor torch_empty_meta(const ptrdiff_t *shape, ptrdiff_t rank, int type) {
    return made([&] {
        return at::empty(ints(shape, rank),
                         at::TensorOptions().dtype(scalar_type(type)).device(at::kMeta));
    });
}

bool torch_has_memory(TorchTensor tensor) { return !Borrowed(tensor)->is_meta(); }
