"""Where the lines of the log go: standard error, and a file."""

import contextlib
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

from loguru import logger


class Output:
    """Writes lines. Those that cannot be written are lost, which is said once.

    loguru's own report of that would show the record as it was logged, secrets and all.
    """

    def __init__(
        self,
        put: Callable[[str], object],
        *,
        complain: Callable[[Exception], object] = lambda _error: None,
        close: Callable[[], object] = lambda: None,
    ) -> None:
        self._put = put
        self._complain = complain
        self._close = close
        self._is_losing = False

    def write(self, line: str) -> None:
        """Write the line, or lose it."""
        try:
            self._put(line)
        except Exception as error:  # noqa: BLE001  # what leaves here is reported by loguru
            if not self._is_losing:
                self._is_losing = True
                self._complain(error)
        else:
            self._is_losing = False

    def stop(self) -> None:
        """Close what is behind it; loguru calls this when the output is removed."""
        # A full disk refuses what is left in a buffer.
        with contextlib.suppress(OSError):
            self._close()


def standard_error() -> Output:
    """Return standard error as it is now; when it takes nothing, nowhere is left to say so."""
    stream = sys.stderr

    def put(line: str) -> None:
        stream.write(line)
        stream.flush()

    return Output(put)


def rotated_file(
    path: Path, *, rotation: str, retention: str, complain: Callable[[Exception], object]
) -> Output:
    """Return a file that is begun anew by `rotation`; old ones go by `retention`.

    To be called while the logger has no outputs.
    """
    # loguru's own way to files, behind a logger of their own, from which failures come out.
    files = deepcopy(logger)
    files.add(
        path,
        format="{message}",
        rotation=rotation,
        retention=retention,
        encoding="utf-8",
        # Half a surrogate pair is no UTF-8, but JSON has an escape for it.
        errors="backslashreplace",
        catch=False,
    )
    return Output(files.opt(raw=True).critical, complain=complain, close=files.remove)
