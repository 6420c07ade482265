"""`refctl test --mutation core` for real: mutmut in a small project with this one's locks."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from refctl.quality.mutation.results import Found, Mutant

ROOT = Path(__file__).parents[1]
ADULT = '''"""Ages."""

LIMIT = 18


def is_adult(age: int) -> bool:
    """Return whether somebody is of age."""
    return age >= LIMIT
'''
WEAK = "from refctl.core.ages import is_adult\ndef test_far(): assert is_adult(40)\n"
STRONG = (
    "from refctl.core.ages import is_adult\n"
    "def test_near(): assert [is_adult(17), is_adult(18)] == [False, True]\n"
)
MUTMUT = """
[tool.mutmut]
source_paths = ["refctl"]
only_mutate = ["refctl/core/*.py"]
pytest_add_cli_args_test_selection = ["tests"]
process_isolation = "forkserver"
use_git_change_detection = false
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ours = (ROOT / "pyproject.toml").read_text()
    before, _, rest = ours.partition("[tool.mutmut]")
    assert tomllib.loads(before + "[" + rest.partition("\n[")[2])
    (tmp_path / "pyproject.toml").write_text(before.partition("[tool.pytest")[0] + MUTMUT)
    shutil.copy(ROOT / "uv.lock", tmp_path)
    (tmp_path / "refctl.toml").write_text("")
    (tmp_path / ".gitignore").write_text("/.refctl/\n/reports/\n__pycache__/\n")
    for name, text in {
        "refctl/__init__.py": "",
        "refctl/core/__init__.py": "",
        "refctl/core/ages.py": ADULT,
        "tests/test_ages.py": WEAK,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "--quiet", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    return tmp_path


def start(project: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "refctl", "test", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(project: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(project, *arguments)
    out, err = process.communicate(timeout=180)
    return process.returncode, out, err


def changed(project: Path) -> str:
    return subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files"],
        cwd=project,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.replace("A  ", "   ")


def test_a_weak_test_fails_the_gate_and_a_strong_one_passes_it(project: Path) -> None:
    before = changed(project)
    code, out, err = run(project, "cli", "--mutation", "core", "--json")
    assert code == 1, err
    answer = json.loads(out)
    (room,) = answer["data"]["rooms"]
    assert (answer["ok"], room["name"], room["result"]) == (False, "cli", "failed")
    assert room["note"] == "less than 80 % are noticed"
    assert room["score"] < 80
    assert {
        "file": "refctl/core/ages.py",
        "line": 8,
        "mutation": "return age >= LIMIT → return age > LIMIT",
        "status": "survived",
        "accepted": "",
    } in room["survivors"]
    assert "cli: making mutants" in err
    assert changed(project) == before

    (project / "tests" / "test_ages.py").write_text(STRONG)
    for name in ("backend", "frontend"):
        found = Found(name, (Mutant(f"app/{name}/x", "killed"),), 1)
        file = project / "reports" / "mutation" / f"{name}.json"
        file.write_text(json.dumps(found.as_json()))
    code, out, err = run(project, "cli", "--mutation", "core", "--write-docs")
    assert code == 0, out + err
    assert out.startswith("room  result  mutants  killed  survived  timeouts  no coverage  score")
    assert "100.0 %" in out
    page = (project / "docs" / "contributing" / "mutation.md").read_text()
    assert "| `refctl/core/ages.py` | 1 | 1 | 0 | 0 | 0 | 100.0 % |" in page


def test_tests_that_do_not_pass_as_they_are_prove_nothing(project: Path) -> None:
    (project / "tests" / "test_ages.py").write_text(WEAK.replace("40", "4"))
    code, out, err = run(project, "cli", "--mutation", "core")
    assert (code, "exit code 1: do its tests pass as they are?" in out) == (1, True), err
    assert "failed to collect stats" in err


def test_a_test_that_is_called_another_way_each_time_proves_nothing(project: Path) -> None:
    (project / "tests" / "test_ages.py").write_text(
        "import time, pytest\n"
        "from refctl.core.ages import is_adult\n"
        "@pytest.mark.parametrize('age', [17], ids=[str(time.time())])\n"
        "def test_near(age): assert not is_adult(age) and is_adult(18)\n"
    )
    code, out, err = run(project, "cli", "--mutation", "core")
    assert (code, "were not looked at to the end" in out) == (1, True), out + err


def test_ctrl_c_leaves_the_source_as_it_was(project: Path) -> None:
    slow = f"{STRONG}def test_slow():\n    import time; is_adult(1); time.sleep(120)\n"
    (project / "tests" / "test_ages.py").write_text(slow)
    before = changed(project)
    process = start(project, "cli", "--mutation", "core")
    mutants = project / ".refctl/mutation/cli/mutants/refctl/core/ages.py.meta"
    deadline = time.monotonic() + 120
    while not mutants.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in said) == (130, False), said
    assert "stopped before every mutant was tested" in said
    assert changed(project) == before
    assert (project / "refctl" / "core" / "ages.py").read_text() == ADULT


def test_a_dry_run_shows_the_commands_and_does_nothing(project: Path) -> None:
    code, out, _ = run(project, "cli", "--mutation", "core", "--dry-run")
    assert code == 0
    assert "--group mutation --no-install-project" in out
    assert "cli: " in out
    assert "bin/mutmut run" in out
    assert not (project / ".refctl").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("e2e", "--mutation", "core"), "e2e has no mutants"),
        (("cli", "--mutation", "core", "-k", "x"), "no other option chooses from it"),
        (("cli", "--mutation", "core", "--changed"), "no other option chooses from it"),
        (("cli", "--mutation", "core", "--repeat", "2"), "no other option chooses from it"),
        (("cli", "--write-docs"), "--write-docs needs --mutation"),
        (("cli", "--mutation", "core", "--write-docs"), "backend has no report yet"),
        (("cli", "--mutation", "all"), "'all' is not"),
    ],
)
def test_options_that_do_not_fit_are_a_usage_error(
    project: Path, arguments: tuple[str, ...], reason: str
) -> None:
    code, _, said = run(project, *arguments)
    assert (code, reason in said) == (2, True), said
