"""The checks of a checkout: pure functions from the kinds, and what is here, to what runs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from refctl.core.errors import UsageError
from refctl.core.plan import Run
from refctl.core.result import Result, Table
from refctl.quality.kinds import FILES, KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from refctl.core.redact import Secret


@dataclass(frozen=True, slots=True)
class Tree:
    """The project's files, as git knows them; all relative to its root."""

    files: tuple[str, ...]
    scripts: frozenset[str] = frozenset()
    """Shell scripts without an ending."""
    changed: frozenset[str] | None = None
    """Only what these mean is to be looked at; names that are gone count."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where programs are, and what they are told."""

    root: Path
    bins: Mapping[str, Path]
    """The folder of each room's programs."""
    programs: Mapping[str, Path]
    """Programs that live elsewhere."""
    env: Mapping[str, Mapping[str, str | Secret]] = field(default_factory=dict)
    """What a room's programs need in their environment."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What stands in braces in commands."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of this checkout: what runs, and how to read it."""

    name: str
    commands: tuple[Run, ...]
    fix: tuple[Run, ...]
    read: str
    room: str
    cost: int


def choose(names: Iterable[str], kinds: tuple[Kind, ...] = KINDS) -> tuple[Kind, ...]:
    """Return the checks of these names, in their usual order; for none, all that need no asking.

    A part of a name is a name: `backend`, `ruff`, `audit`; so is the name of a tool within.

    Raises:
        UsageError: no check is called so.

    """
    wanted = set(names)
    known = {name for kind in kinds for name in kind.names}
    for name in sorted(wanted - known):
        near = difflib.get_close_matches(name, known, n=1)
        raise UsageError(
            f"no such check: {name}",
            hint=f"refctl check {near[0]}" if near else "refctl check --list names them",
        )
    return tuple(kind for kind in kinds if wanted & kind.names or not (wanted or kind.asked))


def listed(names: Iterable[str]) -> Result:
    """Return the names of the checks and what each looks at."""
    kinds = choose(names) if (names := tuple(names)) else KINDS
    return Result(
        data={"checks": [{"name": kind.name, "about": kind.about} for kind in kinds]},
        table=Table(("check", "looks at"), tuple((kind.name, kind.about) for kind in kinds)),
    )


def files(kind: Kind, tree: Tree) -> tuple[str, ...]:
    """Return the files that the check is to look at; none when it has nothing to do."""
    own = tuple(name for name in tree.files if _is_its(kind, name, tree))
    if tree.changed is None:
        return own
    if any(name.endswith(kind.woken_by) for name in tree.changed):
        return own
    if kind.narrow:
        return tuple(name for name in own if name in tree.changed)
    return own if any(_is_its(kind, name, tree) for name in tree.changed) else ()


def _is_its(kind: Kind, name: str, tree: Tree) -> bool:
    if not name.startswith(kind.within or kind.folder):
        return False
    if name.startswith(kind.outside) or name.endswith(kind.outside):
        return False
    return name.endswith(kind.ends) or (kind.scripts and name in tree.scripts)


def plan(kind: Kind, looked_at: tuple[str, ...], site: Site) -> Check:
    """Return the check with its commands spelled out."""
    cwd = site.root / kind.folder
    own = tuple(name.removeprefix(kind.folder) for name in looked_at)

    def run(command: tuple[str, ...]) -> Run:
        words: list[str] = []
        for word in command[1:]:
            words += own if word == FILES else [_filled(word, site.words)]
        program = site.programs.get(command[0]) or site.bins[kind.room] / command[0]
        return Run((str(program), *words), cwd=cwd, env=site.env.get(kind.room, {}))

    return Check(
        kind.name,
        tuple(map(run, kind.commands)),
        tuple(map(run, kind.fix)),
        kind.read,
        kind.room,
        kind.cost,
    )


def _filled(word: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(f"{{{name}}}", value)
    return word
