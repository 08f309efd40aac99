#include "Guard.hpp"

#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <memory>
#include <string>

#include "include/torch_distributed.h"

using namespace ctorch;

struct TorchGroupObject {
    c10::intrusive_ptr<c10d::ProcessGroupGloo> engine;
};

TorchGroup torch_group_create(const char *host, int port, bool store_is_served, const char *prefix,
                              int rank, int size, double timeout_seconds) {
    TorchGroup group = nullptr;
    done([&] {
        auto timeout = std::chrono::milliseconds(static_cast<int64_t>(timeout_seconds * 1000));
        c10d::TCPStoreOptions form;
        form.port = static_cast<uint16_t>(port);
        form.isServer = rank == 0 && !store_is_served;
        form.numWorkers = size;
        form.waitWorkers = !store_is_served;
        form.timeout = timeout;
        c10::intrusive_ptr<c10d::Store> store = c10::make_intrusive<c10d::PrefixStore>(
            prefix, c10::make_intrusive<c10d::TCPStore>(host, form));
#if TORCH_AT_LEAST(2, 8)
        auto options = c10d::ProcessGroupGloo::Options::create_default(timeout);
#else
        auto options = c10d::ProcessGroupGloo::Options::create(timeout);
        options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
        options->threads = 2;
#endif
        group = new TorchGroupObject{
            c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options)};
    });
    return group;
}

void torch_group_release(TorchGroup group) { delete group; }

bool torch_group_sum(TorchGroup group, TorchTensor tensor) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        std::vector<at::Tensor> one = tensors(&tensor, 1);
        group->engine->allreduce(one)->wait();
    });
}

bool torch_group_broadcast(TorchGroup group, TorchTensor tensor, int root) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        std::vector<at::Tensor> one = tensors(&tensor, 1);
        c10d::BroadcastOptions options;
        options.rootRank = root;
        options.rootTensor = 0;
        group->engine->broadcast(one, options)->wait();
    });
}

bool torch_group_gather(TorchGroup group, TorchTensor tensor, TorchTensor *results,
                        ptrdiff_t size) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        std::vector<at::Tensor> one = tensors(&tensor, 1);
        std::vector<std::vector<at::Tensor>> all(1);
        for (ptrdiff_t i = 0; i < size; i++) all[0].push_back(at::empty_like(one[0]));
        group->engine->allgather(all, one)->wait();
        for (at::Tensor &gathered : all[0]) *results++ = give(std::move(gathered));
    });
}

bool torch_group_barrier(TorchGroup group) {
    return done([&] { group->engine->barrier()->wait(); });
}
