"""Workflows as data: what a file of `.github/workflows` says, with the lines where it says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from refctl.core.paths import Paths

FOLDER = ".github/workflows"

_REFERENCE = re.compile(r"\b(secrets|vars)\.([A-Za-z_][A-Za-z0-9_]*)")
_NEEDED = re.compile(r"\bsecrets\.([A-Za-z_][A-Za-z0-9_]*)(?!\w|\s*\|\|)")
_MATRIX = re.compile(r"^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$")


class NotAWorkflowError(ConfigurationError):
    """A file that does not hold what its folder is for."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}{f':{line}' if line else ''}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Step:
    """A step: an action that it uses, or a script that it runs."""

    line: int
    uses: str = ""
    run: str = ""
    remark: str = ""
    """The comment behind `uses`."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `body` is all of it, as it is written."""

    id: str
    line: int
    steps: tuple[Step, ...]
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What GitHub shows."""
        return str(self.body.get("name", self.id))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that it runs on, those of a matrix included."""
        return tuple(
            label for written in _several(self.body.get("runs-on")) for label in self._of(written)
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """The jobs that come before it."""
        return _several(self.body.get("needs"))

    @property
    def services(self) -> Mapping[str, Any]:
        """The containers that it asks for beside its own."""
        return _mapping(self.body.get("services"))

    def _of(self, label: str) -> tuple[str, ...]:
        found = _MATRIX.match(label)
        if found is None:
            return (label,)
        matrix = _mapping(_mapping(self.body.get("strategy")).get("matrix"))
        included = matrix.get("include") or []
        more = (one[found[1]] for one in included if isinstance(one, dict) and found[1] in one)
        return (*_several(matrix.get(found[1])), *map(str, more))


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow. `body` is all of it, as it is written."""

    file: str
    """Relative to the project."""
    jobs: tuple[Job, ...]
    text: str
    body: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each key of the top level is."""

    @property
    def name(self) -> str:
        """What GitHub shows."""
        return str(self.body.get("name", self.file.rpartition("/")[2]))

    @property
    def triggers(self) -> Mapping[str, Mapping[str, Any]]:
        """The events that start it, each with its filters."""
        on = self.body.get("on")
        if isinstance(on, dict):
            # A schedule is a list of times rather than filters.
            return {
                str(event): filters
                if isinstance(filters, dict)
                else ({"cron": [one["cron"] for one in filters]} if filters else {})
                for event, filters in on.items()
            }
        return {event: {} for event in _several(on)}

    def references(self, kind: str) -> tuple[str, ...]:
        """Return the names of the `secrets` or `vars` that it asks for."""
        return tuple(
            sorted({found[2] for found in _REFERENCE.finditer(self.text) if found[1] == kind})
        )

    def needed(self) -> tuple[str, ...]:
        """Return the names of the secrets that it does not do without: no `||` follows them."""
        return tuple(sorted(set(_NEEDED.findall(self.text))))


def read(paths: Paths) -> tuple[Workflow, ...]:
    """Return the project's workflows by name of file.

    Raises:
        ConfigurationError: there is none, or some are not workflows; with each one's place.

    """
    found, broken = look(paths)
    if broken:
        raise ConfigurationError("\n".join(one.message for one in broken), hint="refctl ci lint")
    return found


def files(paths: Paths) -> tuple[Path, ...]:
    """Return the files of the project's workflows, by name."""
    folder = paths.root / FOLDER
    return tuple(sorted((*folder.glob("*.yml"), *folder.glob("*.yaml"))))


def look(paths: Paths) -> tuple[tuple[Workflow, ...], tuple[NotAWorkflowError, ...]]:
    """Return the project's workflows by name of file, and what is wrong with those that are none.

    Raises:
        ConfigurationError: there is no file at all.

    """
    known = files(paths)
    if not known:
        raise ConfigurationError(f"there is no workflow in {FOLDER}")
    found, broken = [], []
    for file in known:
        try:
            name = str(file.relative_to(paths.root))
            found.append(parse(file.read_text(encoding="utf-8", errors="replace"), name))
        except NotAWorkflowError as error:
            broken.append(error)
    return tuple(found), tuple(broken)


def parse(text: str, file: str) -> Workflow:
    """Return the workflow that a file holds.

    Raises:
        NotAWorkflowError: it is not YAML, or not a workflow.

    """
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import MarkedYAMLError

    try:
        body = YAML().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise NotAWorkflowError(file, line, f"not YAML: {error.problem}") from None
    jobs = body.get("jobs") if isinstance(body, CommentedMap) else None
    jobs = jobs if isinstance(jobs, CommentedMap) else None
    if jobs is None or not all(isinstance(one, CommentedMap) for one in jobs.values()):
        raise NotAWorkflowError(file, 0, "not a workflow: it has no jobs")
    lines = text.splitlines()
    return Workflow(
        file=file,
        text=text,
        body=body,
        lines={str(key): body.lc.key(key)[0] + 1 for key in body},
        jobs=tuple(
            Job(
                id=str(name),
                line=jobs.lc.key(name)[0] + 1,
                body=job,
                steps=tuple(_step(one, lines) for one in job.get("steps") or ()),
            )
            for name, job in jobs.items()
        ),
    )


def _step(step: Any, lines: list[str]) -> Step:
    key = next((one for one in ("uses", "run") if one in step), None)
    line = (step.lc.key(key)[0] if key else step.lc.line) + 1
    _, _, remark = lines[line - 1].partition(" #")
    return Step(
        line,
        uses=str(step.get("uses", "")),
        run=str(step.get("run", "")),
        remark=remark.strip() if key == "uses" else "",
    )


def _several(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, dict):  # `runs-on` with a group
        return _several(value.get("labels"))
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
