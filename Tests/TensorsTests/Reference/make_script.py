"""Writes scripted.pt beside this file, for LayerTests. Made with PyTorch 1.13, which all later
versions read."""

import pathlib

import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor([2.0, 3.0]))
        self.dropout = torch.nn.Dropout(0.5)

    def forward(self, x: torch.Tensor, y: torch.Tensor):
        return self.dropout(x * self.scale), (x - y).square().sum(-1)

    @torch.jit.export
    def single(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


torch.jit.script(Model()).save(str(pathlib.Path(__file__).with_name("scripted.pt")))
