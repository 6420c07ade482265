"""OpenTelemetry's own collector in a container: whether it can be had, and a run of it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run
from refctl.tools import proc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IMAGE = "otel/opentelemetry-collector-contrib:0.155.0"
PATIENCE = 30.0

CONFIG = {
    "receivers": {"otlp": {"protocols": {"http": {"endpoint": "0.0.0.0:4318"}}}},
    "exporters": {"file": {"path": "/traces/traces.jsonl", "flush_interval": "200ms"}},
    "service": {
        "telemetry": {"metrics": {"level": "none"}},
        "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["file"]}},
    },
}


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector that runs."""

    endpoint: str
    """Where it takes OTLP over HTTP."""
    traces: Path
    """What it took: each line a batch in OTLP's JSON."""


def find_missing(cwd: Path) -> str:
    """Return what a collector lacks here and how to get it, or nothing."""
    docker = shutil.which("docker")
    if docker is None:
        return "Docker is not installed: https://docs.docker.com/get-started/get-docker/"
    version = Run((docker, "version", "--format", "{{.Server.Version}}"), cwd=cwd)
    if proc.ask(version, timeout=PATIENCE).code:
        return "no Docker engine answers: start it"
    # Never pulled here: a test run must not spend somebody's network unasked.
    if proc.ask(Run((docker, "image", "inspect", "--format", "{{.Id}}", IMAGE), cwd=cwd)).code:
        return f"the collector's image is not here: docker pull {IMAGE}"
    return ""


@contextmanager
def running(folder: Path, *, name: str) -> Iterator[Collector]:
    """Run a collector that writes into the folder. One of that name that was left behind goes."""

    def docker(*arguments: str) -> proc.Said:
        return proc.ask(Run(("docker", *arguments), cwd=folder))

    docker("rm", "--force", name)
    try:
        started = docker(
            *("run", "--detach", "--name", name),
            # What it writes is the caller's to read and to delete.
            *("--user", f"{os.getuid()}:{os.getgid()}", "--volume", f"{folder}:/traces"),
            *("--publish", "127.0.0.1::4318"),
            *("--env", f"OTELCOL_CONFIG={json.dumps(CONFIG)}"),
            *(IMAGE, "--config=env:OTELCOL_CONFIG"),
        )
        address = docker("port", name, "4318/tcp").out.strip()
        if not _becomes_ready(address):
            said = docker("logs", name)
            lines = (started.err + said.out + said.err).splitlines()
            raise StepFailedError("the collector did not start", detail=tuple(lines[-10:]))
        yield Collector(f"http://{address}", folder / "traces.jsonl")
    finally:
        docker("rm", "--force", name)


def _becomes_ready(address: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while address and time.monotonic() < deadline:
        if _takes_traces(address):
            return True
        time.sleep(0.05)
    return False


def _takes_traces(address: str) -> bool:
    # Docker accepts connections before the program in the container does.
    connection = http.client.HTTPConnection(address, timeout=5)
    body, headers = b'{"resourceSpans": []}', {"Content-Type": "application/json"}
    try:
        connection.request("POST", "/v1/traces", body, headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
