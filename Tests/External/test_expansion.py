"""The planner and an interpreter of the grid language of its own make the same trials of the same files.

The interpreter (expand.py) goes another way: it writes out every combination and completes each by itself.
Compared are whole settings, defaults included, trial by trial.

SCORESWEEP names the program.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

if not os.environ.get("SCORESWEEP"):
    pytest.skip("SCORESWEEP is not set", allow_module_level=True)

from expand import combinations, expand, meets, overlaid, planned, read, sub_grids
from random_grids import RandomGrids
from vocabulary import SCORESWEEP

SCHEMA = Path("experiments/experiment.schema.json")
EXPERIMENTS = sorted({*Path("experiments").glob("*.json"), *Path("experiments/examples").glob("*.json")} - {SCHEMA})


def plan(path: Path, *options: str) -> dict:
    """The program's plan."""
    done = subprocess.run([SCORESWEEP, "plan", path, "--json", "--no-forecast", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr + path.read_text()
    return json.loads(done.stdout)


def hold(expected: set, path: Path, *options: str) -> None:
    """Holds the program's trials of a file against those that are expected."""
    found = plan(path, *options)
    actual = planned(found)
    assert len(actual) == len(found["trials"]), "two trials have the same settings"
    difference = [sorted(trial) for trial in [*(expected - actual), *(actual - expected)][:2]]
    counts = f"{len(expected)} expected, {len(actual)} planned"
    assert expected == actual, f"{counts}; for example {difference}\n{path.read_text()}"


def write(path: Path, experiment: dict) -> Path:
    """Writes an experiment file."""
    path.write_text(json.dumps(experiment))
    return path


@pytest.mark.parametrize("path", EXPERIMENTS, ids=str)
def test_the_experiments_of_the_project(path: Path) -> None:
    trials = expand(read(path))
    hold(trials, path)
    # The examples say in a comment how many trials they have.
    for said in re.findall(r"= (\d+)[.;]", path.read_text().split("{")[0])[-1:]:
        assert int(said) == len(trials)


@pytest.mark.parametrize("seed", range(10))
def test_random_experiments_over_the_whole_language(seed: int, tmp_path: Path) -> None:
    grids = RandomGrids(seed)
    for _ in range(6):
        experiment = grids.experiment()
        hold(expand(experiment), write(tmp_path / "random.json", experiment))


def test_a_base_that_is_included_is_as_one_that_stands_in_the_file(tmp_path: Path) -> None:
    grids = RandomGrids(seed=101)
    for _ in range(10):
        experiment = grids.experiment()
        parts = [{"base": {key: value}} for key, value in experiment["base"].items()]
        # What the first part says of the last one's key is overridden by it.
        parts[0]["base"] = overlaid({"data": {"type": "spirals", "train": 700}}, parts[0]["base"])
        hidden = experiment["base"] = overlaid(parts[0]["base"], experiment["base"])
        parts.append({"seed": 5, "metrics": [], "base": {"data": hidden["data"]}})
        for number, part in enumerate(parts):
            write(tmp_path / f"part-{number}.json", part)
        names = [f"part-{number}.json" for number in range(len(parts))]
        path = write(tmp_path / "random.json", {**experiment, "base": {}, "include": names})
        hold(expand(experiment), path)
        hold(expand(read(path)), path)


def test_set_replaces_the_values_of_an_axis(tmp_path: Path) -> None:
    grids, count = RandomGrids(seed=102), 0
    # Values beside those of the file, so that nothing in it is left without a use.
    extra = {"loss": "ism", "sigma": 0.71, "slices": 3, "dimension": 5}
    while count < 10:
        experiment = grids.experiment(("zip", "exclude"))
        path = next((path for path in experiment.get("grid", {}) if path in extra), None)
        if path is None:
            continue
        file = write(tmp_path / "random.json", experiment)
        said = experiment["grid"][path]
        values = [*(said if isinstance(said, list) else [said]), extra[path]]
        experiment["grid"][path] = values
        hold(expand(experiment), file, "--set", f"{path}={json.dumps(values)}")
        count += 1


def test_only_keeps_the_trials_that_meet_the_test(tmp_path: Path) -> None:
    grids, count = RandomGrids(seed=103), 0
    while count < 4:
        experiment = grids.experiment()
        where = grids.where([path for path in experiment.get("grid", {"loss": 0}) if path != "repeat"])
        kept = {
            complete.trial
            for part, layers, repeats, excludes in sub_grids(experiment)
            for complete in (one.completion for one in combinations(part, layers, repeats))
            if not any(meets(exclude["where"], complete) for exclude in excludes)
            if meets(where, complete)
        }
        if not kept or "grid" not in experiment:
            continue
        tests = [f"{path}={json.dumps(test)}" for path, test in where.items()]
        options = [word for test in tests for word in ("--only", test)]
        hold(kept, write(tmp_path / "random.json", experiment), *options)
        count += 1
