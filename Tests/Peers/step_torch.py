"""One training step of a score network in PyTorch on one thread: loss, gradients, fused Adam.

Eager, by double backward: torch.compile does not differentiate twice, and forward mode is slower
than double backward here.
"""

from collections.abc import Callable

import numpy as np
import torch
from losses_torch import draw, evaluate, network
from peer import LEARNING_RATE, ROWS, SIGMA, main
from setting import Setting

torch.set_num_threads(1)


class PyTorch:
    """PyTorch with its own fused Adam, about half the time of the plain one in small networks."""

    framework = "torch"
    version = str(torch.__version__)
    forms: tuple[str, ...] = ("reverse",)
    steps_per_call = 1

    def __init__(self, double: bool) -> None:
        torch.set_default_dtype(torch.float64 if double else torch.float32)

    def training(self, setting: Setting, form: str) -> Callable[[], None]:
        """A step of a fresh network."""
        torch.manual_seed(1)
        net = network(setting.widths)
        data = torch.randn(ROWS, setting.dimension)
        optimizer = torch.optim.Adam(net.parameters(), LEARNING_RATE, fused=True)

        def train() -> None:
            x = data[torch.randint(0, ROWS, (setting.batch,))]
            extra = draw(setting.loss, x, setting.slices)
            optimizer.zero_grad()
            evaluate(setting.loss, net, x, extra, SIGMA).backward()
            optimizer.step()

        for _ in range(10):
            train()
        return train

    def loss_and_gradient(
        self,
        loss: str,
        form: str,
        parameters: list[np.ndarray],
        x: np.ndarray,
        extra: np.ndarray,
        sigma: float,
    ) -> tuple[float, list[np.ndarray]]:
        """A loss and its gradient; linear layers keep the transpose of a weight."""
        net = network([len(w) for w in parameters[::2]] + [len(parameters[-1])])
        with torch.no_grad():
            for own, given in zip(net.parameters(), parameters):
                own.copy_(torch.from_numpy(given.T))
        value = evaluate(loss, net, torch.from_numpy(x), torch.from_numpy(extra), sigma)
        value.backward()
        return value.item(), [np.asarray(p.grad).T for p in net.parameters()]


if __name__ == "__main__":
    main(PyTorch)
