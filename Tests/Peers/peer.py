"""What the two peers share: options, clock, and the check against numpy.

A peer brings its own `Peer`; `main` times a training step of it or, with `--check`, compares every
loss and its gradient with `reference`. Seen to fail: without the 1/2 of |s|^2 or of (v's)^2, and,
by the gradient alone, with a backward pass that is not differentiable again.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import reference
import setting as settings
from setting import Setting

ROWS = 10_000  # rows of data that minibatches are drawn from
SIGMA = 0.1  # noise scale of denoising score matching
LEARNING_RATE = 1e-3


class Peer(Protocol):
    """One framework."""

    framework: str
    version: str
    forms: tuple[str, ...]  # how derivatives in x may be taken; the fastest one counts
    steps_per_call: int

    def training(self, setting: Setting, form: str) -> Callable[[], None]:
        """A call that trains for `steps_per_call` steps and returns when they are done."""

    def loss_and_gradient(
        self,
        loss: str,
        form: str,
        parameters: list[np.ndarray],
        x: np.ndarray,
        extra: np.ndarray,
        sigma: float,
    ) -> tuple[float, list[np.ndarray]]:
        """A loss and its gradient in the parameters in double precision."""


def main(make_peer: Callable[[bool], Peer]) -> None:
    """The command line of a peer's script; `make_peer(True)` makes one of double precision."""
    parser = argparse.ArgumentParser(description="Times one training step on one thread.")
    settings.add_options(parser)
    parser.add_argument("--form", help="time this way to differentiate only", default=None)
    parser.add_argument("--duration", type=float, default=2.0, help="seconds to measure each form")
    parser.add_argument("--check", action="store_true", help="compare the losses with numpy")
    options = parser.parse_args()
    peer = make_peer(options.check)
    if options.form is not None and options.form not in peer.forms:
        parser.error(f"--form: {peer.framework} has {', '.join(peer.forms)}")
    forms = peer.forms if options.form is None else (options.form,)
    if options.check:
        raise SystemExit(check(peer, forms))
    chosen = settings.from_options(options)
    if chosen.loss == "esm":
        parser.error("--loss: esm needs an exact score, which standard data do not have here")
    results = [measure(peer, chosen, form, options.duration) for form in forms_of(chosen, forms)]
    best = min(results, key=lambda result: result["microseconds_per_step"])
    times = {result["form"]: result["microseconds_per_step"] for result in results}
    print(json.dumps({**best, "microseconds_of_forms": times}))


def forms_of(setting: Setting, forms: tuple[str, ...]) -> tuple[str, ...]:
    """One form is enough where the loss has no derivative in x."""
    return forms[:1] if setting.loss in ("dsm", "esm") else forms


def measure(peer: Peer, setting: Setting, form: str, duration: float) -> dict[str, Any]:
    """The median time of a step over calls of the peer's training loop."""
    start = time.perf_counter()
    train = peer.training(setting, form)
    train()
    first = time.perf_counter() - start
    times: list[float] = []
    end = time.perf_counter() + duration
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        train()
        times.append(time.perf_counter() - start)
    call = statistics.median(times)
    return {
        "framework": peer.framework,
        "version": peer.version,
        "form": form,
        "loss": setting.loss,
        "dimension": setting.dimension,
        "width": setting.width,
        "depth": setting.depth,
        "batch": setting.batch,
        "slices": setting.slices,
        "microseconds_per_step": call / peer.steps_per_call * 1e6,
        "compile_seconds": max(0.0, first - call),  # tracing, compilation, first allocations
    }


def check(peer: Peer, forms: tuple[str, ...]) -> int:
    """Compares each loss and its slope in the parameters with numpy; 0 where all agree."""
    random = np.random.default_rng(5)
    n, d, hidden, slices, sigma = 7, 3, [6, 5], 2, 0.3
    widths = [d, *hidden, d]
    parameters = [
        array
        for rows, columns in zip(widths, widths[1:])
        for array in (random.normal(size=(rows, columns)), random.normal(size=columns))
    ]
    direction = [random.normal(size=p.shape) for p in parameters]
    x = random.normal(size=(n, d))
    extras = {
        "esm": random.normal(size=(n, d)),
        "ism": np.zeros((0,)),
        "ssm": random.choice([-1.0, 1.0], size=(slices, n, d)),
        "ssm-vr": random.choice([-1.0, 1.0], size=(slices, n, d)),
        "dsm": random.normal(size=(n, d)),
    }
    failures = 0
    for loss, extra in extras.items():
        value = reference.loss(loss, parameters, x, extra, sigma)
        slope = reference.slope(loss, parameters, direction, x, extra, sigma)
        for form in forms:
            found, gradient = peer.loss_and_gradient(loss, form, parameters, x, extra, sigma)
            along = float(sum(np.sum(g * u) for g, u in zip(gradient, direction)))
            errors = (abs(found - value) / abs(value), abs(along - slope) / abs(slope))
            good = errors[0] < 1e-10 and errors[1] < 1e-6
            failures += not good
            print(
                f"{peer.framework} {loss:6} {form:8} loss {found:.12g} (numpy {value:.12g}), "
                f"relative errors {errors[0]:.1e}, slope {errors[1]:.1e}: "
                + ("agrees" if good else "DIFFERS")
            )
    return 1 if failures else 0
