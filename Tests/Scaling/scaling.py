"""How training steps scale: with the cores that are busy, and with the dimension of the data.

usage: scaling.py BINARY [--duration SECONDS] [--rounds N] [--dimensions 10,50,...] [--json]

Needs nothing but Python's own library. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

SMALL = ["--loss", "ssm", "--dimension", "10", "--width", "128"]
LARGE = ["--loss", "ssm", "--dimension", "100", "--width", "512", "--depth", "3"]
LARGE += ["--batch", "256", "--slices", "4"]


def bench(binary: str, arguments: list[str], cores: set[int]) -> list[dict]:
    """Runs `scoresweep bench` on the given cores and reads its lines."""
    output = subprocess.run(
        [binary, "bench", "--json", *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    ).stdout
    return [json.loads(line) for line in output.splitlines()]


def together(binary: str, cores: list[int], duration: float) -> list[dict]:
    """The same small training on each of the cores at once."""
    arguments = [*SMALL, "--duration", str(duration)]
    with ThreadPoolExecutor(len(cores)) as pool:
        return list(pool.map(lambda core: bench(binary, arguments, {core})[0], cores))


def in_turns(counts: list[int], rounds: int, measure: Callable[[int], float]) -> list[dict]:
    """Measures for each count in turns, since clocks drift: medians, and of the ratios to one."""
    values: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            values[count].append(measure(count))
    return [
        {
            "count": count,
            "value": median(values[count]),
            "times_one": median(v / one for v, one in zip(values[count], values[counts[0]])),
        }
        for count in counts
    ]


def throughput(binary: str, cores: list[int], duration: float, rounds: int) -> list[dict]:
    """Steps a second of 1, 2, ... independent trainings, each on a core of its own.

    Beside it the multiply-adds that the cores deliver at once, from registers alone: what the
    machine itself allows. Cores of a virtual machine may be two threads of one.
    """
    peaks: dict[int, list[float]] = {}

    def measure(count: int) -> float:
        results = together(binary, cores[:count], duration)
        peaks.setdefault(count, []).append(sum(result["peak_gigaflops"] for result in results))
        return sum(1e6 / result["microseconds_per_step"] for result in results)

    rows = in_turns(list(range(1, len(cores) + 1)), rounds, measure)
    for row in rows:
        row["machine"] = median(
            peak / one for peak, one in zip(peaks[row["count"]], peaks[1], strict=True)
        )
    return rows


def one_step(binary: str, cores: list[int], duration: float, rounds: int) -> list[dict]:
    """Steps a second of one large training on 1, 2, ... cores, as far as it can use them."""

    def run(count: int) -> dict:
        arguments = [*LARGE, "--duration", str(duration), "--cores", str(count)]
        return bench(binary, arguments, set(cores[:count]))[0]

    useful = run(len(cores))["cores"]
    return in_turns(
        list(range(1, useful + 1)), rounds, lambda count: 1e6 / run(count)["microseconds_per_step"]
    )


def slope(points: list[tuple[float, float]]) -> float:
    """The slope of log y over log x by least squares."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    across = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / across


def dimensions(binary: str, values: list[int], core: int, duration: float) -> list[dict]:
    """Step times over the dimension, beside the arithmetic of the network's own layers."""
    rows = []
    for loss in ["dsm", "ssm", "ssm-vr", "ism"]:
        arguments = ["--loss", loss, "--width", "128", "--duration", str(duration)]
        arguments += ["--dimension", ",".join(map(str, values))]
        results = bench(binary, arguments, {core})
        times = [result["microseconds_per_step"] for result in results]
        # The first and last layer alone grow with d, by design of the network; what a loss adds
        # shows against the work of one pass through all layers.
        network = [2 * d * 128 + 128 * 128 for d in values]
        rows.append(
            {
                "loss": loss,
                "dimensions": values,
                "microseconds_per_step": times,
                "slope": slope(list(zip(values, times))),
                "slope_of_network": slope(list(zip(values, network))),
                "slope_per_network": slope(
                    [(d, t / n) for d, t, n in zip(values, times, network)]
                ),
            }
        )
    return rows


def text(report: dict) -> str:
    """The tables for people."""
    lines = ["independent trainings, ssm 10 128x2, a core each"]
    lines += ["    jobs   steps/s   times one   machine"]
    for row in report["throughput"]:
        lines.append(
            f"{row['count']:8d}{row['value']:10.0f}{row['times_one']:12.2f}{row['machine']:10.2f}"
        )
    lines += ["", "one training, ssm 100 512x3, 256 rows, 4 slices"]
    lines += ["   cores   steps/s   times one"]
    for row in report["one_step"]:
        lines.append(f"{row['count']:8d}{row['value']:10.1f}{row['times_one']:12.2f}")
    values = report["dimensions"][0]["dimensions"]
    lines += ["", "us/step over the dimension, score network 128x2, 128 rows, one core"]
    lines += ["    loss" + "".join(f"{d:>9d}" for d in values) + "    slope  network  ratio"]
    for row in report["dimensions"]:
        times = "".join(f"{t:9.1f}" for t in row["microseconds_per_step"])
        lines.append(
            f"{row['loss']:>8s}{times}{row['slope']:9.2f}{row['slope_of_network']:9.2f}"
            f"{row['slope_per_network']:7.2f}"
        )
    lines += [
        "machine: times one of the multiply-adds from registers alone, on as many cores at once.",
        "slope: of log time over log d. network: that of the multiplications in its layers.",
        "ratio: of time over these; 0 where a loss costs a fixed number of passes whatever d is.",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--duration", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dimensions", default="10,25,50,100,200,400,800")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    values = [int(word) for word in arguments.dimensions.split(",")]
    cores = sorted(os.sched_getaffinity(0))
    report = {
        "throughput": throughput(
            arguments.binary, cores, arguments.duration, arguments.rounds
        ),
        "one_step": one_step(arguments.binary, cores, arguments.duration, arguments.rounds),
        "dimensions": dimensions(arguments.binary, values, cores[-1], arguments.duration),
    }
    print(json.dumps(report, indent=2) if arguments.json else text(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
