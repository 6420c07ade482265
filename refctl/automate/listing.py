"""What there is to run: `refctl ci list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refctl.core.result import Result, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from refctl.workspace.workflows import Workflow


def listing(workflows: Sequence[Workflow]) -> Result:
    """Return the workflows, their jobs, and what starts them."""
    return Result(
        data={
            "workflows": [
                {
                    "file": one.file,
                    "name": one.name,
                    "triggers": plain(one.triggers),
                    "jobs": [
                        {
                            "id": job.id,
                            "name": job.name,
                            "runs_on": list(job.labels),
                            "needs": list(job.needs),
                        }
                        for job in one.jobs
                    ],
                }
                for one in workflows
            ]
        },
        table=Table(
            ("workflow", "job", "runs on", "after", "on"),
            tuple(
                (one.name, job.id, " ".join(job.labels), " ".join(job.needs), triggers(one))
                for one in workflows
                for job in one.jobs
            ),
        ),
    )


def triggers(workflow: Workflow) -> str:
    """Return what starts a workflow, for people: `push (main develop), pull_request`."""
    return ", ".join(
        event + (f" ({_words(filters)})" if filters else "")
        for event, filters in workflow.triggers.items()
    )


def plain(value: Any) -> Any:
    """Return what YAML holds in the types that JSON has."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, bool | int | float | None) else str(value)


def _words(filters: Mapping[str, Any]) -> str:
    return " ".join(
        str(one)
        for value in filters.values()
        for one in (value if isinstance(value, list) else [value])
    )
