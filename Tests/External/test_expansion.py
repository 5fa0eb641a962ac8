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

from expand import expand, planned, read
from random_grids import RandomGrids
from vocabulary import SCORESWEEP

EXPERIMENTS = sorted(Path("experiments").glob("*[!a].json")) + sorted(Path("experiments/examples").glob("*.json"))


def plan(path: Path) -> dict:
    """The program's plan."""
    done = subprocess.run([SCORESWEEP, "plan", path, "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def compare(path: Path) -> int:
    """Compares the trials of a file; their number."""
    found = plan(path)
    expected, actual = expand(read(path)), planned(found)
    assert len(actual) == len(found["trials"]), "two trials have the same settings"
    difference = [sorted(trial) for trial in [*(expected - actual), *(actual - expected)][:2]]
    assert expected == actual, f"{len(expected)} expected, {len(actual)} planned; for example {difference}"
    return len(actual)


@pytest.mark.parametrize("path", [path for path in EXPERIMENTS if "schema" not in path.name], ids=str)
def test_the_experiments_of_the_project(path: Path) -> None:
    count = compare(path)
    # The examples say in a comment how many trials they have.
    for said in re.findall(r"= (\d+)[.;]", path.read_text().split("{")[0])[-1:]:
        assert int(said) == count


@pytest.mark.parametrize("seed", range(10))
def test_random_experiments_over_the_whole_language(seed: int, tmp_path: Path) -> None:
    grids = RandomGrids(seed)
    path = tmp_path / "random.json"
    for _ in range(10):
        experiment = grids.experiment()
        path.write_text(json.dumps(experiment, indent=1))
        try:
            compare(path)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{json.dumps(experiment)}") from None
