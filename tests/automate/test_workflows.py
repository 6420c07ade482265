from pathlib import Path

import pytest

from refctl.automate.listing import listing, triggers
from refctl.core.errors import ConfigurationError
from refctl.core.paths import Paths
from refctl.workspace.workflows import look, parse, read

ROOT = Path(__file__).parents[2]

WORKFLOW = """\
name: build
on:
  push:
    branches: [main]
  schedule:
    - cron: "1 2 * * 3"
  workflow_dispatch:
jobs:
  one:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, macos-latest]
        include:
          - os: windows-latest
    steps:
      - uses: actions/checkout@1234 # v1.2.3
      - run: make ${{ secrets.KEY }} ${{ vars.PLACE }}
  two:
    needs: one
    runs-on: [self-hosted, linux]
    steps: []
"""


def test_a_workflow_is_read_with_its_lines() -> None:
    workflow = parse(WORKFLOW, "build.yml")

    assert workflow.name == "build"
    assert triggers(workflow) == "push (main), schedule (1 2 * * 3), workflow_dispatch"
    one, two = workflow.jobs
    assert (one.line, one.labels) == (9, ("ubuntu-latest", "macos-latest", "windows-latest"))
    assert (two.needs, two.labels) == (("one",), ("self-hosted", "linux"))
    checkout, make = one.steps
    assert (checkout.line, checkout.uses, checkout.remark) == (
        17,
        "actions/checkout@1234",
        "v1.2.3",
    )
    assert (make.line, make.remark) == (18, "")
    assert workflow.references("secrets") == ("KEY",)
    assert workflow.references("vars") == ("PLACE",)


def test_a_secret_with_a_fallback_is_not_needed() -> None:
    fallback = "${{ secrets.RELEASE_TOKEN || github.token }} ${{ secrets.BOTH||'' }} "
    text = WORKFLOW.replace("run: make ", f"run: make {fallback}${{{{ secrets.BOTH }}}} ")
    assert parse(text, "build.yml").needed() == ("BOTH", "KEY")


def test_triggers_are_read_in_each_of_their_forms() -> None:
    jobs = "\njobs:\n  a: {runs-on: x}\n"
    assert list(parse("on: push" + jobs, "a.yml").triggers) == ["push"]
    assert list(parse("on: [push, release]" + jobs, "a.yml").triggers) == ["push", "release"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("on: push\njobs: [a\n", r"a\.yml:3: not YAML"),
        ("on: push\n", r"a\.yml: not a workflow"),
        ("jobs: [a]\n", r"a\.yml: not a workflow"),
        ("", r"a\.yml: not a workflow"),
    ],
)
def test_what_is_not_a_workflow_is_named_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        parse(text, "a.yml")


def test_every_file_that_is_no_workflow_is_named(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in (("a.yml", "jobs: [a\n"), ("b.yml", WORKFLOW), ("c.yaml", "on: push\n")):
        (folder / name).write_text(text)

    with pytest.raises(ConfigurationError, match=r"a\.yml:2: not YAML.*\n.*c\.yaml: not a"):
        read(Paths(tmp_path))
    found, broken = look(Paths(tmp_path))
    assert [one.name for one in found] == ["build"]
    assert [one.file.rpartition("/")[2] for one in broken] == ["a.yml", "c.yaml"]


def test_a_project_without_workflows_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no workflow in \.github/workflows"):
        read(Paths(tmp_path))


def test_the_list_names_every_job_of_this_repository_and_what_starts_it() -> None:
    result = listing(read(Paths(ROOT)))

    assert result.table is not None
    rows = {(row[0], row[1]): row for row in result.table.rows}
    for suite in ("cli", "backend", "frontend", "e2e"):
        assert rows["test", suite][-1] == "push (main develop), pull_request"
    jobs = {one["name"]: one for one in result.data["workflows"]}["test"]["jobs"]
    assert {"id": "dev", "name": "dev (macOS)", "runs_on": ["macos-latest"], "needs": []} in jobs
