"""A sweep that is killed, stopped, brought down, or has nowhere to write: nothing finished is lost or run twice.

SCORESWEEP names the program. KILLS is how many times the sweep of short trials is killed (6; `make
test-interruptions` takes 200), INTERRUPTIONS how often one long trial is (2; 5), LONG how many steps that trial has.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from test_commands import experiment

PROGRAM = os.environ.get("SCORESWEEP", "")
KILLS = int(os.environ.get("KILLS", "6"))
INTERRUPTIONS = int(os.environ.get("INTERRUPTIONS", "2"))
LONG = int(os.environ.get("LONG", "400000"))
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")

# What two runs of the same experiment may differ in.
TIMES = {"seconds", "seconds_per_step"}
DATES = {"created"}


def write(tmp_path, content):
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(content))
    return path


def start(path, results, *options):
    command = [os.path.abspath(PROGRAM), "run", str(path), "-o", str(results), "--progress", "never", *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def finish(path, results, *options, code=0):
    process = start(path, results, *options)
    words = process.communicate(timeout=900)[1]
    assert process.returncode == code, words
    return words


def content(path):
    """All datasets and attributes of a file, but for times and dates."""
    found = {}

    def visit(name, item):
        for key, value in item.attrs.items():
            # References of dimension scales are addresses within a file.
            if key not in DATES and key not in ("DIMENSION_LIST", "REFERENCE_LIST"):
                found[f"{name}@{key}"] = np.asarray(value).tolist()
        if isinstance(item, h5py.Dataset) and name.split("/")[-1] not in TIMES:
            values = item[()]
            if isinstance(values, np.ndarray) and values.dtype.kind == "f":
                values = values.view(f"u{values.dtype.itemsize}")
            found[name] = np.asarray(values).tolist()

    with h5py.File(path) as file:
        for key, value in file.attrs.items():
            if key not in DATES:
                found[f"@{key}"] = np.asarray(value).tolist()
        file.visititems(visit)
    return found


def expect_the_same(one, other):
    a, b = content(one), content(other)
    assert a.keys() == b.keys()
    assert [name for name in a if a[name] != b[name]] == []


def newest_checkpoint(results):
    """What tells the newest checkpoint from others; None where there is none."""
    found = [(path.stat().st_mtime_ns, path.stat().st_ino) for path in Path(f"{results}.d").glob("*.checkpoint")]
    return max(found, default=None)


def sealed(results):
    """The trials that stand in segments, one entry for each time."""
    found = []
    for segment in sorted(Path(f"{results}.d").glob("*.h5")):
        with h5py.File(segment) as file:
            found += file["trials/id"].asstr()[()].tolist()
    return found


def test_a_sweep_that_is_killed_again_and_again_loses_nothing_and_runs_nothing_twice(tmp_path):
    trials = 300 if KILLS >= 100 else 40
    path = write(tmp_path, experiment({"loss": ["ism", "ssm"], "repeat": trials // 2}, steps=4000))
    whole, results = tmp_path / "whole.h5", tmp_path / "killed.h5"
    finish(path, whole)
    chance = random.Random(3)
    known = set()
    for _ in range(KILLS):
        process = start(path, results)
        time.sleep(chance.uniform(0.02, 1.6 if KILLS < 100 else 0.9))
        process.kill()
        process.communicate()
        now = sealed(results)
        assert len(now) == len(set(now)), "a trial stands twice"
        assert known <= set(now), "a sealed trial is gone"
        known = set(now)
        if len(known) == trials or results.exists():
            shutil.rmtree(f"{results}.d", ignore_errors=True)  # all done before the last kill: once more
            results.unlink(missing_ok=True)
            Path(f"{results}.sha256").unlink(missing_ok=True)
            known = set()
    words = finish(path, results)
    if known:
        assert f"{len(known)} are done already" in words
    expect_the_same(whole, results)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_a_long_trial_that_is_interrupted_ends_with_the_same_bits(tmp_path, kind):
    path = write(tmp_path, experiment({"loss": ["ssm"]}, steps=LONG))
    whole, results = tmp_path / "whole.h5", tmp_path / "parts.h5"
    began = time.monotonic()
    finish(path, whole)
    alone = time.monotonic() - began
    interval = alone / 40
    began, parts = time.monotonic(), []
    for _ in range(INTERRUPTIONS):
        process = start(path, results, "--checkpoint-every", str(interval))
        # Long enough to have kept something new, however fast the machine is by now.
        last = newest_checkpoint(results)
        while newest_checkpoint(results) == last and process.poll() is None:
            time.sleep(interval / 10)
        time.sleep(random.uniform(0, 2 * interval))
        process.send_signal(kind)
        process.communicate(timeout=60)
        assert process.returncode == (75 if kind == signal.SIGTERM else -9)
        assert len(list(Path(f"{results}.d").glob("*.checkpoint"))) == 1
        parts.append(time.monotonic() - began)
    finish(path, results)
    spent = time.monotonic() - began
    expect_the_same(whole, results)
    with h5py.File(results) as file:
        assert file["trials/seconds"][0] > 0.5 * alone
    assert not Path(f"{results}.d").exists()
    print(f"alone {alone:.1f} s, {INTERRUPTIONS} x {kind.name} {spent:.1f} s, checkpoints every {interval:.2f} s")


def test_a_trial_that_brings_the_process_down_twice_is_a_row_and_the_sweep_goes_on(tmp_path):
    plan = experiment({"loss": ["ism"], "training.steps": [100, 200, 100_000_000]})
    path, results = write(tmp_path, plan), tmp_path / "crash.h5"
    for turn in range(2):
        process = start(path, results, "-j", "2")
        time.sleep(2)
        process.send_signal(signal.SIGSEGV)
        words = process.communicate(timeout=60)[1]
        assert process.returncode == -signal.SIGSEGV
        assert ("brought down" in words) == (turn == 1)
    words = finish(path, results, code=1)
    assert "crashed" in words and "segmentation fault" in words
    with h5py.File(results) as file:
        assert sorted(file["trials/status"].asstr()[()].tolist()) == ["completed", "completed", "crashed"]
    # It is not run again unasked; asked, it gets two more chances.
    assert "all 3 trials are done" in finish(path, results, code=1)
    process = start(path, results, "--retry-failed")
    time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    assert "running 1 trial" in process.communicate(timeout=60)[1] and process.returncode == 75


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("mounting takes root")
    try:
        path = write(tmp_path, experiment({"loss": ["ism", "ssm"], "repeat": 20}, steps=3000))
        whole, results = tmp_path / "whole.h5", disk / "full.h5"
        finish(path, whole)
        (disk / "ballast").write_bytes(bytes(300_000))
        words = finish(path, results, code=2)
        assert "disk is full" in words and "Traceback" not in words and "rror Domain" not in words
        known = set(sealed(results))
        (disk / "ballast").unlink()
        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        assert "40 of 40 trials completed" in finish(path, results)
        assert known <= set(h5py.File(results)["trials/id"].asstr()[()].tolist())
        expect_the_same(whole, results)
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    path = write(tmp_path, experiment({"loss": ["ism"]}))
    folder = tmp_path / "closed"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("mounting takes root")
    try:
        words = finish(path, folder / "r.h5", code=2)
        assert "Read-only file system" in words and "choose a results path" in words
    finally:
        subprocess.run(["umount", folder], check=True)
    finish(path, folder / "r.h5")
