"""Which checks are required, from workflows as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from refctl.core.paths import Paths
from refctl.govern.required import Checks, required
from refctl.workspace.workflows import parse, read

ROOT = Path(__file__).parents[2]


def checks(on: str, job: str = "") -> Checks:
    text = f"on: {on}\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps: []\n{job}"
    return required([parse(text, "x.yml")], "main")


def test_this_repository_requires_what_runs_on_every_pull_request() -> None:
    found = required(read(Paths(ROOT)), "main")
    assert set(found.names) >= {
        *("workflows", "check", "cli", "backend", "frontend", "e2e", "review"),
        *("dev (macOS)", "dev (Windows, inside WSL)"),
        *("analyze (python)", "analyze (javascript-typescript)", "analyze (actions)"),
    }
    # Neither what labels (another event) nor what merges Dependabot's (a condition).
    assert {"merge", "pull request", "issue", "analysis"}.isdisjoint(found.names)
    assert (
        ".github/workflows/auto-merge.yml: merge",
        "it has a condition, and a skipped check passes",
    ) in found.left_out


@pytest.mark.parametrize(
    "on",
    [
        "pull_request",
        "[push, pull_request]",
        "{pull_request: {branches: [main]}}",
        "{pull_request: {branches: ['release/*', 'ma*']}}",
        "{pull_request: {branches-ignore: [docs]}}",
        "{pull_request: {types: [opened, synchronize]}}",
    ],
)
def test_what_always_runs_is_required(on: str) -> None:
    assert checks(on) == Checks(("one",))


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("{pull_request: {paths: ['app/**']}}", "it runs for some paths alone"),
        ("{pull_request: {paths-ignore: ['docs/**']}}", "it runs for some paths alone"),
        ("{pull_request: {types: [opened]}}", "a new push does not run it"),
        ("{pull_request: {branches: [develop]}}", "it does not run for main"),
        ("{pull_request: {branches: ['*', '!main']}}", "it does not run for main"),
        ("{pull_request: {branches-ignore: [main]}}", "it does not run for main"),
    ],
)
def test_a_check_that_might_not_report_would_block_every_merge(on: str, why: str) -> None:
    assert checks(on) == Checks((), (("x.yml: one", why),))


@pytest.mark.parametrize("on", ["push", "pull_request_target", "{schedule: [{cron: '1 1 * * 1'}]}"])
def test_other_events_report_nothing(on: str) -> None:
    assert checks(on) == Checks(())


@pytest.mark.parametrize(
    ("job", "names"),
    [
        ("    name: Eins\n", ("Eins",)),
        ("    strategy: {matrix: {a: [1, 2], b: [x, true]}}\n",
         ("one (1, x)", "one (1, true)", "one (2, x)", "one (2, true)")),
        ("    name: T ${{ matrix.a }}\n    strategy: {matrix: {a: [1, 2]}}\n", ("T 1", "T 2")),
        ("    name: T\n    strategy: {matrix: {a: [1, 2]}}\n", ("T (1)", "T (2)")),
        ("    strategy: {matrix: {a: [1, 2], b: [x, y], exclude: [{a: 1, b: x}]}}\n",
         ("one (1, y)", "one (2, x)", "one (2, y)")),
        ("    strategy: {matrix: {a: [1, 2], include: [{a: 2, b: z}, {a: 3}]}}\n",
         ("one (1)", "one (2, z)", "one (3)")),
        ("    strategy: {matrix: {include: [{a: 1, b: x}, {a: 2, b: y}]}}\n",
         ("one (1, x)", "one (2, y)")),
    ],
)  # fmt: skip
def test_a_matrix_reports_by_its_parts(job: str, names: tuple[str, ...]) -> None:
    assert checks("pull_request", job).names == names


@pytest.mark.parametrize(
    ("job", "why"),
    [
        ("    name: ${{ inputs.x }}\n", "only a run knows its name"),
        ("    name: T ${{ matrix.b }}\n    strategy: {matrix: {a: [1]}}\n",
         "only a run knows its name"),
        ("    strategy: {matrix: '${{ fromJSON(needs.x.outputs.y) }}'}\n",
         "only a run knows its matrix"),
        ("    strategy: {matrix: {a: '${{ fromJSON(x) }}'}}\n", "only a run knows its matrix"),
        ("    if: github.actor == 'x'\n", "it has a condition, and a skipped check passes"),
        ("    uses: ./.github/workflows/y.yml\n",
         "it calls another workflow, whose jobs name the checks"),
    ],
)  # fmt: skip
def test_what_nobody_can_know_is_left_out_with_the_reason(job: str, why: str) -> None:
    assert checks("pull_request", job) == Checks((), (("x.yml: one", why),))
