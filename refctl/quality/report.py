"""Reading the runners' JUnit XML into one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from refctl.core.result import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    note: str = ""


def counts(junit: Path) -> tuple[int, int, int]:
    """Return (passed, failed, skipped) of a JUnit file; zeros where there is none."""
    try:
        root = ET.parse(junit).getroot()  # noqa: S314 - written by our own test runners
    except (OSError, ET.ParseError):
        return 0, 0, 0
    passed = failed = skipped = 0
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def table(outcomes: Sequence[Outcome]) -> Table:
    """Return the summary, one row a suite."""
    return Table(
        ("suite", "result", "passed", "failed", "skipped", "time", "note"),
        tuple(
            (
                *(one.name, one.status, str(one.passed), str(one.failed), str(one.skipped)),
                *(f"{one.seconds:.1f} s", one.note),
            )
            for one in outcomes
        ),
    )
