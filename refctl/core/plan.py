"""Plans: steps as data. A planner makes one, an executor does it; nothing here acts."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from refctl.core.redact import Secret


@dataclass(frozen=True, slots=True)
class Run:
    """Start a program and wait for it. `env` is added to the environment; None takes away."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str | Secret | None] = field(default_factory=dict)

    def describe(self) -> str:
        """Return the command as a person would type it."""
        # PATH is the machine's own with a folder in front: its length would hide the command.
        shown = {name: value for name, value in self.env.items() if name != "PATH"}
        words = [f"-u {name}" for name, value in shown.items() if value is None]
        words = ["env", *words] if words else []
        words += [f"{n}={shlex.quote(str(v))}" for n, v in shown.items() if v is not None]
        return " ".join((*words, shlex.join(self.argv), f" (in {self.cwd})"))


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a file whole; with `keep`, only where none exists."""

    path: Path
    content: str | Secret
    mode: int = 0o644
    keep: bool = False

    def describe(self) -> str:
        """Return what will be written, without the content."""
        return f"write {self.path}" + (" unless it exists" if self.keep else "")


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a file or a whole folder; absent is fine."""

    path: Path

    def describe(self) -> str:
        """Return what will go."""
        return f"remove {self.path}"


@dataclass(frozen=True, slots=True)
class Rename:
    """Move a finished folder into place, removing what was there just before."""

    source: Path
    target: Path

    def describe(self) -> str:
        """Return from where to where."""
        return f"rename {self.source} to {self.target}"


@dataclass(frozen=True, slots=True)
class Call:
    """Ask a service for a change by its API. What is secret in the body is a Secret, or sealed."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None

    def describe(self) -> str:
        """Return what is asked for, without the body."""
        return f"{self.method} {self.path}"


Action = Run | WriteFile | Remove | Rename | Call


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its actions in order, after the steps named in `needs`."""

    id: str
    title: str
    actions: tuple[Action, ...]
    needs: tuple[str, ...] = ()
    hint: str = ""
    """What to type next when it fails."""
    fetches: bool = False
    """It gets something from the network, so a refused connection is the network's."""

    def as_json(self) -> dict[str, Any]:
        """Return the step for `--json` and journals, without secrets."""
        return {
            "id": self.id,
            "title": self.title,
            "needs": list(self.needs),
            "actions": [action.describe() for action in self.actions],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order that respects their needs.

    Raises:
        ValueError: an id is used twice, or a step needs one that does not come before it.

    """

    name: str
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for step in self.steps:
            if step.id in seen:
                raise ValueError(f"two steps are called {step.id}")
            for need in step.needs:
                if need not in seen:
                    raise ValueError(f"{step.id} needs {need}, which does not come before it")
            seen.add(step.id)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def describe(self) -> list[str]:
        """Return the plan for people, a line a step and an indented line an action."""
        return [
            line
            for step in self.steps
            for line in (
                f"{step.id}: {step.title}",
                *(f"    {action.describe()}" for action in step.actions),
            )
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the plan for `--json`, without secrets."""
        return {"name": self.name, "steps": [step.as_json() for step in self.steps]}
