"""Random experiments over the whole grid language, valid ones, from a seed.

Axes, zips, `for`, `exclude` and `also` are put together at random from the settings that the schema names;
the interpreter of expand.py then tells whether each part says something about some trial, and an
experiment where one does not is thrown away.
"""

from __future__ import annotations

import math
import random
from itertools import islice
from typing import Any, Iterable

from expand import as_object, combinations, expand, factors, leaf_paths, normal, sub_grids
from vocabulary import Setting, vocabulary

# Values with which other settings clash; mutations try them.
CLASHING = {
    "relu", "unit-sphere", "csv", "validation_fisher_divergence", "fd-ssm", "fd-dsm", "importance",
    "ncsn", "dsm-ve", "dsm-vp", "dsm-subvp", "noise-conditional-score-mlp", "noise-conditional-energy-mlp",
    "generalized-ism", "closed-form", "exponential-family", "cp", "approx-bp", "ml", "mixture", "gauss-hermite",
    "rm", "pl", "mpf", "nce", "fsm", "kde-spsa", "boltzmann-machine", "rbm", "ica",
    "mala", "hmc", "annealed-langevin", "predictor-corrector", "probability-flow", "likelihood",
}  # fmt: skip
# Settings that clash by their numbers or need a file.
LEFT_OUT = {
    "model.residual", "data.means", "data.weights", "data.offset", "data.drop_columns", "data.drop_indices", "support", "ascent",
}  # fmt: skip
# Combinations of a random experiment, at most.
LARGEST = 150
CORE = ["loss", "sigma", "slices", "dimension", "projection", "model", "training.optimizer"]
DATA = ["gaussian", "gaussian-mixture", "student-t", "eight-gaussians", "two-moons", "rings"]


class Unusable(Exception):
    """A random experiment in which something says nothing."""


class RandomGrids:
    """A source of random experiments."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.settings = vocabulary()

    # Values

    def value(self, path: str) -> Any:
        """A value that a setting may have."""
        setting = self.settings[path]
        if setting.is_optional and self.random.random() < 0.3:
            return None
        if setting.is_variant:
            return self.variant(setting)
        if setting.is_object:
            return self.members(setting.members, path)
        return self.plain(self.form(setting.schema), path)

    def form(self, schema: dict) -> dict:
        """One of the alternatives of a schema, not null."""
        forms = [form for form in schema.get("anyOf", [schema]) if form.get("type") != "null"]
        return self.random.choice(forms)

    def plain(self, schema: dict, path: str) -> Any:
        """A value that a schema without references takes."""
        if "oneOf" in schema:
            names = [choice["const"] for choice in schema["oneOf"]]
            if path == "data.type":
                names = DATA
            return self.random.choice([name for name in names if name not in CLASHING])
        kind = schema["type"]
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "string":
            return self.random.choice(["a", "b.csv", "some words"])
        if kind == "array":
            least = max(1, schema.get("minItems", 0))
            count = self.random.randint(least, max(least, min(3, schema.get("maxItems", 3))))
            return [self.plain(schema["items"], path) for _ in range(count)]
        if kind == "integer":
            lower = int(schema["minimum"])
            return self.random.randint(max(lower, 1), int(min(schema["maximum"], max(lower, 1) + 40)))
        upper = min(schema.get("maximum", schema.get("exclusiveMaximum", 4.0)), 4.0)
        lower = max(schema.get("minimum", schema.get("exclusiveMinimum", -4.0)), -4.0)
        return float(f"{lower + (upper - lower) * self.random.uniform(0.05, 0.95):.3g}")

    def variant(self, setting: Setting) -> Any:
        """A variant, by its name alone or with some of its settings."""
        name = self.plain(self.form(self.settings[f"{setting.path}.type"].schema), f"{setting.path}.type")
        if self.random.random() < 0.5:
            return name
        own = [
            member
            for member in setting.members
            if name in (self.settings[f"{setting.path}.{member}"].requirement or ("", []))[1]
        ]
        return {"type": name, **self.members(own, setting.path)}

    def members(self, names: list[str], path: str) -> dict:
        """An object with some of its members."""
        names = [name for name in names if f"{path}.{name}" not in LEFT_OUT]
        chosen = self.random.sample(names, min(len(names), self.random.randint(0, 2)))
        return {name: self.value(f"{path}.{name}") for name in chosen}

    # Axes

    def generator(self, setting: Setting) -> dict:
        """A rule that makes values in the range of a setting, few of them."""
        form = self.form(setting.schema)
        a, b = (float(self.plain(form, setting.path)) for _ in range(2))
        name = self.random.choice(["linear", "geometric", "powers", "range"])
        if setting.is_whole:
            a, b = int(a), int(b)
        if name == "range" and a != b:
            step = float(f"{(b - a) / self.random.choice([2, 3]):.3g}")
            return {"range": [a, b, round(step) or (1 if b > a else -1) if setting.is_whole else step]}
        if name == "powers" and form.get("maximum", form.get("exclusiveMaximum", 4)) >= 4:
            first = self.random.randint(0, 2)
            return {"powers": [2, first, self.random.randint(0, 2)]}
        if name == "geometric" and a * b > 0:
            return {"geometric": [a, b, self.random.randint(2, 3)]}
        return {"linear": [a, b, self.random.randint(2, 3)]}

    def axis(self, path: str, count: int | None = None) -> Any:
        """Values of an axis: one, a list, a generator, or a list with generators; or so many."""
        setting = self.settings[path]
        if count is not None:
            return [self.value(path) for _ in range(count)]
        if setting.is_numeric and self.random.random() < 0.3:
            generator = self.generator(setting)
            return generator if self.random.random() < 0.5 else [self.value(path), generator]
        if setting.is_list:
            return [self.value(path) or [] for _ in range(self.random.randint(1, 2))]
        if self.random.random() < 0.15:
            return self.value(path)
        return [self.value(path) for _ in range(self.random.randint(1, 3))]

    def paths(self, count: int, taken: list[str]) -> list[str]:
        """So many settings of which none contains another or one that is taken."""
        chosen: list[str] = []
        possible = [path for path in self.settings if path not in LEFT_OUT | {"repeat", "training"}]
        while len(chosen) < count:
            path = self.random.choice(CORE if self.random.random() < 0.6 else possible)
            others = taken + chosen
            if path.startswith("data.") and path.split(".")[1] in ("path", "separator", "header"):
                continue
            if not any(overlap(path, other) for other in others):
                chosen.append(path)
        return chosen

    def grid(self, count: int, taken: list[str], repeats: bool) -> dict:
        """So many axes, perhaps with repeats."""
        paths = self.paths(count, taken)
        taken += paths
        grid = {path: self.axis(path) for path in paths}
        if repeats and self.random.random() < 0.3:
            grid["repeat"] = self.random.randint(1, 3)
        return grid

    def zip(self, taken: list[str]) -> dict:
        """One or two groups of axes that vary together."""
        groups = {}
        for number in range(self.random.choice([1, 1, 2])):
            count = self.random.randint(1, 3)
            paths = [path for path in self.paths(2, taken) if not self.settings[path].is_list]
            taken += paths
            if len(paths) == 2:
                groups[f"pair-{number}"] = {path: self.axis(path, count) for path in paths}
        return groups

    # Conditions

    def where(self, axes: list[str]) -> dict:
        """Conditions on one or two axes."""
        chosen = self.random.sample(axes, min(len(axes), self.random.randint(1, 2)))
        return {path: self.test(path, axes) for path in chosen}

    def test(self, path: str, axes: list[str]) -> Any:
        """A test of one setting."""
        setting = self.settings[path]
        if setting.is_numeric and self.random.random() < 0.7:
            numeric = [other for other in axes if self.settings[other].is_numeric and other != path]
            if numeric and self.random.random() < 0.3:
                return {self.random.choice(["above", "at_most"]): self.random.choice(numeric)}
            bound = self.plain(self.form(setting.schema), path)
            return {self.random.choice(["above", "below", "at_least", "at_most"]): bound}
        if setting.is_variant:
            wanted = as_object(self.value(path) or "none")["type"]
            return wanted if wanted != "none" else {"not": self.variant(setting)}
        wanted = self.value(path)
        if not setting.is_list and self.random.random() < 0.4:
            wanted = [wanted, self.value(path)]
        return {"not": wanted} if self.random.random() < 0.3 else wanted

    # Sub-grids

    def rule(self, axes: list[str], taken: list[str], depth: int) -> dict:
        """One entry of `for`."""
        rule: dict = {"where": self.where(axes)}
        if self.random.random() < 0.15:
            rule["where"]["repeat"] = 0  # the one that all grids have
        if self.random.random() < 0.7:
            rule["grid"] = self.grid(1, taken, repeats=False)
        if "grid" not in rule or self.random.random() < 0.3:
            path = self.paths(1, taken)[0]
            rule["base"] = nested(path, self.value(path))
            taken.append(path)
        if depth > 0 and self.random.random() < 0.4:
            rule["for"] = [self.rule(axes + list(rule.get("grid", {})), taken, depth - 1)]
        return rule

    def part(self, wanted: set[str]) -> dict:
        """A grid with the keys that are wanted besides."""
        taken: list[str] = []
        part: dict = {"grid": self.grid(self.random.randint(1, 3), taken, repeats=True)}
        if "zip" in wanted and (zipped := self.zip(taken)):
            part["zip"] = zipped
            if self.random.random() < 0.3:
                del part["grid"]
        axes = [path for path in part.get("grid", {}) if path != "repeat"]
        axes += [path for group in part.get("zip", {}).values() for path in group]
        if "for" in wanted:
            part["for"] = [self.rule(axes, taken, 1) for _ in range(self.random.choice([1, 1, 2]))]
        if "exclude" in wanted:
            part["exclude"] = [{"where": self.where(axes)}]
        return part

    def sub_grid(self) -> dict:
        """One entry of `also`."""
        part = self.part(self.some(["zip", "for", "exclude"], 0.2))
        if self.random.random() < 0.4:
            part["name"] = f"more-{self.random.randint(0, 99)}"
        if self.random.random() < 0.4:
            path = self.paths(1, list(part.get("grid", {})))[0]
            part["base"] = nested(path, self.value(path))
        return part

    def some(self, keys: Iterable[str], chance: float) -> set[str]:
        """Each of some keys with a chance."""
        return {key for key in keys if self.random.random() < chance}

    def attempt(self, wanted: set[str]) -> dict:
        """An experiment with the keys that are wanted, which may be unusable."""
        dimension = {"dimension": self.random.randint(2, 9)} if self.random.random() < 0.3 else {}
        data = {"type": self.random.choice(DATA), **({"train": 300} if self.random.random() < 0.5 else {})}
        experiment: dict = {"name": f"random-{self.random.randint(0, 999)}"}
        if self.random.random() < 0.5:
            experiment["seed"] = self.random.randint(0, 2**53 - 1)
        experiment["base"] = {"data": data, **dimension}
        if self.random.random() < 0.4:
            experiment["base"]["training"] = {"steps": self.random.randint(1, 500)}
        experiment.update(self.part(wanted))
        if "also" in wanted:
            experiment["also"] = [self.sub_grid() for _ in range(self.random.choice([1, 1, 2]))]
        if self.random.random() < 0.5:
            experiment["metrics"] = self.random.choice(METRICS)
        check(experiment)
        return experiment

    def experiment(self, keys: tuple[str, ...] = ("zip", "for", "exclude", "also")) -> dict:
        """An experiment in which every part says something, with some of the keys besides."""
        wanted = self.some(keys, 0.35)
        while True:
            try:
                experiment = self.attempt(wanted)
            except Unusable:
                continue
            if is_small(experiment):
                return experiment


def is_small(experiment: dict) -> bool:
    """Whether an experiment has few combinations: the interpreter completes each by itself."""
    found = (one for part, layers, repeats, _ in sub_grids(experiment) for one in combinations(part, layers, repeats))
    return sum(1 for _ in islice(found, LARGEST + 1)) <= LARGEST


METRICS = [
    ["fisher_divergence"],
    ["implicit_score_matching", {"type": "tweedie_mse", "sigma": 0.3}],
    [{"type": "fisher_divergence"}, "half_fisher_information"],
]


def overlap(one: str, other: str) -> bool:
    """Whether two paths are the same or one contains the other."""
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def nested(path: str, value: Any) -> dict:
    """An object that says one value at a path."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def named_axes(part: dict) -> list[dict]:
    """The grids and zips of a part and of its `for` rules."""
    found = [part["grid"]] if "grid" in part else []
    found += part.get("zip", {}).values()
    for rule in part.get("for", []):
        found += named_axes(rule)
    return found


def said_paths(path: str, value: Any) -> list[str]:
    """The settings that a value at a path says something of."""
    value = normal(value, vocabulary().get(path))
    if not isinstance(value, dict):
        return [path]
    return [inner for inner, _ in leaf_paths(value, f"{path}." if path else "")]


def rules_of(part: dict) -> list[dict]:
    """The `for` rules of a part, nested ones too."""
    rules = part.get("for", [])
    return rules + [inner for rule in rules for inner in rules_of(rule)]


def own_paths(part: dict) -> list[str]:
    """The settings that a part's own grid and zips say something of."""
    found = []
    for axes in [part.get("grid", {}), *part.get("zip", {}).values()]:
        for path, values in axes.items():
            found.append(path)
            if not vocabulary()[path].is_numeric:
                elements = values if isinstance(values, list) else [values]
                found += [inner for value in elements for inner in said_paths(path, value)]
    return found


def check(experiment: dict, limit: int = 150) -> None:
    """Throws an experiment away in which something says nothing, or which is large."""
    everywhere: set[str] = set()
    for part, layers, repeats, _ in sub_grids(experiment):
        if math.prod(len(factor) for factor in factors(part)) * repeats > limit:
            raise Unusable
        # What applies to the combinations of the grid, and to those of each of its rules.
        applicable: dict[int, set[str]] = {id(holder): set() for holder in [part, *rules_of(part)]}
        for number, combination in enumerate(combinations(part, layers, repeats)):
            complete = combination.completion
            if number > limit or complete.missing:
                raise Unusable
            for holder in [part, *combination.held]:
                applicable[id(holder)] |= complete.applicable
        for holder in [part, *rules_of(part)]:
            said = own_paths(holder)
            if holder is not experiment:
                said += said_paths("", holder.get("base", {}))
            if not applicable[id(holder)] or not applicable[id(holder)].issuperset(said):
                raise Unusable
        everywhere |= applicable[id(part)]
    if not everywhere.issuperset(said_paths("", experiment.get("base", {}))) or not expand(experiment):
        raise Unusable
