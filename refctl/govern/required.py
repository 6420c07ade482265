"""Which checks a pull request must pass: what the workflows always run on it, by GitHub's names."""

from __future__ import annotations

import fnmatch
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from refctl.workspace.workflows import Job, Workflow

EVENT = "pull_request"
PUSHED = "synchronize"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks to require, and which jobs of pull requests cannot be, with the reason."""

    names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def required(workflows: Iterable[Workflow], branch: str) -> Checks:
    """Return the checks that run on every pull request to the branch.

    A check that is required and does not report blocks every merge; one that is skipped passes.
    """
    names: dict[str, None] = {}
    left_out: list[tuple[str, str]] = []
    for workflow in workflows:
        if EVENT not in workflow.triggers:
            continue
        reason = _filtered(workflow.triggers[EVENT], branch)
        for job in workflow.jobs:
            where = f"{workflow.file}: {job.id}"
            try:
                why = reason or _conditional(job)
                found = () if why else tuple(_names(job))
            except ValueError as unknown:
                why, found = str(unknown), ()
            if why:
                left_out.append((where, why))
            names.update(dict.fromkeys(found))
    return Checks(tuple(names), tuple(left_out))


def _filtered(filters: Mapping[str, Any], branch: str) -> str:
    """Return why it does not run on every pull request, if it does not."""
    if any(key in filters for key in ("paths", "paths-ignore")):
        return "it runs for some paths alone"
    types = filters.get("types")
    if types is not None and PUSHED not in types:
        return "a new push does not run it"
    if "branches" in filters and not _matches(branch, filters["branches"]):
        return f"it does not run for {branch}"
    if "branches-ignore" in filters and _matches(branch, filters["branches-ignore"]):
        return f"it does not run for {branch}"
    return ""


def _matches(branch: str, patterns: Any) -> bool:
    found = False
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        # The last that matches decides, as GitHub has it.
        if fnmatch.fnmatchcase(branch, str(pattern).removeprefix("!")):
            found = not str(pattern).startswith("!")
    return found


def _conditional(job: Job) -> str:
    if "if" in job.body:
        return "it has a condition, and a skipped check passes"
    if "uses" in job.body:
        return "it calls another workflow, whose jobs name the checks"
    return ""


def _names(job: Job) -> Iterator[str]:
    """Yield the names of the job's checks: one, or one for each part of its matrix.

    Raises:
        ValueError: only a run knows them.

    """
    strategy = job.body.get("strategy") or {}
    matrix = strategy.get("matrix")
    if matrix is None:
        if _EXPRESSION.search(job.name):
            raise ValueError("only a run knows its name")
        yield job.name
        return
    for part in _parts(matrix):
        named = _EXPRESSION.sub(lambda found, part=part: _value(found[1], part), job.name)  # type: ignore[misc]  # bound at once
        # Where the name says nothing of the matrix, GitHub adds its values.
        yield named if named != job.name else f"{job.name} ({', '.join(_flat(part))})"


def _value(expression: str, part: Mapping[str, Any]) -> str:
    space, _, key = expression.partition(".")
    if space != "matrix" or key not in part:
        raise ValueError("only a run knows its name")
    return _written(part[key])


def _flat(part: Mapping[str, Any]) -> list[str]:
    if any(isinstance(value, dict | list) for value in part.values()):
        raise ValueError("only a run knows its name")
    return [_written(value) for value in part.values()]


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(matrix: Any) -> list[dict[str, Any]]:
    """Return the parts of a matrix, as GitHub's documentation combines, excludes and includes."""
    if not isinstance(matrix, dict):
        raise ValueError("only a run knows its matrix")  # noqa: TRY004 - an expression, not a fault
    axes = {key: value for key, value in matrix.items() if key not in {"include", "exclude"}}
    some = [*axes.values(), matrix.get("include") or [], matrix.get("exclude") or []]
    if not all(isinstance(one, list) for one in some):
        raise ValueError("only a run knows its matrix")
    parts = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    parts = parts if axes else []
    out = matrix.get("exclude") or []
    parts = [one for one in parts if not any(less.items() <= one.items() for less in out)]
    own = [dict(one) for one in parts]
    for more in matrix.get("include") or []:
        # It adds to each part whose own values it would not change; to none, it is one more.
        fits = [
            part
            for part, before in zip(parts, own, strict=False)
            if all(before.get(key, value) == value for key, value in more.items())
        ]
        for part in fits:
            part.update(more)
        if not fits:
            parts.append(dict(more))
    return parts
