"""`refctl ci lint`: actionlint, zizmor, and our own rules."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from refctl.automate import rules, workflows
from refctl.core.plan import Run
from refctl.core.result import Result, Table
from refctl.tools import actionlint, zizmor
from refctl.tools.proc import ask, interrupts

if TYPE_CHECKING:
    from refctl.core.paths import Paths


def lint(paths: Paths) -> Result:
    """Return what they find; a linter that is not here is named, with how to get it."""
    with interrupts():
        known = workflows.read(paths)
        files = _files(paths)
        found = [finding for one in known for finding in rules.check(one, files)]
        ran, missing = [rules.NAME], {}
        if actions := actionlint.find_actionlint(paths.state / "tools"):
            ran.append(actionlint.NAME)
            found += actionlint.findings(actions, paths.root, [one.file for one in known])
        else:
            missing[actionlint.NAME] = actionlint.HINT
        if program := zizmor.find():
            ran.append(zizmor.NAME)
            found += zizmor.findings(program, paths.root, ".github")
        else:
            missing[zizmor.NAME] = zizmor.HINT
    found.sort()
    return Result(
        ok=not found,
        data={"findings": [asdict(one) for one in found], "ran": ran, "missing": missing},
        table=Table(
            ("where", "rule", "what"),
            tuple((f"{o.file}:{o.line}", f"{o.tool}/{o.rule}", o.message) for o in found),
        )
        if found
        else None,
        lines=(
            f"{len(known)} workflows, {len(found)} findings by {', '.join(ran)}",
            *(f"{name} is not here: {hint}" for name, hint in missing.items()),
        ),
    )


def _files(paths: Paths) -> tuple[str, ...]:
    """Return the project's files as git knows them; none where it is no repository."""
    said = ask(Run(("git", "ls-files", "-z"), cwd=paths.root))
    return tuple(filter(None, said.out.split("\0"))) if said.code == 0 else ()
