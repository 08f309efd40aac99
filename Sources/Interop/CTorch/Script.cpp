#include "Guard.hpp"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include "include/torch_script.h"

using namespace ctorch;

struct TorchScriptObject {
    torch::jit::Module module;
};

TorchScript torch_script_load(const char *path, int device_number) {
    TorchScript script = nullptr;
    done([&] {
        torch::jit::Module module = torch::jit::load(path, device(device_number));
        module.eval();
        script = new TorchScriptObject{std::move(module)};
    });
    return script;
}

void torch_script_release(TorchScript script) { delete script; }

bool torch_script_call(TorchScript script, const char *method, const TorchTensor *inputs,
                       ptrdiff_t input_count, TorchTensor *results, ptrdiff_t capacity,
                       ptrdiff_t *count) {
    return done([&] {
        std::vector<c10::IValue> stack;
        for (at::Tensor &input : tensors(inputs, input_count)) stack.emplace_back(std::move(input));
        c10::IValue output = script->module.get_method(method)(std::move(stack));
        std::vector<at::Tensor> found;
        if (output.isTensor()) {
            found.push_back(output.toTensor());
        } else if (output.isTensorList()) {
            found = output.toTensorVector();
        } else if (output.isTuple()) {
            for (const c10::IValue &element : output.toTupleRef().elements()) {
                TORCH_CHECK(element.isTensor(), "the model returns a tuple of other than tensors");
                found.push_back(element.toTensor());
            }
        } else {
            TORCH_CHECK(false, "the model returns ", output.tagKind(), ", not tensors");
        }
        TORCH_CHECK(static_cast<ptrdiff_t>(found.size()) <= capacity, "the model returns ",
                    found.size(), " tensors, more than ", capacity);
        *count = static_cast<ptrdiff_t>(found.size());
        for (at::Tensor &tensor : found) *results++ = give(std::move(tensor));
    });
}
