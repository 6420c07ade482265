"""Our own rules: what act does not look at when it runs a workflow, and what this project holds.

They are static: they read the workflow and the names of the project's files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from refctl.tools.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from refctl.workspace.workflows import Job, Workflow

NAME = "refctl"
ENVIRONMENTS = frozenset({"development", "test", "staging", "production"})

_PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
_TELLING = re.compile(r"\bgithub\.(?:event_name\b|event\.|ref)")
"""What a condition asks about that tells a pull request from the rest; `always()` does not."""
_VERSION = re.compile(r"^v\d+(\.\d+)*\b")


def check(workflow: Workflow, files: Collection[str]) -> list[Finding]:
    """Return what is against the rules; `files` are the project's."""
    found = []
    for rule in RULES:
        for line, message in rule(workflow, files):
            found.append(Finding(message, f"{NAME}/{rule.__name__}", workflow.file, line))
    return found


def permissions(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Grant nothing at the top; let each job say what it needs."""
    if workflow.body.get("permissions") != {}:
        line = workflow.lines.get("permissions", 1)
        yield line, "the workflow must begin with `permissions: {}`; jobs ask for what they need"
    for job in workflow.jobs:
        granted = job.body.get("permissions")
        if granted is None:
            yield job.line, f"{job.id} does not say which permissions it needs (`{{}}` is none)"
        elif isinstance(granted, str):
            yield job.line, f"{job.id} has `{granted}`: name each permission"


def timeout(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Let no job hang for GitHub's six hours."""
    for job in workflow.jobs:
        # A job that calls another workflow cannot have one.
        if "uses" not in job.body and "timeout-minutes" not in job.body:
            yield job.line, f"{job.id} has no `timeout-minutes`: it could hang for six hours"


def concurrency(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Ask for a thought of what happens when it is started twice."""
    if "concurrency" in workflow.body:
        return
    for job in workflow.jobs:
        if "concurrency" not in job.body:
            yield job.line, f"{job.id} has no `concurrency`, nor has the workflow"


def filters(workflow: Workflow, files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Find filters that cannot mean what they say, as of paths that are no longer there."""
    line = workflow.lines.get("on", 1)
    for event, given in workflow.triggers.items():
        for kind in ("branches", "branches-ignore", "paths", "paths-ignore", "tags", "tags-ignore"):
            if kind in given and not given[kind]:
                yield line, f"{event}.{kind} is empty"
            if kind.endswith("-ignore") and kind in given and kind.removesuffix("-ignore") in given:
                yield line, f"{event} has {kind} beside its opposite: GitHub takes one of the two"
        for kind in ("paths", "paths-ignore"):
            for pattern in given.get(kind) or ():
                if files and not any(map(_matcher(str(pattern)), files)):
                    yield line, f"{event}.{kind}: {pattern} matches no file of the project"


def services(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Have services waited for: the first step may come too early."""
    for job in workflow.jobs:
        for name, service in job.services.items():
            options = str(service.get("options", "")) if isinstance(service, dict) else ""
            if "--health-cmd" not in options:
                yield (
                    job.line,
                    f"{job.id}: the service {name} has no --health-cmd: nothing waits for it",
                )


def environments(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Know the environments, and keep their secrets out of a pull request's reach."""
    for job in workflow.jobs:
        name = _environment(job)
        if not name:
            continue
        if "${{" not in name and name not in ENVIRONMENTS:
            yield job.line, f"{job.id}: there is no environment {name}"
        for event in ("pull_request", "pull_request_target"):
            if event in workflow.triggers and not _TELLING.search(str(job.body.get("if", ""))):
                reached = f"{job.id}: {event} reaches the secrets of the environment {name}"
                yield job.line, f"{reached}: let its `if` ask for github.event_name or github.ref"


def scripts(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Keep expressions out of scripts, where they would be pasted in as code."""
    for job in workflow.jobs:
        for step in job.steps:
            if "${{" in step.run:
                yield step.line, f"{job.id}: an expression in a script: pass it through `env:`"


def pins(workflow: Workflow, _files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Pin actions to commits, with the version in words."""
    for job in workflow.jobs:
        for step in job.steps:
            if not step.uses or step.uses.startswith("./") or "@sha256:" in step.uses:
                continue
            if not _PINNED.match(step.uses):
                yield step.line, f"{job.id}: {step.uses} is not pinned to a full commit hash"
            elif not _VERSION.match(step.remark):
                yield step.line, f"{job.id}: no comment says which version {step.uses} is"


RULES: tuple[Callable[[Workflow, Collection[str]], Iterator[tuple[int, str]]], ...] = (
    permissions,
    timeout,
    concurrency,
    filters,
    services,
    environments,
    scripts,
    pins,
)


def _environment(job: Job) -> str:
    given = job.body.get("environment", "")
    return str(given.get("name", "")) if isinstance(given, dict) else str(given)


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Return GitHub's way to match a path: `*` stays in a folder, `**` does not."""
    words = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/?|\*|\?)", pattern.removeprefix("!"))
    expression = "".join(
        "(.*/)?" if part == "**/" else words.get(part, re.escape(part)) for part in parts
    )
    return lambda path: re.fullmatch(expression, path) is not None
