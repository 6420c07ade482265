"""What is kept of a suite that failed in a browser: pictures, films and the services' logs."""

from __future__ import annotations

import shutil
import threading
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from refctl.core.console import without_controls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from refctl.core.console import Console


def clear(folder: Path) -> None:
    """Remove what was kept."""
    shutil.rmtree(folder, ignore_errors=True)


def set_aside(folder: Path, number: int) -> Path:
    """Give what a round of several left a name of its own, and return it."""
    aside = folder.with_name(f"{folder.name}-{number}")
    clear(aside)
    return folder.rename(aside)


def clear_rounds(folder: Path) -> None:
    """Remove what was set aside of earlier rounds."""
    for aside in folder.parent.glob(f"{folder.name}-[0-9]*"):
        clear(aside)


def kept(folder: Path) -> bool:
    """Return whether there is anything to look at."""
    return any(file.is_file() for file in folder.rglob("*"))


@contextmanager
def logs(folder: Path, console: Console) -> Iterator[Callable[[str, str], None]]:
    """Give a function that writes a service's line to that service's file, secrets masked."""
    files: dict[str, IO[str]] = {}
    lock = threading.Lock()
    with ExitStack() as opened:

        def write(name: str, line: str) -> None:
            text = console.redact(without_controls(line, colours=False))
            with lock:
                if name not in files:
                    folder.mkdir(parents=True, exist_ok=True)
                    file = (folder / f"{name}.log").open("w", buffering=1, encoding="utf-8")
                    files[name] = opened.enter_context(file)
                if not files[name].closed:  # a last line may come after the end
                    files[name].write(f"{text}\n")

        yield write
