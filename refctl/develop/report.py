"""How a run of `refctl dev` is told: coloured lines with a prefix, or newline-delimited JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refctl.core.console import wants_colour, without_controls

if TYPE_CHECKING:
    from refctl.core.console import Console

COLOURS = {"backend": "magenta", "frontend": "cyan"}


class Reporter:
    """Prints events as they come."""

    def __init__(self, console: Console, *, json: bool) -> None:
        self._console = console
        self._json = json
        if json:
            console.quiet = True

    def event(self, event: str, **fields: Any) -> None:
        """Tell one event."""
        if event == "log":
            colours = not self._json and wants_colour(self._console.err)
            fields["line"] = without_controls(fields["line"], colours=colours)
        if self._json:
            self._console.json({"event": event, **fields})
            return
        tell = getattr(self, f"_{event}", None)
        if tell is not None:
            tell(**fields)

    def _log(self, *, service: str, line: str) -> None:
        prefix = self._console.style(f"{service:<8} │", COLOURS[service])
        self._console.progress(f"{prefix} {line}")

    def _port(self, *, service: str, wanted: int, port: int) -> None:
        words = f"port {wanted} is taken: the {service} moves to {port}"
        self._console.progress(self._console.style(words, "yellow"))

    def _exited(self, *, service: str, code: int, ends: bool, **_tail: object) -> None:
        if ends:
            return  # the error that ends the run says it
        words = f"the {service} ended with exit code {code}; it starts again when a source changes"
        self._console.error(self._console.style(words, "red"))

    def _notice(self, *, message: str, **_service: object) -> None:
        self._console.progress(self._console.style(message, "yellow"))

    def _restarted(self, *, service: str) -> None:
        self._console.progress(self._console.style(f"the {service} restarts", "dim"))

    def _ready(
        self, *, backend: str | None, frontend: str | None, docs: str | None, login: dict[str, str]
    ) -> None:
        rows = (
            ("App", frontend),
            ("API", backend),
            ("API docs", docs),
            ("Log in as", f"{login['email']}  {login['password']}"),
            ("Stop", "Ctrl-C"),
        )
        out = self._console.out
        self._console.result("")
        self._console.result(self._console.style("  Ready", "green", "bold", stream=out))
        for name, value in rows:
            if value:
                label = self._console.style(f"{name:<10}", "dim", stream=out)
                self._console.result(f"  {label} {value}")
        self._console.result("")
