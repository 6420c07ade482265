"""Runs suites, one more at once than there are processors, each to its own verdict."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from refctl.core.errors import StepFailedError
from refctl.core.plan import Run
from refctl.quality import evidence
from refctl.quality.coverage import percent
from refctl.quality.report import Outcome, counts, reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from refctl.core.console import Console
    from refctl.core.executor import Runner
    from refctl.quality.progress import SuiteProgress
    from refctl.quality.suites import Suite

    Stack = Callable[[Suite], AbstractContextManager[Mapping[str, str]]]

NO_TESTS = 5
"""pytest's exit code when a filter selects nothing."""
STOPPED = 130
"""The exit code of a program that was interrupted."""


def run_suites(
    suites: Sequence[Suite],
    runner: Runner,
    console: Console,
    *,
    allow_none: bool,
    progress: SuiteProgress,
    stack: Stack = lambda _suite: nullcontext({}),
) -> list[Outcome]:
    """Run the suites, started in the given order, and return their outcomes in it.

    `stack` starts the application for a suite that needs it and gives what the suite is told.
    """
    outcomes: dict[str, Outcome] = {}
    # Signals reach the main thread alone: what starts services belongs there, and begins at once.
    here = [suite for suite in suites if suite.needs_stack]
    anywhere = _queue(suites)

    def run_one(suite: Suite) -> None:
        outcome = _run_with(stack, suite, runner, console, progress, allow_none=allow_none)
        outcomes[suite.name] = outcome
        progress.ended(outcome)

    def run_next() -> None:
        with suppress(Empty):
            while True:
                run_one(anywhere.get_nowait())

    # One more than there are processors: each waits a third of its time, for a browser, a server
    # or a disk. The one more runs here.
    others = os.cpu_count() or 1
    pool = ThreadPoolExecutor(max_workers=others, thread_name_prefix="suite")
    try:
        started = [pool.submit(run_next) for _ in range(min(anywhere.qsize(), others))]
        for suite in here:
            run_one(suite)
        run_next()
        for future in started:
            future.result()
    except BaseException:  # Ctrl-C, too, must leave nothing running
        runner.stop_all()
        raise
    else:
        return [outcomes[suite.name] for suite in suites]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _queue(suites: Sequence[Suite]) -> SimpleQueue[Suite]:
    queue: SimpleQueue[Suite] = SimpleQueue()
    for suite in suites:
        if not suite.needs_stack:
            queue.put(suite)
    return queue


def _run_with(
    stack: Stack,
    suite: Suite,
    runner: Runner,
    console: Console,
    progress: SuiteProgress,
    *,
    allow_none: bool,
) -> Outcome:
    if suite.skip:
        return Outcome(suite.name, "skipped", note=suite.skip)
    progress.started(suite)
    if suite.evidence:
        evidence.clear(suite.evidence)
    if not suite.needs_stack:
        outcome = run_suite(suite, runner, console, progress, allow_none=allow_none)
    else:
        began = time.monotonic()
        try:
            with stack(suite) as told:
                started = replace(suite, env={**suite.env, **told})
                outcome = run_suite(started, runner, console, progress, allow_none=allow_none)
            # What it waits for is part of how long it takes.
            outcome = replace(outcome, seconds=time.monotonic() - began)
        except StepFailedError as error:
            # What the other suites said is not lost with it.
            for line in error.detail:
                console.error(f"{suite.name:<8} │ {line}")
            outcome = Outcome(suite.name, "failed", note=error.message)
    if suite.evidence and outcome.status == "passed":
        evidence.clear(suite.evidence)
    elif suite.evidence and evidence.kept(suite.evidence):
        outcome = replace(outcome, note=f"{outcome.note}; see {suite.evidence}")
    return outcome


def run_suite(
    suite: Suite, runner: Runner, console: Console, progress: SuiteProgress, *, allow_none: bool
) -> Outcome:
    """Run one suite; show all it said when it failed."""
    suite.junit.parent.mkdir(parents=True, exist_ok=True)
    for stale in (suite.junit, *suite.junit.glob("*.xml"), suite.coverage):
        if stale is not None and not stale.is_dir():
            stale.unlink(missing_ok=True)
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        console.detail(f"{suite.name:<8} │ {line}")
        progress.heard(suite, line)

    began = time.monotonic()
    code = runner.run(Run(suite.argv, cwd=suite.cwd, env=suite.env), keep)
    seconds = time.monotonic() - began
    if code == STOPPED:  # what it said then is no news
        return Outcome(suite.name, "stopped", seconds=seconds)
    passed, failed, skipped = counts(suite.junit)
    ok = code == 0 or (allow_none and code == NO_TESTS)
    if not ok and not console.verbose:
        for line in (*lines, *_unsaid(suite, "\n".join(lines))):
            console.error(f"{suite.name:<8} │ {line}")
    covered = percent(suite.coverage)
    note = "" if ok else f"exit code {code}"
    if ok and suite.least and (covered is None or covered < suite.least):
        note = f"less than {suite.least:g} % are covered"
    return Outcome(
        suite.name,
        "failed" if note else "passed",
        passed,
        failed,
        skipped,
        seconds,
        covered,
        note,
    )


def _unsaid(suite: Suite, said: str) -> Iterator[str]:
    """Say why tests failed where the program said it to its report alone, as Cypress does."""
    for name, why in reasons(suite.junit):
        if why.partition("\n")[0] not in said:
            yield from (f"{name}:", *(f"  {line}" for line in why.splitlines()))
