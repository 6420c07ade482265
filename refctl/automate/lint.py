"""`refctl ci lint`: actionlint, zizmor, and our own rules."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from refctl.automate import rules
from refctl.core.errors import ConfigurationError
from refctl.core.result import Result, Table
from refctl.tools import actionlint, git, zizmor
from refctl.tools.finding import Finding
from refctl.tools.proc import interrupts
from refctl.workspace import workflows

if TYPE_CHECKING:
    from refctl.core.paths import Paths


def lint(paths: Paths, *, offline: bool = False) -> Result:
    """Return what they find; a linter that is not here is named, with how to get it.

    Where `CI` is set that is a failure: nobody reads there what was left out.
    """
    with interrupts():
        known, broken = workflows.look(paths)
        files = _files(paths)
        found = [Finding(one.problem, "syntax", one.file, one.line) for one in broken]
        found += [finding for one in known for finding in rules.check(one, files)]
        ran, missing = [rules.NAME], {}
        if actions := actionlint.find_actionlint(paths.state / "tools"):
            ran.append(actionlint.NAME)
            named = [one.file for one in known]  # without a name it would look at all
            found += actionlint.findings(actions, paths.root, named) if named else []
        else:
            missing[actionlint.NAME] = actionlint.HINT
        # It looks at the whole folder, and at nothing where a file of it cannot be read.
        if (program := zizmor.find()) and not broken:
            ran.append(zizmor.NAME)
            found += zizmor.findings(program, paths.root, ".github", offline=offline)
        elif not program:
            missing[zizmor.NAME] = zizmor.HINT
    found.sort(key=lambda one: one.place)
    return Result(
        ok=not found and not (missing and os.environ.get("CI")),
        data={"findings": [asdict(one) for one in found], "ran": ran, "missing": missing},
        table=Table(
            ("where", "rule", "what"),
            tuple((one.where, one.rule, one.message) for one in found),
        )
        if found
        else None,
        lines=(
            f"{len(known) + len(broken)} workflows, {len(found)} findings by {', '.join(ran)}",
            *(f"{name} is not here: {hint}" for name, hint in missing.items()),
            *(f"{zizmor.NAME} looks once every file can be read" for _ in broken[:1]),
        ),
    )


def _files(paths: Paths) -> tuple[str, ...]:
    """Return the project's files as git knows them; none where it is no repository."""
    with suppress(ConfigurationError):
        return git.files(paths.root)
    return ()
