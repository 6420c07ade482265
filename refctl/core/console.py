"""Where words go: results to stdout, progress to stderr, everything through the redactor."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from contextlib import nullcontext

from refctl.core.redact import REDACTOR, Redactor

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from typing import IO, Any

STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}

_MOVES = r"\x1b\[[0-9;?]*[A-Za-ln-z]"
_COLOURS = r"\x1b\[[0-9;]*m"


def without_controls(text: str, *, colours: bool) -> str:
    """Return another program's line without what moves the cursor, and perhaps without colours."""
    text = re.sub(_MOVES, "", text)
    return text if colours else re.sub(_COLOURS, "", text)


def wants_colour(stream: IO[str], env: Mapping[str, str] | None = None) -> bool:
    """Return whether to colour: terminals only, unless NO_COLOR or FORCE_COLOR says otherwise."""
    env = os.environ if env is None else env
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return env["FORCE_COLOR"] not in {"0", "false"}
    return stream.isatty() and env.get("TERM") != "dumb"


class Console:
    """Prints whole lines; safe to use from several threads."""

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: bool = False,
        out: IO[str] | None = None,
        err: IO[str] | None = None,
        redactor: Redactor | None = None,
    ) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.redact = redactor or REDACTOR
        self._lock = threading.Lock()
        self.aside: Callable[[], AbstractContextManager[None]] = nullcontext
        """What moves at the foot of the terminal steps aside for each line."""

    def result(self, line: str) -> None:
        """Print a line of the result."""
        self._print(self.out, line)

    def json(self, data: Any) -> None:
        """Print data as one line of JSON, in ASCII: any terminal and any pipe takes it."""
        import json

        self._print(self.out, json.dumps(self.redact.data(data)))

    def progress(self, line: str) -> None:
        """Print a line of progress, unless quiet."""
        if not self.quiet:
            self._print(self.err, line)

    def detail(self, line: str) -> None:
        """Print a line that only `--verbose` shows."""
        if self.verbose:
            self._print(self.err, self.style(line, "dim"))

    def error(self, line: str) -> None:
        """Print a line that is always shown."""
        self._print(self.err, line)

    def style(self, text: str, *names: str, stream: IO[str] | None = None) -> str:
        """Return the text in those styles where the stream (default: stderr) takes colour."""
        if not wants_colour(stream or self.err):
            return text
        codes = ";".join(STYLES[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def _print(self, stream: IO[str], line: str) -> None:
        with self._lock, self.aside():
            try:
                stream.write(self.redact(line) + "\n")
                stream.flush()
            except BrokenPipeError:
                # The reader went away (`| head`). Python must not complain, and what runs must not
                # go on unseen: this ends it as Ctrl-C does.
                devnull = os.open(os.devnull, os.O_WRONLY)
                os.dup2(devnull, stream.fileno())
                ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
                os.kill(os.getpid(), signal.SIGTERM if ignored else signal.SIGINT)
