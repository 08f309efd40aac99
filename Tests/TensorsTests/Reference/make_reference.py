"""Writes reference.json: what PyTorch makes of weights and inputs, for LayerReferenceTests.

    python make_reference.py > reference.json

Everything is float64. Each case has "inputs", "parameters" (by the names of this package's
modules), "output", and "gradients" and "parameterGradients": those of sum(output * seed).
"""

import json
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(20240611)
cases = {}


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.17g}") for v in tensor.flatten().tolist()]}


def case(name, function, inputs, parameters):
    inputs = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
    parameters = {k: v.detach().clone().requires_grad_() for k, v in parameters.items()}
    output = function(*inputs, **{k.replace(".", "_"): v for k, v in parameters.items()})
    seed = torch.randn_like(output)
    leaves = [x for x in inputs if x.requires_grad] + list(parameters.values())
    gradients = torch.autograd.grad((output * seed).sum(), leaves)
    cases[name] = {
        "inputs": [numbers(x.detach()) for x in inputs],
        "parameters": {k: numbers(v.detach()) for k, v in parameters.items()},
        "output": numbers(output.detach()),
        "seed": numbers(seed),
        "gradients": [numbers(g) for g in gradients[: len(gradients) - len(parameters)]],
        "parameterGradients": {
            k: numbers(g) for k, g in zip(parameters, gradients[len(gradients) - len(parameters):])},
    }


def state(module, renamed={}):
    return {renamed.get(k, k): v for k, v in module.state_dict().items()}


r = torch.randn
case("linear", lambda x, weight, bias: F.linear(x, weight, bias), [r(2, 3)], state(nn.Linear(3, 4)))
case("layerNorm", lambda x, weight, bias: F.layer_norm(x, [5], weight, bias, 1e-5), [r(3, 5)],
     {"weight": r(5), "bias": r(5)})
case("rmsNorm", lambda x, weight: F.rms_norm(x, [5], weight, 1e-6), [r(3, 5)], {"weight": r(5)})
case("groupNorm", lambda x, weight, bias: F.group_norm(x, 2, weight, bias, 1e-5), [r(2, 4, 3)],
     {"weight": r(4), "bias": r(4)})
case("embedding", lambda x, weight: F.embedding(x.long(), weight), [torch.tensor([[0, 2], [2, 1]])],
     {"weight": r(3, 4)})

for axes, size in ((1, [7]), (2, [6, 5]), (3, [4, 5, 3])):
    conv = (F.conv1d, F.conv2d, F.conv3d)[axes - 1]
    case(f"convolution{axes}",
         lambda x, weight, bias: conv(x, weight, bias, stride=2, padding=1, dilation=1, groups=2),
         [r(2, 4, *size)], {"weight": r(2, 2, *[3] * axes), "bias": r(2)})
    transposed = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[axes - 1]
    case(f"transposedConvolution{axes}",
         lambda x, weight, bias: transposed(x, weight, bias, stride=2, padding=1, output_padding=1),
         [r(1, 2, *[3] * axes)], {"weight": r(2, 2, *[3] * axes), "bias": r(2)})


def attention(x, context, query_weight, key_weight, value_weight, output_weight, output_bias,
              queryNorm_weight, keyNorm_weight, mask=None):
    def split(t):
        return t.reshape(t.shape[0], t.shape[1], 2, 4).transpose(1, 2)
    q = F.rms_norm(split(x @ query_weight.T), [4], queryNorm_weight, 1e-6)
    k = F.rms_norm(split(context @ key_weight.T), [4], keyNorm_weight, 1e-6)
    y = F.scaled_dot_product_attention(q, k, split(context @ value_weight.T), attn_mask=mask)
    return F.linear(y.transpose(1, 2).flatten(2), output_weight, output_bias)


case("attention", attention, [r(2, 3, 8), r(2, 5, 6)],
     {"query.weight": r(8, 8), "key.weight": r(8, 6), "value.weight": r(8, 6),
      "output.weight": r(8, 8), "output.bias": r(8), "queryNorm.weight": r(4), "keyNorm.weight": r(4)})

mha = nn.MultiheadAttention(8, 2, batch_first=True)
weight_q, weight_k, weight_v = mha.in_proj_weight.chunk(3)
bias = r(24)


def torch_attention(x, query_weight, query_bias, key_weight, key_bias, value_weight, value_bias,
                    output_weight, output_bias):
    causal = torch.triu(torch.full((4, 4), float("-inf")), 1)
    return F.multi_head_attention_forward(
        x.transpose(0, 1), x.transpose(0, 1), x.transpose(0, 1), 8, 2,
        torch.cat([query_weight, key_weight, value_weight]), torch.cat([query_bias, key_bias, value_bias]),
        None, None, False, 0.0, output_weight, output_bias, attn_mask=causal, need_weights=False,
        training=False)[0].transpose(0, 1)


case("causalAttention", torch_attention, [r(2, 4, 8)],
     {"query.weight": weight_q, "query.bias": bias[:8], "key.weight": weight_k, "key.bias": bias[8:16],
      "value.weight": weight_v, "value.bias": bias[16:], "output.weight": r(8, 8), "output.bias": r(8)})


def rotary(x, halves):
    # Through complex numbers, which is another way than the module's.
    angles = torch.outer(torch.arange(4.0), 10000.0 ** (-torch.arange(0, 6, 2) / 6))
    turn = torch.polar(torch.ones_like(angles), angles)
    pairs = torch.stack(x.chunk(2, -1), -1) if halves else x.unflatten(-1, (-1, 2))
    turned = torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * turn)
    return torch.cat(turned.unbind(-1), -1) if halves else turned.flatten(-2)


case("rotaryNeighbours", lambda x: rotary(x, False), [r(2, 4, 6)], {})
case("rotaryHalves", lambda x: rotary(x, True), [r(2, 4, 6)], {})


def fourier(x):
    f = 2.0 ** torch.arange(3)
    angles = (x[..., None] * f).flatten(-2)
    return torch.cat([x, angles.sin(), angles.cos()], -1)


case("fourierFeatures", fourier, [r(4, 3)], {})
case("feedForward", lambda x, hidden_weight, hidden_bias, output_weight, output_bias: F.linear(
    F.gelu(F.linear(x, hidden_weight, hidden_bias), approximate="tanh"), output_weight, output_bias),
     [r(2, 3)], {"hidden.weight": r(6, 3), "hidden.bias": r(6), "output.weight": r(3, 6), "output.bias": r(3)})


def geglu(x, hidden_weight, hidden_bias, output_weight, output_bias):
    a, b = F.linear(x, hidden_weight, hidden_bias).chunk(2, -1)
    return F.linear(a * F.gelu(b), output_weight, output_bias)


case("gatedFeedForward", geglu, [r(2, 3)],
     {"hidden.weight": r(12, 3), "hidden.bias": r(12), "output.weight": r(3, 6), "output.bias": r(3)})

for mode in ("nearest", "bilinear", "bicubic"):
    for corners in ((None,) if mode == "nearest" else (False, True)):
        case(f"interpolate.{mode}.{corners}",
             lambda x: F.interpolate(x, size=(5, 7), mode=mode, align_corners=corners), [r(1, 2, 3, 4)], {})
case("interpolate.trilinear", lambda x: F.interpolate(x, size=(3, 5, 4), mode="trilinear"), [r(1, 1, 2, 3, 2)], {})
case("interpolate.antialias", lambda x: F.interpolate(x, size=(3, 4), mode="bicubic", antialias=True),
     [r(1, 1, 7, 9)], {})
case("gridSample3", lambda x, grid: F.grid_sample(x, grid, align_corners=True, padding_mode="border"),
     [r(1, 2, 3, 4, 2), torch.rand(1, 2, 2, 2, 3) * 1.8 - 0.9], {})
case("averagePool", lambda x: F.avg_pool3d(x, 2), [r(1, 2, 4, 4, 2)], {})
case("maxPool", lambda x: F.max_pool2d(x, 3, 2, 1), [r(1, 2, 5, 6)], {})

target = r(3, 4)
for name, loss in (("mse", F.mse_loss), ("l1", F.l1_loss), ("smoothL1", lambda a, b: F.smooth_l1_loss(a, b, beta=0.5)),
                   ("bce", lambda a, b: F.binary_cross_entropy_with_logits(a, b.sigmoid()))):
    case(f"loss.{name}", lambda x, y: loss(x, y), [r(3, 4), target], {})
case("loss.crossEntropy", lambda x, y: F.cross_entropy(x, y.long(), label_smoothing=0.1),
     [r(3, 4), torch.tensor([0, 3, 1])], {})

# Two parameters, five steps with given gradients.
optimisers = {}
for name, make in (("adamw", lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.9, 0.99), weight_decay=0.1)),
                   ("adam", lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1))):
    start = r(3, 4)
    gradients = [r(3, 4) for _ in range(5)]
    parameter = nn.Parameter(start.clone())
    optimiser = make([parameter])
    for g in gradients:
        parameter.grad = g.clone()
        optimiser.step()
    optimisers[name] = {"start": numbers(start), "gradients": [numbers(g) for g in gradients],
                        "end": numbers(parameter.detach())}

json.dump({"versions": {"torch": torch.__version__}, "cases": cases, "optimisers": optimisers},
          sys.stdout, separators=(",", ":"))
print()
