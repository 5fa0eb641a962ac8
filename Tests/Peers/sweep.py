"""The quickstart grid as a researcher's own script would run it: the loop, and what it prints.

A peer brings `train_class`, which trains all trials of one class, that is of one loss, dimension
and number of slices: they have the same shapes and share what was compiled.
"""

import argparse
import json
import math
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import grid
from grid import Experiment, Trial, TrialClass


@dataclass(frozen=True)
class Result:
    """What a trial ended with."""

    trial: Trial
    seconds: float
    steps: int
    validation: float  # the lowest implicit score matching on validation data
    fisher_divergence: float
    relative_fisher_divergence: float
    implicit_score_matching: float


@dataclass(frozen=True)
class ClassResult:
    """The trials of a class, and what was spent once for all of them."""

    kind: TrialClass
    compile_seconds: float
    results: list[Result]


TrainClass = Callable[[Experiment, TrialClass, list[Trial]], ClassResult]


class EarlyStopping:
    """Keeps what had the lowest validation value; says when it has not fallen for long."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.lowest = math.inf
        self.best: Any = None
        self.since_lowest = 0

    def update(self, value: float, keep: Callable[[], Any]) -> bool:
        """Whether to stop after this evaluation; `keep` is called where it is the best so far."""
        if value < self.lowest:
            self.lowest, self.best, self.since_lowest = value, keep(), 0
        else:
            self.since_lowest += 1
        return self.since_lowest >= self.patience


def main(title: str, executor: Callable[[int], Executor], train_class: TrainClass) -> None:
    """Runs the grid, or a part of it, and prints what it took and what came out."""
    parser = argparse.ArgumentParser(description=f"The quickstart grid in {title}.")
    parser.add_argument("--only-loss", default="", metavar="A,B", help="these losses only")
    parser.add_argument("--only-dimension", default="", metavar="A,B", help="these only")
    parser.add_argument("--limit-trials", type=int, metavar="N", help="N trials of each class")
    parser.add_argument("--workers", type=int, default=1, help="classes at a time")
    parser.add_argument("--json", action="store_true", help="the totals as one JSON line")
    options = parser.parse_args()
    experiment = grid.read()
    planned = grid.classes(experiment)
    if options.only_loss:
        losses = options.only_loss.split(",")
        planned = {kind: trials for kind, trials in planned.items() if kind.loss in losses}
    if options.only_dimension:
        dimensions = [int(d) for d in options.only_dimension.split(",")]
        planned = {kind: trials for kind, trials in planned.items() if kind.dimension in dimensions}
    if not planned:
        parser.error("no trials are left")
    start = time.perf_counter()
    done: list[ClassResult] = []
    limited = {kind: trials[: options.limit_trials] for kind, trials in planned.items()}
    if options.workers == 1:
        done = [train_class(experiment, *item) for item in limited.items()]
    else:
        with executor(options.workers) as pool:
            jobs = [pool.submit(train_class, experiment, *item) for item in limited.items()]
            done = [job.result() for job in jobs]
    wall = time.perf_counter() - start
    totals = summary(title, wall, planned, done, options.workers)
    print(json.dumps(totals) if options.json else report(experiment, totals, done))


def summary(
    title: str,
    wall: float,
    planned: dict[TrialClass, list[Trial]],
    done: list[ClassResult],
    workers: int,
) -> dict[str, Any]:
    """The totals; the time of trials that were left out is that of the others of their class."""
    count = sum(len(trials) for trials in planned.values())
    run = sum(len(each.results) for each in done)
    missing = sum(
        statistics.mean(result.seconds for result in each.results)
        * (len(planned[each.kind]) - len(each.results))
        for each in done
    )
    return {
        "framework": title,
        "trials": count,
        "trials_run": run,
        "steps_run": sum(result.steps for each in done for result in each.results),
        "wall_seconds": wall,
        "wall_seconds_of_all": wall + missing / workers,
        "compile_seconds": sum(each.compile_seconds for each in done),
        "workers": workers,
        "cores": len(os.sched_getaffinity(0)),
    }


def report(experiment: Experiment, totals: dict[str, Any], done: list[ClassResult]) -> str:
    """The totals in words, then the table of the experiment."""
    lines = [
        f"{totals['framework']}: {totals['trials_run']} trials, {totals['steps_run']} steps in "
        f"{totals['wall_seconds']:.1f} s ({totals['workers']} at a time on {totals['cores']} "
        f"cores), of it {totals['compile_seconds']:.1f} s before the first step of a class"
    ]
    if totals["trials_run"] != totals["trials"]:
        lines.append(
            f"all {totals['trials']} trials: about {totals['wall_seconds_of_all']:.0f} s, the "
            "others taken to be as long as those of their class that ran (an extrapolation)"
        )
    return "\n".join(lines) + "\n\n" + table(experiment, done)


def table(experiment: Experiment, done: list[ClassResult]) -> str:
    """Fisher divergence, mean±sd over repeats; sigma and slices chosen on validation data."""
    groups: dict[tuple[str, int], dict[tuple[int, float], list[Result]]] = {}
    for each in done:
        cell = groups.setdefault((each.kind.loss, each.kind.dimension), defaultdict(list))
        for result in each.results:
            cell[each.kind.slices, result.trial.sigma].append(result)
    dimensions = sorted({dimension for _, dimension in groups})
    lines = ["fisher_divergence" + "".join(f"{f'd = {d}':>16}" for d in dimensions)]
    for loss in experiment.losses:
        cells = [groups.get((loss, dimension)) for dimension in dimensions]
        if any(cells):
            words = (cell_text(cell) if cell else "-" for cell in cells)
            lines.append(loss.ljust(17) + "".join(word.rjust(16) for word in words))
    return "\n".join(lines)


def cell_text(candidates: dict[tuple[int, float], list[Result]]) -> str:
    """The statistic of the candidate that does best on validation data."""
    best = min(candidates.values(), key=lambda each: statistics.mean(r.validation for r in each))
    values = [result.fisher_divergence for result in best]
    deviation = f"±{statistics.stdev(values):.4f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.4f}{deviation}"
