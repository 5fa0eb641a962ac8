"""Sweeps in parts, and results files that cannot be trusted, as a user meets them. SCORESWEEP names the program."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

PROGRAM = os.environ.get("SCORESWEEP", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")

EXPERIMENT = {
    "name": "small",
    "base": {
        "data": {"type": "gaussian-mixture", "train": 500, "validation": 100, "test": 100},
        "model": {"type": "score-mlp", "hidden": [16]},
        "training": {"steps": 50, "batch": 32},
    },
    "grid": {"loss": ["ism", "ssm", "dsm"], "sigma": [0.1, 0.3], "dimension": [2, 8], "repeat": 3},
    "metrics": ["fisher_divergence"],
}
TIMES = {"seconds", "seconds_per_step"}


def run(*arguments, **options):
    command = [os.path.abspath(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A folder with an experiment, its results, and those of three shards, run in another order."""
    folder = tmp_path_factory.mktemp("parts")
    (folder / "small.json").write_text(json.dumps(EXPERIMENT))
    assert run("run", "small.json", "-q", "-o", "whole.h5", cwd=folder).returncode == 0
    for shard in ["2/3", "3/3", "1/3"]:
        done = run("run", "small.json", "--shard", shard, "--progress", "never", cwd=folder)
        assert done.returncode == 0 and f"shard {shard}: 8 of 24 trials" in done.stderr
    return folder


@pytest.fixture
def folder(sweep, tmp_path):
    shutil.copytree(sweep, tmp_path / "copy")
    return tmp_path / "copy"


def parts(order=(1, 2, 3)):
    return [f"results/small.shard-{number}-of-3.h5" for number in order]


def contents(path):
    """Every dataset and attribute of a file by its path, but for times and dates."""
    found = {}

    def attributes(name, item):
        for key, value in item.attrs.items():
            if key not in {"created", "REFERENCE_LIST", "DIMENSION_LIST"}:
                found[f"{name}@{key}"] = np.asarray(value).tolist()

    def visit(name, item):
        attributes(name, item)
        if isinstance(item, h5py.Dataset) and name.split("/")[-1] not in TIMES:
            value = item[()]
            bits = value.tobytes() if isinstance(value, np.ndarray) and value.dtype != object else value
            found[name] = (item.shape, str(item.dtype), bits.tolist() if isinstance(bits, np.ndarray) else bits)

    with h5py.File(path) as file:
        attributes("", file)
        file.visititems(visit)
    return found


def test_shards_merge_to_the_file_of_the_whole_bit_for_bit(folder):
    whole = contents(folder / "whole.h5")
    assert len(whole) > 50
    for number, order in enumerate([(1, 2, 3), (3, 1, 2)]):
        done = run("merge", f"merged{number}.h5", *parts(order), cwd=folder)
        assert done.returncode == 0 and "24 of 24 trials from 3 parts" in done.stderr
        assert contents(folder / f"merged{number}.h5") == whole
        digest = (folder / f"merged{number}.h5.sha256").read_text().split()[0]
        assert subprocess.run(["sha256sum", folder / f"merged{number}.h5"], capture_output=True,
                              text=True).stdout.split()[0] == digest


def test_a_shard_is_the_same_whatever_is_chosen_for_the_run(folder):
    lists = [run("plan", "small.json", "--shard", "2/3", "--list", *more, cwd=folder).stdout
             for more in ([], ["-j", "1"])]
    other = subprocess.run(
        ["taskset", "-c", "0", os.path.abspath(PROGRAM), "plan", "small.json", "--shard", "2/3", "--list"],
        capture_output=True, text=True, cwd=folder).stdout
    assert lists[0] == lists[1] == other and len(lists[0].splitlines()) == 8
    all_lists = [run("plan", "small.json", "--shard", f"{k}/3", "--list", cwd=folder).stdout.splitlines()
                 for k in (1, 2, 3)]
    assert sorted(sum(all_lists, [])) == sorted(run("plan", "small.json", "--list", cwd=folder).stdout.splitlines())


def test_a_merge_names_what_is_missing_and_what_conflicts_and_writes_nothing(folder):
    wrong = folder / "wrong.h5"
    shutil.copy(folder / parts()[0], wrong)
    with h5py.File(wrong, "r+") as file:
        row = list(file["trials/status"].asstr()).index("completed")
        place = [file[f"trials/{name}"][row] for name in ("loss", "dimension")]
        file["trials/fisher_divergence"][row] += 1e-9
    done = run("merge", "out.h5", *parts((1, 2)), "wrong.h5", cwd=folder)
    assert done.returncode == 1 and "missing: 8 of 24 trials" in done.stderr
    assert "conflicting: 1 of 24 trials" in done.stderr
    assert f"loss {place[0].decode()}" in done.stderr and f"dimension {place[1]}" in done.stderr
    assert f"{parts()[0]} and wrong.h5 have fisher_divergence" in done.stderr
    assert not list(folder.glob("out.h5*"))
    again = run("merge", "out.h5", *parts((1, 2)), "wrong.h5", "--allow-missing", cwd=folder)
    assert again.returncode == 1 and not list(folder.glob("out.h5*"))
    allowed = run("merge", "out.h5", *parts((1, 2)), "--allow-missing", cwd=folder)
    assert "several values" not in allowed.stderr
    assert allowed.returncode == 0 and "missing: 8 of 24 trials" in allowed.stderr
    rest = run("run", "small.json", "-o", "out.h5", "--progress", "never", cwd=folder)
    assert "running 8 trials; 16 are done already" in rest.stderr
    assert contents(folder / "out.h5") == contents(folder / "whole.h5")


def test_parts_of_several_instruction_sets_are_said_and_kept(folder):
    with h5py.File(folder / parts()[1], "r+") as file:
        file.attrs["isa"] = "another"
    (folder / (parts()[1] + ".sha256")).unlink()
    done = run("merge", "out.h5", *parts(), cwd=folder)
    assert done.returncode == 0 and "several values of isa" in done.stderr
    with h5py.File(folder / "out.h5") as file:
        assert file.attrs["isa"].endswith("; another")


def test_a_changed_number_is_found_by_running_the_trial_again(folder):
    same = run("verify", "whole.h5", "--trials", "6", cwd=folder)
    assert same.returncode == 0 and "6 of 24 finished trials run again: every bit is the same" in same.stdout
    with h5py.File(folder / "whole.h5", "r+") as file:
        values = file["trials/fisher_divergence"][()]
        file["trials/fisher_divergence"][...] = np.nextafter(values, np.inf)
        file.attrs["isa"] = "another"
    (folder / "whole.h5.sha256").unlink()
    changed = run("verify", "whole.h5", "--trials", "3", cwd=folder)
    assert changed.returncode == 1 and "3 differ" in changed.stdout
    assert changed.stderr.count("fisher_divergence") == 3 and "isa was another and is" in changed.stderr


def rewritten(path, change):
    with h5py.File(path, "r+") as file:
        change(file)
    Path(str(path) + ".sha256").unlink()


def swap_ids(file):
    ids = file["trials/id"][()]
    file["trials/id"][0] = ids[1]


def cyclic(file):
    del file["trials/status"]
    file["trials/status"] = h5py.SoftLink("/trials/message")
    del file["trials/message"]
    file["trials/message"] = h5py.SoftLink("/trials/status")


def huge(file):
    del file["trials/steps"]
    file.create_dataset("trials/steps", shape=(1 << 40,), maxshape=(None,), chunks=(1 << 16,), dtype="i4")


def endless(file):
    del file["trials/message"]
    file.create_dataset("trials/message", shape=(1 << 62, 4), chunks=(1, 1), dtype="i1")


def wrong_type(file):
    values = file["trials/fisher_divergence"][()]
    del file["trials/fisher_divergence"]
    file["trials/fisher_divergence"] = [str(value) for value in values]


def compound(file):
    del file["trials/seconds"]
    file["trials/seconds"] = np.zeros(24, dtype=[("a", "f4"), ("b", "i8")])


def outside(file):
    del file["trials/seed"]
    file["trials/seed"] = h5py.ExternalLink("/dev/zero", "/x")


def circle(file):
    file["trials/again"] = file["trials"]
    del file["grid"]
    file["grid"] = file["trials"]


CHANGES = [swap_ids, cyclic, huge, endless, wrong_type, compound, outside, circle]


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_a_file_that_breaks_the_format_is_an_error_and_never_the_programs_end(folder, change):
    rewritten(folder / "whole.h5", change)
    for command in (["table"], ["validate"], ["verify"], ["merge", "out.h5"]):
        begun = time.monotonic()
        done = run(*command, "whole.h5", cwd=folder)
        assert done.returncode in (0, 1, 2), (command, done)
        assert time.monotonic() - begun < 60
        if command == ["validate"]:
            assert done.returncode == 2 and (done.stdout + done.stderr).count("\n") > 1 - (done.stdout == "")


def heaps(path, offset, value):
    """Writes a number of 8 bytes into every heap of strings, which no checksum of HDF5 covers."""
    content = bytearray(path.read_bytes())
    found = [place for place in range(len(content)) if content[place : place + 4] == b"GCOL"]
    for place in found[1:]:  # the first has the words of the root, which are asked for before anything else
        content[place + offset : place + offset + 8] = value.to_bytes(8, "little")
    path.write_bytes(content)
    assert len(found) > 1


@pytest.mark.parametrize("offset,value", [(8, 17), (8, 64), (24, 2**64 - 1), (24, 4000), (24, 2**40)])
def test_a_file_that_crashes_libhdf5_or_never_ends_is_an_error(folder, offset, value):
    Path(folder / "whole.h5.sha256").unlink()
    heaps(folder / "whole.h5", offset, value)
    begun = time.monotonic()
    done = run("table", "whole.h5", cwd=folder)
    assert done.returncode == 2 and "whole.h5: the results file is damaged" in done.stderr, done.stderr
    assert time.monotonic() - begun < 60


def test_validate_says_what_is_wrong_with_a_results_file(folder):
    assert run("validate", "whole.h5", cwd=folder).stdout == "valid: 24 trials\n"
    rewritten(folder / "whole.h5", lambda file: file.attrs.__setitem__("plan_sha256", "0" * 64))
    found = run("validate", "whole.h5", cwd=folder)
    assert found.returncode == 2 and "the digest is missing" in found.stdout and "plan_sha256 is 000" in found.stdout
    problems = json.loads(run("validate", "whole.h5", "--json", cwd=folder).stdout)["problems"]
    assert len(problems) == 2
    with h5py.File(folder / parts()[0], "r+") as file:
        swap_ids(file)
        file["grid/fisher_divergence"][0] = 7.5
    found = run("validate", parts()[0], cwd=folder).stdout
    assert "its bytes have the SHA-256" in found and "rows 0 and 1 are both" in found
    assert "/grid/fisher_divergence: cell 0 differs" in found


def test_a_file_without_its_digest_costs_little_more(folder):
    def seconds(name):
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            assert run("table", name, cwd=folder).returncode == 0
            times.append(time.perf_counter() - begun)
        return min(times)

    shutil.copy(folder / "whole.h5", folder / "copy.h5")
    assert seconds("copy.h5") < seconds("whole.h5") + 0.5


def test_odd_names_and_odd_tables_of_text_are_read_or_named(folder):
    (folder / "a b").mkdir()
    rng = np.random.default_rng(1)
    rows = "\r\n".join(f'"{a!r}", {b!r} ,x/{i}' for i, (a, b) in enumerate(rng.normal(size=(200, 2)).tolist()))
    (folder / "a b" / "größe,1.csv").write_bytes(b"\xef\xbb\xbf" + f'"x/y","a ""b""",kind\r\n{rows}\r\n'.encode())
    content = {
        "name": "odd", "base": {
            "data": {"type": "csv", "path": "a b/größe,1.csv", "drop_columns": ["kind"]},
            "model": {"type": "score-mlp", "hidden": [4]}, "training": {"steps": 5, "batch": 8}},
        "grid": {"loss": ["ism"], "data.path": ["a b/größe,1.csv"]}, "metrics": ["implicit_score_matching"],
    }
    (folder / "odd.json").write_text(json.dumps(content))
    done = run("run", "odd.json", "-o", "deep/er/o dd.h5", "-q", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert run("validate", "deep/er/o dd.h5", cwd=folder).stdout == "valid: 1 trial\n"
    for text, words in [
        ("x,y\n1,nan\n", 'line 2, column y: "nan" is not a finite number'),
        ("x,y\n1,2\n3\n", "line 3: 1 fields where the first line has 2"),
        ("x,y\n1,\n", 'line 2, column y: "" is not a finite number'),
        ('x,y\n1,"2\n', "line 2: a quoted field has no closing quote"),
        ("x,z\n1,2\n", 'no column is called "kind"; the columns are x, z'),
    ]:
        dropped = "kind" in words
        (folder / "a b" / "größe,1.csv").write_text(text)
        content["base"]["data"]["drop_columns"] = ["kind"] if dropped else []
        (folder / "odd.json").write_text(json.dumps(content))
        failed = run("run", "odd.json", "-o", "o.h5", "--retry-failed", cwd=folder)
        assert failed.returncode == 1 and words in failed.stderr, failed.stderr
    (folder / "odd.json").write_text(json.dumps({**content, "name": "a/b"}))
    assert run("run", "odd.json", cwd=folder).returncode == 64
