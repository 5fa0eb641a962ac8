"""An interpreter of the grid language of its own, to hold the program's planner against.

It goes the slow and plain way: every combination of every sub-grid is written out, its settings are
completed with defaults, and a set tells which trials are the same. It shares nothing with the planner but
the schema, from which it reads the settings, their defaults and when they apply.
"""

from __future__ import annotations

import copy
import itertools
import json
import math
from pathlib import Path
from typing import Any, Iterator, NamedTuple

from vocabulary import Setting, strip_comments, vocabulary

Trial = frozenset  # of (path, canonical text of the value)


def text_of(value: Any) -> str:
    """One text for equal values, whatever the last digits of generated numbers."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return f"{float(value):.10g}"
    if isinstance(value, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    members = sorted(value.items())
    return "{" + ",".join(f"{json.dumps(key)}:{text_of(inner)}" for key, inner in members) + "}"


# Objects laid over each other


def as_object(value: Any) -> Any:
    """A text where an object can stand is short for its type."""
    return {"type": value} if isinstance(value, str) else value


def overlaid(lower: Any, upper: Any) -> Any:
    """What the upper value says, and where it says nothing what the lower one says."""
    lower = as_object(lower)
    if not isinstance(upper, dict) or not isinstance(lower, dict):
        return copy.deepcopy(upper)
    result = dict(lower)
    for key, value in upper.items():
        result[key] = overlaid(lower[key], value) if key in lower else copy.deepcopy(value)
    return result


def normal(value: Any, setting: Setting | None) -> Any:
    """A value with the short forms of variants written out, all the way down."""
    settings = vocabulary()
    if setting is not None and setting.is_variant:
        value = as_object(value)
    if isinstance(value, dict):
        prefix = f"{setting.path}." if setting else ""
        return {key: normal(inner, settings.get(prefix + key)) for key, inner in value.items()}
    return value


def put(settings: dict, path: str, value: Any) -> None:
    """Lays a value over what stands at a path, unless "none" stands on the way."""
    *parents, name = path.split(".")
    for parent in parents:
        settings = settings.setdefault(parent, {})
        if settings is None:
            return
    settings[name] = overlaid(settings[name], value) if name in settings else copy.deepcopy(value)


def at(settings: Any, path: str) -> Any:
    """What stands at a path; KeyError where nothing does."""
    for name in path.split("."):
        settings = settings[name] if isinstance(settings, dict) else {}[name]
    return settings


# Complete settings

NOTHING = object()  # neither said nor a default


class Completion:
    """All settings of one combination: those that apply, with defaults where nothing is said."""

    def __init__(self, said: dict) -> None:
        self.said = said
        self.leaves: dict[str, Any] = {}
        self.applicable: set[str] = set()
        self.missing: list[str] = []
        self.known: dict[str, bool] = {}
        self.values: dict[str, Any] = {}
        for path in vocabulary():
            if self.applies(path):
                self.applicable.add(path)
                self.complete(path)

    def complete(self, path: str) -> None:
        """Notes the value of a setting that is no object, or "none"."""
        setting = vocabulary()[path]
        if setting.is_object and not setting.is_variant and self.value(path) is not None:
            return
        if setting.is_variant and self.value(path) is not None:
            return  # its type is a setting of its own
        value = self.value(path)
        if value is NOTHING:
            self.missing.append(path)
        else:
            self.leaves[path] = value

    def value(self, path: str) -> Any:
        """What is said of a setting that applies, else its default."""
        if path not in self.values:
            self.values[path] = self.found(path)
        return self.values[path]

    def found(self, path: str) -> Any:
        """The same, looked up."""
        setting = vocabulary()[path]
        try:
            return at(self.said, path)
        except KeyError:
            pass
        if path.endswith(".type") and vocabulary()[path[:-5]].is_variant:
            parent = vocabulary()[path[:-5]]
            default = parent.schema.get("default")
            if default is None and parent.requirement and parent.defaults:
                default = parent.defaults[self.type_of(parent.requirement[0])]
            return NOTHING if default is None else as_object(default)["type"]
        if "default" in setting.schema:
            return setting.schema["default"]
        if setting.requirement and setting.defaults:
            return setting.defaults[self.type_of(setting.requirement[0])]
        return {} if setting.is_object and not setting.is_variant else NOTHING

    def type_of(self, path: str) -> Any:
        """The variant that a setting names."""
        if vocabulary()[path].is_variant:
            return self.value(f"{path}.type")
        return self.value(path)

    def applies(self, path: str) -> bool:
        """Whether a trial has the setting."""
        if path not in self.known:
            self.known[path] = self.has_parents(path) and self.meets_requirement(path)
        return self.known[path]

    def has_parents(self, path: str) -> bool:
        """Whether a trial has what the setting stands in."""
        if "." not in path:
            return True
        parent = path.rsplit(".", 1)[0]
        return self.applies(parent) and self.value(parent) is not None

    def meets_requirement(self, path: str) -> bool:
        """Whether the variant is named that brings the setting."""
        requirement = vocabulary()[path].requirement
        if requirement is None or path.endswith(".type"):
            return True
        decisive, names = requirement
        if not self.applies(decisive):
            return False
        return self.type_of(decisive) in names if names else self.value(decisive) is not None

    @property
    def trial(self) -> Trial:
        """The trial, to be compared."""
        return Trial((path, text_of(value)) for path, value in self.leaves.items())


# Axes


def generated(rule: dict, is_whole: bool) -> list[float]:
    """The values of a generator."""
    ((name, (a, b, c)),) = rule.items()
    if name == "linear":
        values = [a + (b - a) * step / (c - 1) for step in range(int(c))]
    elif name == "geometric":
        values = [a * (b / a) ** (step / (c - 1)) for step in range(int(c))]
    elif name == "powers":
        first, last = int(b), int(c)
        step = 1 if first <= last else -1
        values = [float(a) ** exponent for exponent in range(first, last + step, step)]
    else:
        assert name == "range", name
        count = math.floor((b - a) / c + 1e-9) + 1
        values = [a + c * step for step in range(count)]
    return [math.floor(value + 0.5) if is_whole else value for value in values]


def axis_values(path: str, said: Any) -> list[Any]:
    """The values of an axis as often as they are written."""
    setting = vocabulary()[path]
    elements = said if isinstance(said, list) else [said]
    values = []
    for element in elements:
        if isinstance(element, dict) and setting.is_numeric:
            values += generated(element, setting.is_whole)
        else:
            values.append(normal(element, setting))
    return values


# A factor is a list of rows, a row a list of (path, value).
Row = list[tuple[str, Any]]


def factors(part: dict) -> list[list[Row]]:
    """The factors of a grid and its zips, without `repeat`."""
    found = []
    for path, said in part.get("grid", {}).items():
        if path != "repeat":
            found.append([[(path, value)] for value in axis_values(path, said)])
    for axes in part.get("zip", {}).values():
        columns = [[(path, value) for value in axis_values(path, said)] for path, said in axes.items()]
        assert len({len(column) for column in columns}) == 1, "zipped axes of different lengths"
        found.append([list(row) for row in zip(*columns)])
    return found


def settings_of(layers: list[dict], rows: Row) -> dict:
    """What layers and axes say together, the more specific axis over the other."""
    said: dict = {}
    for layer in layers:
        said = overlaid(said, normal(layer, None))
    for path, value in sorted(rows, key=lambda pair: pair[0].count(".")):
        put(said, path, value)
    return said


# Conditions


def meets(where: dict, trial: Completion) -> bool:
    """Whether complete settings meet all conditions."""
    return all(meets_test(path, test, trial) for path, test in where.items())


def meets_test(path: str, test: Any, trial: Completion) -> bool:
    """Whether complete settings meet one condition."""
    if not any(path == known or known.startswith(path + ".") for known in trial.leaves):
        return False
    value = known_value(trial, path)
    setting = vocabulary()[path]
    if isinstance(test, dict) and set(test) == {"not"}:
        return not among(test["not"], value, setting)
    if isinstance(test, dict) and setting.is_numeric:
        return all(within(name, bound, value, trial) for name, bound in test.items())
    return among(test, value, setting)


def known_value(trial: Completion, path: str) -> Any:
    """The complete value of a setting, objects put together again."""
    if path in trial.leaves:
        return trial.leaves[path]
    return {
        known[len(path) + 1 :]: value
        for known, value in trial.leaves.items()
        if known.startswith(path + ".")
    }


def among(wanted: Any, value: Any, setting: Setting) -> bool:
    """Whether a value is the one that is wanted, or one of a list."""
    several = isinstance(wanted, list)
    if several and setting.is_list and not any(isinstance(one, list) for one in wanted):
        several = False
    return any(covers(one, value, setting) for one in (wanted if several else [wanted]))


def covers(wanted: Any, value: Any, setting: Setting) -> bool:
    """Whether a value says all that is wanted."""
    wanted = normal(wanted, setting)
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            return False
        flat = dict(leaf_paths(wanted))
        return all(path in value and text_of(value[path]) == text_of(said) for path, said in flat.items())
    return text_of(wanted) == text_of(value)


def leaf_paths(value: dict, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The members of an object that are no objects, by dotted path."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from leaf_paths(inner, f"{prefix}{key}.")
        else:
            yield prefix + key, inner


def within(name: str, bound: Any, value: Any, trial: Completion) -> bool:
    """Whether a number keeps a bound, itself a number or another setting."""
    if isinstance(bound, str):
        bound = trial.leaves.get(bound)
    if not isinstance(value, (int, float)) or not isinstance(bound, (int, float)):
        return False
    return {
        "above": value > bound,
        "below": value < bound,
        "at_least": value >= bound,
        "at_most": value <= bound,
    }[name]


# Sub-grids


class Combination(NamedTuple):
    """What layers and axes say together, and the `for` rules that held on the way."""

    layers: list[dict]
    rows: Row
    held: list[dict]

    @property
    def completion(self) -> Completion:
        """All settings."""
        return Completion(settings_of(self.layers, self.rows))


def refined(combination: Combination, rules: list[dict]) -> Iterator[Combination]:
    """The ways to go on from a combination: through all rules that it meets, and through theirs."""
    trial = combination.completion if rules else None
    holding = [rule for rule in rules if trial and meets(rule["where"], trial)]
    if not holding:
        yield combination
        return
    layers = combination.layers + [rule["base"] for rule in holding if "base" in rule]
    for choice in itertools.product(*(factor for rule in holding for factor in factors(rule))):
        rows = combination.rows + [pair for row in choice for pair in row]
        inner = [nested for rule in holding for nested in rule.get("for", [])]
        yield from refined(Combination(layers, rows, combination.held + holding), inner)


def combinations(part: dict, layers: list[dict], repeats: int) -> Iterator[Combination]:
    """The combinations of one sub-grid, excluded ones too."""
    for choice in itertools.product(*factors(part)):
        for repeat in range(repeats):
            rows = [("repeat", repeat), *(pair for row in choice for pair in row)]
            yield from refined(Combination(layers, rows, []), part.get("for", []))


class SubGrid(NamedTuple):
    """The grid at the top, or one of `also`."""

    part: dict
    layers: list[dict]
    repeats: int
    excludes: list[dict]


def sub_grids(experiment: dict) -> Iterator[SubGrid]:
    """The grid of an experiment and those of `also`."""
    base = experiment.get("base", {})
    repeats = int(experiment.get("grid", {}).get("repeat", 1))
    excludes = experiment.get("exclude", [])
    if "grid" in experiment or "zip" in experiment:
        yield SubGrid(experiment, [base], repeats, excludes)
    for part in experiment.get("also", []):
        own_repeats = int(part.get("grid", {}).get("repeat", repeats))
        layers = [base] + ([part["base"]] if "base" in part else [])
        yield SubGrid(part, layers, own_repeats, excludes + part.get("exclude", []))


def read(file: Path) -> dict:
    """An experiment file, with what it includes merged in."""
    experiment = json.loads(strip_comments(file.read_text()))
    included = experiment.get("include", [])
    base: dict = {}
    for name in [included] if isinstance(included, str) else included:
        part = read(file.parent / name)
        base = overlaid(base, normal(part.get("base", {}), None))
        for key in ("seed", "metrics"):
            if key in part and key not in experiment:
                experiment[key] = part[key]
    experiment["base"] = overlaid(base, normal(experiment.get("base", {}), None))
    return experiment


def expand(experiment: dict) -> set[Trial]:
    """The trials of an experiment, each once."""
    trials = set()
    for part, layers, repeats, excludes in sub_grids(experiment):
        for combination in combinations(part, layers, repeats):
            complete = combination.completion
            if not any(meets(exclude["where"], complete) for exclude in excludes):
                trials.add(complete.trial)
    return trials


def planned(plan: dict) -> set[Trial]:
    """The trials of `scoresweep plan --json`, in the same form."""
    return {
        Trial((path, text_of(value)) for path, value in leaf_paths(normal(trial["settings"], None)))
        for trial in plan["trials"]
    }
