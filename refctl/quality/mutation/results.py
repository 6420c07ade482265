"""What became of the mutants: read from either tool, counted, held against the threshold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.result import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

KILLED, TIMEOUT, SURVIVED, NO_COVERAGE = "killed", "timeout", "survived", "no coverage"
UNKNOWN = "unknown"
"""Nobody looked to the end."""

MUTMUT = {
    "killed": KILLED,
    "segfault": KILLED,
    "caught by type check": KILLED,
    "timeout": TIMEOUT,
    "survived": SURVIVED,
    # It ended in a way that is neither: nothing is proved by it.
    "suspicious": SURVIVED,
    "no tests": NO_COVERAGE,
}
STRYKER = {
    "Killed": KILLED,
    "Timeout": TIMEOUT,
    "Survived": SURVIVED,
    "NoCoverage": NO_COVERAGE,
    "Pending": UNKNOWN,
}
"""What it ignores, or cannot run at all, is no mutant."""

WIDTH = 160
"""Characters of a change that are shown."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong line. Where and what it was is told of those that nothing killed."""

    file: str
    """From the root of the repository."""
    status: str
    line: int = 0
    change: str = ""

    @property
    def survived(self) -> bool:
        """Whether no test noticed it."""
        return self.status in {SURVIVED, NO_COVERAGE}


@dataclass(frozen=True, slots=True)
class Count:
    """How many mutants ended how."""

    killed: int = 0
    timeouts: int = 0
    survived: int = 0
    no_coverage: int = 0

    @property
    def mutants(self) -> int:
        """All of them."""
        return self.killed + self.timeouts + self.survived + self.no_coverage

    @property
    def score(self) -> float:
        """The per cent that a test noticed, be it by not coming to an end."""
        return 100 * (self.killed + self.timeouts) / self.mutants if self.mutants else 0.0

    @property
    def cells(self) -> tuple[str, ...]:
        """The numbers as a table shows them; the score is cut, so that 79.99 is not 80."""
        numbers = (self.mutants, self.killed, self.survived, self.timeouts, self.no_coverage)
        return (*map(str, numbers), f"{int(self.score * 10) / 10:.1f} %")


@dataclass(frozen=True, slots=True)
class Found:
    """How a room's run ended. `note` says what it lacks."""

    name: str
    mutants: tuple[Mutant, ...] = ()
    seconds: float = 0.0
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether every mutant of the room was looked at to the end."""
        unknown = any(one.status == UNKNOWN for one in self.mutants)
        return bool(self.mutants) and not self.note and not unknown

    def as_json(self) -> dict[str, Any]:
        """Return everything, for the room's file among the reports."""
        return asdict(self)


def count(mutants: Iterable[Mutant]) -> Count:
    """Return how many ended how."""
    ended = Counter(mutant.status for mutant in mutants)
    return Count(ended[KILLED], ended[TIMEOUT], ended[SURVIVED], ended[NO_COVERAGE])


def modules(mutants: Iterable[Mutant]) -> dict[str, Count]:
    """Return the same of each file."""
    files: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        files.setdefault(mutant.file, []).append(mutant)
    return {file: count(files[file]) for file in sorted(files)}


def from_mutmut(said: str, folder: str) -> tuple[Mutant, ...]:
    """Return the mutants that `plugins/refctl_mutants.py` printed; their files are in `folder`."""
    return tuple(
        Mutant(
            folder + one["file"],
            MUTMUT.get(one["status"], UNKNOWN),
            one.get("line", 0),
            _change(one.get("before", ""), one.get("after", "")) if "line" in one else "",
        )
        for one in json.loads(said)
        if one["status"] != "skipped"
    )


def from_stryker(report: Path, folder: str) -> tuple[Mutant, ...]:
    """Return the mutants of a report in the schema that Stryker's tools share."""
    document = json.loads(report.read_text(encoding="utf-8"))
    found = []
    for file, module in sorted(document["files"].items()):
        lines = module["source"].split("\n")
        for one in module["mutants"]:
            status = STRYKER.get(one["status"])
            if status is None:
                continue
            start, end = one["location"]["start"], one["location"]["end"]
            mutant = Mutant(folder + file, status)
            if mutant.survived or status == TIMEOUT:
                change = _change(_between(lines, start, end), one.get("replacement", ""))
                mutant = Mutant(folder + file, status, start["line"], change)
            found.append(mutant)
    return tuple(found)


def _between(lines: Sequence[str], start: dict[str, int], end: dict[str, int]) -> str:
    piece = list(lines[start["line"] - 1 : end["line"]])
    piece[-1] = piece[-1][: end["column"] - 1]
    piece[0] = piece[0][start["column"] - 1 :]
    return "\n".join(piece)


def _change(before: str, after: str) -> str:
    """Return both on one line."""
    old, new = (" ".join(text.split()) for text in (before, after))
    half = WIDTH // 2
    return f"{_cut(old, half)} → {_cut(new, half)}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def complaint(found: Found, least: float) -> str:
    """Return what is wrong with a room; empty when nothing is."""
    if found.note:
        return found.note
    unknown = sum(mutant.status == UNKNOWN for mutant in found.mutants)
    if unknown:
        return f"{unknown} mutants were not looked at to the end"
    if not count(found.mutants).mutants:
        return "there is no mutant"
    if count(found.mutants).score < least:
        return f"less than {least:g} % are noticed"
    return ""


def table(rooms: Sequence[Found], least: float) -> Table:
    """Return the summary, one row a room."""
    rows = []
    for one in rooms:
        wrong = complaint(one, least)
        rows.append(
            (
                *(one.name, "failed" if wrong else "passed", *count(one.mutants).cells),
                *(f"{one.seconds:.0f} s", wrong),
            )
        )
    columns = ("room", "result", "mutants", "killed", "survived", "timeouts", "no coverage")
    return Table((*columns, "score", "time", "note"), tuple(rows))


def load(file: Path) -> Found | None:
    """Return what a room's file among the reports says; None where there is none."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    mutants = tuple(Mutant(**one) for one in document.pop("mutants"))
    return Found(mutants=mutants, **document)
