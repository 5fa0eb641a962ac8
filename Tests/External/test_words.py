"""What people see on a terminal, and what programs read of mistakes. SCORESWEEP names the program."""

import json
import os
import pty
import re
import subprocess
import time

import pytest

PROGRAM = os.environ.get("SCORESWEEP", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SCORESWEEP is not set")

BROKEN = '{ "name": "x", "base": { "dta": 1, "data": "gaussian" },\n  "grid": { "loss": ["ism", "smm"] } }\n'


def run(*arguments, **options):
    command = [os.path.abspath(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


def on_terminal(*arguments, **variables):
    """What a command writes to stderr where that is a terminal."""
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen(
        [os.path.abspath(PROGRAM), *map(str, arguments)],
        stdout=subprocess.DEVNULL, stderr=slave, env={**environment, **variables},
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the program has closed its end
            break
        if not part:
            break
        seen += part
    os.close(master)
    assert process.wait() == 64
    return seen.decode().replace("\r\n", "\n")


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text(BROKEN)
    return path


def test_a_terminal_shows_mistakes_in_colour_and_a_file_the_same_words(broken):
    plain = run("plan", broken).stderr
    assert "\x1b" not in plain and 'did you mean "ssm"?' in plain
    colored = on_terminal("plan", broken, TERM="xterm-256color")
    assert "\x1b[1;31m" in colored and re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert on_terminal("plan", broken, TERM="xterm", NO_COLOR="1") == plain
    assert on_terminal("run", broken, TERM="dumb") == plain


@pytest.mark.parametrize("command", ["plan", "validate"])
def test_mistakes_are_json_where_asked(broken, command):
    done = run(command, broken, "--json")
    assert done.returncode == 64 and done.stderr == ""
    first, second = json.loads(done.stdout)["diagnostics"]
    assert set(first) == {
        "kind", "file", "line", "column", "width", "path", "message", "expected", "nearest", "remedy",
    }
    assert (first["kind"], first["line"], first["path"]) == ("unknown_name", 1, "base.dta")
    line = BROKEN.splitlines()[second["line"] - 1]
    begin = second["column"] - 1
    assert line[begin : begin + second["width"]] == '"smm"' and second["nearest"] == "ssm"


def test_the_starter_runs_in_seconds_and_gives_its_table(tmp_path):
    assert run("init", "first.json", cwd=tmp_path).returncode == 0
    assert run("validate", "first.json", cwd=tmp_path).stdout == "valid: 33 trials\n"
    begun = time.monotonic()
    done = run("run", "first.json", "--jobs", "1", "--quiet", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    assert time.monotonic() - begun < 10
    table = run("table", "results/first.h5", cwd=tmp_path)
    assert table.returncode == 0 and "Three losses on a Gaussian mixture" in table.stdout
    assert "dsm: sigma" in table.stdout
    again = run("init", "first.json", cwd=tmp_path)
    assert again.returncode == 2 and "first.json" in again.stderr
