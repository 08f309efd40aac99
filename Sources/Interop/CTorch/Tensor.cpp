#include "Guard.hpp"

#include <ATen/core/Formatting.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>

using namespace ctorch;

namespace {
std::atomic<int64_t> live_handles{0};

std::string &last_error() {
    thread_local std::string words;
    return words;
}

// Gives memory back to its owner when the last copy of it goes.
struct Owner {
    void *owner;
    void (*release)(void *);
    Owner(void *owner, void (*release)(void *)) : owner(owner), release(release) {}
    ~Owner() { release(owner); }
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;
};
}  // namespace

void ctorch::count_handle() noexcept { live_handles.fetch_add(1, std::memory_order_relaxed); }

void ctorch::remember(const char *message) noexcept {
    try {
        last_error() = message;
    } catch (...) {
        last_error().clear();
    }
}

void ctorch::remember_exception() noexcept {
    try {
        throw;
    } catch (const c10::Error &error) {
        remember(error.what_without_backtrace());
    } catch (const std::exception &error) {
        remember(error.what());
    } catch (...) {
        remember("an exception without words");
    }
}

const char *torch_last_error(void) { return last_error().c_str(); }

TorchTensor torch_retain(TorchTensor tensor) { return give(at::Tensor(*Borrowed(tensor))); }

void torch_release(TorchTensor tensor) {
    live_handles.fetch_sub(1, std::memory_order_relaxed);
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(
        reinterpret_cast<c10::TensorImpl *>(tensor));
}

int64_t torch_live_handles(void) { return live_handles.load(std::memory_order_relaxed); }

TorchTensor torch_empty(const ptrdiff_t *shape, ptrdiff_t rank, int type, int device) {
    return made([&] { return at::empty(ints(shape, rank), options(type, device)); });
}

TorchTensor torch_full(const ptrdiff_t *shape, ptrdiff_t rank, TorchScalar value, int type,
                       int device) {
    return made(
        [&] { return at::full(ints(shape, rank), scalar(value), options(type, device)); });
}

TorchTensor torch_full_like(TorchTensor tensor, TorchScalar value, int type) {
    return made([&] {
        at::TensorOptions form;
        if (type != TORCH_NO_TYPE) form = form.dtype(scalar_type(type));
        return at::full_like(*Borrowed(tensor), scalar(value), form);
    });
}

TorchTensor torch_arange(TorchScalar start, TorchScalar end, TorchScalar step, int type,
                         int device) {
    return made([&] {
        return at::arange(scalar(start), scalar(end), scalar(step), options(type, device));
    });
}

TorchTensor torch_linspace(double start, double end, ptrdiff_t count, int type, int device) {
    return made([&] { return at::linspace(start, end, count, options(type, device)); });
}

TorchTensor torch_eye(ptrdiff_t size, int type, int device) {
    return made([&] { return at::eye(size, options(type, device)); });
}

TorchTensor torch_from_bytes(const void *bytes, const ptrdiff_t *shape, ptrdiff_t rank, int type) {
    return made([&] {
        at::Tensor result = at::empty(ints(shape, rank), options(type, TORCH_CPU));
        if (result.nbytes() > 0) std::memcpy(result.data_ptr(), bytes, result.nbytes());
        return result;
    });
}

TorchTensor torch_from_memory(void *bytes, const ptrdiff_t *shape, ptrdiff_t rank, int type,
                              void *owner, void (*release)(void *)) {
    return made([&] {
        // Held by the deleter, which goes once whether or not a tensor comes to be; on whatever
        // thread lets go last.
        auto held = std::make_shared<Owner>(owner, release);
        return at::from_blob(
            bytes, ints(shape, rank), [held](void *) {}, options(type, TORCH_CPU));
    });
}

ptrdiff_t torch_rank(TorchTensor tensor) { return Borrowed(tensor)->dim(); }

ptrdiff_t torch_size(TorchTensor tensor, ptrdiff_t axis) {
    Borrowed borrowed(tensor);
    ptrdiff_t rank = borrowed->dim();
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank) return -1;
    return borrowed->sizes()[static_cast<size_t>(axis)];
}

void torch_shape(TorchTensor tensor, ptrdiff_t *shape) {
    Borrowed borrowed(tensor);
    for (int64_t size : borrowed->sizes()) *shape++ = size;
}

void torch_strides(TorchTensor tensor, ptrdiff_t *strides) {
    Borrowed borrowed(tensor);
    for (int64_t stride : borrowed->strides()) *strides++ = stride;
}

ptrdiff_t torch_count(TorchTensor tensor) { return Borrowed(tensor)->numel(); }

int torch_type(TorchTensor tensor) { return type_number(Borrowed(tensor)->scalar_type()); }

int torch_device(TorchTensor tensor) {
    at::Device where = Borrowed(tensor)->device();
    return where.is_cpu() || where.is_meta() ? TORCH_CPU : (where.has_index() ? where.index() : 0);
}

bool torch_is_contiguous(TorchTensor tensor) { return Borrowed(tensor)->is_contiguous(); }

bool torch_shares_storage(TorchTensor a, TorchTensor b) {
    bool same = false;
    return done([&] { same = Borrowed(a)->is_alias_of(*Borrowed(b)); }) && same;
}

void *torch_data(TorchTensor tensor) {
    void *address = nullptr;
    done([&] { address = Borrowed(tensor)->data_ptr(); });
    return address;
}

bool torch_read(TorchTensor tensor, int type, void *bytes, ptrdiff_t byte_count) {
    return done([&] {
        at::Tensor dense = Borrowed(tensor)->detach().to(at::kCPU, scalar_type(type)).contiguous();
        TORCH_CHECK(static_cast<ptrdiff_t>(dense.nbytes()) == byte_count, "the tensor has ",
                    dense.nbytes(), " bytes, but room is for ", byte_count);
        if (byte_count > 0) std::memcpy(bytes, dense.data_ptr(), dense.nbytes());
    });
}

bool torch_item_double(TorchTensor tensor, double *value) {
    return done([&] { *value = Borrowed(tensor)->item().toDouble(); });
}

bool torch_item_integer(TorchTensor tensor, int64_t *value) {
    return done([&] { *value = Borrowed(tensor)->item().toLong(); });
}

TorchTensor torch_to(TorchTensor tensor, int type, int device_number, bool non_blocking,
                     bool copy) {
    return made([&] {
        Borrowed borrowed(tensor);
        at::TensorOptions form;
        if (type != TORCH_NO_TYPE) form = form.dtype(scalar_type(type));
        if (device_number >= TORCH_CPU) form = form.device(device(device_number));
        return borrowed->to(form, non_blocking, copy);
    });
}

TorchTensor torch_pin_memory(TorchTensor tensor) {
    return made([&] { return Borrowed(tensor)->pin_memory(); });
}

bool torch_set_data(TorchTensor tensor, TorchTensor data) {
    return done([&] { Borrowed(tensor)->set_data(*Borrowed(data)); });
}

char *torch_description(TorchTensor tensor) {
    char *text = nullptr;
    done([&] {
        std::ostringstream stream;
        at::print(stream, *Borrowed(tensor), 100);
        text = strdup(stream.str().c_str());
    });
    return text;
}
