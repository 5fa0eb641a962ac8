"""Score networks and the losses of score matching in PyTorch, by double backward."""

import torch
from torch import Tensor, nn


def network(widths: list[int]) -> nn.Sequential:
    """A perceptron with softplus on the last axis."""
    layers: list[nn.Module] = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.Softplus()]
    return nn.Sequential(*layers[:-1])


def dot(a: Tensor, b: Tensor) -> Tensor:
    """The inner product of rows."""
    return (a * b).sum(-1)


def explicit(score: nn.Module, x: Tensor, target: Tensor) -> Tensor:
    """1/2 E|s - s*|^2"""
    residual = score(x) - target
    return dot(residual, residual).mean() / 2


def denoising(score: nn.Module, x: Tensor, noise: Tensor, sigma: float) -> Tensor:
    """1/2 E|sigma s(x + sigma e) + e|^2"""
    residual = sigma * score(x + sigma * noise) + noise
    return dot(residual, residual).mean() / 2


def implicit(score: nn.Module, x: Tensor, differentiable: bool = True) -> Tensor:
    """E[tr ds/dx + 1/2 |s|^2], one backward pass for each coordinate.

    Faster here than batching the d passes with vmap, or jacfwd and jacrev of torch.func.
    """
    x = x.detach().requires_grad_(True)
    s = score(x)
    trace = torch.zeros_like(s[:, 0])
    for k in range(x.shape[1]):
        (row,) = torch.autograd.grad(
            s[:, k].sum(), x, create_graph=differentiable, retain_graph=True
        )
        trace = trace + row[:, k]
    return (trace + dot(s, s) / 2).mean()


def score_and_curvature(score: nn.Module, x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """s(x), [n, d], and v' (ds/dx) v for directions [M, n, d], [M, n]."""
    x = x.detach().requires_grad_(True)
    s = score(x)
    products = [torch.autograd.grad(s, x, each, create_graph=True)[0] for each in v]
    return s, torch.stack([dot(row, each) for row, each in zip(products, v)])


def sliced(score: nn.Module, x: Tensor, v: Tensor) -> Tensor:
    """E[v' (ds/dx) v + 1/2 (v's)^2]"""
    s, curvature = score_and_curvature(score, x, v)
    return (curvature + dot(v, s) ** 2 / 2).mean()


def sliced_variance_reduced(score: nn.Module, x: Tensor, v: Tensor) -> Tensor:
    """E[v' (ds/dx) v + 1/2 |s|^2]"""
    s, curvature = score_and_curvature(score, x, v)
    return curvature.mean() + dot(s, s).mean() / 2


def evaluate(loss: str, score: nn.Module, x: Tensor, extra: Tensor | None, sigma: float) -> Tensor:
    """A loss by its name; `extra` is its directions, its noise or the exact score."""
    if loss == "ism":
        return implicit(score, x)
    assert extra is not None
    if loss == "esm":
        return explicit(score, x, extra)
    if loss == "dsm":
        return denoising(score, x, extra, sigma)
    if loss == "ssm":
        return sliced(score, x, extra)
    return sliced_variance_reduced(score, x, extra)


def draw(loss: str, x: Tensor, slices: int) -> Tensor | None:
    """The directions or the noise of a step; nothing for the other losses."""
    if loss in ("ssm", "ssm-vr"):
        return torch.randint(0, 2, (slices, *x.shape)).to(x.dtype) * 2 - 1
    if loss == "dsm":
        return torch.randn_like(x)
    return None
