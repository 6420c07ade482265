"""Tests that pass now and fail then, found by comparing several runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.result import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Unsteady:
    """A test that failed in at least one run."""

    suite: str
    test: str
    passed: int
    failed: int

    @property
    def flaky(self) -> bool:
        """Whether it is not simply broken."""
        return self.passed > 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {**asdict(self), "flaky": self.flaky}


def compare(suite: str, rounds: Sequence[Mapping[str, str]]) -> list[Unsteady]:
    """Return the tests that failed in any of the rounds, the flaky ones first."""
    passed = Counter(test for one in rounds for test, how in one.items() if how == "passed")
    failed = Counter(test for one in rounds for test, how in one.items() if how == "failed")
    found = [Unsteady(suite, test, passed[test], failed[test]) for test in sorted(failed)]
    return sorted(found, key=lambda one: not one.flaky)


def table(found: Sequence[Unsteady]) -> Table:
    """Return a row a test."""
    return Table(
        ("suite", "test", "passed", "failed", "verdict"),
        tuple(
            (
                *(one.suite, one.test, str(one.passed), str(one.failed)),
                "flaky" if one.flaky else "fails every time",
            )
            for one in found
        ),
    )


def sentence(found: Sequence[Unsteady], times: int) -> str:
    """Return what the comparison says."""
    flaky = sum(one.flaky for one in found)
    return f"{flaky} flaky, {len(found) - flaky} failing every time, in {times} runs"
