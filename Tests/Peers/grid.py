"""The grid of experiments/quickstart.json, read from the file itself."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "experiments" / "quickstart.json"
EVALUATE_EVERY = 100  # steps; ScoreSweep's default


@dataclass(frozen=True)
class Experiment:
    """What the experiment file says."""

    components: int
    spread: float
    train: int
    validation: int
    test: int
    hidden: tuple[int, ...]
    steps: int
    batch: int
    learning_rate: float
    patience: int
    losses: tuple[str, ...]
    sigmas: tuple[float, ...]
    slices: tuple[int, ...]
    dimensions: tuple[int, ...]
    repeats: int


@dataclass(frozen=True)
class TrialClass:
    """Trials that share their shapes."""

    loss: str
    dimension: int
    slices: int  # 0 where the loss has none

    def __str__(self) -> str:
        directions = f", {self.slices} slices" if self.slices else ""
        return f"{self.loss}, d = {self.dimension}{directions}"


@dataclass(frozen=True)
class Trial:
    """One point of the grid."""

    kind: TrialClass
    sigma: float  # 0 where the loss has none
    repeat: int


def read(path: Path = FILE) -> Experiment:
    """The experiment; refuses a file that says what these scripts do not do."""
    text = path.read_text()
    strings_or_comments = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*')
    tree = json.loads(strings_or_comments.sub(lambda match: match[1] or "", text))
    data, model = tree["base"]["data"], tree["base"]["model"]
    training, grid = tree["base"]["training"], tree["grid"]
    optimizer, stopping = training["optimizer"], training["early_stopping"]
    first, last, count = grid["dimension"]["geometric"]
    assumptions = [
        (data["type"], "gaussian-mixture"),
        (model["type"], "score-mlp"),
        (model["activation"], "softplus"),
        (optimizer["type"], "adam"),
        (optimizer["schedule"], "cosine"),
        (stopping["metric"], "validation_implicit_score_matching"),
        (training["steps"] % EVALUATE_EVERY, 0),
    ]
    for found, expected in assumptions:
        if found != expected:
            raise SystemExit(f"{path}: {expected} is what this script knows, not {found}")
    return Experiment(
        data["components"],
        data["spread"],
        data["train"],
        data["validation"],
        data["test"],
        tuple(model["hidden"]),
        training["steps"],
        training["batch"],
        optimizer["learning_rate"],
        stopping["patience"],
        tuple(grid["loss"]),
        tuple(grid["sigma"]),
        tuple(grid["slices"]),
        tuple(round(first * (last / first) ** (i / (count - 1))) for i in range(count)),
        grid["repeat"],
    )


def classes(experiment: Experiment) -> dict[TrialClass, list[Trial]]:
    """The grid by classes; sigma belongs to dsm, slices to the sliced losses."""
    grid: dict[TrialClass, list[Trial]] = {}
    for loss in experiment.losses:
        for slices in experiment.slices if loss.startswith("ssm") else (0,):
            for dimension in experiment.dimensions:
                kind = TrialClass(loss, dimension, slices)
                sigmas = experiment.sigmas if loss == "dsm" else (0.0,)
                repeats = range(experiment.repeats)
                grid[kind] = [Trial(kind, sigma, r) for r in repeats for sigma in sigmas]
    return grid
