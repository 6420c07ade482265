"""One run of `refctl check`: what is here, ready what that needs, look, one table."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refctl.core.errors import InterruptedRunError, MissingToolError
from refctl.core.executor import PrintingExecutor
from refctl.core.lock import hold
from refctl.core.paths import write_atomically
from refctl.core.result import Result, Table
from refctl.quality import checks, kinds, sarif
from refctl.quality.findings import NotLookedError, Place, read
from refctl.tools import git
from refctl.tools import node as node_tool
from refctl.tools.finding import NOTE, Finding
from refctl.tools.proc import Processes, Said, interrupts
from refctl.workspace import ready
from refctl.workspace.setup import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.core.plan import Run
    from refctl.quality.checks import Check, Tree
    from refctl.quality.kinds import Kind
    from refctl.workspace.facts import Facts


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for."""

    names: tuple[str, ...] = ()
    fix: bool = False
    changed: bool = False
    staged: bool = False
    sarif: Path | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How a check ended."""

    name: str
    status: str
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    note: str = ""
    said: tuple[str, ...] = ()
    """The tool's own words, where no finding could be read from them."""

    @property
    def faults(self) -> int:
        """How many findings count against it."""
        return sum(finding.level != NOTE for finding in self.findings)


def run(
    paths: Paths, config: Config, console: Console, options: Options, *, dry_run: bool
) -> Result:
    """Look, and return the table; with `fix`, let the fixers go first."""
    tree, since = _tree(paths, options)
    asked = checks.choose(options.names)
    todo = {kind: looked for kind in asked if (looked := checks.files(kind, tree))}
    idle = tuple(kind.name for kind in asked if kind not in todo)
    wanted = _wanted(paths, tuple(todo))
    if dry_run:
        facts, plan = ready.plan(paths, config, wanted)
        return _shown(_planned(paths, config, facts, todo), plan, fix=options.fix)
    try:
        with (
            interrupts(),
            hold(paths.state / "locks", "check", purpose="checking", wait=ready.WAIT),
        ):
            facts = ready.make_ready(paths, config, console, wanted)
            chosen = _planned(paths, config, facts, todo)
            looks = _look_at(chosen, paths.root, console, fix=options.fix)
    except KeyboardInterrupt:
        raise InterruptedRunError("stopped before every check had ended") from None
    if options.sarif is not None:
        found = {one.name: one.findings for one in looks if one.status != "skipped"}
        write_atomically(options.sarif, json.dumps(sarif.log(found), indent=1) + "\n")
    return _result(looks, idle, since)


def _tree(paths: Paths, options: Options) -> tuple[Tree, str]:
    """Return the project's files, and what changes are counted from."""
    names = git.files(paths.root)
    changed: frozenset[str] | None = None
    since = ""
    if options.staged:
        changed, since = git.staged(paths.root), "the last commit"
    elif options.changed:
        diff = git.changes(paths.root)
        changed, since = frozenset(diff.files), diff.since
    return checks.Tree(names, git.scripts(paths.root, names), changed), since


def _wanted(paths: Paths, some: Sequence[Kind]) -> Wanted:
    rooms = {kind.room for kind in some}
    return Wanted(
        backend=kinds.BACKEND in rooms,
        frontend=kinds.FRONTEND in rooms,
        database=False,
        env=False,
        checks=kinds.TOOLS in rooms and _has_group(paths.root),
        actionlint=any("actionlint" in kind.names for kind in some),
    )


def _has_group(root: Path) -> bool:
    """Return whether this project locks the tools of its checks."""
    try:
        document = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return "check" in document.get("dependency-groups", {}) and (root / "uv.lock").is_file()


def _planned(
    paths: Paths, config: Config, facts: Facts, todo: dict[Kind, tuple[str, ...]]
) -> tuple[Check, ...]:
    programs = {"python": Path(sys.executable), "uv": Path(facts.uv)}
    if facts.pnpm is not None:
        programs["pnpm"] = facts.pnpm
    site = checks.Site(
        root=paths.root,
        bins={
            kinds.REFCTL: Path(sys.executable).parent,
            kinds.BACKEND: paths.backend_python.parent,
            kinds.FRONTEND: paths.frontend / "node_modules" / ".bin",
            kinds.TOOLS: paths.state / "tools" / "checks" / "bin",
        },
        programs=programs,
        env={kinds.FRONTEND: node_tool.environment(facts.node)} if facts.node else {},
        words={
            "first_load_kb": str(config.check.first_load_kb),
            "made_up_secrets": f"^(?:{'|'.join(map(re.escape, config.check.made_up_secrets))})$",
            "state": str(paths.state),
            "git": str(git.common(paths.root)),
        },
    )
    return tuple(checks.plan(kind, looked, site) for kind, looked in todo.items())


def _look_at(
    chosen: Sequence[Check], root: Path, console: Console, *, fix: bool
) -> tuple[Look, ...]:
    """Fix, then look with all checks, as many at once as there are processors."""
    processes = Processes()
    looks: dict[str, Look] = {}
    pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="check")
    try:
        if fix:
            rooms: dict[str, list[Run]] = {}
            for check in chosen:
                rooms.setdefault(check.room, []).extend(check.fix)
            for done in [pool.submit(_fix, *runs, processes.ask) for runs in rooms.items()]:
                done.result()
        futures = [
            pool.submit(look, check, root, processes.ask)
            for check in sorted(chosen, key=lambda check: -check.cost)
        ]
        for future in as_completed(futures):
            one = future.result()
            looks[one.name] = one
            console.progress(f"  {one.name}: {one.status} in {one.seconds:.1f} s")
            for line in one.said:
                console.detail(f"{one.name} │ {line}")
    except KeyboardInterrupt:
        processes.stop_all()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return tuple(looks[check.name] for check in chosen)


def _fix(room: str, runs: Sequence[Run], ask: Callable[[Run], Said]) -> None:
    """Run the fixers of one room: they write the same files, so one after another.

    What they could not do, the checks say.
    """
    for one in runs:
        with contextlib.suppress(MissingToolError):
            ask(_found(one, room))


def look(check: Check, root: Path, ask: Callable[[Run], Said]) -> Look:
    """Run one check to its verdict."""
    began = time.monotonic()
    codes: list[int] = []
    findings: list[Finding] = []
    words: list[str] = []
    try:
        for command in check.commands:
            said = ask(_found(command, check.room))
            codes.append(said.code)
            findings += read(check.read, said, Place(root, command.cwd))
            words += [*said.out.splitlines(), *said.err.splitlines()]
            if command is not check.commands[-1] and said.code and not findings:
                break  # what comes next needs it
    except NotLookedError as reason:
        return Look(check.name, "skipped", seconds=time.monotonic() - began, note=str(reason))
    except MissingToolError as reason:
        # Where nobody reads a skip, it would pass for green.
        status = "failed" if os.environ.get("CI") else "skipped"
        return Look(check.name, status, seconds=time.monotonic() - began, note=str(reason))
    seconds = time.monotonic() - began
    failed = any(codes) or any(finding.level != NOTE for finding in findings)
    return Look(
        check.name,
        "failed" if failed else "passed",
        tuple(findings),
        seconds,
        f"exit code {max(codes)}" if failed and not findings else "",
        tuple(words) if not findings else (),
    )


def _found(command: Run, room: str) -> Run:
    """Return the command with a program that is there.

    Raises:
        MissingToolError: neither the room nor PATH has it.

    """
    program = Path(command.argv[0])
    if program.is_file():
        return command
    other = shutil.which(program.name)
    if other is None:
        raise MissingToolError(
            f"{program.name} is not here: put it on PATH, or into {kinds.LISTED[room]}"
        )
    return replace(command, argv=(other, *command.argv[1:]))


def _shown(chosen: Sequence[Check], plan: Any, *, fix: bool) -> Result:
    printing = PrintingExecutor()
    printing.execute(plan)
    commands = {
        check.name: [
            shlex.join(one.argv)
            for one in ((*check.fix, *check.commands) if fix else check.commands)
        ]
        for check in chosen
    }
    lines = [f"{name}: {one}" for name, some in commands.items() for one in some]
    return Result(
        data={"plan": plan.as_json(), "checks": commands}, lines=(*printing.lines, *lines)
    )


def _result(looks: Sequence[Look], idle: Sequence[str], since: str) -> Result:
    total = {
        status: sum(look.status == status for look in looks)
        for status in ("passed", "failed", "skipped")
    }
    lines: list[str] = []
    for one in looks:
        if one.status == "failed":
            lines += ["", f"{one.name}:"]
            lines += [f"  {finding.describe()}" for finding in one.findings]
            lines += [f"  {line}" for line in one.said]
    if lines:
        lines.append("")
    if since:
        lines.append(f"{len(idle)} more have nothing that changed since {since}")
    elif idle:
        lines.append(f"nothing here for: {', '.join(idle)}")
    lines.append(", ".join(f"{number} {status}" for status, number in total.items()))
    return Result(
        ok=not total["failed"],
        data={
            "checks": [
                {
                    "name": one.name,
                    "status": one.status,
                    "seconds": round(one.seconds, 3),
                    "note": one.note,
                    "findings": [asdict(finding) for finding in one.findings],
                    "output": list(one.said) if one.status == "failed" else [],
                }
                for one in looks
            ],
            "idle": list(idle),
            **total,
        },
        table=table(looks) if looks else None,
        lines=tuple(lines),
    )


def table(looks: Sequence[Look]) -> Table:
    """Return the summary, one row a check."""
    return Table(
        ("check", "result", "findings", "time", "note"),
        tuple(
            (look.name, look.status, str(look.faults), f"{look.seconds:.1f} s", look.note)
            for look in looks
        ),
    )
