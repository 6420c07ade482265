"""The summary of a job of GitHub Actions: a result's table in Markdown, beside the job's log."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refctl.core.result import Table


def summarise(title: str, table: Table | None) -> None:
    """Add the table to the job's summary, where there is one."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file or table is None:
        return
    rows = (table.columns, ("---",) * len(table.columns), *table.rows)
    lines = (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)
    with Path(file).open("a", encoding="utf-8") as summary:
        summary.write("\n".join((f"### {title}", "", *lines, "", "")))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
