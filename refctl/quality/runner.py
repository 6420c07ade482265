"""Runs suites, as many at once as there are processors, each to its own verdict."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from refctl.core.plan import Run
from refctl.quality.report import Outcome, counts, covered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from refctl.core.console import Console
    from refctl.core.executor import Runner
    from refctl.quality.suites import Suite

NO_TESTS = 5
"""pytest's exit code when a filter selects nothing."""


def run_suites(
    suites: Sequence[Suite],
    runner: Runner,
    console: Console,
    *,
    allow_none: bool,
    on_done: Callable[[Outcome], None],
) -> list[Outcome]:
    """Run the suites at once and return their outcomes in the given order."""
    pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="suite")
    try:
        futures = [
            pool.submit(run_suite, suite, runner, console, allow_none=allow_none)
            for suite in suites
        ]
        outcomes = []
        for future in futures:
            outcome = future.result()
            on_done(outcome)
            outcomes.append(outcome)
    except KeyboardInterrupt:
        runner.stop_all()
        raise
    else:
        return outcomes
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def run_suite(suite: Suite, runner: Runner, console: Console, *, allow_none: bool) -> Outcome:
    """Run one suite; show all it said when it failed."""
    if suite.skip:
        return Outcome(suite.name, "skipped", note=suite.skip)
    suite.junit.parent.mkdir(parents=True, exist_ok=True)
    for stale in (suite.junit, *suite.junit.glob("*.xml"), suite.coverage):
        if stale is not None and not stale.is_dir():
            stale.unlink(missing_ok=True)
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        console.detail(f"{suite.name:<8} │ {line}")

    began = time.monotonic()
    code = runner.run(Run(suite.argv, cwd=suite.cwd, env=suite.env), keep)
    seconds = time.monotonic() - began
    passed, failed, skipped = counts(suite.junit)
    ok = code == 0 or (allow_none and code == NO_TESTS)
    if not ok and not console.verbose:
        for line in lines:
            console.error(f"{suite.name:<8} │ {line}")
    return Outcome(
        suite.name,
        "passed" if ok else "failed",
        passed,
        failed,
        skipped,
        seconds,
        covered(suite.coverage),
        "" if ok else f"exit code {code}",
    )
