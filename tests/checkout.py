"""A real checkout in a temporary folder, and `refctl dev` running in it, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[1]
PATIENCE = 90.0


def beside(name: str) -> Path | None:
    """Return a file of ../shared (of a linked work tree: beside the main one)."""
    said = subprocess.run(
        ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    main = [] if said.returncode else [Path(said.stdout.strip()).parents[1]]
    files = (folder / "shared" / name for folder in (ROOT.parent, *main))
    return next((file for file in files if file.is_file()), None)


def make_checkout(folder: Path) -> Path:
    """Copy what a clone has of the backend; the frontend's folder stays empty."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "app/backend", "refctl.toml"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, tracked.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    (folder / "app" / "frontend").mkdir(exist_ok=True)
    return folder


KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "SSL_", "REQUESTS_CA", "CURL_CA", "NODE_EXTRA", "UV_")
"""Nothing of the developer's own: a DATABASE_URL here would be a database there."""


def clean_environment() -> dict[str, str]:
    """Return what a checkout's commands need of this environment."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(KEPT) or "COVERAGE" in name or name.lower().endswith("_proxy")
    }


class Dev:
    """`refctl dev --json` in a checkout."""

    def __init__(self, checkout: Path, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "refctl", "dev", "--only", "backend", "--json", *arguments],
            cwd=checkout,
            env={**clean_environment(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Ignored where the tests run without a terminal, and then rightly ignored by refctl.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - takes no lock
        )
        self.seen: list[dict[str, Any]] = []
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._events.put(json.loads(line))
        self._events.put(None)

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Return the next event of that kind with these fields."""
        deadline = time.monotonic() + PATIENCE
        while True:
            event = self._events.get(timeout=deadline - time.monotonic())
            if event is None:
                stderr = self.process.stderr.read() if self.process.stderr else ""
                raise AssertionError(f"ended before {kind}: {self.seen[-5:]} {stderr}")
            self.seen.append(event)
            if event["event"] == kind and fields.items() <= event.items():
                return event

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        return self.process.wait(timeout=PATIENCE)

    def rest(self) -> list[dict[str, Any]]:
        """Return the events that are left, after the end."""
        left = []
        while (event := self._events.get(timeout=PATIENCE)) is not None:
            left.append(event)
        return left

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.interrupt()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def await_version(health: str, prefix: str) -> None:
    """Wait until the backend answers with a version that begins so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # A connection that was accepted as the old process ended is reset.
        with contextlib.suppress(ConnectionError):
            if get(health)["version"].startswith(prefix):
                return
        time.sleep(0.02)
    raise AssertionError(f"no version {prefix}")


def get(url: str) -> Any:
    """Return the JSON at the URL."""
    with urllib.request.urlopen(url, timeout=20) as response:  # noqa: S310 - our own server
        return json.loads(response.read())
