import os
import signal
import subprocess
import sys
from io import StringIO

import pytest

from refctl.core.console import Console, wants_colour, without_controls
from refctl.core.redact import REDACTOR, Redactor


@pytest.mark.parametrize(
    ("line", "colours", "shown"),
    [
        ("\x1b[?25hdone", False, "done"),
        ("\x1b[2K\x1b[1Gdone", True, "done"),
        ("\x1b[31mred\x1b[0m", True, "\x1b[31mred\x1b[0m"),
        ("\x1b[31mred\x1b[0m", False, "red"),
    ],
)
def test_other_programs_do_not_move_the_cursor(line: str, *, colours: bool, shown: str) -> None:
    assert without_controls(line, colours=colours) == shown


def test_a_reader_that_goes_away_ends_the_run() -> None:
    code = (
        "import time\n"
        "from refctl.core.console import Console\n"
        "console = Console()\n"
        "try:\n"
        "    for number in range(600):\n"
        "        console.result(str(number))\n"
        "        time.sleep(0.05)\n"
        "except KeyboardInterrupt:\n"
        "    raise SystemExit(130) from None\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == ""


def said(**how: bool) -> tuple[list[str], list[str]]:
    """Return what goes to standard output and to standard error."""
    out, err = StringIO(), StringIO()
    console = Console(out=out, err=err, redactor=Redactor(("canary-123",)), **how)
    console.result("result canary-123")
    console.progress("progress")
    console.detail("detail")
    console.error("error")
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_each_word_goes_where_it_belongs() -> None:
    result = ["result [REDACTED]"]
    assert said() == (result, ["progress", "error"])
    assert said(quiet=True) == (result, ["error"])
    assert said(verbose=True) == (result, ["progress", "detail", "error"])


def test_a_console_is_the_process_own_where_nothing_is_said() -> None:
    console = Console()
    assert (console.out, console.err) == (sys.stdout, sys.stderr)
    assert console.redact is REDACTOR
    assert (console.quiet, console.verbose) == (False, False)


def test_data_is_one_line_of_json_in_ascii_without_secrets() -> None:
    out = StringIO()
    Console(out=out, redactor=Redactor(("canary-123",))).json({"a": ["ä", "canary-123"]})
    assert out.getvalue() == '{"a": ["\\u00e4", "[REDACTED]"]}\n'


class Stream(StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "env", "wanted"),
    [
        (True, {}, True),
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": "", "FORCE_COLOR": ""}, True),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "false"}, False),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, env: dict[str, str], wanted: bool
) -> None:
    assert wants_colour(Stream(terminal=terminal), env) is wanted
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(Stream(terminal=terminal)) is wanted


def test_a_style_is_for_the_stream_that_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    console = Console(err=Stream(terminal=True), out=Stream(terminal=False), verbose=True)
    assert console.style("x", "bold", "red") == "\x1b[1;31mx\x1b[0m"
    assert console.style("x", "bold", stream=console.out) == "x"
    console.detail("y")
    assert isinstance(console.err, StringIO)
    assert console.err.getvalue() == "\x1b[2my\x1b[0m\n"


@pytest.mark.parametrize(
    ("handler", "number"),
    [(signal.default_int_handler, signal.SIGINT), (signal.SIG_IGN, signal.SIGTERM)],
)
def test_what_is_written_to_nobody_ends_the_run_by_a_signal_it_takes(
    monkeypatch: pytest.MonkeyPatch, handler: object, number: int
) -> None:
    done: list[tuple[object, ...]] = []

    class Gone(StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            return 77

    def opened(path: str, flags: int) -> int:
        done.append(("open", path, flags))
        return 66

    monkeypatch.setattr("refctl.core.console.os.open", opened)
    monkeypatch.setattr(
        "refctl.core.console.os.dup2", lambda one, two: done.append(("dup2", one, two))
    )
    monkeypatch.setattr(
        "refctl.core.console.os.kill", lambda pid, sent: done.append(("kill", pid, sent))
    )
    monkeypatch.setattr(
        "refctl.core.console.signal.getsignal",
        lambda asked: handler if asked is signal.SIGINT else None,
    )
    Console(out=Gone()).result("x")
    assert done == [
        ("open", os.devnull, os.O_WRONLY),
        ("dup2", 66, 77),
        ("kill", os.getpid(), number),
    ]
