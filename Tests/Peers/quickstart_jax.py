"""The quickstart grid in JAX: one compiled function per class, its state donated.

A block of 100 steps (a scan over its batches) and the evaluation after it are one compiled call.
What is compiled serves all sigmas and repeats of a class. Training and metrics are in single
precision.

Training the repeats of a class at once, by vmap, was twice as fast for some classes and slower than
one after the other for others, on one core; it is left out.
"""

import concurrent.futures
import os
import time
from functools import lru_cache

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import losses_jax as losses  # noqa: E402
import optax  # noqa: E402
import sweep  # noqa: E402
from draws import Data, batches, initial_parameters, rows_of  # noqa: E402
from grid import Experiment, Trial, TrialClass  # noqa: E402
from sweep import ClassResult, EarlyStopping, Result  # noqa: E402

FORM = "reverse"  # of derivatives in x in training; evaluations are faster forward


def implicit(parameters: losses.Parameters, x: jax.Array) -> jax.Array:
    """Implicit score matching of a network."""
    return losses.implicit(lambda at: losses.network(parameters, at), x, "forward")


@jax.jit
def metrics(parameters: losses.Parameters, x: jax.Array, exact: jax.Array) -> jax.Array:
    """Fisher divergence, the same relative to that of a score of 0, implicit score matching."""
    fisher = losses.explicit(lambda at: losses.network(parameters, at), x, exact)
    information = jnp.mean(losses.dot(exact, exact)) / 2
    return jnp.stack([fisher, fisher / information, implicit(parameters, x)])


validate = jax.jit(implicit)


@lru_cache(maxsize=64)
def device_data(experiment: Experiment, dimension: int, repeat: int) -> Data:
    """The data as JAX's own arrays, moved once."""
    return jax.device_put(rows_of(experiment, dimension, repeat))


def train_class(experiment: Experiment, kind: TrialClass, trials: list[Trial]) -> ClassResult:
    """Trains the trials of a class one after the other."""
    schedule = optax.cosine_decay_schedule(experiment.learning_rate, experiment.steps)
    optimizer = optax.adam(schedule)

    def block(carry, rows, x_train, exact, x_validation, sigma):
        def step(carry, rows):
            parameters, state, key = carry
            key, draw_key = jax.random.split(key)
            x = x_train[rows]
            extra = losses.draw(kind.loss, draw_key, x, kind.slices)
            if kind.loss == "esm":
                extra = exact[rows]
            value, gradient = jax.value_and_grad(
                lambda theta: losses.evaluate(kind.loss, FORM, theta, x, extra, sigma)
            )(parameters)
            updates, state = optimizer.update(gradient, state)
            return (optax.apply_updates(parameters, updates), state, key), value

        carry, values = jax.lax.scan(step, carry, rows)
        return carry, values[-1], implicit(carry[0], x_validation)

    # Before any trial: compiled once, for the shapes of the first.
    start = time.perf_counter()
    carry, inputs, test = prepared(experiment, trials[0], optimizer)
    rows = next(batches(experiment, kind.dimension, 0))
    compiled = jax.jit(block, donate_argnums=0).lower(carry, rows, *inputs).compile()
    jax.block_until_ready(validate(carry[0], inputs[2]))
    jax.block_until_ready(metrics(carry[0], *test))
    compile_seconds = time.perf_counter() - start

    results = []
    for trial in trials:
        start = time.perf_counter()
        carry, inputs, test = prepared(experiment, trial, optimizer)
        stopping = EarlyStopping(experiment.patience)
        stopping.update(float(validate(carry[0], inputs[2])), lambda: copied(carry[0]))
        steps = 0
        for rows in batches(experiment, kind.dimension, trial.repeat):
            carry, _, value = compiled(carry, rows, *inputs)
            steps += len(rows)
            if stopping.update(float(value), lambda: copied(carry[0])):
                break
        found = metrics(stopping.best, *test).tolist()
        seconds = time.perf_counter() - start
        results.append(Result(trial, seconds, steps, stopping.lowest, *found))
    return ClassResult(kind, compile_seconds, results)


def copied(parameters: losses.Parameters) -> losses.Parameters:
    """The parameters in memory of their own: what the next block is given, it overwrites."""
    return jax.tree.map(jnp.copy, parameters)


def prepared(experiment: Experiment, trial: Trial, optimizer: optax.GradientTransformation):
    """A trial's state before its first step, a block's inputs beside the rows, the test data."""
    dimension = trial.kind.dimension
    initial = initial_parameters(experiment, dimension, trial.repeat)
    parameters = jax.tree.map(jnp.asarray, initial)
    carry = (parameters, optimizer.init(parameters), jax.random.key(trial.repeat))
    data = device_data(experiment, dimension, trial.repeat)
    inputs = (data.train, data.train_score, data.validation, jnp.float32(trial.sigma))
    return carry, inputs, (data.test, data.test_score)


if __name__ == "__main__":
    # XLA computes and compiles outside of Python's lock: threads are enough to use all cores.
    sweep.main(f"JAX {jax.__version__}", concurrent.futures.ThreadPoolExecutor, train_class)
