"""One run of `refctl test`: ready the checkout, run what is wanted, one table."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from refctl.core.errors import InterruptedRunError
from refctl.core.result import Result
from refctl.quality import report, runner, suites
from refctl.tools.cypress import find_cypress
from refctl.tools.proc import Processes, interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.quality.suites import Filters, Suite
    from refctl.workspace.facts import Facts


def run(  # noqa: PLR0913 - each is a separate decision of the caller
    paths: Paths,
    config: Config,
    console: Console,
    only: str | None,
    filters: Filters,
    *,
    stack: Callable[[Facts], AbstractContextManager[str]],
    dry_run: bool,
) -> Result:
    """Run the suites and return their table; `stack` starts the application for `e2e`."""
    # The journey is one story: filters of test names do not cut it.
    filtered = bool(filters.keyword or filters.last_failed)
    names = (only,) if only else tuple(n for n in suites.NAMES if not (filtered and n == "e2e"))
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
        lines = todo.describe()
        lines += [f"{s.name}: {s.skip or shlex.join(s.argv)}" for s in planned(facts)]
        data = {"plan": todo.as_json(), "suites": [{"name": n} for n in names]}
        return Result(data=data, lines=tuple(lines))

    facts = ready.make_ready(paths, config, console, wanted)
    chosen = planned(facts)
    outcomes: list[report.Outcome] = []

    def done(outcome: report.Outcome) -> None:
        outcomes.append(outcome)
        console.progress(f"  {outcome.name}: {outcome.status} in {outcome.seconds:.1f} s")

    try:
        with interrupts():
            processes = Processes()
            alone = [one for one in chosen if not one.needs_stack]
            runner.run_suites(alone, processes, console, allow_none=filtered, on_done=done)
            for suite in (one for one in chosen if one.needs_stack):
                with stack(facts) as url:
                    told = replace(suite, env={**suite.env, "CYPRESS_BASE_URL": url})
                    done(runner.run_suite(told, processes, console, allow_none=False))
    except KeyboardInterrupt:
        raise InterruptedRunError("stopped before every suite had ended") from None
    total = {key: sum(getattr(o, key) for o in outcomes) for key in ("passed", "failed", "skipped")}
    return Result(
        ok=all(outcome.status != "failed" for outcome in outcomes),
        data={"suites": [asdict(outcome) for outcome in outcomes], **total},
        table=report.table(outcomes),
        lines=(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped",),
    )
