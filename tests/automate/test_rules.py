import textwrap

import pytest

from refctl.automate.rules import check
from refctl.workspace.workflows import parse

GOOD = """\
on:
  push: {branches: [main], paths: ["app/**/*.py"]}
permissions: {}
concurrency: ci
jobs:
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {contents: read}
    environment: staging
    services:
      db: {image: postgres, options: --health-cmd pg_isready}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - uses: ./.github/actions/own
      - run: echo "$NAME"
        env: {NAME: "${{ github.actor }}"}
"""
FILES = ("app/backend/app/main.py", "app/x.py")


def found(text: str) -> list[tuple[int, str, str]]:
    workflow = parse(textwrap.dedent(text), "ci.yml")
    return [(one.line, one.rule, one.message) for one in check(workflow, FILES)]


def test_a_good_workflow_has_no_finding() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "rule", "words"),
    [
        ("permissions: {}\n", "", 1, "permissions", "must begin with"),
        ("permissions: {}\n", "permissions: {contents: read}\n", 3, "permissions", "must begin"),
        ("    permissions: {contents: read}\n", "", 6, "permissions", "does not say"),
        ("{contents: read}", "write-all", 6, "permissions", "`write-all`"),
        ("    timeout-minutes: 5\n", "", 6, "timeout", "six hours"),
        ("concurrency: ci\n", "", 5, "concurrency", "nor has the workflow"),
        ("app/**/*.py", "backend/**", 1, "filters", "backend/** matches no file"),
        ("branches: [main]", "branches: []", 1, "filters", "push.branches is empty"),
        ("branches: [main]", "branches: [a], branches-ignore: [b]", 1, "filters", "opposite"),
        (", options: --health-cmd pg_isready", "", 6, "services", "nothing waits for it"),
        ("environment: staging", "environment: prod", 6, "environments", "no environment prod"),
        ("environment: staging", "environment: {name: qa}", 6, "environments", "environment qa"),
        ("push: {branches: [main]", "pull_request: {branches: [main]", 6, "environments", "reach"),
        ('echo "$NAME"', "echo ${{ github.actor }}", 16, "scripts", "through `env:`"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", 14, "pins", "not pinned"),
        (" # v7.0.1", "", 14, "pins", "which version"),
        (" # v7.0.1", " # the newest", 14, "pins", "which version"),
    ],
)
def test_what_is_against_a_rule_is_found_where_it_is(
    before: str, after: str, line: int, rule: str, words: str
) -> None:
    assert before in GOOD
    (one,) = found(GOOD.replace(before, after))
    assert one[:2] == (line, f"refctl/{rule}")
    assert words in one[2]


@pytest.mark.parametrize(
    ("condition", "reached"),
    [
        ("always()", True),
        ("github.actor != 'x'", True),
        ("needs.github.eventful", True),
        ("github.event_name == 'push'", False),
        ("${{ !github.event.pull_request.head.repo.fork }}", False),
        ("github.ref == 'refs/heads/main'", False),
        ("github.ref_protected", False),
    ],
)
def test_only_a_condition_that_tells_the_event_keeps_an_environment_out_of_reach(
    condition: str, *, reached: bool
) -> None:
    text = GOOD.replace("push: {branches", "pull_request: {branches")
    text = text.replace(
        "environment: staging", f"environment: staging\n    if: >-\n      {condition}"
    )
    rules = [rule for _, rule, _ in found(text)]
    assert rules == (["refctl/environments"] if reached else [])


def test_patterns_match_paths_as_they_do_on_github() -> None:
    workflow = "on: {push: {paths: [PATTERN]}}\npermissions: {}\njobs: {}\n"
    for pattern, matches in {
        "'**.py'": True,
        "'app/*.py'": True,
        "'*.py'": False,
        "'!app/x.p?'": True,
        "app/backend/app/main.py": True,
    }.items():
        assert (found(workflow.replace("PATTERN", pattern)) == []) is matches, pattern
