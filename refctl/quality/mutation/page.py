"""The page of the docs that keeps the results: scores by module, and every mutant that lives on."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from refctl.core.paths import templates
from refctl.quality.mutation.results import TIMEOUT, count, modules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from refctl.core.config import Accepted, Mutation
    from refctl.quality.mutation.results import Found, Mutant


def render(rooms: Sequence[Found], config: Mutation) -> str:
    """Return the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    engine = Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, whose own marks are escaped below
    )
    survivors = [mutant for room in rooms for mutant in room.mutants if mutant.survived]
    return engine.get_template("mutation.md.j2").render(
        least=f"{config.score:g}",
        rooms=[(room.name, *count(room.mutants).cells, minutes(room.seconds)) for room in rooms],
        modules=[
            (code(file), *found.cells)
            for room in rooms
            for file, found in modules(room.mutants).items()
        ],
        accepted=[
            (where(one), code(one.change), one.status, cell(reason(one, config.accepted)))
            for one in survivors
            if reason(one, config.accepted)
        ],
        open=[
            (where(one), code(one.change), one.status)
            for one in survivors
            if not reason(one, config.accepted)
        ],
    )


def reason(mutant: Mutant, accepted: Iterable[Accepted]) -> str:
    """Return why no test has to notice it; empty when nobody said."""
    for one in accepted:
        if fnmatchcase(mutant.file, one.file) and fnmatchcase(mutant.change, one.change):
            return one.reason
    return ""


def idle(rooms: Sequence[Found], accepted: Iterable[Accepted]) -> list[Accepted]:
    """Return what was accepted and does not live on: its reason has become untrue.

    Only of files that were looked at; one that came to no end today may live on tomorrow.
    """
    mutants = [mutant for room in rooms for mutant in room.mutants]
    alive = [mutant for mutant in mutants if mutant.survived or mutant.status == TIMEOUT]
    return [
        one
        for one in accepted
        if any(fnmatchcase(mutant.file, one.file) for mutant in mutants)
        and not any(reason(mutant, (one,)) for mutant in alive)
    ]


def where(mutant: Mutant) -> str:
    """Return the place, for a cell."""
    return code(f"{mutant.file}:{mutant.line}")


def minutes(seconds: float) -> str:
    """Return how long it took, without what differs from run to run."""
    return f"{max(1, round(seconds / 60))} min"


def code(text: str) -> str:
    """Return the text as code in a table's cell."""
    fence = "``" if "`" in text else "`"
    room = " " if "`" in text else ""
    return f"{fence}{room}{cell(text)}{room}{fence}"


def cell(text: str) -> str:
    """Return the text for a table's cell."""
    return text.replace("|", "\\|")
