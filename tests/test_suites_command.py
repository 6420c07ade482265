"""`refctl test` for real, in a small project."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refctl.quality.suites import VISUAL
from refctl.tools.proc import started_at

TESTS = "def test_right(): pass\ndef test_wrong(): assert False\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "refctl.toml").write_text("")
    for name in ("backend", "frontend"):
        (tmp_path / "app" / name).mkdir(parents=True)
    (tmp_path / "test_it.py").write_text(TESTS)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refctl", "test", "cli", *arguments],
        cwd=project,
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_failing_suite_exits_1_with_a_table_and_junit(project: Path) -> None:
    said = run(project)
    assert said.returncode == 1, said.stderr
    assert "cli    failed  1       1" in said.stdout
    assert said.stdout.endswith("1 passed, 1 failed, 0 skipped\n")
    assert "test_wrong" in said.stderr
    assert (project / "reports" / "cli.xml").exists()


def test_a_keyword_selects(project: Path) -> None:
    said = run(project, "-k", "right", "--json")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["data"]["passed"] == 1


def test_a_keyword_that_selects_nothing_is_no_proof(project: Path) -> None:
    said = run(project, "-k", "rihgt")
    assert said.returncode == 1
    assert "no test matches -k rihgt" in said.stdout


def test_last_failed_runs_only_what_failed(project: Path) -> None:
    run(project)
    answer = json.loads(run(project, "--last-failed", "--json").stdout)
    assert (answer["ok"], answer["data"]["passed"], answer["data"]["failed"]) == (False, 0, 1)


@pytest.mark.parametrize("left", ["def test_right(): pass\n", TESTS.replace("False", "True")])
def test_last_failed_runs_nothing_once_nothing_that_failed_is_left(
    project: Path, left: str
) -> None:
    run(project)
    (project / "test_it.py").write_text(left)
    run(project)
    said = run(project, "--last-failed")
    assert said.returncode == 0, said.stderr
    assert said.stdout.endswith("no test that failed last time is left\n")
    assert "cli    passed  0       0" in said.stdout


def test_last_failed_runs_a_file_that_could_not_be_imported(project: Path) -> None:
    (project / "test_it.py").write_text("def test_right(): pass\nimport nowhere_to_be_found\n")
    run(project)
    (project / "test_it.py").write_text(TESTS)
    answer = json.loads(run(project, "--last-failed", "--json").stdout)
    assert (answer["ok"], answer["data"]["passed"], answer["data"]["failed"]) == (False, 1, 1)


def test_a_dry_run_shows_the_command(project: Path) -> None:
    said = run(project, "--dry-run")
    assert "-m pytest" in said.stdout
    assert not (project / "reports").exists()


def test_a_dry_run_shows_what_makes_the_journey_take_new_pictures(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = project / "app/frontend/node_modules/cypress/package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": "1.2.3"}))
    program = project / "cache/1.2.3/Cypress/Cypress"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setenv("CYPRESS_CACHE_FOLDER", str(project / "cache"))
    visual = project / "app/frontend" / VISUAL
    visual.parent.mkdir(parents=True)
    visual.touch()
    said = subprocess.run(
        [sys.executable, "-m", "refctl", "test", "e2e", "--update-snapshots", "--dry-run"],
        cwd=project,
        capture_output=True,
        check=True,
        text=True,
    )
    line = next(line for line in said.stdout.splitlines() if line.startswith("e2e: "))
    assert "CYPRESS_UPDATE_SNAPSHOTS=true" in line
    assert f"--spec {VISUAL}" in line


def git(project: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=project, check=True, capture_output=True)


def test_changed_runs_what_the_work_touches_and_says_why(project: Path) -> None:
    (project / ".gitignore").write_text("__pycache__/\nreports/\n.refctl/\n.pytest_cache/\n")
    (project / "README.md").write_text("")
    git(project, "init", "--initial-branch", "main")
    git(project, "add", ".")
    git(project, "commit", "-m", "first")
    nothing = run(project, "--changed")
    assert (nothing.returncode, "nothing changed since main" in nothing.stdout) == (0, True)

    (project / "README.md").write_text("more")
    said = run(project, "--changed")
    assert (said.returncode, said.stdout.count("\n")) == (0, 1)
    assert "none of the 1 changed file since main" in said.stdout

    (project / "test_it.py").write_text("def test_right(): pass\n")
    assert "cli: test_it.py changed since main" in run(project, "--changed", "--dry-run").stdout
    said = run(project, "--changed")
    assert said.returncode == 0, said.stderr
    assert "1 passed" in said.stdout
    assert "cli: test_it.py changed since main" in said.stderr


def test_repeat_names_the_test_that_fails_now_and_then(project: Path) -> None:
    (project / "test_it.py").write_text(
        "import pathlib\n"
        "def test_right(): pass\n"
        "def test_wrong(): assert False\n"
        "def test_shaky():\n"
        "    seen = pathlib.Path('seen')\n"
        "    before = seen.exists()\n"
        "    seen.touch()\n"
        "    assert before\n"
    )
    said = run(project, "--repeat", "3", "-q")
    assert said.returncode == 1
    assert "test_it test_shaky  2       1       flaky" in said.stdout
    assert "test_it test_wrong  0       3       fails every time" in said.stdout
    assert said.stdout.endswith("1 flaky, 1 failing every time, in 3 runs\n")
    (project / "test_it.py").write_text("def test_right(): pass\n")
    answer = json.loads(run(project, "--repeat", "2", "--json").stdout)
    assert (answer["ok"], answer["data"]["unsteady"]) == (True, [])


def test_a_part_of_a_suite_may_be_empty_and_does_not_count_as_its_time(project: Path) -> None:
    (project / "test_it.py").write_text("def test_right(): pass\n")
    assert "1 passed" in run(project, "--shard", "1/2").stdout
    said = run(project, "--shard", "2/2")
    assert (said.returncode, "0 passed" in said.stdout) == (0, True)
    assert not (project / ".refctl/test-costs.json").exists()
    run(project)
    assert json.loads((project / ".refctl/test-costs.json").read_text())["cli"] > 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--shard", "3/2"), "not a part like 2/3"),
        (("--url", "https://app.example.com"), "--url is for the journeys"),
        (("--smoke",), "--smoke needs --url"),
        (("--update-snapshots",), "--update-snapshots is for the journeys"),
    ],
)
def test_options_that_do_not_fit_are_a_usage_error(
    project: Path, arguments: tuple[str, ...], reason: str
) -> None:
    said = run(project, *arguments)
    assert (said.returncode, reason in said.stderr) == (2, True)


def test_ctrl_c_ends_the_runner_too(project: Path) -> None:
    (project / "test_it.py").write_text(
        "import os, pathlib, time\n"
        "def test_long():\n"
        "    pathlib.Path('pid.new').write_text(str(os.getpid()))\n"
        "    pathlib.Path('pid.new').rename('pid')\n"
        "    time.sleep(120)\n"
    )
    refctl = subprocess.Popen(
        [sys.executable, "-m", "refctl", "test", "cli"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not (project / "pid").exists():
        assert refctl.poll() is None
        time.sleep(0.02)
    refctl.send_signal(signal.SIGINT)
    _, said = refctl.communicate(timeout=60)
    assert (refctl.returncode, b"Traceback" in said) == (130, False), said
    assert "✗" not in said.decode(), said  # that it ended badly is no news
    assert b"stopped before every suite had ended" in said
    assert started_at(int((project / "pid").read_text())) is None
