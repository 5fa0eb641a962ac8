"""Two runs of one experiment, in two processes with different numbers of jobs, are the same bits.

RESULTS_FILE and RESULTS_FILE_AGAIN name the two files.
"""

import os

import h5py
import numpy as np
import pytest

FIRST = os.environ.get("RESULTS_FILE", "")
AGAIN = os.environ.get("RESULTS_FILE_AGAIN", "")
# What a run measures of itself; everything else is a function of the experiment.
TIMES = {"seconds", "seconds_per_step"}
pytestmark = pytest.mark.skipif(not (FIRST and AGAIN), reason="two results files are needed")


def datasets(path):
    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def test_all_datasets_but_the_times_are_equal_bit_for_bit():
    first, again = datasets(FIRST), datasets(AGAIN)
    assert list(first) == list(again)
    compared = 0
    for name, value in first.items():
        if name.split("/")[-1] in TIMES:
            continue
        value, other = np.asarray(value), np.asarray(again[name])
        assert value.shape == other.shape and value.dtype == other.dtype, name
        if value.dtype == object or value.dtype.names or value.dtype.hasobject:
            assert value.tolist() == other.tolist() or "REFERENCE" in str(value.dtype), name
        else:
            assert value.tobytes() == other.tobytes(), name
        compared += value.size
    assert compared > 10_000


def test_the_times_were_measured_twice():
    first, again = datasets(FIRST), datasets(AGAIN)
    assert not np.array_equal(first["trials/seconds"], again["trials/seconds"])
