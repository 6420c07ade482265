"""Coverage of all suites: where each report is, what is enough, and one page that links them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from refctl.core.paths import templates, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def folder(reports: Path, suite: str) -> Path:
    """Return where a suite's HTML goes."""
    return reports / "coverage" / suite


def totals(reports: Path, suite: str) -> Path:
    """Return the JSON in which the suite's runner sums up."""
    if suite == "frontend":  # Istanbul puts it beside the HTML
        return folder(reports, suite) / "coverage-summary.json"
    return reports / "coverage" / f"{suite}.json"


def percent(report: Path | None) -> float | None:
    """Return the per cent in a report of coverage.py or Istanbul; None where there is none.

    Of Istanbul's four counts the lowest speaks: coverage.py's one number counts branches too.
    """
    if report is None:
        return None
    try:
        document = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if "totals" in document:
        return float(document["totals"]["percent_covered"])
    counts = [
        document["total"][kind]["pct"]
        for kind in ("lines", "branches", "functions", "statements")
        if kind in document["total"]
    ]
    known = [float(count) for count in counts if count != "Unknown"]  # Istanbul's word for none
    return min(known, default=None)


def write_page(reports: Path, least: Mapping[str, float]) -> Path:
    """Write the page that links what has been measured, this time or before, and return it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    rows = []
    for suite, enough in least.items():
        found = percent(totals(reports, suite))
        rows.append(
            {
                "name": suite,
                "measured": found is not None,
                "percent": found,
                "least": enough,
                "low": found is not None and found < enough,
            }
        )
    engine = Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=True,
    )
    page = reports / "coverage" / "index.html"
    write_atomically(page, engine.get_template("coverage.html.j2").render(rows=rows))
    return page
