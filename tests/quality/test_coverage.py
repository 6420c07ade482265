import json
from pathlib import Path

import pytest

from refctl.quality.coverage import percent, totals, write_page


def istanbul(**counts: float | str) -> dict[str, object]:
    return {"total": {kind: {"pct": count} for kind, count in counts.items()}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"totals": {"percent_covered": 91.5}}, 91.5),
        (istanbul(lines=88, branches=86.5, functions=90, statements=88), 86.5),
        (istanbul(lines=88, branches="Unknown"), 88.0),
        (istanbul(lines="Unknown"), None),
    ],
)
def test_coverage_is_read_from_both_languages(
    tmp_path: Path, document: dict[str, object], expected: float | None
) -> None:
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(document))
    assert percent(file) == expected
    assert percent(tmp_path / "absent.json") is None
    assert percent(None) is None


def test_one_page_links_every_report_and_says_what_is_missing(tmp_path: Path) -> None:
    for suite, document in {
        "cli": {"totals": {"percent_covered": 88.88}},
        "frontend": istanbul(lines=91),
    }.items():
        file = totals(tmp_path, suite)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(document))
    page = write_page(tmp_path, {"cli": 90.0, "backend": 90.0, "frontend": 85.0}).read_text()
    assert '<a href="cli/index.html">cli</a>' in page
    assert '<td class="low">88.9 %</td>' in page
    assert '<a href="frontend/index.html">frontend</a>' in page
    assert "<td>91.0 %</td>" in page
    assert "<td>not measured</td>" in page
