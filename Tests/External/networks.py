"""The models of ScoreSweep in numpy, rebuilt from nothing but a results file."""

import numpy as np

ACTIVATIONS = {
    "softplus": lambda x: np.log1p(np.exp(x)),
    "tanh": np.tanh,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "elu": lambda x: np.where(x.real > 0, x, np.exp(np.minimum(x.real, 0) + 1j * x.imag) - 1),
}


def slope(activation, x, step=1e-150):
    """The activation's derivative, itself defined for complex x (for one more derivative)."""
    sigmoid = 1 / (1 + np.exp(-x))
    if activation == "softplus":
        return sigmoid
    if activation == "tanh":
        return 1 - np.tanh(x) ** 2
    if activation == "silu":
        return sigmoid + x * sigmoid * (1 - sigmoid)
    return np.where(x.real > 0, 1, np.exp(np.minimum(x.real, 0) + 1j * x.imag))


class Network:
    """A multilayer perceptron: layerN.weight [in, out], layerN.bias [out], skip.weight."""

    def __init__(self, parameters, activation):
        self.parameters = {name: np.asarray(w, np.float64) for name, w in parameters.items()}
        self.activation = activation
        self.depth = sum(name.endswith(".bias") for name in self.parameters)
        dimension = self.parameters["layer0.weight"].shape[0]
        width = self.parameters[f"layer{self.depth - 1}.weight"].shape[1]
        self.is_energy = width == 1 and dimension > 1

    def layers(self, x):
        """The input of each activation, and the output."""
        inputs, h = [], x
        for layer in range(self.depth):
            h = h @ self.parameters[f"layer{layer}.weight"] + self.parameters[f"layer{layer}.bias"]
            if layer < self.depth - 1:
                inputs.append(h)
                h = ACTIVATIONS[self.activation](h)
        if "skip.weight" in self.parameters:
            h = h + x @ self.parameters["skip.weight"]
        return inputs, h

    def score(self, x):
        """The score at rows x, [n, d]; of an energy network, minus the gradient."""
        inputs, output = self.layers(x + 0j)
        if not self.is_energy:
            return output
        bar = np.ones_like(output)
        gradient = 0
        if "skip.weight" in self.parameters:
            gradient = bar @ self.parameters["skip.weight"].T
        for layer in reversed(range(self.depth)):
            bar = bar @ self.parameters[f"layer{layer}.weight"].T
            if layer > 0:
                bar = bar * slope(self.activation, inputs[layer - 1])
        return -(bar + gradient)

    def divergence(self, x):
        """The trace of the score's Jacobian by complex steps: exact to rounding."""
        step, trace = 1e-150, 0
        for axis in range(x.shape[1]):
            moved = x.astype(complex)
            moved[:, axis] += 1j * step
            trace = trace + self.score(moved)[:, axis].imag / step
        return trace

    def implicit_score_matching(self, x):
        """mean over rows of tr grad s + |s|^2 / 2"""
        score = self.score(x).real
        return float(np.mean(self.divergence(x) + np.sum(score**2, axis=1) / 2))
