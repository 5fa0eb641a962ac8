"""What sweeps of many short trials cost, and how it grows with their number.

usage: sweeps.py BINARY [--trials 5000,10000,20000] [--steps N] [--json]

Needs nothing but Python's own library. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def experiment(trials: int, steps: int) -> dict:
    """Trials of a few milliseconds at most, each on data of its own."""
    return {
        "name": "short",
        "base": {
            "dimension": 2,
            "data": {"type": "gaussian-mixture", "train": 200, "validation": 50, "test": 50},
            "model": {"type": "score-mlp", "hidden": [8]},
            "training": {"steps": steps, "batch": 32, "evaluate_every": steps},
        },
        "grid": {"loss": ["ism", "ssm", "ssm-vr", "dsm"], "repeat": trials // 4},
        "metrics": ["fisher_divergence"],
        "tables": [
            {"name": "t", "rows": "loss", "columns": "repeat", "value": "fisher_divergence",
             "where": {"repeat": [0, 1]}}
        ],
    }


def measure(binary: str, *arguments: object) -> dict:
    """Wall-clock and processor seconds of a command, and its peak memory."""
    start = time.monotonic()
    process = subprocess.Popen(
        [binary, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}: {words}")
    return {
        "seconds": time.monotonic() - start,
        "processor": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss / 1000,
    }


def sweep(binary: str, folder: Path, trials: int, steps: int) -> dict:
    """A whole sweep, its commands afterwards, and the same sweep as two shards that are merged."""
    path = folder / f"{trials}.json"
    path.write_text(json.dumps(experiment(trials, steps)))
    whole, parts = folder / f"{trials}.h5", [folder / f"{trials}-{k}.h5" for k in (1, 2)]
    found = {"trials": trials, "run": measure(binary, "run", path, "-o", whole, "-q")}
    found["file"] = whole.stat().st_size
    for part, k in zip(parts, (1, 2)):
        measure(binary, "run", path, "-o", part, "-q", "--shard", f"{k}/2")
    found["merge"] = measure(binary, "merge", folder / f"{trials}-whole.h5", *parts)
    found["again"] = measure(binary, "run", path, "-o", whole, "-q")
    found["status"] = measure(binary, "status", path, "-o", whole)
    found["table"] = measure(binary, "table", whole)
    return found


def text(rows: list[dict]) -> str:
    """The table for people."""
    lines = ["  trials   wall s   ms/trial*   peak MB   bytes/trial   merge s   again s  status s   table s"]
    for row in rows:
        run = row["run"]
        lines.append(
            f"{row['trials']:8d}{run['seconds']:9.1f}{1e3 * run['processor'] / row['trials']:12.3f}"
            f"{run['megabytes']:10.0f}{row['file'] / row['trials']:14.0f}{row['merge']['seconds']:10.2f}"
            f"{row['again']['seconds']:10.2f}{row['status']['seconds']:10.2f}{row['table']['seconds']:10.2f}"
        )
    lines += ["* of processor time. merge: of two shards. again: a run that finds every trial done."]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--trials", default="5000,10000,20000")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            sweep(binary, Path(folder), int(trials), arguments.steps)
            for trials in arguments.trials.split(",")
        ]
    print(json.dumps(rows, indent=2) if arguments.json else text(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
