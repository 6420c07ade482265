"""Tests the mutants of one room: a copy of the source, the tool's run, what it found."""

from __future__ import annotations

import json
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from refctl.core.console import without_controls
from refctl.core.paths import write_atomically
from refctl.quality.mutation import results
from refctl.quality.mutation.results import Found
from refctl.tools import git
from refctl.tools.proc import Processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from refctl.core.console import Console
    from refctl.quality.mutation.rooms import Room

EVERY = 10.0
"""Seconds between two words about how far mutmut is."""
STOPPED = 130


def file(reports: Path, name: str) -> Path:
    """Return where a room's results are kept."""
    return reports / "mutation" / f"{name}.json"


def test(room: Room, root: Path, console: Console, reports: Path) -> Found:
    """Test a room's mutants, and keep what became of them among the reports."""
    console.progress(f"  {room.name}: making mutants, and looking which tests reach them")
    lines: list[str] = []
    processes = Processes()

    def keep(line: str) -> None:
        # mutmut moves the cursor back instead of ending a line.
        last = line.rstrip("\r").rpartition("\r")[2].rstrip()
        last = without_controls(last, colours=False)
        lines.append(last)
        console.detail(f"{room.name:<8} │ {last}")
        if "tested (" in last:  # Stryker's word about how far it is
            console.progress(f"  {room.name}: {last.strip()}")

    began = time.monotonic()
    shutil.rmtree(room.work, ignore_errors=True)
    if room.read is not None:
        copy(room.source, room.work)
    if room.report is not None:
        room.report.unlink(missing_ok=True)
    with _told(room, console):
        code = processes.run(room.run, keep)
    if code == STOPPED:
        raise KeyboardInterrupt
    # mutmut does not say which test failed before there was any mutant.
    note = f"exit code {code}: do its tests pass as they are? refctl test {room.name}"
    found = Found(room.name, seconds=time.monotonic() - began, note=note)
    if code == 0:
        try:
            folder = "" if room.source == root else f"{room.source.relative_to(root).as_posix()}/"
            found = replace(found, mutants=_read(room, processes, folder), note="")
        except (OSError, ValueError, KeyError) as error:
            found = replace(found, note=f"its report cannot be read: {error}")
    _tell(found, lines, console)
    if found.whole:  # what an earlier run found is worth more than the half of this one
        write_atomically(file(reports, room.name), json.dumps(found.as_json(), indent=1) + "\n")
    return found


def _tell(found: Found, lines: list[str], console: Console) -> None:
    """Say how a room ended; with all that its tool said where that is no score."""
    if found.note and not console.verbose:
        for line in lines:
            console.error(f"{found.name:<8} │ {line}")
    score = results.count(found.mutants).cells[-1]
    console.progress(f"  {found.name}: {found.note or score} in {found.seconds:.0f} s")


def copy(source: Path, target: Path) -> None:
    """Copy what git knows of a project: mutants belong where neither git nor a reload looks."""
    for name in git.files(source):
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / name, to)


def _read(room: Room, processes: Processes, folder: str) -> tuple[results.Mutant, ...]:
    if room.read is None:
        if room.report is None:
            raise ValueError(f"{room.name} leaves no report")
        return results.from_stryker(room.report, folder)
    said = processes.ask(room.read)
    if said.code != 0:
        raise ValueError(said.err.strip().rpartition("\n")[2] or f"exit code {said.code}")
    return results.from_mutmut(said.out, folder)


@contextmanager
def _told(room: Room, console: Console) -> Iterator[None]:
    """Say from time to time how many mutants mutmut has done: it says so to terminals alone."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(EVERY):
            done, every = looked_at(room.work)
            if every:
                console.progress(f"  {room.name}: {done} of {every} mutants")

    teller = threading.Thread(target=tell, daemon=True, name=f"tell-{room.name}")
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def looked_at(work: Path) -> tuple[int, int]:
    """Return how many of mutmut's mutants have ended, and how many there are."""
    codes: list[int | None] = []
    for meta in (work / "mutants").rglob("*.meta"):
        try:
            codes += json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        except (OSError, ValueError, KeyError):
            continue  # being written right now
    return sum(code is not None for code in codes), len(codes)
