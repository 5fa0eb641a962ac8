"""One training step of a score network in JAX on one thread: loss, gradients, Adam.

The training loop itself is compiled, 25 steps a call, its state donated. Derivatives in x are taken
forward (linearize, jacfwd) and in reverse (vjp, jacrev); the faster form is the one reported.
"""

import os

# Read when JAX starts: one thread, whatever the machine has.
os.environ["XLA_FLAGS"] = " ".join(
    [
        os.environ.get("XLA_FLAGS", ""),
        "--xla_cpu_multi_thread_eigen=false",
        "intra_op_parallelism_threads=1",
    ]
)
os.environ.setdefault("JAX_PLATFORMS", "cpu")

from collections.abc import Callable  # noqa: E402

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402
from losses_jax import draw, evaluate  # noqa: E402
from peer import LEARNING_RATE, ROWS, SIGMA, main  # noqa: E402
from setting import Setting  # noqa: E402


class JAX:
    """JAX with optax's Adam."""

    framework = "jax"
    version = jax.__version__
    forms: tuple[str, ...] = ("forward", "reverse")
    steps_per_call = 25

    def __init__(self, double: bool) -> None:
        jax.config.update("jax_enable_x64", double)

    def training(self, setting: Setting, form: str) -> Callable[[], None]:
        """A compiled loop over steps from a fresh network."""
        key, data_key, *keys = jax.random.split(jax.random.key(1), setting.depth + 3)
        widths = setting.widths
        parameters = [
            (jax.random.normal(k, (a, b)) / a**0.5, jnp.zeros(b))
            for k, a, b in zip(keys, widths, widths[1:])
        ]
        data = jax.random.normal(data_key, (ROWS, setting.dimension))
        optimizer = optax.adam(LEARNING_RATE)

        def step(_, carry):
            parameters, state, key, _ = carry
            key, row_key, draw_key = jax.random.split(key, 3)
            x = data[jax.random.randint(row_key, (setting.batch,), 0, ROWS)]
            extra = draw(setting.loss, draw_key, x, setting.slices)
            value, gradient = jax.value_and_grad(
                lambda theta: evaluate(setting.loss, form, theta, x, extra, SIGMA)
            )(parameters)
            updates, state = optimizer.update(gradient, state)
            return optax.apply_updates(parameters, updates), state, key, value

        run = jax.jit(
            lambda carry: jax.lax.fori_loop(0, self.steps_per_call, step, carry),
            donate_argnums=0,
        )
        carry = (parameters, optimizer.init(parameters), key, jnp.zeros(()))

        def train() -> None:
            nonlocal carry
            carry = jax.block_until_ready(run(carry))

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
        """A loss and its gradient, compiled."""
        pairs = list(zip(parameters[::2], parameters[1::2]))
        value, gradient = jax.jit(
            jax.value_and_grad(lambda theta: evaluate(loss, form, theta, x, extra, sigma))
        )(pairs)
        return float(value), [np.asarray(array) for pair in gradient for array in pair]


if __name__ == "__main__":
    main(JAX)
