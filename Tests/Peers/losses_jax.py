"""Score networks and the losses of score matching in JAX."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

Parameters = list[tuple[jax.Array, jax.Array]]  # weight [in, out] and bias [out] of each layer
ScoreFunction = Callable[[jax.Array], jax.Array]


def network(parameters: Parameters, x: jax.Array) -> jax.Array:
    """A perceptron with softplus on the last axis."""
    for weight, bias in parameters[:-1]:
        x = jax.nn.softplus(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias


def dot(a: jax.Array, b: jax.Array) -> jax.Array:
    """The inner product of rows."""
    return jnp.sum(a * b, axis=-1)


def explicit(score: ScoreFunction, x: jax.Array, target: jax.Array) -> jax.Array:
    """1/2 E|s - s*|^2"""
    residual = score(x) - target
    return jnp.mean(dot(residual, residual)) / 2


def denoising(score: ScoreFunction, x: jax.Array, noise: jax.Array, sigma: Any) -> jax.Array:
    """1/2 E|sigma s(x + sigma e) + e|^2"""
    residual = sigma * score(x + sigma * noise) + noise
    return jnp.mean(dot(residual, residual)) / 2


def implicit(score: ScoreFunction, x: jax.Array, form: str) -> jax.Array:
    """E[tr ds/dx + 1/2 |s|^2], the trace from each row's whole Jacobian."""
    differentiate = {"forward": jax.jacfwd, "reverse": jax.jacrev}[form]
    s = score(x)
    trace = jnp.trace(jax.vmap(differentiate(score))(x), axis1=1, axis2=2)
    return jnp.mean(trace + dot(s, s) / 2)


def score_and_curvature(
    score: ScoreFunction, x: jax.Array, v: jax.Array, form: str
) -> tuple[jax.Array, jax.Array]:
    """s(x), [n, d], and v' (ds/dx) v for directions [M, n, d], [M, n], from one linearisation."""
    if form == "forward":
        s, push = jax.linearize(score, x)
        return s, dot(v, jax.vmap(push)(v))
    s, pull = jax.vjp(score, x)
    return s, dot(v, jax.vmap(pull)(v)[0])


def sliced(score: ScoreFunction, x: jax.Array, v: jax.Array, form: str) -> jax.Array:
    """E[v' (ds/dx) v + 1/2 (v's)^2]"""
    s, curvature = score_and_curvature(score, x, v, form)
    return jnp.mean(curvature + dot(v, s) ** 2 / 2)


def sliced_variance_reduced(
    score: ScoreFunction, x: jax.Array, v: jax.Array, form: str
) -> jax.Array:
    """E[v' (ds/dx) v + 1/2 |s|^2]"""
    s, curvature = score_and_curvature(score, x, v, form)
    return jnp.mean(curvature) + jnp.mean(dot(s, s)) / 2


def evaluate(
    loss: str,
    form: str,
    parameters: Parameters,
    x: Any,
    extra: Any,
    sigma: Any,
) -> jax.Array:
    """A loss by its name; `extra` is its directions, its noise or the exact score."""
    score = lambda at: network(parameters, at)  # noqa: E731
    if loss == "ism":
        return implicit(score, x, form)
    if loss == "esm":
        return explicit(score, x, extra)
    if loss == "dsm":
        return denoising(score, x, extra, sigma)
    if loss == "ssm":
        return sliced(score, x, extra, form)
    return sliced_variance_reduced(score, x, extra, form)


def draw(loss: str, key: jax.Array, x: jax.Array, slices: int) -> jax.Array | None:
    """The directions or the noise of a step; nothing for the other losses."""
    if loss in ("ssm", "ssm-vr"):
        return jax.random.rademacher(key, (slices, *x.shape), dtype=x.dtype)
    if loss == "dsm":
        return jax.random.normal(key, x.shape, dtype=x.dtype)
    return None
