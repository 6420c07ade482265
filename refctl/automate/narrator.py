"""Tells what act says, line by line, and remembers how each job ended."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from refctl.core.console import wants_colour, without_controls
from refctl.tools.act import Said, understand

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.console import Console
    from refctl.core.executor import Runner
    from refctl.core.plan import Run

TAIL = 40
"""Lines of a failed job that its report holds."""


@dataclass(slots=True)
class Outcome:
    """How a job went."""

    job: str
    began: float
    result: str = ""
    seconds: float = 0.0
    log: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))

    @property
    def status(self) -> str:
        """In the words of the suites; a job that has no last line was cut off."""
        return {"success": "passed", "skipped": "skipped"}.get(self.result, "failed")


class Narrator:
    """A runner of programs that understands act's `--json`."""

    def __init__(self, runner: Runner, console: Console) -> None:
        self._runner = runner
        self._console = console
        self.outcomes: dict[str, Outcome] = {}

    def run(self, action: Run, on_line: Callable[[str], None]) -> int:
        """Run act; tell its lines as people read them."""

        def heard(line: str) -> None:
            said = understand(line)
            shown = self._remember(said)
            on_line(shown)
            # At --verbose the executor has shown it already.
            if not self._console.verbose:
                self._console.progress(shown)

        return self._runner.run(action, heard)

    def stop_all(self) -> None:
        """End act and what it started."""
        self._runner.stop_all()

    def _remember(self, said: Said) -> str:
        if not said.job:
            return said.text
        outcome = self.outcomes.setdefault(said.job, Outcome(said.job, time.monotonic()))
        if said.text:
            outcome.log.append(without_controls(said.text, colours=False))
        if said.result:
            outcome.result = said.result
        outcome.seconds = time.monotonic() - outcome.began
        text = without_controls(said.text, colours=wants_colour(self._console.err))
        text = text if said.raw else self._console.style(text, "dim")
        return "\n".join(f"{said.job} │ {line}" for line in text.splitlines() or [""])
