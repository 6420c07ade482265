from pathlib import Path

import pytest

from refctl.core.errors import UsageError
from refctl.core.redact import REDACTOR, Secret
from refctl.quality.suites import (
    NAMES,
    SNAPSHOTS,
    VISUAL,
    Filters,
    Given,
    Shard,
    Suite,
    journeys,
    parse_shard,
    parse_url,
    plan,
)
from tests.workspace.test_setup import PATHS, READY

SPECS = (
    "cypress/e2e/journey.cy.ts",
    "cypress/e2e/live.cy.ts",
    "cypress/e2e/local/outage.cy.ts",
    "cypress/e2e/local/visual.cy.ts",
    "cypress/e2e/smoke/strangers.cy.ts",
)


def planned(
    filters: Filters, cypress: str | None = "/cypress", failed: tuple[str, ...] = ()
) -> dict[str, Suite]:
    given = Given(Path("/r"), "python", cypress, SPECS, {"cli": 90.0}, failed)
    suites = plan(PATHS, READY, NAMES, filters, given)
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
    assert "npx cypress install" in planned(Filters(), cypress=None)["e2e"].skip


def test_a_part_reaches_every_runner() -> None:
    suites = planned(Filters(shard=Shard(2, 3)))
    for name in ("cli", "backend"):
        argv = suites[name].argv
        assert argv[argv.index("--refctl-shard") + 1] == "2/3"
        assert "plugins" in str(suites[name].env["PYTHONPATH"])
    assert "--shard=2/3" in suites["frontend"].argv
    journeys = "cypress/e2e/live.cy.ts,cypress/e2e/smoke/strangers.cy.ts"
    assert suites["e2e"].argv[-2:] == ("--spec", journeys)


@pytest.mark.parametrize("of", [1, 2, 3, 4, 7])
def test_the_parts_of_the_journeys_are_all_of_them_once(of: int) -> None:
    parts = [journeys(SPECS, Filters(shard=Shard(index, of))) for index in range(1, of + 1)]
    assert sorted(spec for part in parts for spec in part) == sorted(SPECS)


def test_journeys_are_chosen_by_their_files_and_by_what_failed_last_time() -> None:
    assert planned(Filters(keyword="LIVE"))["e2e"].argv[-1] == "cypress/e2e/live.cy.ts"
    assert planned(Filters(keyword="x"))["e2e"].skip == "no journey's file matches -k x"
    again = planned(Filters(last_failed=True), failed=("cypress/e2e/live.cy.ts",))["e2e"]
    assert again.argv[-2:] == ("--spec", "cypress/e2e/live.cy.ts")
    assert planned(Filters(last_failed=True))["e2e"].skip == "no journey failed last time"


def test_a_password_in_an_address_is_a_secret() -> None:
    url = parse_url("https://me:hunter2%21@app.example.com/")
    there = planned(Filters(url=url))["e2e"].env["CYPRESS_BASE_URL"]
    assert there == Secret(url)
    assert "hunter2" not in f"{there} {REDACTOR(url)} {REDACTOR('hunter2!')}"


def test_a_part_without_a_journey_says_so() -> None:
    assert planned(Filters(shard=Shard(7, 7)))["e2e"].skip == "no journey in part 7/7"


def test_elsewhere_no_stack_is_started_and_only_journeys_that_can_run_there_do() -> None:
    there = planned(Filters(url="https://app.example.com"))["e2e"]
    assert not there.needs_stack
    assert there.env["CYPRESS_BASE_URL"] == "https://app.example.com"
    assert there.argv[-1] == ",".join(spec for spec in SPECS if "local" not in spec)
    smoke = planned(Filters(url="https://app.example.com", smoke=True))["e2e"]
    assert smoke.argv[-1] == "cypress/e2e/smoke/strangers.cy.ts"


def test_new_pictures_are_taken_by_the_journey_of_how_pages_look_alone() -> None:
    e2e = planned(Filters(update_snapshots=True))["e2e"]
    assert e2e.env["CYPRESS_UPDATE_SNAPSHOTS"] == "true"
    assert e2e.argv[-2:] == ("--spec", "cypress/e2e/local/visual.cy.ts")
    assert "CYPRESS_UPDATE_SNAPSHOTS" not in planned(Filters())["e2e"].env
    assert not Filters(update_snapshots=True).whole


def test_the_journey_and_the_pictures_of_how_pages_look_are_where_they_are_said_to_be() -> None:
    frontend = Path(__file__).parents[2] / "app/frontend"
    assert (frontend / VISUAL).is_file()
    assert any((frontend / SNAPSHOTS).glob("*.png"))
    assert sum(file.stat().st_size for file in (frontend / SNAPSHOTS).iterdir()) < 1_500_000


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", ""])
def test_a_part_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--shard"):
        parse_shard(text)
    assert parse_shard("2/2") == Shard(2, 2)


@pytest.mark.parametrize("text", ["app.example.com", "ftp://a", "https://", "https://a/?b"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--url"):
        parse_url(text)
    assert parse_url("https://app.example.com/") == "https://app.example.com"


def test_coverage_has_to_be_enough_where_every_test_runs() -> None:
    whole = planned(Filters(coverage=True))
    assert (whole["cli"].least, whole["backend"].least) == (90.0, 0.0)
    assert planned(Filters())["cli"].least == 0.0
    assert planned(Filters(coverage=True, keyword="auth"))["cli"].least == 0.0
