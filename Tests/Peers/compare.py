"""ScoreSweep's step times beside those of JAX and PyTorch: one core, one after the other.

Clocks drift by half within an hour, so the three take turns: ours, JAX, PyTorch, ours again, and so
on, for each setting. A peer's time of a round is divided by the mean of our times before and after
it; the table holds the medians over rounds. Above 1, ScoreSweep is faster.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from setting import STANDARD, Setting

FOLDER = Path(__file__).resolve().parent
PEERS = {"jax": ["jax", "optax", "numpy"], "torch": ["torch", "numpy"]}
TITLES = {"jax": "JAX", "torch": "PyTorch"}


class Failure(Exception):
    """A measurement that could not be taken, in words."""


def measured(command: list[str], core: int) -> dict[str, Any]:
    """The JSON line that a command prints, run on one core."""
    pinned = ["taskset", "-c", str(core), *command]
    run = subprocess.run(pinned, capture_output=True, text=True)
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    if run.returncode != 0 or len(lines) != 1:
        words = run.stderr.strip().splitlines()[-3:] or [f"{len(lines)} results, one expected"]
        raise Failure(f"{' '.join(command)} ended with {run.returncode}: " + " ".join(words))
    return json.loads(lines[0])


@dataclass(frozen=True)
class Bench:
    """Who is timed, and how."""

    binary: str
    python: str
    core: int
    duration: float

    def ours(self, setting: Setting) -> dict[str, Any]:
        """ScoreSweep's own measurement."""
        options = ["--precision", "float32", "--json", "--duration", str(self.duration)]
        return measured([self.binary, "bench", *setting.options(), *options], self.core)

    def peer(self, name: str, setting: Setting) -> dict[str, Any]:
        """A peer's measurement."""
        script = [self.python, "-W", "ignore", str(FOLDER / f"step_{name}.py")]
        return measured([*script, *setting.options(), "--duration", str(self.duration)], self.core)

    def installed(self) -> list[str]:
        """The peers whose packages this Python can import."""
        found = []
        for name, modules in PEERS.items():
            check = [self.python, "-c", "import " + ", ".join(modules)]
            if subprocess.run(check, capture_output=True).returncode == 0:
                found.append(name)
            else:
                say(f"{TITLES[name]} is left out: {self.python} has no {', '.join(modules)}")
        return found


@dataclass
class Comparison:
    """All measurements of one setting."""

    setting: Setting
    ours: list[dict[str, Any]] = field(default_factory=list)
    peers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def ratio(self, name: str) -> float:
        """How many times as long as ScoreSweep a peer takes: the median over rounds."""
        own = [step_time(result) for result in self.ours]
        return statistics.median(
            2 * step_time(result) / (own[turn] + own[turn + 1])
            for turn, result in enumerate(self.peers[name])
        )

    def summary(self) -> dict[str, Any]:
        """The medians, and everything they are taken from."""
        ratios = {name: self.ratio(name) for name in self.peers}
        return {
            "setting": str(self.setting),
            "microseconds_per_step": median(self.ours, "microseconds_per_step"),
            "fraction_of_peak": median(self.ours, "fraction_of_peak"),
            "peers": {
                name: {
                    "version": results[0]["version"],
                    "forms": sorted({str(result["form"]) for result in results}),
                    "microseconds_per_step": median(results, "microseconds_per_step"),
                    "compile_seconds": median(results, "compile_seconds"),
                    "ratio": ratios[name],
                }
                for name, results in self.peers.items()
            },
            "ratio_to_best": min(ratios.values(), default=None),
            "rounds": {"scoresweep": self.ours, **self.peers},
        }


def step_time(result: dict[str, Any]) -> float:
    return float(result["microseconds_per_step"])


def median(results: list[dict[str, Any]], key: str) -> float:
    return statistics.median(float(result[key]) for result in results)


def compare(bench: Bench, setting: Setting, peers: list[str], rounds: int) -> Comparison:
    """Everyone in turn, ScoreSweep first and last."""
    result = Comparison(setting, peers={name: [] for name in peers})
    result.ours.append(bench.ours(setting))
    for turn in range(rounds):
        for name in peers:
            result.peers[name].append(bench.peer(name, setting))
        result.ours.append(bench.ours(setting))
        times = [f"ScoreSweep {step_time(result.ours[-1]):.0f}"]
        times += [f"{TITLES[name]} {step_time(result.peers[name][-1]):.0f}" for name in peers]
        say(f"{setting}, round {turn + 1} of {rounds}: {', '.join(times)} us/step")
    return result


HEADINGS = [
    "loss d hidden batch slices",
    "ScoreSweep",
    "of peak",
    "JAX",
    "form",
    "compile",
    "PyTorch",
    "best/ours",
    "PyTorch/ours",
]


def row(summary: dict[str, Any]) -> list[str]:
    """A line of the table; a dash where a peer is not installed."""
    peers = summary["peers"]
    jax, torch = peers.get("jax"), peers.get("torch")
    best = summary["ratio_to_best"]
    return [
        summary["setting"],
        f"{summary['microseconds_per_step']:.0f}",
        f"{100 * summary['fraction_of_peak']:.0f} %",
        f"{jax['microseconds_per_step']:.0f}" if jax else "-",
        "/".join(jax["forms"]) if jax else "-",
        f"{jax['compile_seconds']:.1f} s" if jax else "-",
        f"{torch['microseconds_per_step']:.0f}" if torch else "-",
        f"{best:.2f}" if best is not None else "-",
        f"{torch['ratio']:.2f}" if torch else "-",
    ]


def text_table(rows: list[list[str]]) -> str:
    """Columns aligned by blanks, the first to the left."""
    widths = [max(len(line[i]) for line in rows) for i in range(len(rows[0]))]
    return "\n".join(
        line[0].ljust(widths[0])
        + "".join("  " + cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))
        for line in rows
    )


def markdown_table(rows: list[list[str]]) -> str:
    """The same columns with bars."""
    rule = ["---"] + ["---:"] * (len(rows[0]) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in (rows[0], rule, *rows[1:]))


def remark(summaries: list[dict[str, Any]], rounds: int, core: int) -> str:
    """What the numbers are."""
    versions = {
        f"{TITLES[name]} {peer['version']}"
        for summary in summaries
        for name, peer in summary["peers"].items()
    }
    return (
        f"Microseconds a step (loss, gradients, Adam) on one core ({core}), float32; medians of "
        f"{rounds} rounds in turns; {', '.join(sorted(versions)) or 'no peer installed'}.\n"
        "best/ours: how many times as long as ScoreSweep the faster peer takes. form: how JAX's "
        "derivatives in x are taken, the faster way.\ncompile: before JAX's first step ends."
    )


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("binary", help="the scoresweep command")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--duration", type=float, default=2.0, help="seconds of each measurement")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--python", default=sys.executable, help="the Python that has the peers")
    parser.add_argument("--only", default="", help="settings whose name holds this, 'ism 10'")
    format = parser.add_mutually_exclusive_group()
    format.add_argument("--json", action="store_true", help="medians and all measurements")
    format.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1 or options.duration <= 0:
        parser.error("--rounds must be 1 at least and --duration above 0")
    if not any(options.only in str(setting) for setting in STANDARD):
        parser.error(f"--only: none of {', '.join(map(str, STANDARD))}")
    return options


def main() -> int:
    options = parsed()
    bench = Bench(options.binary, options.python, options.core, options.duration)
    peers = bench.installed()
    if os.getloadavg()[0] > 0.5:
        say(f"the machine is busy (load {os.getloadavg()[0]:.1f}): the times are worth less")
    summaries = []
    try:
        for setting in STANDARD:
            if options.only in str(setting):
                summaries.append(compare(bench, setting, peers, options.rounds).summary())
    except (Failure, OSError) as failure:
        say(f"compare: {failure}")
        return 2
    if options.json:
        print(json.dumps(summaries, indent=2))
        return 0
    rows = [HEADINGS] + [row(summary) for summary in summaries]
    print(markdown_table(rows) if options.markdown else text_table(rows))
    print("\n" + remark(summaries, options.rounds, options.core))
    return 0


if __name__ == "__main__":
    sys.exit(main())
