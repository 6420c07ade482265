import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from refctl.core.plan import Run
from refctl.tools import proc


def test_a_program_that_does_not_answer_in_time_is_ended(tmp_path: Path) -> None:
    action = Run((sys.executable, "-c", "import time; time.sleep(60)"), cwd=tmp_path)
    began = time.monotonic()
    said = proc.ask(action, timeout=0.2)
    assert (said.code, said.err) == (proc.TOO_LATE, "no answer in 0.2 s")
    assert time.monotonic() - began < 30


FORGETFUL = """
import subprocess, sys, time
argv = [sys.executable, "-c", "import time; time.sleep(60)"]
child = subprocess.Popen(argv, start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_program_put_into_a_session_of_its_own_ends_with_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    told: list[str] = []
    heard = threading.Event()

    def hear(line: str) -> None:
        told.append(line)
        heard.set()

    process = proc.Process([sys.executable, "-c", FORGETFUL], cwd=tmp_path, on_line=hear)
    assert heard.wait(20)
    process.stop(with_signal=number)
    deadline = time.monotonic() + 5
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.kill(int(told[0]), 0)
            time.sleep(0.02)
    assert proc.started_at(int(told[0])) is None


def test_an_answer_comes_without_colour_where_ci_would_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Prettier and others colour in a pipe as soon as CI is set; what reads them does not expect it.
    for name in ("CI", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "1")
    names = "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"
    program = f"import os; print(*(os.environ.get(name) for name in {names}))"
    action = Run((sys.executable, "-c", program), cwd=tmp_path)
    assert proc.ask(action).out.strip() == "1 1 None None"
    assert proc.Processes().ask(action).out == "1 1 None None"
