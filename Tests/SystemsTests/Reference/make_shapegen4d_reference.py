"""Writes what PyTorch makes of ShapeGen4D's two models at a tiny form, for ShapeReferenceTests.

    python make_shapegen4d_reference.py

Two files beside this one: shapegen4d-autoencoder.safetensors and shapegen4d-flow.safetensors. They
hold "model.NAME" (weights by this package's names, numbers of float16, computed with in float64),
"input.NAME", "output.NAME", "gradient.NAME" (of sum(output * seed)), and for every parameter
"check.NAME": the sums of its gradient, of its gradient's squares, and of its gradient times itself.
Written from the papers and the published modules' descriptions, by other means than the package's:
attention by einsum, rotations by complex numbers, squares of pictures by unfolding.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.set_default_dtype(torch.float64)
torch.manual_seed(20250711)
FOLDER = Path(__file__).parent


class Weights(dict):
    """Random weights, made when they are first asked for: their shapes are stated where used."""

    def get(self, name, *shape, around=0.0, deviation=None):
        if name not in self:
            deviation = deviation or (0.3 if len(shape) == 1 else 1.5 / shape[-1] ** 0.5)
            value = around + deviation * torch.randn(*shape)
            self[name] = value.half().double().requires_grad_()
        assert self[name].shape == shape
        return self[name]

    def linear(self, name, x, out, bias=True):
        w = self.get(f"{name}.weight", out, x.shape[-1])
        y = torch.einsum("...i,oi->...o", x, w)
        return y + self.get(f"{name}.bias", out) if bias else y

    def norm(self, name, x):
        return standard(x, 1e-5) * self.get(f"{name}.weight", x.shape[-1], around=1) + self.get(
            f"{name}.bias", x.shape[-1])

    def rms(self, name, x):
        root = (x.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()
        return x / root * self.get(f"{name}.weight", x.shape[-1], around=1)


def standard(x, epsilon):
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()


def attend(q, k, v):
    """[B, N, H, D] each."""
    scores = torch.einsum("bnhd,bmhd->bhnm", q, k) / q.shape[-1] ** 0.5
    return torch.einsum("bhnm,bmhd->bnhd", scores.softmax(-1), v).flatten(2)


# The autoencoder: width 16, 2 heads, one block in the encoder and two in the decoder, 4 channels,
# 2 frequencies, sharp points apart.

def perceiver(w, name, x, context=None, heads=2):
    width = x.shape[-1]
    if context is None:
        asked = seen = w.norm(f"{name}.attentionNorm", x)
    else:
        asked = w.norm(f"{name}.queryNorm", x)
        seen = w.norm(f"{name}.contextNorm", context)
    q, k, v = (
        w.linear(f"{name}.attention.{part}", source, width, bias=False).unflatten(-1, (heads, -1))
        for part, source in (("query", asked), ("key", seen), ("value", seen)))
    x = x + w.linear(f"{name}.attention.output", attend(q, k, v), width)
    h = w.linear(f"{name}.feedForward.hidden", w.norm(f"{name}.feedForwardNorm", x), 4 * width)
    return x + w.linear(f"{name}.feedForward.output", F.gelu(h), width)


def waves(x):
    angles = torch.cat([x[..., c:c + 1] * 2.0 ** torch.arange(2) for c in range(3)], -1)
    return torch.cat([x, angles.sin(), angles.cos()], -1)


def encode(w, queries, cloud):
    def embedded(points):
        return torch.cat([waves(points[..., :3]), points[..., 3:]], -1)
    half = cloud.shape[1] // 2
    query = w.linear("encoder.input", embedded(queries), 16)
    surface = w.linear("encoder.input", embedded(cloud[:, :half]), 16)
    sharp = w.linear("encoder.sharpInput", embedded(cloud[:, half:]), 16)
    x = (perceiver(w, "encoder.cross", query, surface)
         + perceiver(w, "encoder.sharpCross", query, sharp))
    x = perceiver(w, "encoder.blocks.0", x)
    return w.linear("moments", x, 8).split(4, -1)


def decode(w, latents, points):
    x = w.linear("decoder.input", latents, 16)
    for n in range(2):
        x = perceiver(w, f"decoder.blocks.{n}", x)
    y = perceiver(w, "decoder.cross", w.linear("decoder.query", waves(points), 16), x)
    return w.linear("decoder.output", w.norm("decoder.norm", y), 1)[..., 0]


# The flow: width 16, 2 heads, one block of either kind, 4 channels, pictures of 8x8 in squares of 4.

def turned(x, frames):
    """Rotary positions: [B, frames * n, H, D], frame after frame."""
    n = x.shape[1] // frames
    places = torch.arange(frames).repeat_interleave(n).double()
    half = x.shape[-1] // 2
    angles = torch.outer(places, 10000.0 ** (-torch.arange(half) / half))
    turn = torch.polar(torch.ones_like(angles), angles)[:, None]
    pairs = torch.view_as_complex(x.unflatten(-1, (half, 2)).contiguous())
    return torch.view_as_real(pairs * turn).flatten(-2)


def asked(w, name, x, heads=2):
    q, k, v = (w.linear(f"{name}.{part}", x, x.shape[-1]).unflatten(-1, (heads, -1))
               for part in ("query", "key", "value"))
    return w.rms(f"{name}.queryNorm", q), w.rms(f"{name}.keyNorm", k), v


def dual(w, name, image, shape, told):
    def modulated(stream, x):
        m = w.linear(f"{name}.{stream}.modulation", F.silu(told), 6 * 16)[:, None].chunk(6, -1)
        return m, asked(w, f"{name}.{stream}.projections", standard(x, 1e-6) * (1 + m[1]) + m[0])

    def finished(stream, x, seen, m):
        x = x + m[2] * w.linear(f"{name}.{stream}.output", seen, 16)
        h = standard(x, 1e-6) * (1 + m[4]) + m[3]
        h = F.gelu(w.linear(f"{name}.{stream}.feedForward.hidden", h, 64), approximate="tanh")
        return x + m[5] * w.linear(f"{name}.{stream}.feedForward.output", h, 16)

    mi, i = modulated("image", image)
    ms, s = modulated("shape", shape)
    seen = attend(*(torch.cat(pair, 1) for pair in zip(i, s)))
    count = image.shape[1]
    return (finished("image", image, seen[:, :count], mi),
            finished("shape", shape, seen[:, count:], ms))


def single(w, name, x, told, frames=None):
    shift, scale, gate = w.linear(f"{name}.modulation", F.silu(told), 48)[:, None].chunk(3, -1)
    h = standard(x, 1e-6) * (1 + scale) + shift
    q, k, v = asked(w, f"{name}.projections", h)
    if frames is not None:
        q, k, gate = turned(q, frames), turned(k, frames), gate + 1
    thought = F.gelu(w.linear(f"{name}.hidden", h, 64), approximate="tanh")
    return x + gate * w.linear(f"{name}.output", torch.cat([attend(q, k, v), thought], -1), 16)


def across(w, name, x, told, frames):
    """All tokens of all frames: [B * T, N, W]."""
    return single(w, name, x.reshape(-1, frames * x.shape[1], 16), told, frames).reshape(x.shape)


def along(w, name, x, told, frames):
    """Each token by itself through time."""
    tokens = x.reshape(-1, frames, x.shape[1], 16)
    return torch.stack([single(w, name, tokens[:, :, n], told, frames)
                        for n in range(x.shape[1])], 2).reshape(x.shape)


def crossing(w, name, image, shape, told, frames, scope):
    count = image.shape[1]
    if scope == "shapes":
        return image, across(w, name, shape, told, frames)
    both = torch.cat([image, shape], 1)
    both = (across if scope == "all" else along)(w, name, both, told, frames)
    return both[:, :count], both[:, count:]


def pictured(w, pictures):
    patches = F.unfold(pictures, 4, stride=4).transpose(1, 2)  # [B, 4, 48]
    weight = w.get("images.patches.weight", 8, 3, 4, 4, deviation=0.2).flatten(1)
    x = patches @ weight.T + w.get("images.patches.bias", 8)
    whole = w.get("images.whole", 1, 1, 8).repeat(len(x), 1, 1)
    x = torch.cat([whole, x], 1) + w.get("images.places", 1, 5, 8)
    return w.norm("images.norm", perceiver(w, "images.blocks.0", x))


def flow(w, x, time, pictures, scope):
    frames = x.shape[1]
    image = w.linear("base.imageInput", pictured(w, pictures.flatten(0, 1)), 16)
    shape = w.linear("base.input", x.flatten(0, 1), 16)
    angles = time[:, None] * torch.exp(-torch.log(torch.tensor(10000.0)) * torch.arange(8) / 8)
    told = torch.cat([angles.sin(), angles.cos()], -1)
    told = w.linear("base.time.output", F.gelu(w.linear("base.time.hidden", told, 64)), 16)
    each = told.repeat_interleave(frames, 0)
    image, shape = dual(w, "base.dual.0", image, shape, each)
    if scope:
        image, shape = crossing(w, "temporal.0.block", image, shape, told, frames, scope)
    count = image.shape[1]
    both = single(w, "base.single.0", torch.cat([image, shape], 1), each)
    image, shape = both[:, :count], both[:, count:]
    if scope:
        image, shape = crossing(w, "temporal.1.block", image, shape, told, frames, scope)
    scale, shift = w.linear("base.modulation", F.silu(each), 32)[:, None].chunk(2, -1)
    return w.linear("base.output", standard(shape, 1e-6) * (1 + scale) + shift, 4).reshape(x.shape)


def write(name, w, inputs, outputs, gradients, checks):
    tensors = {f"model.{k}": v.detach().half() for k, v in w.items()}
    for kind, values in (("input", inputs), ("output", outputs), ("gradient", gradients),
                         ("check", checks)):
        tensors |= {f"{kind}.{k}": v.detach().contiguous() for k, v in values.items()}
    save_file(tensors, FOLDER / f"shapegen4d-{name}.safetensors",
              {"torch": torch.__version__})


def checked(w, gradients):
    return {k: torch.stack([g.sum(), g.square().sum(), (g * w[k]).sum()])
            for k, g in gradients.items() if g is not None}


def gradients_of(w, total, inputs):
    names = list(inputs) + list(w)
    leaves = list(inputs.values()) + list(w.values())
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    gradients = dict(zip(names, found))
    return {k: gradients[k] for k in inputs}, {k: gradients[k] for k in w}


def autoencoder_case():
    w = Weights()
    queries, cloud, points = torch.randn(2, 3, 6), torch.randn(2, 10, 6), torch.randn(2, 5, 3)
    noise, seed = torch.randn(2, 3, 4), torch.randn(2, 5)
    inputs = {"queries": queries, "cloud": cloud, "points": points}
    for x in inputs.values():
        x.requires_grad_()
    mean, logarithm = encode(w, queries, cloud)
    field = decode(w, mean + noise * torch.exp(logarithm / 2), points)
    divergence = 0.5 * (mean ** 2 + logarithm.exp() - 1 - logarithm).mean()
    found, of_weights = gradients_of(w, (field * seed).sum() + divergence, inputs)
    kept = ("encoder.sharpCross.attention.key.weight", "moments.weight")
    write("autoencoder", w, inputs | {"noise": noise, "seed": seed},
          {"mean": mean, "logVariance": logarithm, "field": field, "divergence": divergence},
          found | {k: of_weights[k] for k in kept}, checked(w, of_weights))


def flow_case():
    w = Weights()
    x, pictures = torch.randn(2, 3, 4, 4), torch.randn(2, 3, 3, 8, 8)
    time, seed = torch.tensor([3.25, 740.5]), torch.randn(2, 3, 4, 4)
    inputs = {"x": x, "pictures": pictures}
    for value in inputs.values():
        value.requires_grad_()
    outputs, gradients, checks = {}, {}, {}
    for scope in ("all", "shapes", "times", None):
        name = scope or "none"
        outputs[name] = flow(w, x, time, pictures, scope)
        found, of_weights = gradients_of(w, (outputs[name] * seed).sum(), inputs)
        gradients[f"{name}.x"] = found["x"]
        checks |= {f"{name}.{k}": v for k, v in checked(w, of_weights).items()}
        if scope == "all":
            gradients["all.pictures"] = found["pictures"]
            for k in ("temporal.0.block.projections.query.weight", "base.time.hidden.weight"):
                gradients[f"all.{k}"] = of_weights[k]
    write("flow", w, inputs | {"time": time, "seed": seed}, outputs, gradients, checks)


autoencoder_case()
flow_case()
