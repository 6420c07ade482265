"""What a run of workflows is made of: pure, from the workflows and what was asked for to a plan."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from refctl.core.errors import UsageError
from refctl.core.plan import Plan, Run, Step, WriteFile
from refctl.core.redact import Secret
from refctl.tools import act
from refctl.workspace.variables import SECRET_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from refctl.core.paths import Paths
    from refctl.tools.act import Private
    from refctl.workspace.workflows import Workflow

DEFAULT = "test"
"""The workflow that runs where neither a job nor another workflow is named."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    job: str | None = None
    workflow: str | None = None
    event: str = "push"
    matrix: tuple[str, ...] = ()
    local_actions: tuple[str, ...] = ()
    host: bool = False
    image: str | None = None
    """In place of the images that act's documentation names."""


@dataclass(frozen=True, slots=True)
class Here:
    """What is true of this machine and this checkout."""

    act: str
    branch: str
    artifact_port: int
    values: Mapping[str, str] = field(default_factory=dict)
    """Where secrets and variables come from, by name."""
    ours: frozenset[str] = frozenset()
    """The application's own variables."""
    around: frozenset[str] = frozenset()
    """The names of the variables around refctl."""


def choose(workflows: Sequence[Workflow], request: Request) -> Workflow:
    """Return the workflow that is meant.

    Raises:
        UsageError: none is, or several are, or it has no such job.

    """
    named = request.workflow or (None if request.job else DEFAULT)
    meant = [
        one
        for one in workflows
        if (named is None or named in {one.name, one.file, one.file.rpartition("/")[2]})
        and (request.job is None or any(job.id == request.job for job in one.jobs))
    ]
    if len(meant) == 1:
        return meant[0]
    wanted = f"job {request.job}" if request.job else f"workflow {named}"
    if meant:
        names = " or ".join(f"--workflow {one.name}" for one in meant)
        raise UsageError(f"several workflows have a {wanted}", hint=f"say which: {names}")
    raise UsageError(f"there is no {wanted}", hint="refctl ci list shows what there is")


def plan(paths: Paths, workflow: Workflow, request: Request, here: Here, private: Private) -> Plan:
    """Return the plan that runs the workflow, or one job of it.

    Raises:
        UsageError: the workflow does not answer to the event, or an option makes no sense.

    """
    if request.event not in workflow.triggers:
        events = ", ".join(workflow.triggers)
        raise UsageError(
            f"{workflow.file} is not started by {request.event}",
            hint=f"it is by {events}: refctl ci run --event",
        )
    for one in request.matrix:
        if not all(one.partition(":")):
            raise UsageError(f"--matrix {one}: not key:value")
    if request.host and request.image:
        raise UsageError("--host uses no image", hint="leave out one of --host and --image")
    images = dict.fromkeys(act.IMAGES, request.image) if request.image else act.IMAGES
    jobs = [job for job in workflow.jobs if request.job in {None, job.id}]
    labels = {label for job in jobs for label in job.labels}
    unknown = sorted(labels - act.IMAGES.keys())
    if request.job and unknown and not request.host:
        raise UsageError(
            f"{request.job} runs on {', '.join(unknown)}, for which there is no image",
            hint="--host runs its steps on this machine",
        )
    # No refctl runs there: neither is this machine one, nor could it do what such steps say.
    foreign = {label for label in labels if label.startswith("windows")}
    # A job that calls another workflow has no labels of its own.
    if request.job and request.host and labels and foreign == labels:
        raise UsageError(f"{request.job} runs on {', '.join(sorted(labels))}, which this is not")
    secrets, variables = (given(workflow, kind, here.values) for kind in ("secrets", "vars"))
    command = act.Invocation(
        event=request.event,
        workflow=workflow.file,
        job=request.job,
        matrix=request.matrix,
        platforms=dict.fromkeys(sorted(labels - foreign), act.HOST) if request.host else images,
        actions=dict(_local(one, workflow, paths) for one in request.local_actions),
        private=private,
        state=paths.state / "act",
        artifact_port=here.artifact_port,
    ).argv(here.act)
    files = (
        WriteFile(private.secrets, Secret(json.dumps(secrets)), mode=0o600),
        WriteFile(private.variables, json.dumps(variables), mode=0o600),
        WriteFile(private.event, json.dumps(event(request.event, here.branch)), mode=0o600),
        WriteFile(private.nothing, "", mode=0o600),
    )
    return Plan(
        "ci",
        (
            Step("prepare", "Write what the jobs are told", files),
            Step(
                "run",
                f"Run {request.job or workflow.name}",
                (Run(command, cwd=paths.root, env=_without(here)),),
                needs=("prepare",),
            ),
        ),
    )


def given(workflow: Workflow, kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets or variables that the workflow names and that have a value here."""
    return {name: values[name] for name in workflow.references(kind) if values.get(name)}


def absent(workflow: Workflow, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that the workflow asks for and that have no value here."""
    asked = {*workflow.references("secrets"), *workflow.references("vars")} - {"GITHUB_TOKEN"}
    return tuple(sorted(name for name in asked if not values.get(name)))


def event(name: str, branch: str) -> dict[str, Any]:
    """Return the little of an event's content that workflows look at."""
    repository = {"default_branch": "main"}
    sender = {"login": "local"}
    if name == "pull_request":
        number = 1
        return {
            "action": "synchronize",
            "number": number,
            "pull_request": {
                "number": number,
                "title": branch,
                "user": sender,
                "head": {"ref": branch},
                "base": {"ref": "main"},
            },
            "repository": repository,
            "sender": sender,
        }
    if name == "release":
        release = {"tag_name": "v0.0.0", "name": "v0.0.0", "draft": False, "prerelease": True}
        return {
            "action": "published",
            "release": release,
            "repository": repository,
            "sender": sender,
        }
    return {"ref": f"refs/heads/{branch}", "repository": repository, "sender": sender}


def _without(here: Here) -> dict[str, None]:
    """Return what keeps the developer's own configuration and secrets out of the jobs."""
    return {
        name: None
        for name in sorted(here.around)
        if name in here.ours or any(word in name for word in SECRET_WORDS)
    }


def _local(written: str, workflow: Workflow, paths: Paths) -> tuple[str, Path]:
    """Return the action and the folder that `owner/name[@ref]=path` names."""
    action, _, where = written.partition("=")
    name, _, ref = action.partition("@")
    if not where or name.count("/") < 1:
        raise UsageError(
            f"--local-action {written}: not owner/name@ref=path",
            hint="--local-action actions/cache=some/folder takes the ref from the workflow",
        )
    folder = (paths.root / where).resolve()
    if not any((folder / file).is_file() for file in ("action.yml", "action.yaml")):
        raise UsageError(f"--local-action {written}: there is no action.yml in {folder}")
    if not ref:
        used = (step.uses for job in workflow.jobs for step in job.steps)
        refs = {use.partition("@")[2] for use in used if use.partition("@")[0] == name}
        if len(refs) != 1:
            raise UsageError(
                f"--local-action {written}: {workflow.file} uses {name} "
                + ("not at all" if not refs else "with several refs"),
                hint=f"--local-action {name}@REF={where}",
            )
        ref = refs.pop()
    return f"{name}@{ref}", folder
