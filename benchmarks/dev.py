"""`refctl dev` of the backend: how soon it is healthy, and how soon an edit is served.

Floor: bare `uvicorn app.main:app`. Peer: `uvicorn --reload`. All in turn, in one run, on an
installed checkout. Prints the median of each, in seconds and as a multiple of the floor.

    .venv/bin/python benchmarks/dev.py
"""

from __future__ import annotations

import http.client
import json
import signal
import socket
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
BACKEND = ROOT / "app" / "backend"
EDITED = BACKEND / "app" / "__init__.py"
ROUNDS = 5
PATIENCE = 60.0


def main() -> None:
    """Measure and print."""
    port = _free_port()
    python = str(BACKEND / ".venv" / "bin" / "python")
    bare = [python, "-m", "uvicorn", "app.main:app", "--port", str(port)]
    reload = [*bare, "--reload"]
    refctl = [str(ROOT / ".venv/bin/refctl"), "dev", "--only", "backend"]
    refctl += ["--backend-port", str(port)]
    healthy: dict[str, list[float]] = {"uvicorn": [], "uvicorn --reload": [], "refctl dev": []}
    edited: dict[str, list[float]] = {"uvicorn --reload": [], "refctl dev": []}
    for _ in range(ROUNDS):
        for name, argv, cwd in (
            ("uvicorn", bare, BACKEND),
            ("uvicorn --reload", reload, BACKEND),
            ("refctl dev", refctl, ROOT),
        ):
            began = time.perf_counter()
            with _running(argv, cwd):
                _await_version(port, None)
                healthy[name].append(time.perf_counter() - began)
                if name in edited:
                    time.sleep(1.5)  # watchers start after the application
                    edited[name].append(_edit(port))
    floor = statistics.median(healthy["uvicorn"])
    print(f"{'healthy':<34}{'median':>8}")
    for name, times in healthy.items():
        median = statistics.median(times)
        print(f"  {name:<32}{median:7.2f} s  {median / floor:5.2f}x")
    print("edit served")
    for name, times in edited.items():
        print(f"  {name:<32}{statistics.median(times):7.2f} s")


@contextmanager
def _running(argv: Sequence[str], cwd: Path) -> Iterator[None]:
    process = subprocess.Popen(
        argv, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _edit(port: int) -> float:
    before = EDITED.read_text()
    try:
        began = time.perf_counter()
        EDITED.write_text(before.replace('__version__ = "', '__version__ = "9'))
        _await_version(port, "9")
        return time.perf_counter() - began
    finally:
        EDITED.write_text(before)


def _await_version(port: int, prefix: str | None) -> None:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/api/v1/health")
            version = json.loads(connection.getresponse().read())["version"]
        except (OSError, http.client.HTTPException, ValueError):
            version = None
        if version is not None and (prefix is None or version.startswith(prefix)):
            return
        time.sleep(0.01)
    raise TimeoutError("the backend did not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
