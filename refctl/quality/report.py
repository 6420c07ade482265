"""Reading the runners' JUnit XML into one table."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from refctl.core.result import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a suite ended. `seconds` is wall time."""

    name: str
    status: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    coverage: float | None = None
    """Per cent of what the suite measures."""
    note: str = ""


def cases(junit: Path) -> list[tuple[str, str]]:
    """Return each test and how it ended, of a JUnit file or a folder of them; none for none."""
    found = []
    for case in _elements(junit):
        if _failure(case) is not None:
            how = "failed"
        elif case.find("skipped") is not None:
            how = "skipped"
        else:
            how = "passed"
        found.append((_name(case), how))
    return found


def failed_files(junit: Path) -> tuple[str, ...]:
    """Return the files whose tests failed, of a folder that Cypress wrote: a report a file."""
    return tuple(
        suite.attrib["file"]
        for file in sorted(junit.glob("*.xml"))
        if reasons(file)
        for suite in _root(file).iter("testsuite")
        if suite.get("file")
    )


def reasons(junit: Path) -> list[tuple[str, str]]:
    """Return each test that failed, and what it said."""
    return [
        (_name(case), (failure.get("message") or failure.text or "").strip())
        for case in _elements(junit)
        if (failure := _failure(case)) is not None
    ]


def _elements(junit: Path) -> Iterator[ET.Element]:
    for file in sorted(junit.glob("*.xml")) if junit.is_dir() else (junit,):
        with suppress(OSError, ET.ParseError):
            yield from _root(file).iter("testcase")


def _root(file: Path) -> ET.Element:
    return ET.parse(file).getroot()  # noqa: S314 - written by our own test runners


def _failure(case: ET.Element) -> ET.Element | None:
    failure = case.find("failure")
    return case.find("error") if failure is None else failure


def _name(case: ET.Element) -> str:
    names = (case.get("classname", ""), case.get("name", ""))
    # Cypress and Jest give both the same, or one inside the other.
    return names[1] if names[1].startswith(names[0]) else " ".join(names)


def counts(junit: Path) -> tuple[int, int, int]:
    """Return (passed, failed, skipped) of a JUnit file or a folder of them; zeros for none."""
    ended = Counter(how for _, how in cases(junit))
    return ended["passed"], ended["failed"], ended["skipped"]


def table(outcomes: Sequence[Outcome]) -> Table:
    """Return the summary, one row a suite."""
    return Table(
        ("suite", "result", "passed", "failed", "skipped", "coverage", "time", "note"),
        tuple(
            (
                *(one.name, one.status, str(one.passed), str(one.failed), str(one.skipped)),
                "" if one.coverage is None else f"{one.coverage:.1f} %",
                *(f"{one.seconds:.1f} s", one.note),
            )
            for one in outcomes
        ),
    )
