"""Data, initial weights and batches of the quickstart grid, and the exact score of its mixture.

They follow the same laws as in ScoreSweep; they are not the same draws.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from grid import EVALUATE_EVERY, Experiment


@dataclass(frozen=True)
class Mixture:
    """Normals of width 1 and equal weight around means [K, d]."""

    means: np.ndarray

    def sample(self, random: np.random.Generator, count: int) -> np.ndarray:
        chosen = random.integers(len(self.means), size=count)
        return self.means[chosen] + random.normal(size=(count, self.means.shape[1]))

    def score(self, x: np.ndarray) -> np.ndarray:
        """The gradient of log p: the means' responsibilities pull x to them."""
        logits = x @ self.means.T - np.sum(self.means**2, axis=1) / 2
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return weights @ self.means / weights.sum(axis=1, keepdims=True) - x


class Data(NamedTuple):
    """The rows of one dimension and repeat, the exact score beside them; float32."""

    train: np.ndarray
    train_score: np.ndarray
    validation: np.ndarray
    validation_score: np.ndarray
    test: np.ndarray
    test_score: np.ndarray


@lru_cache(maxsize=64)
def rows_of(experiment: Experiment, dimension: int, repeat: int) -> Data:
    """One mixture for each dimension, fresh rows for each repeat."""
    means = np.random.default_rng((1, dimension)).normal(size=(experiment.components, dimension))
    mixture = Mixture(experiment.spread * means)
    random = np.random.default_rng((2, dimension, repeat))
    parts = []
    for count in (experiment.train, experiment.validation, experiment.test):
        x = mixture.sample(random, count)
        parts += [x.astype(np.float32), mixture.score(x).astype(np.float32)]
    return Data(*parts)


def initial_parameters(
    experiment: Experiment, dimension: int, repeat: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights [in, out] of variance 1/in and biases 0."""
    random = np.random.default_rng((3, dimension, repeat))
    widths = [dimension, *experiment.hidden, dimension]
    return [
        (random.normal(size=(a, b)).astype(np.float32) / np.float32(a**0.5), np.zeros(b, "float32"))
        for a, b in zip(widths, widths[1:])
    ]


def batches(experiment: Experiment, dimension: int, repeat: int) -> Iterator[np.ndarray]:
    """Rows of the steps, [EVALUATE_EVERY, batch] at a time; every row once in an epoch."""
    random = np.random.default_rng((4, dimension, repeat))
    epochs = math.ceil(experiment.steps * experiment.batch / experiment.train)
    order = np.concatenate([random.permutation(experiment.train) for _ in range(epochs)])
    size = EVALUATE_EVERY * experiment.batch
    for block in range(experiment.steps // EVALUATE_EVERY):
        rows = order[block * size : (block + 1) * size]
        yield rows.astype(np.int32).reshape(EVALUATE_EVERY, experiment.batch)
