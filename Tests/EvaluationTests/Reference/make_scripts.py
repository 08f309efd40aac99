"""Writes the scripted models beside this file, for PictureModelTests. Made with PyTorch 1.13,
which all later versions read. Each has a closed form, so that tests know what it must give."""

import pathlib

import torch


class Features(torch.nn.Module):
    """As CLIP's: pictures 0 to 1, [B, 3, H, W], to [B, 3]; here the mean colours."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean([2, 3])


class Distance(torch.nn.Module):
    """As LPIPS's: two [B, 3, H, W], to [B, 1, 1, 1]; here the mean absolute difference."""

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a - b).abs().mean([1, 2, 3], keepdim=True)


class VideoFeatures(torch.nn.Module):
    """As I3D's: videos -1 to 1, [B, 3, T, H, W], to [B, 6]; here mean colours and mean changes."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        change = x[:, :, 1:] - x[:, :, :-1]
        return torch.cat([x.mean([2, 3, 4]), change.mean([2, 3, 4])], 1)


class TextFeatures(torch.nn.Module):
    """As CLIP's text: whole numbers [B, L], to [B, 3]; here the first three tokens."""

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return tokens[:, :3].to(torch.float32)


class Wrong(torch.nn.Module):
    """Returns what no measure takes: features without a row for each picture."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean()


folder = pathlib.Path(__file__).parent
for name, model in [
    ("features", Features()), ("distance", Distance()), ("video-features", VideoFeatures()),
    ("text-features", TextFeatures()), ("wrong", Wrong()),
]:
    torch.jit.script(model).save(str(folder / f"{name}.pt"))
