"""Renderers: one result, for people (rich on a terminal, plain when piped) or for programs."""

from __future__ import annotations

from refctl.core.console import wants_colour
from refctl.core.result import Result, Table, envelope

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from refctl.core.console import Console


def render(result: Result, console: Console, command: str, *, json: bool) -> None:
    """Print the result."""
    if result.printed:
        return
    if json:
        console.json(envelope(command, ok=result.ok, data=result.data))
        return
    if result.table is not None:
        for line in _table(result.table, console):
            console.result(line)
    if result.lines:
        console.result("\n".join(result.lines))


def _table(table: Table, console: Console) -> list[str]:
    if not wants_colour(console.out):
        rows = (table.columns, *table.rows)
        widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
        return [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
    import io

    from rich.box import SIMPLE_HEAD
    from rich.console import Console as RichConsole
    from rich.table import Table as RichTable

    shown = RichTable(*table.columns, box=SIMPLE_HEAD, header_style="bold")
    colours = {"passed": "green", "failed": "red", "skipped": "yellow"}
    for row in table.rows:
        shown.add_row(*(f"[{colours[c]}]{c}[/]" if c in colours else c for c in row))
    buffer = io.StringIO()
    RichConsole(file=buffer, force_terminal=True).print(shown)
    return buffer.getvalue().rstrip().splitlines()
