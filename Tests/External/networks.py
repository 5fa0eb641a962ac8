"""The models of ScoreSweep in numpy, rebuilt from nothing but a results file."""

import json

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


def smallest_noise(settings):
    """The noise scale of the score without a level, from a trial's settings."""
    if "sigma_min" in settings:
        return settings["sigma_min"]
    low, high, t = settings["beta_min"], settings["beta_max"], settings["t_min"]
    integral = low * t + (high - low) * t**2 / 2
    loss = settings["loss"]
    if loss == "dsm-vp":
        return np.sqrt(np.expm1(integral))
    return 2 * np.sinh(integral / 2)


class Conditioning:
    """How a network is told the noise level, and how its input and output are scaled with it."""

    def __init__(self, sigma, frequencies, preconditioning, data_scale):
        self.sigma, self.data_scale = sigma, data_scale
        self.is_denoiser = preconditioning == "denoiser"
        angles = 0.25 * 2.0 ** np.arange(frequencies) * np.log(sigma)
        self.features = np.stack([np.sin(angles), np.cos(angles)], axis=1).ravel()
        self.radius = np.hypot(sigma, data_scale)

    def scaled(self, x):
        return x / self.radius if self.is_denoiser else x

    def score(self, x, output):
        """The score from the network's output, or from minus its gradient in what it was given."""
        if not self.is_denoiser:
            return output / self.sigma
        return output * self.data_scale / (self.sigma * self.radius) - x / self.radius**2


class Network:
    """A multilayer perceptron: layerN.weight [in, out], layerN.bias [out], skip.weight.

    With `residual`, hidden layers behind the first are added to what they come from; with a
    conditioning, noiseN.weight [features, out] of its features is added before each activation.
    """

    def __init__(self, parameters, activation, residual=False, conditioning=None):
        self.parameters = {name: np.asarray(w, np.float64) for name, w in parameters.items()}
        self.activation = activation
        self.residual = residual
        self.conditioning = conditioning
        self.depth = sum(name.endswith(".bias") for name in self.parameters)
        dimension = self.parameters["layer0.weight"].shape[0]
        width = self.parameters[f"layer{self.depth - 1}.weight"].shape[1]
        self.is_energy = width == 1 and dimension > 1

    @classmethod
    def rebuilt(cls, parameters, attributes, settings):
        """The network of a trial from its parameters, its architecture's attributes and its settings."""
        conditioning = None
        if "preconditioning" in attributes:
            conditioning = Conditioning(
                smallest_noise(json.loads(settings)), int(attributes["frequencies"]),
                attributes["preconditioning"], float(attributes["data_scale"]),
            )  # fmt: skip
        return cls(
            parameters, attributes["activation"], bool(attributes.get("residual", False)), conditioning
        )

    def layers(self, x):
        """The input of each activation, and the output."""
        inputs, h = [], x if self.conditioning is None else self.conditioning.scaled(x)
        for layer in range(self.depth):
            a = h @ self.parameters[f"layer{layer}.weight"] + self.parameters[f"layer{layer}.bias"]
            if layer == self.depth - 1:
                h = a
                break
            if self.conditioning is not None:
                a = a + self.conditioning.features @ self.parameters[f"noise{layer}.weight"]
            inputs.append(a)
            bent = ACTIVATIONS[self.activation](a)
            h = h + bent if self.residual and layer > 0 else bent
        if "skip.weight" in self.parameters:
            h = h + x @ self.parameters["skip.weight"]
        return inputs, h

    def score(self, x):
        """The score at rows x, [n, d]; of an energy network, minus the gradient."""
        inputs, output = self.layers(x + 0j)
        if self.is_energy:
            output = self.minus_gradient(inputs, output)
        return output if self.conditioning is None else self.conditioning.score(x, output)

    def minus_gradient(self, inputs, output):
        """Minus the gradient of the output in what the network was given."""
        bar = np.ones_like(output)
        gradient = 0
        if "skip.weight" in self.parameters:
            gradient = bar @ self.parameters["skip.weight"].T
        bar = bar @ self.parameters[f"layer{self.depth - 1}.weight"].T
        for layer in reversed(range(self.depth - 1)):
            inner = (bar * slope(self.activation, inputs[layer])) @ self.parameters[f"layer{layer}.weight"].T
            bar = bar + inner if self.residual and layer > 0 else inner
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
