#include "Guard.hpp"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <type_traits>

#include "include/torch_autograd.h"

using namespace ctorch;

namespace {
// The caller's backward pass as a node of the graph.
struct CallbackNode : torch::autograd::Node {
    CallbackNode(torch::autograd::edge_list &&edges, TorchBackward backward)
        : Node(std::move(edges)), backward_(backward) {}
    ~CallbackNode() override { let_go(); }

    torch::autograd::variable_list apply(torch::autograd::variable_list &&gradients) override {
        TorchBackward backward;
        {
            std::lock_guard<std::mutex> lock(mutex_);
            TORCH_CHECK(held_, "backward a second time through a graph that was let go");
            backward = backward_;
        }
        std::vector<TorchTensor> outputs;
        outputs.reserve(gradients.size());
        for (const at::Tensor &gradient : gradients) {
            outputs.push_back(gradient.defined() ? reinterpret_cast<TorchTensor>(
                                                       gradient.unsafeGetTensorImpl())
                                                 : nullptr);
        }
        std::vector<TorchTensor> inputs(num_outputs(), nullptr);
        bool succeeded =
            backward.run(backward.context, outputs.data(), static_cast<ptrdiff_t>(outputs.size()),
                         inputs.data(), static_cast<ptrdiff_t>(inputs.size()));
        torch::autograd::variable_list result;
        result.reserve(inputs.size());
        for (TorchTensor input : inputs) {
            result.push_back(*Borrowed(input));
            if (input != nullptr) torch_release(input);
        }
        TORCH_CHECK(succeeded, torch_last_error());
        return result;
    }

    void release_variables() override { let_go(); }
    std::string name() const override { return "CallbackNode"; }

private:
    void let_go() {
        std::unique_lock<std::mutex> lock(mutex_);
        if (!held_) return;
        held_ = false;
        lock.unlock();
        backward_.release(backward_.context);
    }

    TorchBackward backward_;
    std::mutex mutex_;
    bool held_ = true;
};

// How the graph holds its nodes: a std::shared_ptr in old versions, an intrusive one in new.
using NodePointer = decltype(torch::autograd::Edge::function);

template <typename Pointer, typename Node> Pointer held(Node *node) {
    if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>) {
        // The library's deleter takes a long graph apart without recursion. It is found by its
        // argument: new versions have none.
        return Pointer(node, [](auto *last) { deleteNode(last); });
    } else {
        return Pointer::unsafe_steal_from_new(node);
    }
}
}  // namespace

bool torch_requires_grad(TorchTensor tensor) { return Borrowed(tensor)->requires_grad(); }

bool torch_set_requires_grad(TorchTensor tensor, bool required) {
    return done([&] { Borrowed(tensor)->set_requires_grad(required); });
}

bool torch_is_leaf(TorchTensor tensor) { return Borrowed(tensor)->is_leaf(); }

TorchTensor torch_grad(TorchTensor tensor) {
    return made([&] { return at::Tensor(Borrowed(tensor)->grad()); });
}

bool torch_set_grad(TorchTensor tensor, TorchTensor grad) {
    return done([&] { Borrowed(tensor)->mutable_grad() = *Borrowed(grad); });
}

TorchTensor torch_detach(TorchTensor tensor) {
    return made([&] { return Borrowed(tensor)->detach(); });
}

bool torch_gradients_enabled(void) { return at::GradMode::is_enabled(); }

void torch_enable_gradients(bool enabled) { at::GradMode::set_enabled(enabled); }

bool torch_backward(const TorchTensor *outputs, const TorchTensor *seeds, ptrdiff_t count,
                    bool keep_graph, bool create_graph) {
    return done([&] {
        torch::autograd::variable_list weights;
        if (seeds != nullptr) weights = tensors(seeds, count);
        torch::autograd::backward(tensors(outputs, count), weights, keep_graph, create_graph);
    });
}

bool torch_gradients(const TorchTensor *outputs, const TorchTensor *seeds, ptrdiff_t count,
                     const TorchTensor *inputs, ptrdiff_t input_count, bool keep_graph,
                     bool create_graph, TorchTensor *gradients) {
    return done([&] {
        torch::autograd::variable_list weights;
        if (seeds != nullptr) weights = tensors(seeds, count);
        auto result = torch::autograd::grad(tensors(outputs, count), tensors(inputs, input_count),
                                            weights, keep_graph, create_graph,
                                            /*allow_unused=*/true);
        for (at::Tensor &gradient : result) *gradients++ = give(std::move(gradient));
    });
}

bool torch_attach_backward(const TorchTensor *inputs, ptrdiff_t input_count,
                           const TorchTensor *outputs, ptrdiff_t output_count,
                           TorchBackward backward, TorchTensor *results) {
    bool owned_by_node = false;
    bool succeeded = done([&] {
        NodePointer node;
        torch::autograd::variable_list sources = tensors(inputs, input_count);
        bool any = at::GradMode::is_enabled() &&
                   std::any_of(sources.begin(), sources.end(),
                               [](const at::Tensor &input) { return input.requires_grad(); });
        if (any) {
            node = held<NodePointer, torch::autograd::Node>(
                new CallbackNode(torch::autograd::collect_next_edges(sources), backward));
            owned_by_node = true;
        }
        for (ptrdiff_t i = 0; i < output_count; i++) {
            at::Tensor result = Borrowed(outputs[i])->detach();
            if (node) torch::autograd::set_history(result, node);
            results[i] = give(std::move(result));
        }
    });
    if (!owned_by_node) backward.release(backward.context);
    return succeeded;
}

void torch_set_error(const char *message) { remember(message); }
