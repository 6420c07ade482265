"""One run of `refctl test --mutation core`: ready the tools, a room after the other, one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.errors import InterruptedRunError, UsageError
from refctl.core.executor import PrintingExecutor
from refctl.core.lock import hold
from refctl.core.paths import write_atomically
from refctl.core.result import Result
from refctl.quality.mutation import page, results, rooms, runner
from refctl.tools.proc import interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.quality.mutation.results import Found

PAGE = "docs/contributing/mutation.md"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    only: str | None = None
    """One room, or None for all."""
    write_docs: bool = False
    dry_run: bool = False


def run(paths: Paths, config: Config, console: Console, request: Request) -> Result:
    """Test the mutants of each room and return their table."""
    names = (request.only,) if request.only else rooms.NAMES
    if request.only and request.only not in rooms.NAMES:
        raise UsageError(
            f"{request.only} has no mutants: a journey proves that things fit, not each decision",
            hint=f"one of {', '.join(rooms.NAMES)}",
        )
    reports = (paths.root / config.test.reports).resolve()
    if request.write_docs:
        _require_all(reports, names)
    wanted = _wanted(names)
    if request.dry_run:
        facts, todo = ready.plan(paths, config, wanted)
        printing = PrintingExecutor()
        printing.execute(todo)
        commands = {
            one.name: one.run.describe() for one in rooms.plan(paths, facts, names, reports)
        }
        lines = (*printing.lines, *(f"{name}: {said}" for name, said in commands.items()))
        return Result(data={"plan": todo.as_json(), "rooms": commands}, lines=lines)
    try:
        with (
            interrupts(),
            hold(paths.state / "locks", "mutation", purpose="testing mutants"),
        ):
            facts = ready.make_ready(paths, config, console, wanted)
            found = [
                runner.test(room, paths.root, console, reports)
                for room in rooms.plan(paths, facts, names, reports)
            ]
    except KeyboardInterrupt:
        raise InterruptedRunError("stopped before every mutant was tested") from None
    wrote = request.write_docs and all(one.whole for one in found)
    if wrote:
        every = [results.load(runner.file(reports, name)) for name in rooms.NAMES]
        text = page.render([one for one in every if one is not None], config.test.mutation)
        write_atomically(paths.root / PAGE, text)
    return _result(found, config, reports, wrote=wrote)


def _wanted(names: tuple[str, ...]) -> Wanted:
    return Wanted(
        backend=False,
        frontend="frontend" in names,
        database=False,
        env=False,
        mutation=tuple(name for name in names if name in rooms.PYTHON),
    )


def _require_all(reports: Path, names: tuple[str, ...]) -> None:
    """Refuse to write a page that lacks a room.

    Raises:
        UsageError: a room is neither asked for nor among the reports.

    """
    for name in rooms.NAMES:
        if name not in names and results.load(runner.file(reports, name)) is None:
            raise UsageError(
                f"the page is about all rooms, and {name} has no report yet",
                hint=f"refctl test {name} --mutation core",
            )


def _result(found: list[Found], config: Config, reports: Path, *, wrote: bool) -> Result:
    wanted = config.test.mutation
    complaints = {one.name: results.complaint(one, wanted.score) for one in found}
    lines = [f"results: {reports / 'mutation'}"]
    if wrote:
        lines.append(f"docs: {PAGE}")
    lines += [
        f"accepted, but noticed by a test: {one.change} in {one.file}"
        for one in page.idle(found, wanted.accepted)
    ]
    data = []
    for one in found:
        ended = results.count(one.mutants)
        data.append(
            {
                "name": one.name,
                "result": "failed" if complaints[one.name] else "passed",
                "mutants": ended.mutants,
                "killed": ended.killed,
                "survived": ended.survived,
                "timeouts": ended.timeouts,
                "no_coverage": ended.no_coverage,
                "score": round(ended.score, 2),
                "seconds": round(one.seconds, 1),
                "note": complaints[one.name],
                "survivors": [
                    {
                        "file": mutant.file,
                        "line": mutant.line,
                        "mutation": mutant.change,
                        "status": mutant.status,
                        "accepted": page.reason(mutant, wanted.accepted),
                    }
                    for mutant in one.mutants
                    if mutant.survived
                ],
            }
        )
    return Result(
        ok=not any(complaints.values()),
        data={"rooms": data, "least": wanted.score},
        table=results.table(found, wanted.score),
        lines=tuple(lines),
    )
