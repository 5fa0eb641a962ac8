"""The losses in plain numpy and double precision, with the Jacobian by complex steps.

No formula here is shared with what the peers compute: they differentiate, this evaluates. Gradients
in the parameters are checked along one direction by a central difference of these losses.
"""

import numpy as np

Parameters = list[np.ndarray]  # weight [in, out] and bias [out] of each layer in turn


def network(parameters: Parameters, x: np.ndarray) -> np.ndarray:
    """A perceptron with softplus, [n, d] -> [n, d]; analytic, so that x may be complex."""
    h = x
    for layer in range(0, len(parameters), 2):
        h = h @ parameters[layer] + parameters[layer + 1]
        if layer < len(parameters) - 2:
            h = np.log1p(np.exp(h))
    return h


def jacobian(parameters: Parameters, x: np.ndarray) -> np.ndarray:
    """ds_i/dx_k at each row, [n, i, k], exact to rounding."""
    step = 1e-150
    columns = []
    for unit in np.eye(x.shape[1]):
        columns.append(network(parameters, x + 1j * step * unit).imag / step)
    return np.stack(columns, axis=-1)


def loss(
    name: str, parameters: Parameters, x: np.ndarray, extra: np.ndarray, sigma: float
) -> float:
    """A loss as the conventions of ScoreSweep have it: mean over rows and slices, factor 1/2.

    `extra` is what the loss takes beside the data: directions [M, n, d], noise [n, d] or the exact
    score [n, d].
    """
    if name == "dsm":
        residual = sigma * network(parameters, x + sigma * extra) + extra
        return float(np.mean(np.sum(residual**2, axis=-1)) / 2)
    s = network(parameters, x)
    if name == "esm":
        return float(np.mean(np.sum((s - extra) ** 2, axis=-1)) / 2)
    j = jacobian(parameters, x)
    norm = np.sum(s**2, axis=-1) / 2
    if name == "ism":
        return float(np.mean(np.trace(j, axis1=1, axis2=2) + norm))
    curvature = np.einsum("mni,nik,mnk->mn", extra, j, extra)
    if name == "ssm-vr":
        return float(np.mean(curvature + norm))
    if name == "ssm":
        return float(np.mean(curvature + np.einsum("mni,ni->mn", extra, s) ** 2 / 2))
    raise ValueError(f"no loss {name}")


def slope(
    name: str,
    parameters: Parameters,
    direction: Parameters,
    x: np.ndarray,
    extra: np.ndarray,
    sigma: float,
    step: float = 1e-5,
) -> float:
    """The loss's derivative along a direction in the parameters, by a central difference."""
    values = []
    for sign in (1, -1):
        moved = [p + sign * step * u for p, u in zip(parameters, direction)]
        values.append(loss(name, moved, x, extra, sigma))
    return (values[0] - values[1]) / (2 * step)
