"""What is timed: one training step of a score network, as `scoresweep bench` describes it."""

import argparse
from dataclasses import asdict, dataclass

LOSSES = ("esm", "ism", "ssm", "ssm-vr", "dsm")


@dataclass(frozen=True)
class Setting:
    """A loss and the shapes that fix the arithmetic of its step."""

    loss: str
    dimension: int
    width: int  # units of each hidden layer
    depth: int  # hidden layers
    batch: int = 128
    slices: int = 1  # random directions per row, for the sliced losses

    def __str__(self) -> str:
        return f"{self.loss} {self.dimension} {self.width}x{self.depth} {self.batch} {self.slices}"

    @property
    def widths(self) -> list[int]:
        """Extents from the input to the output of the network."""
        return [self.dimension] + [self.width] * self.depth + [self.dimension]

    def options(self) -> list[str]:
        """The command-line options, the same for `scoresweep bench` and for the peers' scripts."""
        return [word for name, value in asdict(self).items() for word in (f"--{name}", str(value))]


STANDARD = (
    Setting("dsm", 2, 64, 2),
    Setting("ssm", 2, 64, 2),
    Setting("ssm", 10, 128, 2),
    Setting("ism", 10, 128, 2),
    Setting("ssm", 100, 256, 3),
    Setting("ssm", 100, 512, 3, batch=256, slices=4),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that describe a setting."""
    parser.add_argument("--loss", choices=LOSSES, default="ssm")
    parser.add_argument("--dimension", type=int, default=10)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--depth", type=int, default=2)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--slices", type=int, default=1)


def from_options(options: argparse.Namespace) -> Setting:
    """The setting that parsed options describe."""
    return Setting(
        options.loss, options.dimension, options.width, options.depth, options.batch, options.slices
    )
