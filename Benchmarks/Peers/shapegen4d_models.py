"""ShapeGen4D's two models (Sources/Learning/Systems/ShapeGen4D) in PyTorch, at the sizes of
Benchmarks/Learning/ShapeWork.swift, with the names of the package's parameters: what
learning.py trains beside them.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


def attend(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    return torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1), -1) @ v


def split(x, heads):
    return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width)

    def forward(self, x, context):
        q, k, v = self.query(x), self.key(context), self.value(context)
        seen = attend(*(split(part, self.heads) for part in (q, k, v)))
        return self.output(seen.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, width, approximate="none"):
        super().__init__()
        self.hidden = nn.Linear(width, 4 * width)
        self.output = nn.Linear(4 * width, width)
        self.approximate = approximate

    def forward(self, x):
        return self.output(F.gelu(self.hidden(x), approximate=self.approximate))


class PerceiverBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attentionNorm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.feedForwardNorm = nn.LayerNorm(width)
        self.feedForward = FeedForward(width)

    def forward(self, x):
        h = self.attentionNorm(x)
        x = x + self.attention(h, h)
        return x + self.feedForward(self.feedForwardNorm(x))


class CrossBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.queryNorm = nn.LayerNorm(width)
        self.contextNorm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.feedForwardNorm = nn.LayerNorm(width)
        self.feedForward = FeedForward(width)

    def forward(self, x, context):
        x = x + self.attention(self.queryNorm(x), self.contextNorm(context))
        return x + self.feedForward(self.feedForwardNorm(x))


class Waves(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.register_buffer("frequencies", 2.0 ** torch.arange(count), persistent=False)

    def forward(self, x):
        angles = (x[..., None] * self.frequencies).flatten(-2)
        return torch.cat([x, angles.sin(), angles.cos()], -1)


class Encoder(nn.Module):
    def __init__(self, width, heads, depth, frequencies):
        super().__init__()
        self.waves = Waves(frequencies)
        numbers = 3 * (2 * frequencies + 1) + 3
        self.input = nn.Linear(numbers, width)
        self.cross = CrossBlock(width, heads)
        self.sharpInput = nn.Linear(numbers, width)
        self.sharpCross = CrossBlock(width, heads)
        self.blocks = nn.ModuleList(PerceiverBlock(width, heads) for _ in range(depth))

    def embedded(self, points):
        return torch.cat([self.waves(points[..., :3]), points[..., 3:]], -1)

    def forward(self, queries, cloud):
        half = cloud.shape[1] // 2
        query = self.input(self.embedded(queries))
        surface = self.input(self.embedded(cloud[:, :half]))
        sharp = self.sharpInput(self.embedded(cloud[:, half:]))
        x = self.cross(query, surface) + self.sharpCross(query, sharp)
        for block in self.blocks:
            x = block(x)
        return x


class Decoder(nn.Module):
    def __init__(self, width, heads, depth, channels, frequencies):
        super().__init__()
        self.input = nn.Linear(channels, width)
        self.blocks = nn.ModuleList(PerceiverBlock(width, heads) for _ in range(depth))
        self.waves = Waves(frequencies)
        self.query = nn.Linear(3 * (2 * frequencies + 1), width)
        self.cross = CrossBlock(width, heads)
        self.norm = nn.LayerNorm(width)
        self.output = nn.Linear(width, 1)

    def forward(self, latents, points):
        x = self.input(latents)
        for block in self.blocks:
            x = block(x)
        return self.output(self.norm(self.cross(self.query(self.waves(points)), x))).squeeze(-1)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder(96, 4, 1, 6)
        self.moments = nn.Linear(96, 32)
        self.decoder = Decoder(96, 4, 3, 16, 6)

    def loss(self, queries, cloud, points, targets, noise):
        mean, logarithm = self.moments(self.encoder(queries, cloud)).chunk(2, -1)
        logarithm = logarithm.clamp(-30, 20)
        field = self.decoder(mean + (0.5 * logarithm).exp() * noise, points)
        divergence = 0.5 * ((mean.square() + logarithm.exp() - logarithm).mean() - 1)
        return F.mse_loss(field, targets) + 1e-4 * divergence


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        if hasattr(F, "rms_norm"):
            return F.rms_norm(x, self.weight.shape, self.weight, 1e-6)
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * self.weight


class Projections(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.queryNorm = RMSNorm(width // heads)
        self.keyNorm = RMSNorm(width // heads)

    def forward(self, x):
        q, k, v = (split(part(x), self.heads) for part in (self.query, self.key, self.value))
        return self.queryNorm(q), self.keyNorm(k), v


def standard(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


class Stream(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.modulation = nn.Linear(width, 6 * width)
        self.projections = Projections(width, heads)
        self.output = nn.Linear(width, width)
        self.feedForward = FeedForward(width, "tanh")

    def finished(self, x, seen, m):
        x = x + m[2] * self.output(seen)
        return x + m[5] * self.feedForward(standard(x) * (1 + m[4]) + m[3])


class DualBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.shape = Stream(width, heads)
        self.image = Stream(width, heads)

    def forward(self, image, shape, told):
        told = F.silu(told)
        mi = self.image.modulation(told).unsqueeze(1).chunk(6, -1)
        ms = self.shape.modulation(told).unsqueeze(1).chunk(6, -1)
        a = self.image.projections(standard(image) * (1 + mi[1]) + mi[0])
        b = self.shape.projections(standard(shape) * (1 + ms[1]) + ms[0])
        seen = attend(*(torch.cat(pair, 2) for pair in zip(a, b))).transpose(1, 2).flatten(2)
        count = image.shape[1]
        return (self.image.finished(image, seen[:, :count], mi),
                self.shape.finished(shape, seen[:, count:], ms))


class SingleBlock(nn.Module):
    def __init__(self, width, heads, inserted=False):
        super().__init__()
        self.modulation = nn.Linear(width, 3 * width)
        self.projections = Projections(width, heads)
        self.hidden = nn.Linear(width, 4 * width)
        self.output = nn.Linear(5 * width, width)
        self.inserted = inserted

    def forward(self, x, told, turn=lambda part: part):
        shift, scale, gate = self.modulation(F.silu(told)).unsqueeze(1).chunk(3, -1)
        h = standard(x) * (1 + scale) + shift
        q, k, v = self.projections(h)
        seen = attend(turn(q), turn(k), v).transpose(1, 2).flatten(2)
        both = self.output(torch.cat([seen, F.gelu(self.hidden(h), approximate="tanh")], -1))
        return x + (gate + 1 if self.inserted else gate) * both


class TemporalBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.block = SingleBlock(width, heads, inserted=True)

    def forward(self, image, shape, told, rotary):
        both = torch.cat([image, shape], 1)
        frames, tokens = len(rotary[0]), both.shape[1]
        cosines, sines = (part[:, None] for part in rotary)  # [T, 1, width / 2]

        def turn(x):
            a, b = x.unflatten(2, (frames, tokens)).unflatten(-1, (-1, 2)).unbind(-1)
            turned = torch.stack([a * cosines - b * sines, a * sines + b * cosines], -1)
            return turned.flatten(-2).flatten(2, 3)

        seen = self.block(both.reshape(-1, frames * tokens, both.shape[2]), told, turn)
        seen = seen.reshape(both.shape)
        return seen[:, :image.shape[1]], seen[:, image.shape[1]:]


class Time(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(width, 4 * width)
        self.output = nn.Linear(4 * width, width)
        self.width = width

    def forward(self, time):
        half = self.width // 2
        angles = time[:, None] * torch.exp(-math.log(10_000) / half * torch.arange(half))
        return self.output(F.gelu(self.hidden(torch.cat([angles.sin(), angles.cos()], -1))))


class Base(nn.Module):
    def __init__(self, width, heads, dual, single, channels, imageWidth):
        super().__init__()
        self.time = Time(width)
        self.input = nn.Linear(channels, width)
        self.imageInput = nn.Linear(imageWidth, width)
        self.dual = nn.ModuleList(DualBlock(width, heads) for _ in range(dual))
        self.single = nn.ModuleList(SingleBlock(width, heads) for _ in range(single))
        self.modulation = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, channels)


class Patches(nn.Module):
    def __init__(self, size, patch, width, heads, depth):
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, stride=patch)
        self.whole = nn.Parameter(torch.zeros(1, 1, width))
        self.places = nn.Parameter(torch.zeros(1, 1 + (size // patch) ** 2, width))
        self.blocks = nn.ModuleList(PerceiverBlock(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, pictures):
        squares = self.patches(pictures).flatten(2).transpose(1, 2)
        x = torch.cat([self.whole.expand(len(squares), -1, -1), squares], 1) + self.places
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = Base(128, 4, 2, 4, 16, 96)
        self.temporal = nn.ModuleList(TemporalBlock(128, 4) for _ in range(6))
        self.images = Patches(64, 16, 96, 4, 2)
        self.register_buffer("latentMean", torch.zeros(16))
        self.register_buffer("latentDeviation", torch.ones(16))

    def forward(self, x, time, tokens):
        frames = x.shape[1]
        told = self.base.time(time)
        each = told.repeat_interleave(frames, 0)
        angles = torch.outer(torch.arange(frames), 10_000.0 ** (-torch.arange(16) / 16))
        rotary = angles.cos(), angles.sin()
        shape = self.base.input(x.flatten(0, 1))
        image = self.base.imageInput(tokens.flatten(0, 1))
        for place, block in enumerate(self.base.dual):
            image, shape = block(image, shape, each)
            image, shape = self.temporal[place](image, shape, told, rotary)
        count = image.shape[1]
        both = torch.cat([image, shape], 1)
        for place, block in enumerate(self.base.single):
            both = block(both, each)
            both = torch.cat(self.temporal[len(self.base.dual) + place](
                both[:, :count], both[:, count:], told, rotary), 1)
        scale, shift = self.base.modulation(F.silu(each)).unsqueeze(1).chunk(2, -1)
        return self.base.output(
            standard(both[:, count:]) * (1 + scale) + shift).reshape(x.shape)

    def loss(self, data, noise, time, pictures):
        """Squared errors of x₀ = x − t v; all frames share one noise."""
        data = (data - self.latentMean) / self.latentDeviation
        noise = noise.expand(data.shape)
        t = time[:, None, None, None]
        tokens = self.images(pictures.flatten(0, 1)).unflatten(0, pictures.shape[:2])
        output = self((1 - t) * data + t * noise, 1000 * time, tokens)
        errors = F.mse_loss(output, noise - data, reduction="none").flatten(1).mean(1)
        return (errors * time.square()).mean()
