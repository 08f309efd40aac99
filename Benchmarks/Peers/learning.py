"""The models of Benchmarks/Learning/Models.swift and those of ShapeGen4D in PyTorch, and steps of
training them.

Runs on a Python of the user's choice, which has the PyTorch to compare with.
"""

import json

import peer
import shapegen4d_models
import torch
import torch.nn.functional as F
from shapegen4d_models import RMSNorm
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)
        self.queryNorm = RMSNorm(width // heads)
        self.keyNorm = RMSNorm(width // heads)

    def split(self, x):
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        q, k = self.queryNorm(q), self.keyNorm(k)
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1), -1) @ v
        return self.output(y.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(width, 4 * width)
        self.output = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.output(F.gelu(self.hidden(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attentionNorm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.feedForwardNorm = nn.LayerNorm(width)
        self.feedForward = FeedForward(width)

    def forward(self, x):
        x = x + self.attention(self.attentionNorm(x))
        return x + self.feedForward(self.feedForwardNorm(x))


class Transformer(nn.Module):
    def __init__(self, width, heads, depth):
        super().__init__()
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Residual(nn.Module):
    def __init__(self, input, output):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, input)
        self.conv1 = nn.Conv3d(input, output, 3, padding=1)
        self.norm2 = nn.GroupNorm(8, output)
        self.conv2 = nn.Conv3d(output, output, 3, padding=1)
        self.shortcut = None if input == output else nn.Conv3d(input, output, 1)

    def forward(self, x):
        h = self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))
        return (x if self.shortcut is None else self.shortcut(x)) + h


class UNet3D(nn.Module):
    def __init__(self, input, width):
        super().__init__()
        widths = [width, 2 * width, 4 * width]

        def pair(a, b):
            return nn.ModuleList([Residual(a, b), Residual(b, b)])

        self.first = nn.Conv3d(input, width, 3, padding=1)
        self.down = nn.ModuleList(pair(w, w) for w in widths)
        self.shrink = nn.ModuleList(
            nn.Conv3d(a, b, 3, stride=2, padding=1) for a, b in zip(widths, widths[1:]))
        self.grow = nn.ModuleList(
            nn.ConvTranspose3d(b, a, 2, stride=2) for a, b in zip(widths, widths[1:]))
        self.up = nn.ModuleList(pair(2 * w, w) for w in widths[:-1])
        self.last = nn.Conv3d(width, input, 3, padding=1)

    def forward(self, x):
        h = self.first(x)
        skips = []
        for level, blocks in enumerate(self.down):
            for block in blocks:
                h = block(h)
            if level < len(self.shrink):
                skips.append(h)
                h = self.shrink[level](h)
        for level in reversed(range(len(self.grow))):
            h = torch.cat([self.grow[level](h), skips[level]], 1)
            for block in self.up[level]:
                h = block(h)
        return self.last(h)


MODELS = {
    "transformer": lambda: Transformer(512, 8, 6),
    "small-transformer": lambda: Transformer(32, 2, 12),
    "unet": lambda: UNet3D(4, 32),
    "shapegen4d-autoencoder": shapegen4d_models.Autoencoder,
    "shapegen4d-flow": shapegen4d_models.Flow,
}


def weights_of(path):
    try:
        from safetensors.torch import load_file
        return load_file(path)
    except ImportError:
        import numpy
        with open(path, "rb") as file:
            header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
            data = file.read()
        return {
            name: torch.from_numpy(
                numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4").copy()
            ).reshape(entry["shape"])
            for name, entry in header.items()
        }


class Training:
    def __init__(self, case, inputs, options):
        torch.set_num_threads(options["threads"])
        weights = weights_of(inputs["weights"])
        self.inputs = {
            name[len("input."):]: weights.pop(name) for name in list(weights)
            if name.startswith("input.")}
        self.model = MODELS[case]()
        self.model.load_state_dict(weights)
        self.optimiser = torch.optim.AdamW(self.model.parameters())
        self.steps = options["steps"]
        self.clip = options.get("clip")

    def loss(self):
        if hasattr(self.model, "loss"):
            return self.model.loss(**self.inputs)
        return F.mse_loss(self.model(self.inputs["x"]), self.inputs["target"])

    def run(self):
        for _ in range(self.steps):
            self.optimiser.zero_grad()
            loss = self.loss()
            loss.backward()
            if self.clip is not None:
                nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
            self.optimiser.step()
            last = loss.item()
        return last


def save(loss, path):
    with open(path, "w") as file:
        file.write(repr(loss))


peer.serve(lambda: {"torch": torch.__version__}, Training, Training.run, save)
