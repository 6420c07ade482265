"""The collector that a test run brings along: a real one, where Docker has it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import StepFailedError
from refctl.tools import collector

if TYPE_CHECKING:
    from pathlib import Path

NAME = f"refctl-test-{os.getpid()}"
SPAN = {"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7", "name": "one"}


@pytest.fixture
def _docker(tmp_path: Path) -> None:
    if missing := collector.find_missing(tmp_path):
        pytest.skip(missing)


def containers() -> str:
    return subprocess.run(
        ["docker", "ps", "--all", "--filter", f"name={NAME}", "--format", "{{.Names}}"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_without_docker_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "Docker is not installed: https://" in collector.find_missing(tmp_path)


@pytest.mark.skipif(shutil.which("docker") is None, reason="Docker is not installed")
def test_without_an_engine_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")

    assert "engine" in collector.find_missing(tmp_path)


@pytest.mark.usefixtures("_docker")
def test_without_the_image_it_says_what_to_pull(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "IMAGE", "refctl/none:0")

    assert collector.find_missing(tmp_path).endswith(": docker pull refctl/none:0")


@pytest.mark.usefixtures("_docker")
def test_it_writes_what_it_takes_and_leaves_nothing_running(tmp_path: Path) -> None:
    left_behind = ("docker", "run", "--detach", "--name", NAME, collector.IMAGE, "--version")
    subprocess.run(left_behind, capture_output=True, check=True)
    batch = {"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}

    with collector.running(tmp_path, name=NAME) as running:
        assert running.endpoint.startswith("http://127.0.0.1:")
        request = urllib.request.Request(  # noqa: S310 - our own collector
            f"{running.endpoint}/v1/traces",
            data=json.dumps(batch).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            assert answer.status == 200
        assert NAME in containers()
        deadline = time.monotonic() + 20
        while not (text := running.traces.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)

    (written,) = json.loads(text)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert SPAN.items() <= written.items()
    assert running.traces.stat().st_uid == tmp_path.stat().st_uid
    assert not containers()


@pytest.mark.usefixtures("_docker")
def test_one_that_docker_does_not_start_fails_with_its_words(tmp_path: Path) -> None:
    with (
        pytest.raises(StepFailedError, match="did not start") as failure,
        collector.running(tmp_path, name="no name at all"),
    ):
        pass
    assert "no name at all" in "".join(failure.value.detail)


@pytest.mark.usefixtures("_docker")
def test_one_that_ends_by_itself_fails_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "PATIENCE", 5)
    monkeypatch.setattr(collector, "CONFIG", {"receivers": {"mistyped": {}}})

    with (
        pytest.raises(StepFailedError) as failure,
        collector.running(tmp_path, name=NAME),
    ):
        pass
    assert "mistyped" in "".join(failure.value.detail)
    assert not containers()
