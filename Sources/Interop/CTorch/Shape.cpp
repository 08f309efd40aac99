#include "Guard.hpp"

#include "include/torch_operations.h"

using namespace ctorch;

#define X(name)                                                                                   \
    TorchTensor torch_##name(TorchTensor input, const ptrdiff_t *values, ptrdiff_t count) {       \
        return made([&] { return Borrowed(input)->name(ints(values, count)); });                  \
    }
TORCH_SHAPE_OPERATIONS(X)
#undef X

namespace {
void give_all(std::vector<at::Tensor> &&parts, ptrdiff_t count, TorchTensor *results) {
    TORCH_CHECK(static_cast<ptrdiff_t>(parts.size()) == count, "the axis makes ", parts.size(),
                " parts, not ", count);
    for (at::Tensor &part : parts) *results++ = give(std::move(part));
}

c10::List<c10::optional<at::Tensor>> index_list(const TorchTensor *indices, ptrdiff_t count) {
    c10::List<c10::optional<at::Tensor>> result;
    result.reserve(static_cast<size_t>(count));
    for (ptrdiff_t i = 0; i < count; i++) {
        if (indices[i] == nullptr) {
            result.push_back(c10::nullopt);
        } else {
            result.push_back(c10::optional<at::Tensor>(*Borrowed(indices[i])));
        }
    }
    return result;
}
}  // namespace

TorchTensor torch_contiguous(TorchTensor input) {
    return made([&] { return Borrowed(input)->contiguous(); });
}

TorchTensor torch_clone(TorchTensor input) {
    return made([&] { return Borrowed(input)->clone(); });
}

TorchTensor torch_transpose(TorchTensor input, ptrdiff_t a, ptrdiff_t b) {
    return made([&] { return Borrowed(input)->transpose(a, b); });
}

TorchTensor torch_squeeze(TorchTensor input, ptrdiff_t axis) {
    return made([&] { return Borrowed(input)->squeeze(axis); });
}

TorchTensor torch_unsqueeze(TorchTensor input, ptrdiff_t axis) {
    return made([&] { return Borrowed(input)->unsqueeze(axis); });
}

TorchTensor torch_flatten(TorchTensor input, ptrdiff_t first, ptrdiff_t last) {
    return made([&] { return at::flatten(*Borrowed(input), first, last); });
}

TorchTensor torch_select(TorchTensor input, ptrdiff_t axis, ptrdiff_t index) {
    return made([&] { return Borrowed(input)->select(axis, index); });
}

TorchTensor torch_slice(TorchTensor input, ptrdiff_t axis, ptrdiff_t start, ptrdiff_t end,
                        ptrdiff_t step) {
    return made([&] { return Borrowed(input)->slice(axis, start, end, step); });
}

TorchTensor torch_diagonal(TorchTensor input, ptrdiff_t offset, ptrdiff_t a, ptrdiff_t b) {
    return made([&] { return Borrowed(input)->diagonal(offset, a, b); });
}

TorchTensor torch_tril(TorchTensor input, ptrdiff_t diagonal) {
    return made([&] { return at::tril(*Borrowed(input), diagonal); });
}

TorchTensor torch_triu(TorchTensor input, ptrdiff_t diagonal) {
    return made([&] { return at::triu(*Borrowed(input), diagonal); });
}

TorchTensor torch_roll(TorchTensor input, const ptrdiff_t *shifts, const ptrdiff_t *axes,
                       ptrdiff_t count) {
    return made([&] { return at::roll(*Borrowed(input), ints(shifts, count), ints(axes, count)); });
}

TorchTensor torch_repeat_interleave(TorchTensor input, ptrdiff_t repeats, ptrdiff_t axis) {
    return made([&] {
        return at::repeat_interleave(*Borrowed(input), static_cast<int64_t>(repeats),
                                     c10::optional<int64_t>(axis));
    });
}

TorchTensor torch_unfold(TorchTensor input, ptrdiff_t axis, ptrdiff_t size, ptrdiff_t step) {
    return made([&] { return Borrowed(input)->unfold(axis, size, step); });
}

TorchTensor torch_cat(const TorchTensor *handles, ptrdiff_t count, ptrdiff_t axis) {
    return made([&] { return at::cat(tensors(handles, count), axis); });
}

TorchTensor torch_stack(const TorchTensor *handles, ptrdiff_t count, ptrdiff_t axis) {
    return made([&] { return at::stack(tensors(handles, count), axis); });
}

bool torch_chunk(TorchTensor input, ptrdiff_t count, ptrdiff_t axis, TorchTensor *parts) {
    return done([&] {
        Borrowed borrowed(input);
        TORCH_CHECK(count > 0 && borrowed->size(axis) % count == 0, "axis ", axis, " of ",
                    borrowed->size(axis), " does not divide into ", count, " equal parts");
        give_all(borrowed->chunk(count, axis), count, parts);
    });
}

bool torch_split(TorchTensor input, const ptrdiff_t *sizes, ptrdiff_t count, ptrdiff_t axis,
                 TorchTensor *parts) {
    return done([&] {
        give_all(at::split_with_sizes(*Borrowed(input), ints(sizes, count), axis), count, parts);
    });
}

TorchTensor torch_index_select(TorchTensor input, ptrdiff_t axis, TorchTensor index) {
    return made([&] { return at::index_select(*Borrowed(input), axis, *Borrowed(index)); });
}

TorchTensor torch_gather(TorchTensor input, ptrdiff_t axis, TorchTensor index) {
    return made([&] { return at::gather(*Borrowed(input), axis, *Borrowed(index)); });
}

TorchTensor torch_scatter(TorchTensor input, ptrdiff_t axis, TorchTensor index,
                          TorchTensor source) {
    return made([&] {
        return at::scatter(*Borrowed(input), axis, *Borrowed(index), *Borrowed(source));
    });
}

TorchTensor torch_scatter_add(TorchTensor input, ptrdiff_t axis, TorchTensor index,
                              TorchTensor source) {
    return made([&] {
        return at::scatter_add(*Borrowed(input), axis, *Borrowed(index), *Borrowed(source));
    });
}

TorchTensor torch_index_add(TorchTensor input, ptrdiff_t axis, TorchTensor index,
                            TorchTensor source) {
    return made([&] {
        return at::index_add(*Borrowed(input), axis, *Borrowed(index), *Borrowed(source));
    });
}

TorchTensor torch_index(TorchTensor input, const TorchTensor *indices, ptrdiff_t count) {
    return made([&] { return at::index(*Borrowed(input), index_list(indices, count)); });
}

bool torch_index_put_(TorchTensor target, const TorchTensor *indices, ptrdiff_t count,
                      TorchTensor values, bool accumulate) {
    return done([&] {
        at::Tensor changed = *Borrowed(target);
        at::index_put_(changed, index_list(indices, count), *Borrowed(values), accumulate);
    });
}

TorchTensor torch_searchsorted(TorchTensor sorted, TorchTensor values, bool right) {
    return made([&] {
        return at::searchsorted(*Borrowed(sorted), *Borrowed(values), /*out_int32=*/false, right);
    });
}

TorchTensor torch_one_hot(TorchTensor input, ptrdiff_t classes) {
    return made([&] { return at::one_hot(*Borrowed(input), classes); });
}

TorchTensor torch_bincount(TorchTensor input, ptrdiff_t minimum_length) {
    return made([&] { return at::bincount(*Borrowed(input), {}, minimum_length); });
}
