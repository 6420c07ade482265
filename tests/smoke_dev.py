"""Start `refctl dev`, use the application as a browser would, stop it: `python tests/smoke_dev.py`.

For a machine that does not run the suites, such as macOS in CI. It uses nothing but refctl.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 900.0
"""Seconds for everything: installing takes most of it."""


def main() -> None:
    """Run the story; an assertion or an error ends it with exit code 1."""
    process = subprocess.Popen(
        [sys.executable, "-m", "refctl", "dev", "--json"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(PATIENCE, process.send_signal, (signal.SIGINT,))
    watchdog.start()
    try:
        use(await_ready(process))
        process.send_signal(signal.SIGINT)
        # What it says until it ends is read, or it could not say it.
        for line in process.stdout or ():
            tell(line)
        assert process.wait(timeout=60) == 130, "Ctrl-C ended it in another way"
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
    tell("started, used and stopped")


def await_ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return where it answers; show what it says until then."""
    for line in process.stdout or ():
        event: dict[str, Any] = json.loads(line)
        if event["event"] == "ready":
            return event
        tell(line)
    raise AssertionError(f"it ended with exit code {process.wait()} before it was ready")


def use(ready: dict[str, Any]) -> None:
    """Sign in, add a todo and find it, all through the frontend."""
    frontend = ready["frontend"]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def call(method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - our own server
            frontend + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json", "Origin": frontend},
        )
        with browser.open(request, timeout=120) as response:
            return bytes(response.read())

    assert json.loads(call("GET", "/api/v1/health"))["status"] == "healthy"
    call("POST", "/api/v1/auth/login", {**ready["login"], "transport": "cookie"})
    call("POST", "/api/v1/todos", {"title": "from the smoke test"})
    assert b"from the smoke test" in call("GET", "/api/v1/todos")
    assert b"from the smoke test" in call("GET", "/")


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line.rstrip("\n") + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
