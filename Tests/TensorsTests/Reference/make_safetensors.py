"""Writes python.safetensors beside this file, for SafetensorsTests."""

import pathlib

import torch
from safetensors.torch import save_file

save_file(
    {
        "a.weight": torch.arange(6.0).reshape(2, 3),
        "half": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        "mask": torch.tensor([True, False, True]),
        "count": torch.tensor(7),
        "byte": torch.tensor([-1], dtype=torch.int8),
    },
    pathlib.Path(__file__).with_name("python.safetensors"),
    metadata={"format": "pt", "note": "é"},
)
