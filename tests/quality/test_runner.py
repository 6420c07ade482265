import json
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from refctl.core.console import Console
from refctl.quality.report import Outcome, counts, covered, table
from refctl.quality.runner import run_suites
from refctl.quality.suites import Suite
from refctl.tools.proc import Processes

TESTS = """
import pytest

def test_right(): pass
def test_wrong(): assert 1 == 2, "the reason"
@pytest.mark.skip(reason="because")
def test_left(): pass
"""


def suite(folder: Path, tests: str, *, name: str = "one", extra: tuple[str, ...] = ()) -> Suite:
    (folder / f"test_{name}.py").write_text(tests)
    junit = folder / f"{name}.xml"
    argv = (sys.executable, "-m", "pytest", "-q", f"--junitxml={junit}", "-p", "no:cacheprovider")
    return Suite(name, (*argv, f"test_{name}.py", *extra), folder, junit=junit)


def run(*suites: Suite, allow_none: bool = False) -> tuple[list[Outcome], str]:
    said = StringIO()
    outcomes = run_suites(
        suites,
        Processes(),
        Console(err=said),
        allow_none=allow_none,
        on_done=lambda _outcome: None,
    )
    return outcomes, said.getvalue()


def test_a_real_run_is_counted_and_a_failure_is_shown(tmp_path: Path) -> None:
    good = "def test_right(): pass"
    (one, two), said = run(suite(tmp_path, TESTS), suite(tmp_path, good, name="two"))
    assert (one.status, one.passed, one.failed, one.skipped) == ("failed", 1, 1, 1)
    assert (two.status, two.passed) == ("passed", 1)
    assert "the reason" in said
    rows = table((one, two)).rows
    assert [row[1] for row in rows] == ["failed", "passed"]


def test_a_filter_that_selects_nothing_is_only_fine_when_there_is_a_filter(tmp_path: Path) -> None:
    none = suite(tmp_path, TESTS, extra=("-k", "nowhere"))
    assert run(none)[0][0].status == "failed"
    assert run(none, allow_none=True)[0][0].status == "passed"


def test_the_count_of_an_earlier_run_is_not_taken_for_this_one(tmp_path: Path) -> None:
    one = suite(tmp_path, "def test_right(): pass")
    run(one)
    broken = replace(one, argv=(sys.executable, "-c", "raise SystemExit(3)"))
    ((after,), _) = run(broken)
    assert (after.status, after.passed, after.note) == ("failed", 0, "exit code 3")


def test_a_skipped_suite_says_how_to_get_what_is_missing() -> None:
    ((one,), _) = run(Suite("e2e", skip="install it"))
    assert (one.status, one.note) == ("skipped", "install it")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"totals": {"percent_covered": 91.5}}, 91.5),
        ({"total": {"lines": {"pct": 88}}}, 88.0),
    ],
)
def test_coverage_is_read_from_both_languages(
    tmp_path: Path, document: dict[str, object], expected: float
) -> None:
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(document))
    assert covered(file) == expected
    assert covered(tmp_path / "absent.json") is None
    assert covered(None) is None


def test_several_files_are_counted_together(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.xml").write_text("<s><testcase/><testcase><failure/></testcase></s>")
    (tmp_path / "torn.xml").write_text("<s>")
    assert counts(tmp_path) == (2, 2, 0)
