"""One run of `refctl test`: ready the checkout, run what is wanted, one table."""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from refctl.core.errors import InterruptedRunError, StepFailedError
from refctl.core.executor import PrintingExecutor
from refctl.core.lock import hold
from refctl.core.result import Result
from refctl.quality import report, runner, suites
from refctl.quality.changed import explain, touched
from refctl.tools.cypress import find_cypress
from refctl.tools.git import changes
from refctl.tools.proc import Processes, interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.quality.suites import Filters, Suite
    from refctl.tools.git import Changes
    from refctl.workspace.facts import Facts


def run(
    paths: Paths,
    config: Config,
    console: Console,
    only: str | None,
    filters: Filters,
    *,
    stack: Callable[[Facts], AbstractContextManager[Mapping[str, str]]],
    changed: bool = False,
    dry_run: bool,
) -> Result:
    """Run the suites and return their table; with `changed` only those that a diff touches.

    `stack` starts the application for `e2e` and gives the variables that tell Cypress of it.
    """
    # The journey is one story: filters of test names do not cut it.
    filtered = bool(filters.keyword or filters.last_failed)
    names = (only,) if only else tuple(n for n in suites.NAMES if not (filtered and n == "e2e"))
    why: tuple[str, ...] = ()
    if changed:
        diff = changes(paths.root)
        reasons = touched(diff.files)
        names = tuple(name for name in names if name in reasons)
        why = explain({name: reasons[name] for name in names}, diff.since)
        if not names:
            said = _untouched(only, diff)
            return Result(data={"suites": [], "since": diff.since}, lines=(said,))
    wanted = Wanted(
        backend=bool({"backend", "e2e"} & set(names)),
        frontend=bool({"frontend", "e2e"} & set(names)),
        database=False,
    )

    def planned(facts: Facts) -> tuple[Suite, ...]:
        return suites.plan(
            paths,
            facts,
            names,
            filters,
            reports=(paths.root / config.test.reports).resolve(),
            python=sys.executable,
            cypress=find_cypress(paths.frontend),
        )

    if dry_run:
        facts, todo = ready.plan(paths, config, wanted)
        printing = PrintingExecutor()
        printing.execute(todo)
        lines = [f"{s.name}: {s.skip or shlex.join(s.argv)}" for s in planned(facts)]
        data = {"plan": todo.as_json(), "suites": [{"name": n} for n in names], "why": list(why)}
        return Result(data=data, lines=(*why, *printing.lines, *lines))

    for line in why:
        console.progress(f"  {line}")
    outcomes: list[report.Outcome] = []

    def done(outcome: report.Outcome) -> None:
        outcomes.append(outcome)
        console.progress(f"  {outcome.name}: {outcome.status} in {outcome.seconds:.1f} s")

    def run_these(some: Sequence[Suite], *, allow_none: bool) -> None:
        runner.run_suites(some, Processes(), console, allow_none=allow_none, on_done=done)

    try:
        with ExitStack() as held, interrupts():
            for name in names:
                lock = hold(
                    paths.state / "locks", f"test-{name}", purpose=f"running {name}'s tests"
                )
                held.enter_context(lock)
            facts = ready.make_ready(paths, config, console, wanted)
            chosen = planned(facts)
            run_these([one for one in chosen if not one.needs_stack], allow_none=filtered)
            for suite in (one for one in chosen if one.needs_stack):
                try:
                    with stack(facts) as variables:
                        told = replace(suite, env={**suite.env, **variables})
                        run_these([told], allow_none=False)
                except StepFailedError as error:
                    # What the other suites said is not lost with it.
                    for line in error.detail:
                        console.error(f"{suite.name:<8} │ {line}")
                    done(report.Outcome(suite.name, "failed", note=error.message))
    except KeyboardInterrupt:
        raise InterruptedRunError("stopped before every suite had ended") from None
    unmatched = bool(filters.keyword) and _none_ran(outcomes)
    total = {key: sum(getattr(o, key) for o in outcomes) for key in ("passed", "failed", "skipped")}
    return Result(
        # A mistyped filter proves nothing.
        ok=not unmatched and all(outcome.status != "failed" for outcome in outcomes),
        data={"suites": [asdict(outcome) for outcome in outcomes], **total},
        table=report.table(outcomes),
        lines=(
            _nothing(filters)
            if _none_ran(outcomes) and (filters.keyword or filters.last_failed)
            else f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped",
        ),
    )


def _untouched(only: str | None, diff: Changes) -> str:
    if not diff.files:
        return f"nothing to prove: nothing changed since {diff.since}"
    what = f"the {only} suite" if only else "any suite"
    count = f"{len(diff.files)} changed file{'s' if len(diff.files) > 1 else ''}"
    return f"nothing to prove: none of the {count} since {diff.since} touches {what}"


def _none_ran(outcomes: Sequence[report.Outcome]) -> bool:
    """Return whether no test was chosen; a suite that failed may not have come to choosing."""
    return not any(one.passed or one.failed or one.status == "failed" for one in outcomes)


def _nothing(filters: Filters) -> str:
    if not filters.last_failed:
        return f"no test matches -k {filters.keyword}"
    matching = f" that matches -k {filters.keyword}" if filters.keyword else ""
    return f"no test that failed last time is left{matching}"
