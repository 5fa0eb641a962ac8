"""Ways to break an experiment file, or to change it without breaking it.

Each takes a valid experiment and changes one place of it; None where it has no such place.
"""

from __future__ import annotations

import copy
import random
from typing import Any, Callable, Iterator

from random_grids import named_axes, nested, rules_of
from vocabulary import Setting, vocabulary

Random = random.Random
Mutation = Callable[[dict, Random], "dict | None"]
Place = tuple[Any, Any]  # a container and the key or index of a value in it

WRONG = [True, None, "nonsense", "", -1, 0, 2.5, 1e18, [], [[]], {}, {"type": "nonsense"}, "3", [1, "a"]]


def parts(experiment: dict) -> list[dict]:
    """The experiment, its sub-grids and all their `for` rules."""
    grids = [experiment, *experiment.get("also", [])]
    return [inner for grid in grids for inner in [grid, *rules_of(grid)]]


def axes(experiment: dict) -> list[tuple[dict, str]]:
    """Every axis: the grid or zip that holds it, and its path; not `repeat`."""
    grids = [experiment, *experiment.get("also", [])]
    return [(held, path) for grid in grids for held in named_axes(grid) for path in held if path != "repeat"]


def wheres(experiment: dict) -> list[dict]:
    """Every object of conditions."""
    found = [part["where"] for part in parts(experiment) if "where" in part]
    for part in parts(experiment):
        found += [exclude["where"] for exclude in part.get("exclude", [])]
    return found


def settings_in(base: dict, prefix: str = "") -> Iterator[tuple[dict, str, str]]:
    """Every setting of a base: its object, its key and its path."""
    for key, value in base.items():
        yield base, key, prefix + key
        if isinstance(value, dict):
            yield from settings_in(value, f"{prefix}{key}.")


def places(value: Any) -> Iterator[Place]:
    """Every place of a value, however deep."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield value, key
        yield from places(inner)


def objects(value: Any) -> Iterator[dict]:
    """Every object of a value, itself too."""
    if isinstance(value, dict):
        yield value
    for container, key in places(value):
        if isinstance(container[key], dict):
            yield container[key]


def bounds_of(setting: Setting, rng: Random) -> list[float]:
    """Numbers on the ends of a setting's range, and just outside."""
    form = next((f for f in setting.schema.get("anyOf", [setting.schema]) if f.get("type") != "null"), {})
    limits = [form[key] for key in form if "imum" in key]
    if not limits:
        return [0]
    limit = rng.choice(limits)
    return [limit, limit - 1, limit + 1, limit * 2]


# The mutations


def wrong_value(experiment: dict, rng: Random) -> dict | None:
    """Some value is replaced by one of another type."""
    container, key = rng.choice(list(places(experiment)))
    container[key] = copy.deepcopy(rng.choice(WRONG))
    return experiment


def wrong_value_of_a_setting(experiment: dict, rng: Random) -> dict | None:
    """A setting of base is replaced by a value of another type."""
    base = experiment.setdefault("base", {})
    container, key, _ = rng.choice(list(settings_in(base)))
    container[key] = copy.deepcopy(rng.choice(WRONG))
    return experiment


def another_setting(experiment: dict, rng: Random) -> dict | None:
    """Base says one more setting, at the end of its range or beyond."""
    path, setting = rng.choice([(p, s) for p, s in vocabulary().items() if s.is_numeric and p != "repeat"])
    said = nested(path, rng.choice(bounds_of(setting, rng)))
    merge(experiment.setdefault("base", {}), said)
    return experiment


def merge(lower: dict, upper: dict) -> None:
    """Lays an object over another in place; a text is short for its type."""
    for key, value in upper.items():
        if isinstance(lower.get(key), str) and isinstance(value, dict):
            lower[key] = {"type": lower[key]}
        if isinstance(lower.get(key), dict) and isinstance(value, dict):
            merge(lower[key], value)
        else:
            lower[key] = value


def number_at_the_end_of_its_range(experiment: dict, rng: Random) -> dict | None:
    """An axis has a value at the end of its setting's range or beyond."""
    numeric = [(held, path) for held, path in axes(experiment) if vocabulary()[path].is_numeric]
    if not numeric:
        return None
    held, path = rng.choice(numeric)
    number = rng.choice(bounds_of(vocabulary()[path], rng))
    if isinstance(held[path], list):
        held[path][rng.randrange(len(held[path]))] = number
    else:
        held[path] = number
    return experiment


def unknown_key(experiment: dict, rng: Random) -> dict | None:
    """Some object has a key that it does not know."""
    key = rng.choice(["sigmas", "wehre", "Grid", "learning_rate", "name", "because", "type", "repeat", "not"])
    rng.choice(list(objects(experiment)))[key] = rng.choice([1, "dsm", {}])
    return experiment


def misspelt_key(experiment: dict, rng: Random) -> dict | None:
    """Some key lacks a letter."""
    keyed = [(container, key) for container, key in places(experiment) if isinstance(key, str)]
    container, key = rng.choice(keyed)
    cut = rng.randrange(len(key))
    container[key[:cut] + key[cut + 1 :]] = container.pop(key)
    return experiment


def wrong_word(experiment: dict, rng: Random) -> dict | None:
    """Some text is another one."""
    texts = [(container, key) for container, key in places(experiment) if isinstance(container[key], str)]
    container, key = rng.choice(texts)
    container[key] = rng.choice([container[key].upper(), "nonsense", "adam", "relu", "unit-sphere", "csv"])
    return experiment


def missing_key(experiment: dict, rng: Random) -> dict | None:
    """Some object lacks a key."""
    keyed = [(container, key) for container, key in places(experiment) if isinstance(key, str)]
    container, key = rng.choice(keyed)
    del container[key]
    return experiment


def missing_part(experiment: dict, rng: Random) -> dict | None:
    """The file, a rule, an exclude or a metric lacks a key that it needs."""
    holders = [part for part in parts(experiment) if "where" in part]
    holders += [exclude for part in parts(experiment) for exclude in part.get("exclude", [])]
    if holders and rng.random() < 0.6:
        del rng.choice(holders)["where"]
        return experiment
    for key in rng.choice([["name"], ["grid", "zip", "also"]]):
        experiment.pop(key, None)
    return experiment


def bad_generator(experiment: dict, rng: Random) -> dict | None:
    """A numeric axis is made by a rule that cannot be, or can just be."""
    numeric = [(held, path) for held, path in axes(experiment) if vocabulary()[path].is_numeric]
    if not numeric:
        return None
    held, path = rng.choice(numeric)
    rule = copy.deepcopy(
        rng.choice(
            [
                {"linear": [1, 2]}, {"linear": [1, 2, 1]}, {"linear": [1, 2, 2.5]}, {"linear": [1, 2, 2]},
                {"linear": [1, "2", 3]}, {"linear": 3}, {"linear": [1, 2, 3], "powers": [2, 1, 2]}, {},
                {"geometric": [0, 2, 3]}, {"geometric": [-1, 2, 3]}, {"geometric": [1, 4, 3]},
                {"geometric": [2, 1, 0]}, {"logspace": [1, 2, 3]}, {"powers": [0, 1, 2]},
                {"powers": [2, 0.5, 2]}, {"powers": [2, 0, 1]}, {"powers": [2, 0, 1001]}, {"powers": [-2, 1, 2]},
                {"range": [1, 2, 0]}, {"range": [1, 4, 1]}, {"range": [4, 1, -1]}, {"range": [1, 4]},
                {"range": [1, 4, "1"]}, {"range": [1, 1, 1]},
            ]
        )
    )  # fmt: skip
    held[path] = rule if rng.random() < 0.5 else [rule, rule]
    return experiment


def empty(experiment: dict, rng: Random) -> dict | None:
    """A list or an object has nothing in it."""
    containers = [(c, k) for c, k in places(experiment) if isinstance(c[k], (list, dict))]
    container, key = rng.choice(containers)
    container[key] = [] if isinstance(container[key], list) else {}
    return experiment


def repeats(experiment: dict, rng: Random) -> dict | None:
    """`repeat` is no count, or stands where it cannot."""
    count = rng.choice([0, -1, 2.5, "3", [1, 2], None, 2, 1, {"linear": [1, 2, 2]}, 1_000_001])
    rng.choice([part for part in parts(experiment)]).setdefault("grid", {})["repeat"] = count
    return experiment


def value_twice(experiment: dict, rng: Random) -> dict | None:
    """An axis lists a value twice, which is allowed, but for zips of other lengths."""
    lists = [(held, path) for held, path in axes(experiment) if isinstance(held[path], list)]
    if not lists:
        return None
    held, path = rng.choice(lists)
    held[path].append(copy.deepcopy(held[path][0]))
    return experiment


def bare_value(experiment: dict, rng: Random) -> dict | None:
    """An axis has its first value alone; a list of settings that are lists becomes one of them."""
    lists = [(held, path) for held, path in axes(experiment) if isinstance(held[path], list)]
    if not lists:
        return None
    held, path = rng.choice(lists)
    held[path] = held[path][0]
    return experiment


def bad_condition(experiment: dict, rng: Random) -> dict | None:
    """A condition asks for something that cannot be, or can just be."""
    if not wheres(experiment):
        return None
    where = rng.choice(wheres(experiment))
    path = rng.choice(list(where) + ["dimension", "loss", "sigmma", "repeat"])
    where[path] = copy.deepcopy(
        rng.choice(
            [
                {"above": 1}, {"above": "1"}, {"at_least": 1, "at_most": 3}, {"over": 1}, {"above": "dimension"},
                {"below": "loss"}, {"above": True}, {}, {"not": []}, {"not": 1}, {"not": {"not": 1}}, [],
                {"not": ["dsm", "ssm"]}, "dsm", ["dsm", "ism"], ["dsm", "dms"], None, {"above": 1, "not": 3},
            ]
        )
    )  # fmt: skip
    return experiment


def bad_zip(experiment: dict, rng: Random) -> dict | None:
    """A zip of one axis, of axes of other lengths, or with a bad name."""
    zips = [part["zip"] for part in parts(experiment) if "zip" in part]
    if not zips:
        return None
    chosen = rng.choice(zips)
    name = rng.choice(list(chosen))
    way = rng.randrange(4)
    if way == 0:
        chosen[name].popitem()
    elif way == 1:
        chosen[rng.choice(["two words", "", "-x", "x" * 101, "fine"])] = chosen.pop(name)
    elif way == 2:
        chosen[name]["repeat"] = 3
    else:
        path, values = rng.choice(list(chosen[name].items()))
        values.append(values[0])
    return experiment


def one_axis_twice(experiment: dict, rng: Random) -> dict | None:
    """A zip and the grid set the same thing."""
    held, path = rng.choice(axes(experiment))
    experiment.setdefault("grid", {})[path] = copy.deepcopy(held[path])
    experiment["zip"] = {"pair": {path: copy.deepcopy(held[path]), "precision": ["float32"]}}
    return experiment


def metrics(experiment: dict, rng: Random) -> dict | None:
    """Metrics that do not exist, lack their type, or say what they do not have."""
    experiment["metrics"] = copy.deepcopy(
        rng.choice(
            [
                "fisher_divergence", ["fisher"], [{"type": "fisher_divergence"}], [{"sigma": 1}], [{}], [[]],
                [{"type": "fisher_divergence", "sigma": 1}], [{"type": "tweedie_mse", "sigma": 0}], [],
                ["fisher_divergence", "fisher_divergence"], [{"type": "tweedie_mse"}, "bayes_mse"], [3],
            ]
        )
    )  # fmt: skip
    return experiment


def tables(experiment: dict, rng: Random) -> dict | None:
    """A table with something missing, unknown or of the wrong type."""
    if len(axes(experiment)) < 2:
        return None
    (_, rows), (_, columns) = rng.sample(axes(experiment), 2)
    table = {"name": "t", "rows": rows, "columns": columns, "value": "seconds"}
    key, value = rng.choice(
        [
            ("name", "two words"), ("rows", 3), ("value", ["seconds"]), ("best", "first"), ("color", "red"),
            ("statistic", "mode"), ("title", None), ("select", {"over": []}), ("select", {"by": "seconds"}),
            ("select", {"over": [3], "by": "seconds"}), ("where", {}), ("where", {"los": "dsm"}), ("best", "lowest"),
        ]
    )  # fmt: skip
    table[key] = value
    if rng.random() < 0.2:
        del table[rng.choice(list(table))]
    experiment["tables"] = [table]
    return experiment


def header(experiment: dict, rng: Random) -> dict | None:
    """The keys at the top that are no grids."""
    key, value = rng.choice(
        [
            ("name", "two words"), ("name", ".hidden"), ("name", 3), ("name", "x" * 100), ("name", "x" * 101),
            ("title", 3), ("title", ""), ("seed", -1), ("seed", 2.5), ("seed", 2**53), ("seed", 2**53 - 1),
            ("seed", "1"), ("include", 3), ("include", []), ("include", [3]), ("$schema", 3), ("base", []),
            ("exclude", {}), ("exclude", []), ("also", {}), ("for", "x"), ("zip", []), ("metrics", None),
            ("also", [{}]), ("also", [{"name": "x"}]), ("for", [{"where": {"loss": "dsm"}}]), ("tables", []),
        ]
    )  # fmt: skip
    experiment[key] = value
    return experiment


def clash(experiment: dict, rng: Random) -> dict | None:
    """Base names what has no meaning beside some losses or models, or what needs more to be said."""
    said = [
        {"model": {"activation": "relu"}},
        {"model": {"type": "energy-mlp", "activation": "relu"}},
        {"projection": "unit-sphere", "loss": "ssm-vr"},
        {"loss": "fd-ssm"},
        {"loss": "fd-dsm", "epsilon": 1e-6, "model": {"type": "energy-mlp"}},
        {"data": {"type": "csv", "path": "a.csv"}, "loss": "esm"},
        {"data": {"type": "csv"}},
        {"fit": "closed-form"},
        {"fit": "closed-form", "model": {"type": "exponential-family", "statistics": ["x", "x"]}},
        {"loss": "generalized-ism"},
        {"loss": "rm"},
        {"loss": "pl", "data": "boltzmann-machine", "dimension": 21},
        {"loss": "fsm"},
        {"training": {"early_stopping": {"metric": "validation_fisher_divergence"}}},
    ]
    merge(experiment.setdefault("base", {}), copy.deepcopy(rng.choice(said)))
    return experiment


MUTATIONS: list[Mutation] = [
    wrong_value, wrong_value_of_a_setting, another_setting, number_at_the_end_of_its_range, unknown_key,
    misspelt_key, wrong_word, missing_key, missing_part, bad_generator, empty, repeats, value_twice,
    bare_value, bad_condition, bad_zip, one_axis_twice, metrics, tables, header, clash,
]  # fmt: skip


def mutated(experiment: dict, rng: Random) -> tuple[str, dict]:
    """An experiment with one change, and the name of the change."""
    while True:
        mutation = rng.choice(MUTATIONS)
        if (changed := mutation(copy.deepcopy(experiment), rng)) is not None:
            return mutation.__name__, changed
