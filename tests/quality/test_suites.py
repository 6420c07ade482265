from pathlib import Path

from refctl.quality.suites import NAMES, Filters, Suite, plan
from tests.workspace.test_setup import PATHS, READY


def planned(filters: Filters, cypress: str | None = "/cypress") -> dict[str, Suite]:
    suites = plan(
        PATHS, READY, NAMES, filters, reports=Path("/r"), python="python", cypress=cypress
    )
    return {suite.name: suite for suite in suites}


def test_each_suite_is_its_own_runner_with_junit() -> None:
    suites = planned(Filters())
    assert suites["cli"].argv == (
        *("python", "-m", "pytest", "-q", "--color=no", "--junitxml=/r/cli.xml"),
    )
    assert suites["backend"].argv[0] == "/p/app/backend/.venv/bin/python"
    assert suites["frontend"].env["JEST_JUNIT_OUTPUT_FILE"] == "/r/frontend.xml"
    assert suites["e2e"].needs_stack
    assert not suites["e2e"].skip


def test_filters_reach_every_runner() -> None:
    suites = planned(Filters(keyword="auth", last_failed=True, coverage=True))
    for name in ("cli", "backend"):
        argv = suites[name].argv
        assert argv[argv.index("-k") + 1] == "auth"
        assert "--last-failed" in argv
        assert "--cov" in argv
    jest = suites["frontend"].argv
    assert jest[jest.index("-t") + 1] == "auth"
    assert "--onlyFailures" in jest
    assert "--coverage" in jest


def test_without_cypress_the_journey_says_how_to_get_it() -> None:
    assert "pnpm exec cypress install" in planned(Filters(), cypress=None)["e2e"].skip
