"""One run of `refctl test`: ready the checkout, run what is wanted, one table."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from refctl.core.errors import InterruptedRunError
from refctl.core.executor import PrintingExecutor
from refctl.core.lock import hold
from refctl.core.plan import Run
from refctl.core.progress import StepProgress
from refctl.core.result import Result
from refctl.quality import costs, coverage, evidence, flaky, report, runner, snapshots, suites
from refctl.quality.changed import explain, touched
from refctl.quality.progress import SuiteProgress
from refctl.tools.cypress import find_cypress
from refctl.tools.git import changes
from refctl.tools.proc import Processes, interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.quality.suites import Filters, Suite
    from refctl.tools.git import Changes
    from refctl.workspace.facts import Facts

    Log = Callable[[str, str], None]
    Stack = Callable[[Facts, Log], AbstractContextManager[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    only: str | None
    """One suite, or None for all."""
    filters: Filters
    changed: bool = False
    """Only suites that the work since the default branch touches."""
    repeat: int = 1
    dry_run: bool = False


def run(
    paths: Paths, config: Config, console: Console, request: Request, *, stack: Stack
) -> Result:
    """Run the suites and return their table.

    `stack` starts the application for `e2e`, whose lines go to the log it is given, and gives the
    variables that tell Cypress of it.
    """
    filters = request.filters
    failed = report.failed_files(_reports(paths, config) / "e2e") if filters.last_failed else ()
    # Names of tests mean nothing to journeys, whose application takes its time to start.
    left_out = bool(filters.keyword) or (filters.last_failed and not failed)
    every = tuple(n for n in suites.NAMES if not (left_out and n == "e2e"))
    names = (request.only,) if request.only else every
    why: tuple[str, ...] = ()
    if request.changed:
        diff = changes(paths.root)
        reasons = touched(diff.files)
        names = tuple(name for name in names if name in reasons)
        why = explain({name: reasons[name] for name in names}, diff.since)
        if not names:
            said = _untouched(request.only, diff)
            return Result(data={"suites": [], "since": diff.since}, lines=(said,))
    seconds = costs.read(paths.state / "test-costs.json")
    names = tuple(sorted(names, key=lambda name: -seconds.get(name, 0.0)))
    if request.dry_run:
        return _preview(paths, config, names, filters, why)
    for line in why:
        console.progress(f"  {line}")
    try:
        with ExitStack() as held, interrupts():
            for name in names:
                lock = hold(
                    paths.state / "locks", f"test-{name}", purpose=f"running {name}'s tests"
                )
                held.enter_context(lock)
            facts = ready.make_ready(paths, config, console, _wanted(names, filters))
            chosen = _planned(paths, config, facts, names, filters)
            pictures = paths.frontend / suites.SNAPSHOTS
            before = snapshots.read(pictures)
            rounds = list(_rounds(chosen, facts, console, request, stack))
    except KeyboardInterrupt:
        raise InterruptedRunError("stopped before every suite had ended") from None
    if filters.whole:
        measured = {o.name: o.seconds for o, _ in rounds[-1] if o.status == "passed"}
        costs.write(paths.state / "test-costs.json", measured)
    result = _result(rounds, request)
    if filters.update_snapshots:
        return _with_snapshots(result, before, snapshots.read(pictures))
    if not filters.coverage:
        return result
    page = coverage.write_page(_reports(paths, config), config.test.coverage.model_dump())
    part = "" if filters.whole else " (of a part of the tests: no threshold holds)"
    return result._replace(lines=(*result.lines, f"coverage: {page}{part}"))


def _with_snapshots(result: Result, before: Mapping[str, str], now: Mapping[str, str]) -> Result:
    """Name the pictures that are others than before."""
    if not result.data["passed"]:
        return result._replace(ok=False)  # nothing was looked at; the table says why
    taken = snapshots.compare(before, now)
    data = {**result.data, "snapshots": taken.as_json()}
    return result._replace(data=data, lines=(*result.lines, *taken.lines))


Round = list[tuple[report.Outcome, dict[str, str]]]
"""How each suite ended, and each of its tests."""


def _rounds(
    chosen: tuple[Suite, ...], facts: Facts, console: Console, request: Request, stack: Stack
) -> Iterator[Round]:
    """Run the suites as often as asked."""

    def started(suite: Suite) -> AbstractContextManager[Mapping[str, str]]:
        return _logged(stack, suite, facts, console)

    for suite in chosen:
        if suite.evidence is not None:
            evidence.clear_rounds(suite.evidence)
    for number in range(1, request.repeat + 1):
        if request.repeat > 1:
            console.progress(f"Run {number} of {request.repeat}")
        with StepProgress(console) as show:
            outcomes = runner.run_suites(
                chosen,
                Processes(),
                console,
                allow_none=not request.filters.whole,
                progress=SuiteProgress(console, show),
                stack=started,
            )
        if request.repeat > 1:
            outcomes = [
                _set_aside(suite, outcome, number)
                for suite, outcome in zip(chosen, outcomes, strict=True)
            ]
        yield [
            (outcome, dict(report.cases(suite.junit)) if not suite.skip else {})
            for suite, outcome in zip(chosen, outcomes, strict=True)
        ]


def _set_aside(suite: Suite, outcome: report.Outcome, number: int) -> report.Outcome:
    """Keep what a failed round left: Cypress and we clear the folder before the next."""
    if suite.evidence is None or outcome.status != "failed" or not evidence.kept(suite.evidence):
        return outcome
    kept = evidence.set_aside(suite.evidence, number)
    return replace(outcome, note=outcome.note.replace(str(suite.evidence), str(kept)))


@contextmanager
def _logged(
    stack: Stack, suite: Suite, facts: Facts, console: Console
) -> Iterator[Mapping[str, str]]:
    """Start the application with its log among what is kept of a failure."""
    if suite.evidence is None:
        raise ValueError(f"{suite.name} has no place for its logs")
    with evidence.logs(suite.evidence / "logs", console) as log, stack(facts, log) as variables:
        yield variables


def _reports(paths: Paths, config: Config) -> Path:
    return (paths.root / config.test.reports).resolve()


def _wanted(names: tuple[str, ...], filters: Filters) -> Wanted:
    """Return what the suites need installed."""
    starts = "e2e" in names and not filters.url
    return Wanted(
        backend="backend" in names or starts,
        frontend=bool({"frontend", "e2e"} & set(names)),
        database=False,
    )


def _planned(
    paths: Paths, config: Config, facts: Facts, names: tuple[str, ...], filters: Filters
) -> tuple[Suite, ...]:
    specs = paths.frontend.glob("cypress/e2e/**/*.cy.ts")
    given = suites.Given(
        reports=_reports(paths, config),
        python=sys.executable,
        cypress=find_cypress(paths.frontend),
        specs=[spec.relative_to(paths.frontend).as_posix() for spec in specs],
        failed_specs=report.failed_files(_reports(paths, config) / "e2e"),
        least=config.test.coverage.model_dump(),
    )
    return suites.plan(paths, facts, names, filters, given)


def _preview(
    paths: Paths, config: Config, names: tuple[str, ...], filters: Filters, why: tuple[str, ...]
) -> Result:
    facts, todo = ready.plan(paths, config, _wanted(names, filters))
    printing = PrintingExecutor()
    printing.execute(todo)
    planned = _planned(paths, config, facts, names, filters)
    lines = [f"{s.name}: {s.skip or Run(s.argv, s.cwd, s.env).describe()}" for s in planned]
    data = {"plan": todo.as_json(), "suites": [{"name": n} for n in names], "why": list(why)}
    return Result(data=data, lines=(*why, *printing.lines, *lines))


def _result(rounds: list[Round], request: Request) -> Result:
    outcomes = [outcome for one in rounds for outcome, _ in one]
    filters = request.filters
    unmatched = bool(filters.keyword) and _none_ran(outcomes)
    total = {key: sum(getattr(o, key) for o in outcomes) for key in ("passed", "failed", "skipped")}
    unsteady = [
        found
        for suite in (zip(*rounds, strict=True) if request.repeat > 1 else ())
        for found in flaky.compare(suite[0][0].name, [tests for _, tests in suite])
    ]
    summary = f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped"
    lines = [_nothing(filters) if _none_ran(outcomes) and filters.named else summary]
    data = {"suites": [asdict(outcome) for outcome in outcomes], **total}
    if request.repeat > 1:
        lines.append(flaky.sentence(unsteady, request.repeat))
        data["unsteady"] = [one.as_json() for one in unsteady]
    return Result(
        # A mistyped filter proves nothing.
        ok=not unmatched and all(outcome.status in {"passed", "skipped"} for outcome in outcomes),
        data=data,
        table=flaky.table(unsteady) if unsteady else report.table(outcomes),
        lines=tuple(lines),
    )


def _untouched(only: str | None, diff: Changes) -> str:
    if not diff.files:
        return f"nothing to prove: nothing changed since {diff.since}"
    what = f"the {only} suite" if only else "any suite"
    count = f"{len(diff.files)} changed file{'s' if len(diff.files) > 1 else ''}"
    return f"nothing to prove: none of the {count} since {diff.since} touches {what}"


def _none_ran(outcomes: list[report.Outcome]) -> bool:
    """Return whether no test was chosen; a suite that failed may not have come to choosing."""
    return not any(one.passed or one.failed or one.status == "failed" for one in outcomes)


def _nothing(filters: Filters) -> str:
    if not filters.last_failed:
        return f"no test matches -k {filters.keyword}"
    matching = f" that matches -k {filters.keyword}" if filters.keyword else ""
    return f"no test that failed last time is left{matching}"
