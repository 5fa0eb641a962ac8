"""No command leaves anything of libhdf5's open, however it ends.

SCORESWEEP names the program. That the count would tell is a test of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from test_commands import experiment
from test_interruptions import write

PROGRAM = os.environ.get("SCORESWEEP", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")

# Files with their objects, dataspaces, property lists.
NOTHING = [0, 0, 0]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The library that counts."""
    compiler = shutil.which("cc") or shutil.which("clang")
    assert compiler, "a C compiler is needed, such as Swift's own clang"
    library = tmp_path_factory.mktemp("handles") / "handles.so"
    source = Path(__file__).with_name("handles.c")
    subprocess.run(
        [compiler, "-O1", "-Wall", "-Werror", "-shared", "-fPIC", source, "-o", library, "-ldl"], check=True
    )
    return library


@pytest.fixture
def watch(library, tmp_path):
    """Starts the program; what it left open is a line for each process that ended."""
    lines = tmp_path / "handles"

    def start(*arguments):
        lines.unlink(missing_ok=True)
        environment = {**os.environ, "LD_PRELOAD": str(library), "HANDLES": str(lines)}
        command = [os.path.abspath(PROGRAM), *map(str, arguments)]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def left():
        return [[int(word) for word in line.split()] for line in lines.read_text().splitlines()]

    def run(*arguments, code=0):
        process = start(*arguments)
        words = process.communicate(timeout=300)
        assert process.returncode == code, words
        assert left() and all(line == NOTHING for line in left()), (arguments, left())

    run.start, run.left = start, left
    return run


def test_the_count_counts(library, tmp_path):
    code = """
import ctypes, sys
hdf5 = ctypes.CDLL(sys.argv[1], mode=ctypes.RTLD_GLOBAL)
for name in ("H5Screate", "H5Pcreate", "H5Fcreate"): getattr(hdf5, name).restype = ctypes.c_int64
handles = ctypes.CDLL(sys.argv[2])
handles.H5Screate.restype = ctypes.c_int64
plain = ctypes.c_int64(0)
print(hdf5.H5Fcreate(sys.argv[3].encode(), 2, plain, plain) > 0, handles.H5Screate(0) > 0)
"""
    listing = subprocess.run(["ldd", os.path.abspath(PROGRAM)], capture_output=True, text=True).stdout
    hdf5 = next(line.split("=>")[1].split()[0] for line in listing.splitlines() if "libhdf5_serial.so" in line)
    lines = tmp_path / "handles"
    environment = {**os.environ, "LD_PRELOAD": f"{library}:{hdf5}", "HANDLES": str(lines)}
    done = subprocess.run(
        [sys.executable, "-c", code, hdf5, library, tmp_path / "a.h5"],
        env=environment, capture_output=True, text=True,
    )
    assert done.stdout == "True True\n", done
    assert lines.read_text() == "1 1 0\n"


def test_commands_leave_nothing_open(watch, tmp_path):
    rows = np.random.default_rng(1).normal(size=(400, 2))
    with h5py.File(tmp_path / "rows.h5", "w") as file:
        file["rows"] = rows
    content = experiment({"loss": ["ism", "dsm"], "repeat": 2})
    content["base"]["data"] = {"type": "hdf5", "path": str(tmp_path / "rows.h5"), "dataset": "rows"}
    content["base"].pop("dimension")
    content["metrics"] = ["implicit_score_matching"]
    path, results = write(tmp_path, content), tmp_path / "r.h5"
    watch("plan", path)
    for shard in (1, 2):
        watch("run", path, "-o", tmp_path / f"{shard}.h5", "--shard", f"{shard}/2")
    watch("merge", results, tmp_path / "1.h5", tmp_path / "2.h5")
    for command in (["table", results], ["status", path, "-o", results], ["verify", results]):
        watch(*command)
    watch("run", path, "-o", results)
    watch("validate", path)
    watch("validate", results)
    content["metrics"].append("loss_variance")
    watch("run", write(tmp_path, content), "-o", results)


def test_failures_leave_nothing_open(watch, tmp_path):
    results = tmp_path / "r.h5"
    path = write(tmp_path, experiment({"loss": ["ism"], "training.optimizer.learning_rate": [1e-3, 1e30]}))
    watch("run", path, "-o", results, code=1)
    with open(results, "r+b") as file:
        file.truncate(5000)
    watch("table", results, code=2)
    watch("merge", tmp_path / "other.h5", results, code=2)
    with open(tmp_path / "no.h5", "wb") as file:
        file.write(b"\x89HDF\r\n\x1a\n" + bytes(2000))
    watch("validate", tmp_path / "no.h5", code=2)


def test_a_stopped_run_leaves_nothing_open(watch, tmp_path):
    path = write(tmp_path, experiment({"loss": ["ism"], "repeat": 200}, steps=4000))
    process = watch.start("run", path, "-o", tmp_path / "r.h5")
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 75 and watch.left() == [NOTHING]
