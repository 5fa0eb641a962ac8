"""Ids of trials, computed by the rule of experiments/identity.md and nothing else.

What a trial sets comes from `scoresweep plan --json`, the frozen defaults from `scoresweep schema --defaults`; which
settings are written, their canonical text and the hash are this file's own. SCORESWEEP names the program.
"""

import hashlib
import json
import math
import os
import random
import re
import struct
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

PROGRAM = os.environ.get("SCORESWEEP", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"
FILES = sorted(
    str(path.relative_to(EXPERIMENTS))
    for path in [*EXPERIMENTS.glob("*.json"), *EXPERIMENTS.glob("examples/*.json")]
    if not path.name.endswith(".schema.json")
)


def said(*arguments):
    command = [os.path.abspath(PROGRAM), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# The canonical text.


def canonical(value):
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode())
        return "{" + ",".join(f"{text(name)}:{canonical(inner)}" for name, inner in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return number(float(value))


def number(value):
    if value == int(value) and abs(value) < 2**53:
        return str(int(value))
    if abs(value) <= 2**53:
        return repr(value)
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first, *others = map(str, digits)
    sign, point = "-" if value < 0 else "", "." if others else ""
    return f"{sign}{first}{point}{''.join(others)}e+{exponent + len(others):02}"


def text(value):
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(short.get(c, f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'


# Which settings are written.


def at(settings, path):
    """The value at a dotted path, None where there is none."""
    for name in path.split("."):
        if not isinstance(settings, dict) or name not in settings:
            return None
        settings = settings[name]
    return settings


class Rule:
    def __init__(self, table):
        self.version = table["version"]
        self.rows = {}
        for row in table["defaults"]:
            self.rows.setdefault(row["path"], []).append(row)

    def row(self, path, settings):
        for row in self.rows.get(path, []):
            if all(at(settings, place) == name for place, name in row["when"].items()):
                return row
        return None

    def written(self, value, path, settings):
        """What is written of a value, nothing ([]) or the value in a list."""
        row = self.row(path, settings)
        if not isinstance(value, dict):
            assert row is not None, f"{path} has no row"
            return [] if "default" in row and same(row["default"], value) else [value]
        members = {}
        for name, inner in value.items():
            for left in self.written(inner, f"{path}.{name}" if path else name, settings):
                members[name] = left
        is_absent_by_default = row is not None and row.get("default", 0) is None
        return [members] if members or is_absent_by_default or not path else []

    def text(self, seed, settings):
        (left,) = self.written(settings, "", settings)
        return f'{{"defaults":{self.version},"seed":{seed},"settings":{canonical(left)}}}'

    def id(self, seed, settings):
        return hashlib.sha256(self.text(seed, settings).encode()).hexdigest()[:32]


def same(one, other):
    """Equality as JSON has it: true is not 1."""
    return canonical(one) == canonical(other)


@pytest.fixture(scope="module")
def rule():
    return Rule(said("schema", "--defaults"))


@pytest.mark.parametrize("name", FILES)
def test_the_rule_gives_the_id_of_every_trial(rule, name):
    plan = said("plan", EXPERIMENTS / name, "--json", "--no-forecast")
    assert plan["trials"]
    for trial in plan["trials"]:
        computed = rule.id(plan["seed"], trial["settings"])
        assert computed == trial["id"], rule.text(plan["seed"], trial["settings"])
    ids = "".join(trial["id"] for trial in plan["trials"])
    assert hashlib.sha256(ids.encode()).hexdigest() == plan["plan_sha256"]


def test_the_rule_holds_for_odd_values_and_optional_parts(rule, tmp_path):
    experiment = {
        "name": "odd",
        "seed": 2**53 - 1,
        "base": {
            "data": {"type": "csv", "path": 'a\t"ü"\\\u0001.csv', "drop_columns": ["b", ""]},
            "training": {"clip": 1e-7},
        },
        "grid": {
            "loss": ["dsm", "ssm-vr", "gaussian-fit"],
            "sigma": [0.1, 1e-5, 12345.678, 1e16, 1.5e300],
            "model": ["energy-mlp", {"type": "score-mlp", "hidden": []}],
            "training.optimizer": ["adam", "sgd", {"type": "adamw", "schedule": "cosine"}],
            "training.early_stopping": [None, {}, {"patience": 3}],
            "repeat": 2,
        },
    }
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(experiment))
    plan = said("plan", path, "--json", "--no-forecast")
    assert len(plan["trials"]) == 2 * (1 + (5 + 1) * 2 * 3 * 3)
    for trial in plan["trials"]:
        assert rule.id(plan["seed"], trial["settings"]) == trial["id"]


def test_any_number_is_written_as_the_program_does(rule, tmp_path):
    draw = random.Random(1)
    numbers = set()
    while len(numbers) < 2000:  # every exponent and all bits of the fraction
        (value,) = struct.unpack("<d", draw.getrandbits(63).to_bytes(8, "little"))
        numbers |= {value} if 0 < value < math.inf else set()
    numbers |= {float(f"{digits}e{power}") for digits in (1, 12, 999) for power in range(-12, 20)}
    numbers |= {2.0**53 + 2 * k for k in range(-2, 3)} | {2.0**54, 1e16 - 2, 5e-324, 1.7976931348623157e308}
    path = tmp_path / "numbers.json"
    grid = {"loss": "dsm", "sigma": sorted(numbers)}
    path.write_text(json.dumps({"name": "numbers", "base": {"data": "gaussian"}, "grid": grid}))
    trials = said("plan", path, "--json", "--no-forecast")["trials"]
    assert len(trials) == len(numbers)
    assert [trial["id"] for trial in trials] == [rule.id(0, trial["settings"]) for trial in trials]


def test_the_example_of_the_page_follows_the_rule(rule):
    page = (EXPERIMENTS / "identity.md").read_text(encoding="utf-8")
    experiment, settings, left, hashed, digest, name = re.findall(r"```\w+\n(.*?)\n```", page, re.S)
    seed = json.loads(experiment)["seed"]
    assert rule.text(seed, json.loads(settings)) == hashed and left in hashed
    assert hashlib.sha256(hashed.encode()).hexdigest() == digest and digest[:32] == name


def test_a_results_file_holds_what_the_rule_needs(rule):
    path = os.environ.get("RESULTS_FILE")
    if not path:
        pytest.skip("RESULTS_FILE is not set")
    import h5py

    with h5py.File(path) as file:
        experiment = re.sub(r"//[^\n]*", "", file["experiment"].asstr()[()])
        seed = json.loads(experiment).get("seed", 0)
        trials = file["trials"]
        for name, settings in zip(trials["id"].asstr()[()], trials["settings"].asstr()[()]):
            assert rule.id(seed, json.loads(settings)) == name
