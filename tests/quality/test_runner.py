import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from refctl.core.console import Console
from refctl.core.errors import StepFailedError
from refctl.core.progress import StepProgress
from refctl.core.redact import Redactor
from refctl.quality import costs
from refctl.quality.evidence import clear_rounds, logs, set_aside
from refctl.quality.flaky import Unsteady, compare
from refctl.quality.plugins.refctl_shard import divide
from refctl.quality.progress import SuiteProgress
from refctl.quality.report import Outcome, cases, counts, failed_files, table
from refctl.quality.runner import run_suites
from refctl.quality.suites import PLUGINS, Suite
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
    console = Console(err=said)
    with StepProgress(console) as show:
        progress = SuiteProgress(console, show)
        outcomes = run_suites(
            suites, Processes(), console, allow_none=allow_none, progress=progress
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
    ("found", "status", "note"),
    [
        (90.0, "passed", ""),
        (89.9, "failed", "less than 90 % are covered"),
        (None, "failed", "less than 90 % are covered"),
    ],
)
def test_a_suite_that_covers_too_little_has_failed(
    tmp_path: Path, found: float | None, status: str, note: str
) -> None:
    report = tmp_path / "coverage.json"
    wrote = f"open('coverage.json', 'w').write('{{\"totals\": {{\"percent_covered\": {found}}}}}')"
    argv = (sys.executable, "-c", wrote if found else "pass")
    ((one,), _) = run(Suite("x", argv, tmp_path, coverage=report, least=90.0))
    assert (one.status, one.note, one.coverage) == (status, note, found)


def test_several_files_are_counted_together(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.xml").write_text("<s><testcase/><testcase><failure/></testcase></s>")
    (tmp_path / "torn.xml").write_text("<s>")
    assert counts(tmp_path) == (2, 2, 0)


def parts(folder: Path, of: int) -> list[list[str]]:
    """Return the tests that each part runs."""
    ran = []
    for index in range(1, of + 1):
        junit = folder / f"{index}.xml"
        argv = (sys.executable, "-m", "pytest", "-q", f"--junitxml={junit}", "-p", "refctl_shard")
        part = ("--refctl-shard", f"{index}/{of}", "-p", "no:cacheprovider", "tests")
        env = {"PYTHONPATH": str(PLUGINS)}
        ((one,), _) = run(Suite("x", (*argv, *part), folder, env, junit), allow_none=True)
        assert one.status == "passed"
        ran.append([name for name, _ in cases(junit)])
    return ran


@pytest.mark.parametrize("of", range(1, 8))
def test_parts_are_all_of_it_once_and_as_even_as_whole_files_allow(of: int) -> None:
    weights = {"a": 6, "b": 3, "c": 2, "d": 1, "e": 1}
    parts = divide(weights, of)
    assert len(parts) == of
    assert sorted(name for part in parts for name in part) == list(weights)
    loads = [sum(weights[name] for name in part) for part in parts]
    assert max(loads) <= max(6, 13 / of + 1)
    assert divide(dict(reversed(weights.items())), of) == parts


def test_a_real_suite_in_parts_runs_every_test_once_and_keeps_files_whole(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    for file, count in {"a": 6, "b": 3, "c": 2, "d": 1}.items():
        lines = [f"def test_{file}{number}(): pass" for number in range(count)]
        (tests / f"test_{file}.py").write_text("\n".join(lines))
    first, second = parts(tmp_path, 2)
    assert len(first) == len(second) == 6
    assert len({*first, *second}) == 12
    assert all("test_a" in name for name in first)


def test_a_test_that_fails_now_and_then_is_told_from_one_that_always_does() -> None:
    rounds = [
        {"steady": "passed", "broken": "failed", "shaky": "passed", "left": "skipped"},
        {"steady": "passed", "broken": "failed", "shaky": "failed", "left": "skipped"},
    ]
    assert compare("cli", rounds) == [
        Unsteady("cli", "shaky", 1, 1),
        Unsteady("cli", "broken", 0, 2),
    ]
    assert [one.flaky for one in compare("cli", rounds)] == [True, False]


def test_what_a_suite_took_is_remembered_and_a_torn_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "state" / "costs.json"
    assert costs.read(file) == costs.USUAL
    costs.write(file, {"frontend": 500.04})
    assert costs.read(file) == {**costs.USUAL, "frontend": 500.0}
    for torn in ('{"cli"', "[]", '{"cli": null}'):
        file.write_text(torn)
        assert costs.read(file) == costs.USUAL


def with_evidence(folder: Path, code: int) -> Suite:
    script = (
        f"import pathlib; pathlib.Path('kept/picture').write_text(''); raise SystemExit({code})"
    )
    return Suite(
        "e2e",
        (sys.executable, "-c", script),
        folder,
        junit=folder / "e2e.xml",
        needs_stack=True,
        evidence=folder / "kept",
    )


def test_of_a_failure_the_pictures_and_the_masked_logs_stay_until_the_next_run(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "kept"
    console = Console(err=StringIO(), redactor=Redactor(("a secret",)))

    @contextmanager
    def stack(_suite: Suite) -> Iterator[Mapping[str, str]]:
        assert not list(kept.glob("*"))
        with logs(kept / "logs", console) as log:
            log("backend", "\x1b[31mwith a secret\x1b[0m in it")
            yield {}
            log("backend", "the end")

    def once(code: int) -> Outcome:
        (one,) = run_suites(
            (with_evidence(tmp_path, code),),
            Processes(),
            console,
            allow_none=False,
            progress=SuiteProgress(console, StepProgress(console)),
            stack=stack,
        )
        return one

    assert once(1).note == f"exit code 1; see {kept}"
    assert (kept / "picture").exists()
    assert (kept / "logs/backend.log").read_text() == "with [REDACTED] in it\nthe end\n"
    assert once(0).note == ""
    assert not kept.exists()


def test_what_failed_rounds_left_is_set_aside_until_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "e2e-failure"
    for number in (2, 11):
        (folder / "logs").mkdir(parents=True)
        (folder / "logs/backend.log").write_text(str(number))
        aside = set_aside(folder, number)
        assert (aside / "logs/backend.log").read_text() == str(number)
        assert not folder.exists()
    (tmp_path / "e2e-failures").mkdir()
    clear_rounds(folder)
    assert [one.name for one in tmp_path.iterdir()] == ["e2e-failures"]


def test_the_files_of_failed_journeys_are_known(tmp_path: Path) -> None:
    report = (
        '<testsuites><testsuite name="Root Suite" file="cypress/e2e/{0}.cy.ts"/>'
        '<testsuite name="s"><testcase name="t">{1}</testcase></testsuite></testsuites>'
    )
    for name, ended in (("live", '<failure message="x"/>'), ("todos", "")):
        (tmp_path / f"{name}.xml").write_text(report.format(name, ended))
    assert failed_files(tmp_path) == ("cypress/e2e/live.cy.ts",)
    assert failed_files(tmp_path / "none") == ()


def test_a_line_after_the_end_of_its_suite_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    one = suite(tmp_path, "def test_right(): pass")
    console = Console(err=Terminal())
    with StepProgress(console) as show:
        progress = SuiteProgress(console, show)
        progress.started(one)
        progress.ended(Outcome("one", "passed"))
        progress.heard(one, ".. [ 50%]")


def test_an_application_that_does_not_start_fails_its_suite_and_no_other(tmp_path: Path) -> None:
    @contextmanager
    def stack(_suite: Suite) -> Iterator[Mapping[str, str]]:
        raise StepFailedError("no start", detail=("its last words",))
        yield {}

    said = StringIO()
    console = Console(err=said)
    journey, other = run_suites(
        (with_evidence(tmp_path, 0), suite(tmp_path, "def test_right(): pass")),
        Processes(),
        console,
        allow_none=False,
        progress=SuiteProgress(console, StepProgress(console)),
        stack=stack,
    )
    assert (journey.status, journey.note) == ("failed", "no start")
    assert other.status == "passed"
    assert "its last words" in said.getvalue()


def test_the_stack_is_started_in_the_main_thread_which_alone_gets_signals(tmp_path: Path) -> None:
    seen = []

    @contextmanager
    def stack(_suite: Suite) -> Iterator[Mapping[str, str]]:
        seen.append(threading.current_thread() is threading.main_thread())
        (tmp_path / "kept").mkdir()
        yield {}

    tests = "def test_right(): pass"
    console = Console(err=StringIO())
    chosen = (suite(tmp_path, tests), suite(tmp_path, tests, name="two"))
    outcomes = run_suites(
        (*chosen, with_evidence(tmp_path, 0)),
        Processes(),
        console,
        allow_none=False,
        progress=SuiteProgress(console, StepProgress(console)),
        stack=stack,
    )
    assert [one.name for one in outcomes] == ["one", "two", "e2e"]
    assert seen == [True]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def plain(said: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said)


def test_suites_are_shown_as_they_start_and_end(tmp_path: Path) -> None:
    said = run(suite(tmp_path, "def test_right(): pass"))[1]
    assert re.fullmatch(r"  • one\n  ✓ one \d+\.\d s\n", said), said
    failed = run(suite(tmp_path, TESTS))[1].splitlines()
    assert failed[0] == "  • one"
    assert failed[-1].startswith("  ✗ one ")
    assert any("the reason" in line for line in failed[1:-1])


@pytest.mark.parametrize(
    ("line", "far"),
    [
        ("....  [ 45%]", "one 45 %"),
        ("\x1b[32m....\x1b[0m\x1b[32m  [ 45%]\x1b[0m", "one 45 %"),
        ("  Running:  live.cy.ts        (3 of 7)", "one 3/7"),
    ],
)
def test_a_terminal_shows_how_far_a_suite_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, far: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    one = suite(tmp_path, "def test_right(): pass")
    terminal = Terminal()
    console = Console(err=terminal)
    with StepProgress(console) as show:
        progress = SuiteProgress(console, show)
        progress.started(one)
        progress.heard(one, line)
        # What is printed meanwhile stays, and what moves comes back below it.
        console.progress("a notice")
    said = plain(terminal.getvalue())
    assert far in said.partition("a notice")[2], said


def test_where_lines_stay_a_long_suite_says_once_a_minute_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter((0, 1, 61, 62, 130))
    monkeypatch.setattr("refctl.core.progress.time.monotonic", lambda: next(times))
    one = suite(tmp_path, "def test_right(): pass")
    said = StringIO()
    console = Console(err=said)
    with StepProgress(console) as show:
        progress = SuiteProgress(console, show)
        progress.started(one)
        for percent in (10, 20, 30, 40):
            progress.heard(one, f".. [ {percent}%]")
    assert said.getvalue().splitlines() == [
        "  • one",
        "  … one 20 % after 61 s",
        "  … one 40 % after 130 s",
    ]


def test_why_a_test_failed_is_said_where_its_program_wrote_it_to_its_report_alone(
    tmp_path: Path,
) -> None:
    silent = suite(tmp_path, TESTS, extra=("--tb=no", "--no-header", "--no-summary"))
    said = run(silent)[1]
    assert "one      │ test_one test_wrong:" in said
    assert said.count("the reason") == 1
    spoken = run(suite(tmp_path, TESTS))[1]
    assert "test_one test_wrong:" not in spoken
