"""What h5py, xarray and pandas make of a results file, and one network rebuilt from it.

RESULTS_FILE names the file; without it there is nothing to test.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from networks import ACTIVATIONS, Network

FILE = os.environ.get("RESULTS_FILE", "")
ENGINES = ["h5netcdf", "netcdf4", None]
STATUSES = {"completed", "diverged", "failed", "timed-out", "out-of-memory", "waiting"}
pytestmark = pytest.mark.skipif(not FILE, reason="RESULTS_FILE is not set")


@pytest.fixture(scope="module")
def file():
    with h5py.File(FILE) as file:
        yield file


@pytest.fixture(scope="module", params=ENGINES)
def trials(request):
    with xr.open_dataset(FILE, group="trials", engine=request.param) as dataset:
        yield dataset


@pytest.fixture(scope="module", params=ENGINES)
def grid(request):
    with xr.open_dataset(FILE, group="grid", engine=request.param) as dataset:
        yield dataset


def names(value):
    """A list of strings kept as an attribute, of which readers make one string when alone."""
    return [value] if isinstance(value, str) else list(value)


def groups(file, name):
    return list(file[name].values()) if name in file else []


# The file as a whole


def test_the_root_says_what_the_file_is(file):
    attributes = file.attrs
    assert "ScoreSweep" in attributes["Conventions"]
    assert attributes["format_version"].startswith("1.")
    assert re.fullmatch("[0-9a-f]{64}", attributes["plan_sha256"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", attributes["hdf5_version"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", attributes["created"])
    for name in ("title", "name"):
        assert isinstance(attributes[name], str)


def test_the_experiment_stands_verbatim(file):
    source = file["experiment"][()].decode()
    assert file.attrs["name"] in source


def test_the_file_is_in_the_earliest_format(file):
    assert Path(FILE).read_bytes()[8] == 0


def test_the_digest_beside_the_file_is_that_of_the_file():
    path = Path(FILE)
    if not path.with_name(path.name + ".sha256").exists():
        pytest.skip("the file stands alone")
    check = ["sha256sum", "--check", "--status", path.name + ".sha256"]
    assert subprocess.run(check, cwd=path.parent or ".").returncode == 0


def test_no_type_is_one_that_some_reader_lacks(file):
    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            string = h5py.check_string_dtype(item.dtype)
            assert item.dtype.kind in "fi" or string, name
            assert string is None or (string.encoding, string.length) == ("utf-8", None), name

    file.visititems(visit)


def test_large_arrays_are_chunked_compressed_and_checked(file):
    def visit(name, item):
        if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "fi":
            return
        without_values = item.attrs.get("NAME", b"").startswith(b"This is a netCDF dimension")
        if item.nbytes >= 16 << 10 and not without_values:
            assert item.chunks and item.shuffle and item.fletcher32, name
            assert item.compression == "gzip", name

    file.visititems(visit)


def test_every_group_opens_in_one_call():
    for engine in ("h5netcdf", "netcdf4"):
        with xr.open_datatree(FILE, engine=engine) as tree:
            assert {"trials", "grid"} <= set(tree.children)


def test_netcdf_names_every_dimension(file):
    def visit(name, item):
        if isinstance(item, h5py.Dataset) and item.ndim and not item.is_scale:
            assert all(len(dimension) == 1 for dimension in item.dims), name

    file.visititems(visit)


# The table of trials


def test_the_table_has_the_right_types(trials):
    table = trials.to_dataframe()
    assert table.index.name == "trial"
    assert list(table.index) == list(range(len(table)))
    for name in ("id", "status", "message", "seed", "settings", "architecture"):
        assert all(type(value) is str for value in table[name]), name
        assert not pd.api.types.is_numeric_dtype(table[name]), name
    for name in ("steps", "parameter_count", "checkpoints"):
        assert pd.api.types.is_integer_dtype(table[name]), name
    for name in ["seconds", "seconds_per_step"] + names(trials.attrs["metrics"]):
        assert pd.api.types.is_float_dtype(table[name]), name
    assert table["id"].str.fullmatch("[0-9a-f]{32}").all()
    assert table["id"].is_unique
    assert set(table["status"]) <= STATUSES
    assert table.loc[table["status"] == "waiting", "seconds"].isna().all()


def test_axes_have_the_type_of_their_values(trials):
    table = trials.to_dataframe()
    for name in names(trials.attrs["axes"]):
        kind = trials[name].attrs["kind"]
        if kind in ("text", "json"):
            assert all(type(value) is str for value in table[name]), name
        elif kind == "boolean":
            complete = not table[name].isna().any()
            assert table[name].dtype == (bool if complete else float), name
        else:
            assert pd.api.types.is_numeric_dtype(table[name]), name
            assert table[name].dtype != bool, name


def test_every_column_of_numbers_has_units_and_every_column_a_long_name(file):
    for name, column in file["trials"].items():
        assert name == "trial" or "long_name" in column.attrs, name
    for name in ["steps", "seconds"] + names(file["trials"].attrs["metrics"]):
        assert "units" in file["trials"][name].attrs, name


def test_settings_are_json(trials):
    for settings in trials["settings"].values:
        assert isinstance(json.loads(settings), dict)


def test_the_order_of_columns_is_told(trials):
    order = names(trials.attrs["column-order"])
    assert set(order) == set(trials.data_vars)
    assert order[:3] == ["id", "status", "message"]


# The cube


def test_the_cube_is_selected_by_the_values_of_its_axes(grid, trials):
    cube = grid[names(grid.attrs["metrics"])[0]]
    assert list(cube.dims) == names(grid.attrs["axes"])
    table = trials.to_dataframe()
    for axis in cube.dims:
        for value in grid[axis].values:
            part = grid.sel({axis: value})
            found = part["trial"].values[part["trial"].values >= 0]
            column = table[axis].iloc[found]
            # Along an axis that does not apply to a trial, the trial stands at every value.
            assert all(v == value or v == "" or v != v for v in column), (axis, value)


def test_the_cube_of_the_sample_is_selected_by_name_and_number(grid):
    if "loss" not in grid or "dimension" not in grid:
        pytest.skip("no such axes")
    if "ssm-vr" not in grid["loss"].values or 8 not in grid["dimension"].values:
        pytest.skip("no such values")
    part = grid["fisher_divergence"].sel(loss="ssm-vr", dimension=8)
    assert part.ndim == grid["fisher_divergence"].ndim - 2
    assert np.isfinite(part.values).any()


def test_the_cube_holds_the_table(grid, trials):
    index = grid["trial"].values
    for metric in names(grid.attrs["metrics"]):
        cube = grid[metric].values
        column = trials[metric].values
        assert np.array_equal(cube[index >= 0], column[index[index >= 0]], equal_nan=True), metric
        assert np.isnan(cube[index < 0]).all(), metric
    finished = trials["status"].values != "waiting"
    planned = trials["planned"].values if "planned" in trials else finished
    assert set(index[index >= 0]) == set(np.flatnonzero(finished & planned))


# Curves, parameters, samples


def test_curves_are_padded_with_nan(file, trials):
    if "curves" not in file:
        pytest.skip("no curves")
    with xr.open_dataset(FILE, group="curves") as curves:
        assert curves["training_loss"].dims == ("trial", "checkpoint")
        counts = np.isfinite(curves["step"]).sum("checkpoint").values
        assert np.array_equal(counts, trials["checkpoints"].values)


def test_stacked_groups_index_the_trials(file, trials):
    for group in groups(file, "parameters") + groups(file, "samples"):
        rows = group["trial"][:]
        assert list(group["id"].asstr()[:]) == list(trials["id"].values[rows])
        for name in names(group.attrs["array_names"]):
            assert group[name].shape[0] == len(rows)
            assert group[name].dims[0][0].name.endswith("/trial")


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_only_trials_are_labelled_in_stacked_groups(file, engine):
    for kind in ("parameters", "samples"):
        for group in groups(file, kind):
            with xr.open_dataset(FILE, group=group.name, engine=engine) as arrays:
                assert list(arrays.coords) == ["trial"], group.name
                assert not any(".axis" in dim for name in ("samples", "test") if name in arrays for dim in arrays[name].dims)


def rebuilt(file):
    """Every network whose data and metric are in the file."""
    column = file["trials"]
    if "implicit_score_matching" not in column:
        return
    for samples in groups(file, "samples"):
        if "test" not in samples:
            continue
        data = dict(zip(samples["id"].asstr()[:], samples["test"]))
        for group in groups(file, "parameters"):
            if group.attrs.get("activation") not in ACTIVATIONS or "layer0.weight" not in group:
                continue
            index = zip(group["trial"][:], group["id"].asstr()[:])
            for position, (row, trial) in enumerate(index):
                if trial in data:
                    arrays = {n: group[n][position] for n in names(group.attrs["array_names"])}
                    metric = column["implicit_score_matching"][row]
                    settings = column["settings"].asstr()[row]
                    yield Network.rebuilt(arrays, group.attrs, settings), data[trial], metric


def test_networks_rebuilt_in_numpy_have_their_metric(file):
    checked = 0
    for network, data, metric in rebuilt(file):
        found = network.implicit_score_matching(np.asarray(data, np.float64))
        assert found == pytest.approx(metric, rel=1e-5)
        checked += 1
    if checked == 0:
        pytest.skip("the file holds no network together with its test data")


@pytest.mark.parametrize("activation", ["softplus", "tanh", "silu", "elu"])
def test_the_score_of_an_energy_network_is_minus_its_gradient(activation):
    random = np.random.default_rng(1)
    shapes = {"layer0": (3, 6), "layer1": (6, 5), "layer2": (5, 1)}
    arrays = {"skip.weight": random.normal(size=(3, 1))}
    for name, shape in shapes.items():
        arrays[f"{name}.weight"] = random.normal(size=shape)
        arrays[f"{name}.bias"] = random.normal(size=shape[1])
    network = Network(arrays, activation)
    x, h = random.normal(size=(4, 3)), 1e-6
    for axis in range(3):
        step = h * np.eye(3)[axis]
        energies = [network.layers(x + s * step + 0j)[1].real[:, 0] for s in (1, -1)]
        expected = -(energies[0] - energies[1]) / (2 * h)
        assert np.allclose(network.score(x)[:, axis].real, expected, rtol=1e-6, atol=1e-8)
