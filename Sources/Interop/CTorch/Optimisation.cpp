#include "Guard.hpp"

#include <c10/core/GradMode.h>

#include <cmath>

#include "include/torch_optimisation.h"

using namespace ctorch;

namespace {
void adam_step(const at::Tensor &parameter, const at::Tensor &given, const at::Tensor &first,
               const at::Tensor &second, double step, const TorchAdam &rule) {
    at::Tensor gradient = given;
    if (rule.weight_decay != 0) {
        if (rule.decoupled) {
            parameter.mul_(1 - rule.learning_rate * rule.weight_decay);
        } else {
            gradient = gradient.add(parameter, rule.weight_decay);
        }
    }
    first.lerp_(gradient, 1 - rule.beta1);
    second.mul_(rule.beta2).addcmul_(gradient, gradient, 1 - rule.beta2);
    double correction1 = 1 - std::pow(rule.beta1, step);
    double correction2 = 1 - std::pow(rule.beta2, step);
    at::Tensor denominator = second.sqrt().div_(std::sqrt(correction2)).add_(rule.epsilon);
    parameter.addcdiv_(first, denominator, -rule.learning_rate / correction1);
}
}  // namespace

bool torch_adam_step(const TorchTensor *parameters, const TorchTensor *gradients,
                     const TorchTensor *first_moments, const TorchTensor *second_moments,
                     const int64_t *steps, ptrdiff_t count, TorchAdam rule) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        auto weights = tensors(parameters, count), slopes = tensors(gradients, count),
             first = tensors(first_moments, count), second = tensors(second_moments, count);
#if TORCH_AT_LEAST(2, 4)
        // The fused kernel wants all tensors of a call on one device and of one type, and the
        // step counts as float32 tensors on that device.
        bool alike = count > 0;
        for (ptrdiff_t i = 0; i < count && alike; i++) {
            auto type = weights[0].scalar_type();
            auto here = weights[0].device();
            alike = weights[i].scalar_type() == type && slopes[i].scalar_type() == type &&
                    first[i].scalar_type() == type && second[i].scalar_type() == type &&
                    weights[i].device() == here && slopes[i].device() == here &&
                    first[i].device() == here && second[i].device() == here &&
                    (here.is_cpu() || here.is_cuda()) &&
                    (type == at::kFloat || type == at::kDouble) && !slopes[i].is_sparse() &&
                    weights[i].is_non_overlapping_and_dense() &&
                    slopes[i].strides() == weights[i].strides() &&
                    first[i].strides() == weights[i].strides() &&
                    second[i].strides() == weights[i].strides();
        }
        if (alike) {
            std::vector<at::Tensor> counts;
            counts.reserve(static_cast<size_t>(count));
            at::Tensor all = at::empty({static_cast<int64_t>(count)}, at::kFloat);
            for (ptrdiff_t i = 0; i < count; i++) {
                all.data_ptr<float>()[i] = static_cast<float>(steps[i]);
            }
            all = all.to(weights[0].device());
            for (ptrdiff_t i = 0; i < count; i++) counts.push_back(all[i]);
            auto step = [&](auto &&kernel) {
                kernel(weights, slopes, first, second, at::TensorList(), counts,
                       rule.learning_rate, rule.beta1, rule.beta2, rule.weight_decay,
                       rule.epsilon, /*amsgrad=*/false, /*maximize=*/false,
                       c10::optional<at::Tensor>(), c10::optional<at::Tensor>());
            };
            if (rule.decoupled) {
                step([](auto &&...all) { at::_fused_adamw_(all...); });
            } else {
                step([](auto &&...all) { at::_fused_adam_(all...); });
            }
            return;
        }
#endif
        for (size_t i = 0; i < weights.size(); i++) {
            adam_step(weights[i], slopes[i], first[i], second[i], static_cast<double>(steps[i]),
                      rule);
        }
    });
}

bool torch_lerp_all(const TorchTensor *targets, const TorchTensor *sources, ptrdiff_t count,
                    double weight) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        for (ptrdiff_t i = 0; i < count; i++) {
            Borrowed(targets[i])->lerp_(*Borrowed(sources[i]), weight);
        }
    });
}

bool torch_scale_all(const TorchTensor *handles, ptrdiff_t count, double factor) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        if (count > 0) at::_foreach_mul_(tensors(handles, count), factor);
    });
}

TorchTensor torch_total_norm(const TorchTensor *handles, ptrdiff_t count) {
    return made([&]() -> at::Tensor {
        c10::NoGradGuard no_gradients;
        if (count == 0) return at::zeros({}, at::kFloat);
        auto norms = at::_foreach_norm(tensors(handles, count), 2);
        for (at::Tensor &norm : norms) {
            norm = norm.to(norms[0].device(),
                           norm.scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
        }
        return at::linalg_vector_norm(at::stack(norms), 2);
    });
}

bool torch_clip_all(const TorchTensor *handles, ptrdiff_t count, TorchTensor norm, double limit) {
    return done([&] {
        c10::NoGradGuard no_gradients;
        at::Tensor factor = at::clamp(limit / (*Borrowed(norm) + 1e-6), c10::nullopt, 1.0);
        for (ptrdiff_t i = 0; i < count; i++) {
            Borrowed tensor(handles[i]);
            tensor->mul_(factor.to(tensor->device(), tensor->scalar_type()));
        }
    });
}
