"""What git knows of a checkout: asked, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.plan import Run
from refctl.tools.proc import ask

if TYPE_CHECKING:
    from pathlib import Path

USUAL = ("origin/main", "origin/master", "main", "master")
"""Names of the default branch where no remote says which it is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the default branch, committed or not."""

    since: str
    """The branch, and the commit where this work left it."""
    files: tuple[str, ...]
    """Relative to the folder asked about, sorted; of a renamed file both names."""


def changes(folder: Path) -> Changes:
    """Return the files of the folder that differ from where it left the default branch.

    Raises:
        ConfigurationError: no git checkout, or its default branch is not here.

    """
    if ask(_git(folder, "rev-parse", "--git-dir")).code != 0:
        raise ConfigurationError(
            f"{folder} is no git checkout: there is nothing to compare with",
            hint="leave out --changed",
        )
    named = ask(_git(folder, "rev-parse", "--abbrev-ref", "origin/HEAD"))
    candidates = (*((named.out.strip(),) if named.code == 0 else ()), *USUAL)
    for branch in candidates:
        found = ask(_git(folder, "merge-base", "HEAD", branch))
        if found.code == 0:
            base = found.out.strip()
            # Against the files as they are, so that what is not committed counts too.
            tracked = _paths(
                folder, "diff", "--name-only", "--no-renames", "--relative", "-z", base
            )
            fresh = _paths(folder, "ls-files", "--others", "--exclude-standard", "-z")
            return Changes(f"{branch} ({base[:9]})", tuple(sorted(tracked | fresh)))
    raise ConfigurationError(
        "the default branch is not in this checkout: there is nothing to compare with",
        hint="git fetch origin main:main (a shallow clone needs git fetch --unshallow first)",
    )


def _paths(folder: Path, *arguments: str) -> set[str]:
    said = ask(_git(folder, *arguments))
    if said.code != 0:
        raise ConfigurationError(f"git {arguments[0]}: {said.err.strip()}")
    return {path for path in said.out.split("\0") if path}


def _git(folder: Path, *arguments: str) -> Run:
    return Run(("git", *arguments), cwd=folder)
