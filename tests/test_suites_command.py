"""`refctl test` for real, in a small project."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

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
