#include "Guard.hpp"

#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#ifdef MUYBRIDGE_TORCH_NCCL
#define USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <chrono>
#include <memory>
#include <string>

#include "include/torch_distributed.h"

using namespace ctorch;

namespace {
#if TORCH_AT_LEAST(2, 0)
using Engine = c10d::Backend;
#else
using Engine = c10d::ProcessGroup;
#endif
}  // namespace

struct TorchGroupObject {
    c10::intrusive_ptr<Engine> gloo;
    // Null where this module was built without NCCL, or there is no device for it.
    c10::intrusive_ptr<Engine> nccl;

    Engine &engine(const at::Tensor &tensor) {
        return tensor.is_cuda() && nccl ? *nccl : *gloo;
    }
};

bool torch_group_has_nccl(void) {
#ifdef MUYBRIDGE_TORCH_NCCL
    return at::hasCUDA();
#else
    return false;
#endif
}

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
        auto created = std::make_unique<TorchGroupObject>();
        created->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
#ifdef MUYBRIDGE_TORCH_NCCL
        if (torch_group_has_nccl()) {
            auto nccl_options = c10d::ProcessGroupNCCL::Options::create();
            nccl_options->timeout = timeout;
            // Connections are made at the first tensor, on its device.
            created->nccl = c10::make_intrusive<c10d::ProcessGroupNCCL>(
                c10::make_intrusive<c10d::PrefixStore>("nccl", store), rank, size, nccl_options);
        }
#endif
        group = created.release();
    });
    return group;
}

void torch_group_release(TorchGroup group) { delete group; }

bool torch_group_sum(TorchGroup group, TorchTensor tensor) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        std::vector<at::Tensor> one = tensors(&tensor, 1);
        group->engine(one[0]).allreduce(one)->wait();
    });
}

bool torch_group_broadcast(TorchGroup group, TorchTensor tensor, int root) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        std::vector<at::Tensor> one = tensors(&tensor, 1);
        c10d::BroadcastOptions options;
        options.rootRank = root;
        options.rootTensor = 0;
        group->engine(one[0]).broadcast(one, options)->wait();
    });
}

bool torch_group_gather(TorchGroup group, TorchTensor tensor, TorchTensor *results,
                        ptrdiff_t size) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        std::vector<at::Tensor> one = tensors(&tensor, 1);
        std::vector<std::vector<at::Tensor>> all(1);
        for (ptrdiff_t i = 0; i < size; i++) all[0].push_back(at::empty_like(one[0]));
        group->engine(one[0]).allgather(all, one)->wait();
        for (at::Tensor &gathered : all[0]) *results++ = give(std::move(gathered));
    });
}

bool torch_group_barrier(TorchGroup group) {
    return done([&] { group->gloo->barrier()->wait(); });
}
