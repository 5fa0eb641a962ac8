"""The program as a user meets it: exit codes, what goes to stdout and to stderr, and nothing lost.

SCORESWEEP names the program.
"""

import json
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import h5py
import pytest

PROGRAM = os.environ.get("SCORESWEEP", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")


def experiment(grid, **training):
    return {
        "name": "small",
        "base": {
            "data": {"type": "gaussian-mixture", "train": 500, "validation": 100, "test": 100},
            "dimension": 2,
            "model": {"type": "score-mlp", "hidden": [16]},
            "training": {"steps": 50, "batch": 32, **training},
        },
        "grid": grid,
        "metrics": ["fisher_divergence"],
    }


@pytest.fixture
def write(tmp_path):
    def write(content, name="small.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def run(*arguments, **options):
    command = [os.path.abspath(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


def ids(path):
    with h5py.File(path) as file:
        return file["trials/id"].asstr()[()].tolist()


def test_a_run_gives_its_table_on_stdout_and_words_on_stderr(write, tmp_path):
    path, results = write(experiment({"loss": ["ism", "dsm"], "repeat": 2})), tmp_path / "r.h5"
    done = run("run", path, "-o", results, "--progress", "never")
    assert done.returncode == 0 and done.stdout == "" and "4 of 4 trials completed" in done.stderr
    table = run("table", results)
    assert table.returncode == 0 and "fisher_divergence" in table.stdout and table.stderr == ""
    assert run("run", path, "-o", results, "--quiet").stderr == ""
    values = json.loads(run("table", results, "--format", "json").stdout)
    assert values


def test_a_plan_lists_every_trial_once(write):
    path = write(experiment({"loss": ["ism", "ssm"], "slices": [1, 2], "repeat": 3}))
    listed = run("plan", path, "--list")
    assert listed.returncode == 0
    assert len([line for line in listed.stdout.splitlines() if line.strip()]) >= 9


def test_a_plan_is_the_same_bytes_in_two_processes():
    experiments = [*Path("experiments").glob("*.json"), *Path("experiments/examples").glob("*.json")]
    for path in sorted(experiments):
        if path.name == "experiment.schema.json":
            continue
        for form in [["--no-forecast"], ["--no-forecast", "--json"], ["--list"]]:
            one, other = run("plan", path, *form), run("plan", path, *form)
            assert one.returncode == 0 and one.stdout and one.stdout == other.stdout


def test_what_the_command_line_changes_and_what_is_included_is_in_the_results(write, tmp_path):
    write({"base": experiment({})["base"], "metrics": ["fisher_divergence"]}, "common.json")
    content = {
        "name": "small", "include": "common.json",
        "grid": {"loss": ["ism", "dsm"], "sigma": [0.1, 0.3], "repeat": 2},
        "tables": [{"name": "m", "rows": "loss", "columns": "sigma", "value": "fisher_divergence",
                    "where": {"loss": "dsm"}}],
    }
    path, results = write(content), tmp_path / "r.h5"
    changes = ["--set", "sigma=0.2,0.4", "--set", "training.steps=20", "--only", "loss=dsm"]
    done = run("run", path, "-o", results, "--progress", "never", *changes)
    assert done.returncode == 0 and "4 of 4 trials completed" in done.stderr
    with h5py.File(results) as file:
        assert list(file["experiment"].attrs["set"]) == ["sigma=0.2,0.4", "training.steps=20"]
        assert list(file["included_files"].attrs["paths"]) == ["common.json"]
        assert file["included_files"].asstr()[0] == (tmp_path / "common.json").read_text()
        assert file["trials/status"].asstr()[()].tolist() == ["waiting"] * 2 + ["completed"] * 4
    # The results stand for themselves: the files may be gone.
    (tmp_path / "common.json").unlink()
    path.unlink()
    table = run("table", results, "--format", "csv")
    assert table.returncode == 0 and "0.2" in table.stdout and "0.4" in table.stdout


def test_the_rest_of_a_selection_is_run_later_and_nothing_twice(write, tmp_path):
    path, results = write(experiment({"loss": ["ism", "dsm"], "repeat": 2})), tmp_path / "r.h5"
    assert run("run", path, "-o", results, "--only", "loss=dsm", "--quiet").returncode == 0
    counts = json.loads(run("plan", path, "-o", results, "--json").stdout)["results"]
    assert (counts["done"], counts["new"]) == (2, 2)
    rest = run("run", path, "-o", results, "--progress", "never")
    assert "running 2 trials; 2 are done already" in rest.stderr and len(set(ids(results))) == 4


def test_a_metric_more_is_measured_and_changes_no_number(write, tmp_path):
    content = experiment({"loss": ["ism", "ssm", "dsm"], "dimension": [2, 8], "repeat": 2})
    results, fresh = tmp_path / "r.h5", tmp_path / "fresh.h5"
    assert run("run", write(content), "-o", results, "--quiet").returncode == 0
    content["metrics"] = ["implicit_score_matching", "fisher_divergence", "tweedie_mse"]
    path = write(content)
    again = run("run", path, "-o", results, "--quiet")
    assert again.returncode == 0, again.stderr
    assert run("run", path, "-o", fresh, "--quiet").returncode == 0
    with h5py.File(results) as one, h5py.File(fresh) as other:
        for name in content["metrics"]:
            assert (one[f"trials/{name}"][()] == other[f"trials/{name}"][()]).all()


def test_a_table_of_a_grown_grid_that_is_under_way_mixes_nothing(write, tmp_path):
    results = tmp_path / "r.h5"
    small = experiment({"loss": ["ism", "ssm"], "dimension": [2], "repeat": 2})
    assert run("run", write(small), "-o", results, "--quiet").returncode == 0
    before = run("table", results, "--format", "csv").stdout
    grown = experiment({"loss": ["ism", "ssm"], "dimension": [2, 8, 16], "repeat": 40}, steps=20_000)
    grown["base"]["training"]["steps"] = 50
    grown["grid"]["training.steps"] = [50, 20_000]
    stopped(write(grown), results, signal.SIGTERM, after=1)
    assert Path(str(results) + ".d").is_dir()
    assert run("table", results, "--format", "csv").stdout == before


def test_a_broken_experiment_is_64_with_every_mistake_and_writes_nothing(write, tmp_path):
    broken = '{ "name": "x", "base": { "dta": 1 },\n  "grid": { "loss": ["ism", "smm"] },\n  "sed": 4 }'
    failed = run("run", write(broken), "-o", tmp_path / "r.h5")
    assert failed.returncode == 64
    assert "small.json:1:" in failed.stderr and "small.json:2:" in failed.stderr
    assert "small.json:3:" in failed.stderr and "3 mistakes" in failed.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small.json"]


def test_failed_trials_are_1_and_rows(write, tmp_path):
    diverging = experiment(
        {"loss": ["ism"], "training.optimizer.learning_rate": [1e-3, 1e7]}, optimizer={"type": "sgd"}
    )
    results = tmp_path / "r.h5"
    assert run("run", write(diverging), "-o", results).returncode == 1
    with h5py.File(results) as file:
        assert sorted(file["trials/status"].asstr()[()]) == ["completed", "diverged"]
    # The command that repeats it runs it alone, as it stands.
    failures = json.loads(run("status", write(diverging), "-o", results, "--json").stdout)["failures"]
    command = shlex.split(failures[0]["again"])
    assert len(failures) == 1 and command[0] == "scoresweep"
    assert failures[0]["again"] in run("status", write(diverging), "-o", results).stdout
    again = run(*command[1:])
    assert again.returncode == 1 and "running 1 trial" in again.stderr and "diverged" in again.stderr


def test_a_missing_file_is_2(write, tmp_path):
    assert run("run", tmp_path / "nowhere.json").returncode == 2
    assert run("table", tmp_path / "nowhere.h5").returncode == 2
    missing = experiment({"loss": ["ism"]})
    missing["base"].pop("dimension")
    missing["base"]["data"] = {"type": "csv", "path": "nowhere.csv"}
    missing["metrics"] = ["implicit_score_matching"]
    failed = run("run", write(missing), "-o", tmp_path / "r.h5")
    assert failed.returncode == 2 and "nowhere.csv" in failed.stderr and "DATA_DIR" in failed.stderr


def test_a_wrong_option_is_64(write):
    assert run("run", write(experiment({"loss": ["ism"]})), "--jobs", "0").returncode == 64
    assert run("fly").returncode == 64
    assert run("--help").returncode == 0


def stopped(path, results, kind, after):
    """Starts a run, sends it a signal once some trials are sealed, and returns its exit code.

    One job at a time: a group is sealed a second after its first trial, and a sweep that many cores finish in that
    second could not be stopped.
    """
    process = subprocess.Popen(
        [os.path.abspath(PROGRAM), "run", str(path), "-o", str(results), "-j", "1", "--progress", "never"],
        stderr=subprocess.PIPE, text=True,
    )
    folder = Path(str(results) + ".d")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if folder.is_dir() and len(list(folder.glob("*.h5"))) >= after:
            break
        time.sleep(0.02)
    process.send_signal(kind)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.parametrize("kind,code", [(signal.SIGINT, 75), (signal.SIGTERM, 75), (signal.SIGKILL, -9)])
def test_a_stopped_run_goes_on_and_loses_nothing_that_was_sealed(write, tmp_path, kind, code):
    path = write(experiment({"loss": ["ism", "ssm", "dsm"], "repeat": 8}, steps=100_000))
    results = tmp_path / "r.h5"
    assert stopped(path, results, kind, after=1) == code
    assert not results.exists()
    sealed = run("status", path, "-o", results).stdout
    done = int(sealed.split(" done")[0].split()[-1])
    assert 0 < done < 24
    resumed = run("run", path, "-o", results, "--progress", "never")
    assert resumed.returncode == 0
    assert "running" in resumed.stderr and "done already" in resumed.stderr
    assert len(set(ids(results))) == 24


def test_a_second_run_on_the_same_results_is_refused_while_one_is_under_way(write, tmp_path):
    path = write(experiment({"loss": ["ism"]}, steps=100_000_000))
    results = tmp_path / "r.h5"
    first = subprocess.Popen(
        [os.path.abspath(PROGRAM), "run", str(path), "-o", str(results)], stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not Path(str(results) + ".d").is_dir() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.2)
        second = run("run", path, "-o", results)
        assert second.returncode == 2 and "another run" in second.stderr
    finally:
        first.kill()
        first.wait()


def test_a_damaged_segment_is_named_and_its_trials_run_again(write, tmp_path):
    path = write(experiment({"loss": ["ism", "dsm"], "repeat": 10}, steps=100_000))
    results = tmp_path / "r.h5"
    stopped(path, results, signal.SIGKILL, after=1)
    segment = sorted(Path(str(results) + ".d").glob("*.h5"))[0]
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 0xFF
    segment.write_bytes(content)
    resumed = run("run", path, "-o", results)
    assert resumed.returncode == 0 and segment.name in resumed.stderr and "damaged" in resumed.stderr
    assert len(set(ids(results))) == 20


def test_the_schema_is_json_and_accepts_the_projects_experiments():
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"].endswith("2020-12/schema")
