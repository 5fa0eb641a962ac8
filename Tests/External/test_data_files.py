"""Data files that NumPy and h5py wrote, as the program reads them: every type, byte order and layout.

SCORESWEEP names the program.
"""

import gzip
import json
import os
import struct
import subprocess

import h5py
import numpy as np
import pytest

PROGRAM = os.environ.get("SCORESWEEP", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")

TYPES = ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "i1", "u1", "<i2", ">i2", "<u2", "<i4", ">u4", "<i8", ">u8", "?"]


def array(dtype, shape, seed):
    numbers = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return numbers.normal(size=shape).astype(dtype)
    if dtype.kind == "b":
        return numbers.random(size=shape) < 0.5
    info = np.iinfo(dtype)
    low, high = max(info.min, -(2**52)), min(info.max, 2**52)
    return numbers.integers(low, high, size=shape, endpoint=True).astype(dtype)


def run(folder, datas):
    experiment = {
        "name": "files",
        "base": {"loss": "dsm", "keep_test_data": True, "training": {"steps": 0}},
        "grid": {"data": [dict(data, whiten="none", noise=0, dequantise=False) for data in datas]},
    }
    (folder / "files.json").write_text(json.dumps(experiment))
    command = [os.path.abspath(PROGRAM), "run", "files.json", "-o", "files.h5", "--quiet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def test_rows(folder):
    """The test rows of each trial, by the file that they come from."""
    with h5py.File(folder / "files.h5") as file:
        data = [json.loads(text)["data"] for text in file["trials/settings"].asstr()[()]]
        places = {}
        for samples in file["samples"].values():
            for trial, rows in zip(samples["trial"][()], samples["test"][()]):
                places[data[trial]["path"], data[trial].get("dataset")] = rows
        return places


test_rows.__test__ = False


def belongs(rows, values):
    flat = values.reshape(len(values), -1).astype(np.float64)
    known = {row.tobytes() for row in flat}
    return len(rows) == len(flat) // 10 and all(row.tobytes() in known for row in rows)


def test_arrays_of_every_type_and_layout_are_read_as_numpy_reads_them(tmp_path):
    arrays, datas = {}, []
    for number, dtype in enumerate(TYPES):
        for order in "CF":
            for shape in [(40, 3), (40,), (40, 2, 3)]:
                name = f"{number}{order}{len(shape)}.npy"
                arrays[name] = np.asarray(array(dtype, shape, number), order=order)
                np.save(tmp_path / name, arrays[name])
                datas.append({"type": "npy", "path": name})
    done = run(tmp_path, datas)
    assert done.returncode == 0, done.stderr
    rows = test_rows(tmp_path)
    assert len(rows) == len(arrays)
    for name, values in arrays.items():
        assert belongs(rows[name, None], values), name


def test_datasets_are_read_as_h5py_reads_them(tmp_path):
    arrays, datas = {}, []
    with h5py.File(tmp_path / "data.h5", "w") as file:
        for number, dtype in enumerate(["<f4", ">f8", "i1", "u1", "<i4", ">u4", "<i8", "<f2", "<i2", ">u2", "?"]):
            name = f"group{number}/x"
            arrays[name] = array(dtype, (50, 4), number)
            options = {"chunks": (7, 2), "compression": "gzip", "shuffle": True} if number % 2 else {}
            file.create_dataset(name, data=arrays[name], **options)
            datas.append({"type": "hdf5", "path": "data.h5", "dataset": name})
    done = run(tmp_path, datas)
    assert done.returncode == 0, done.stderr
    rows = test_rows(tmp_path)
    for name, values in arrays.items():
        assert belongs(rows["data.h5", name], values), name


def test_compressed_images_are_read(tmp_path):
    images = array("u1", (60, 4, 5), 1)
    content = struct.pack(">HBB3I", 0, 8, 3, *images.shape) + images.tobytes()
    (tmp_path / "images.gz").write_bytes(gzip.compress(content))
    done = run(tmp_path, [{"type": "idx", "path": "images.gz"}])
    assert done.returncode == 0, done.stderr
    assert belongs(test_rows(tmp_path)["images.gz", None], images)


@pytest.mark.parametrize(
    "name, values, words",
    [
        ("objects", np.array([{}, []], dtype=object), "NumPy's type |O"),
        ("fields", np.zeros(30, dtype=[("a", "f8"), ("b", "i4")]), "structured"),
        ("extended", np.zeros((30, 2), dtype="f16"), "NumPy's type <f16"),
        ("nan", np.full((30, 2), np.nan), "nan is no data"),
        ("nothing", np.zeros((0, 2)), "no rows"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_trials_record(tmp_path, name, values, words):
    np.save(tmp_path / "x.npy", values, allow_pickle=True)
    done = run(tmp_path, [{"type": "npy", "path": "x.npy"}])
    assert done.returncode == 1, done.stderr
    with h5py.File(tmp_path / "files.h5") as file:
        assert words in file["trials/message"].asstr()[0]


@pytest.mark.parametrize(
    "name, words",
    [
        ("group", "group is a group, and a dataset is needed; it has rows"),
        ("lzf", "packed with lzf"),
        ("text", "text, which holds strings and no numbers"),
        ("fixed", "fixed, which holds strings and no numbers"),
        ("complex", "complex, which holds compounds and no numbers"),
        ("lists", "lists, which holds lists of any length and no numbers"),
        ("lzf/rows", "there is no dataset lzf/rows; the group has complex"),
    ],
)
def test_datasets_that_cannot_be_read_are_said_with_what_they_are(tmp_path, name, words):
    rows = array("<f8", (50, 3), 1)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file.create_dataset("group/rows", data=rows)
        file.create_dataset("lzf", data=rows, chunks=(10, 3), compression="lzf")
        file.create_dataset("text", data=["a", "b"])
        file.create_dataset("fixed", data=np.array([b"a", b"b"]))
        file.create_dataset("complex", data=rows.astype("c16"))
        file.create_dataset("lists", (2,), dtype=h5py.vlen_dtype("f8"))
    done = run(tmp_path, [{"type": "hdf5", "path": "data.h5", "dataset": name}])
    assert done.returncode == 1, done.stderr
    with h5py.File(tmp_path / "files.h5") as file:
        message = file["trials/message"].asstr()[0]
    assert message.startswith("data.h5: ") and words in message
