"""How the steps of a plan are shown: a moving list on a terminal, else plain lines."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from refctl.core.console import Console
    from refctl.core.plan import Step

MINUTE = 60.0
"""Seconds between two words on a step where lines stay."""


class StepProgress:
    """Shows steps as they start and end. Used as a context around the execution of a plan."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: dict[str, float] = {}
        self._noted: dict[str, float] = {}
        self._live: Any = None
        self._tasks: dict[str, Any] = {}
        # At --verbose the programs' own lines would tear the moving list apart. A CI that offers a
        # terminal keeps every move of it as a line.
        quiet = console.quiet or console.verbose or bool(os.environ.get("CI"))
        self._moving = console.err.isatty() and not quiet

    def __enter__(self) -> Self:
        if self._moving:
            from rich.console import Console as RichConsole
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._live = Progress(
                SpinnerColumn("dots", style="cyan"),
                TextColumn("{task.description}"),
                TimeElapsedColumn(),
                console=RichConsole(file=self._console.err),
                transient=True,
            )
            self._live.start()
            self._console.aside = self._aside
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._console.aside = nullcontext
            self._live.stop()

    def __call__(self, step: Step, status: str) -> None:
        """Show that the step started, is done or failed."""
        if status == "started":
            self._began[step.id] = time.monotonic()
            if self._live is not None:
                self._tasks[step.id] = self._live.add_task(step.title)
            else:
                self._console.progress(f"  {self._console.style('•', 'dim')} {step.title}")
            return
        if self._live is not None:
            self._live.remove_task(self._tasks.pop(step.id))
        took = f"{time.monotonic() - self._began[step.id]:.1f} s"
        done = status == "done"
        mark = self._console.style("✓" if done else "✗", "green" if done else "red")
        self._console.progress(f"  {mark} {step.title} {self._console.style(took, 'dim')}")

    def note(self, step: Step, words: str) -> None:
        """Show how far the step has come: at once on a terminal, else once a minute."""
        if self._live is not None:
            if step.id in self._tasks:
                self._live.update(self._tasks[step.id], description=f"{step.title} {words}")
            return
        now = time.monotonic()
        if now - self._noted.get(step.id, self._began[step.id]) >= MINUTE:
            self._noted[step.id] = now
            took = f"after {now - self._began[step.id]:.0f} s"
            self._console.progress(f"  … {step.title} {words} {self._console.style(took, 'dim')}")

    def drop(self, step: Step) -> None:
        """Show no more of a step that was stopped."""
        if self._live is not None:
            self._live.remove_task(self._tasks.pop(step.id))

    @contextmanager
    def _aside(self) -> Iterator[None]:
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()
