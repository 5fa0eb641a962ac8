"""The JSON Schema and the program agree on which experiment files are sound.

Random valid experiments over the whole language, and ones with one change, are judged by jsonschema and by
`scoresweep validate`. What the schema refuses the program must refuse, what the program accepts the schema
must accept; and what the program refuses for a reason that a schema can express the schema must refuse.

SCORESWEEP names the program.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

if not os.environ.get("SCORESWEEP"):
    pytest.skip("SCORESWEEP is not set", allow_module_level=True)

from jsonschema import Draft202012Validator
from mutations import mutated
from random_grids import RandomGrids
from vocabulary import SCORESWEEP, schema, strip_comments

FILES = 200

# What a schema cannot see: kinds of diagnostics, and of some kinds those with certain words.
BEYOND_A_SCHEMA = {
    # A setting that no trial has: whether it applies depends on other parts of the file.
    "unused": "",
    # Two parts of the file that contradict each other, zipped axes of different lengths among them.
    "conflict": "",
    # A combination of settings without meaning.
    "refused": "",
    # A key or a metric said twice: JSON itself keeps one of them.
    "duplicate_key": "",
    # A setting without default that nothing says in some combination.
    # A file that cannot be read.
    "missing": r"is not said|cannot be read",
    # Too many combinations, or every one excluded.
    "grid_size": r"more than \d+ combinations|no trial is left",
    # What a rule generates; a value that another variant takes, but not the one that it stands beside.
    "out_of_range": r"this generates|too large or too small|do not lead from|more than \d+ values|with (data|training|model|loss)",
    # Axes and metrics that tables name.
    "unknown_name": r"the grid has no axis|no metric is called|does not measure",
}


def is_beyond_a_schema(diagnostic: dict) -> bool:
    """Whether the program's reason is one that no schema can express."""
    pattern = BEYOND_A_SCHEMA.get(diagnostic["kind"])
    return pattern is not None and re.search(pattern, diagnostic["message"]) is not None


@cache
def validator() -> Draft202012Validator:
    """jsonschema with the schema that the program prints."""
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def verdict(path: Path) -> list[dict]:
    """The program's diagnostics, none for a sound file."""
    done = subprocess.run([SCORESWEEP, "validate", path, "--json"], capture_output=True, text=True)
    assert done.returncode in (0, 64), f"exit {done.returncode}: {done.stderr}"
    diagnostics = json.loads(done.stdout)["diagnostics"]
    assert (done.returncode == 0) == (not diagnostics)
    return diagnostics


def files() -> list[tuple[str, dict]]:
    """Experiments with the name of what was changed in them: nothing in two of five."""
    grids, rng = RandomGrids(seed=2019), random.Random(2019)
    sound = [grids.experiment() for _ in range(FILES * 2 // 5)]
    changed = [mutated(rng.choice(sound), rng) for _ in range(FILES - len(sound))]
    return [("nothing", experiment) for experiment in sound] + changed


def test_the_schema_and_the_program_agree(tmp_path: Path) -> None:
    disagreements, verdicts, expressible = [], Counter(), 0
    for number, (change, experiment) in enumerate(files()):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(experiment, indent=1))
        by_schema = [f"{e.json_path}: {e.message}" for e in validator().iter_errors(experiment)]
        by_program = verdict(path)
        reasons = [reason for reason in by_program if not is_beyond_a_schema(reason)]
        expressible += not by_program or bool(reasons)
        verdicts["invalid" if by_program else "valid"] += 1
        is_wrong = bool(by_schema) and not by_program or not by_schema and reasons
        if is_wrong or change == "nothing" and by_program:
            disagreements.append(
                {"change": change, "file": experiment, "schema": by_schema, "program": by_program}
            )
    report = "\n".join(json.dumps(one)[:3000] for one in disagreements)
    assert not disagreements, f"{len(disagreements)} disagreements:\n{report}"
    assert min(verdicts["valid"], verdicts["invalid"]) >= FILES // 4, verdicts
    assert expressible >= FILES * 3 // 4, f"{expressible} of {FILES} by rules that a schema can express"


@pytest.mark.parametrize("path", sorted(Path("experiments").glob("**/*.json")), ids=str)
def test_every_experiment_of_the_project_meets_the_schema(path: Path) -> None:
    if path.name == "experiment.schema.json":
        assert json.loads(path.read_text()) == schema()
    elif path.parent.name != "parts":
        validator().validate(json.loads(strip_comments(path.read_text())))
