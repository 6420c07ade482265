from pathlib import Path

import pytest

from refctl.automate.plans import Here, Request, absent, choose, plan
from refctl.core.errors import UsageError
from refctl.core.paths import Paths
from refctl.core.plan import Plan, Run, WriteFile
from refctl.core.redact import Secret
from refctl.tools.act import Private
from refctl.workspace.workflows import Workflow, parse

JOBS = """
jobs:
  unit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/cache@abc
      - run: echo ${{ secrets.KEY }} ${{ secrets.GONE }} ${{ vars.PLACE }}
        env: {TOKEN: "${{ secrets.GITHUB_TOKEN }}"}
  mac: {runs-on: macos-latest, steps: []}
  win: {runs-on: windows-latest, steps: []}
"""
TEST = parse("name: test\non: [push, pull_request]" + JOBS, ".github/workflows/test.yml")
OTHER = parse("on: [release]" + JOBS, ".github/workflows/other.yml")
HERE = Here(
    act="/bin/act",
    branch="topic",
    artifact_port=4000,
    values={"KEY": "correct-horse", "PLACE": "here", "UNASKED": "battery-staple"},
    ours=frozenset({"DATABASE_URL"}),
    around=frozenset({"DATABASE_URL", "NPM_TOKEN", "PATH"}),
)
PRIVATE = Private(Path("/private"))


def planned(request: Request, root: Path = Path("/p"), workflow: Workflow = TEST) -> Plan:
    return plan(Paths(root), workflow, request, HERE, PRIVATE)


def command(doing: Plan) -> Run:
    (run,) = doing.steps[-1].actions
    assert isinstance(run, Run)
    return run


def test_the_test_workflow_is_meant_where_nothing_is_named() -> None:
    assert choose((OTHER, TEST), Request()) is TEST
    assert choose((OTHER, TEST), Request(job="unit", workflow="other.yml")) is OTHER
    with pytest.raises(UsageError, match="several workflows have a job unit"):
        choose((OTHER, TEST), Request(job="unit"))
    with pytest.raises(UsageError, match="no job nonsense"):
        choose((OTHER, TEST), Request(job="nonsense"))


def test_a_run_on_the_host_maps_the_labels_to_it_that_it_can_stand_for() -> None:
    assert command(planned(Request(host=True, matrix=("os:linux",)))).argv == (
        *("/bin/act", "push", "--json", "--rm", "--workflows", ".github/workflows/test.yml"),
        *("--matrix", "os:linux"),
        *("--platform", "macos-latest=-self-hosted", "--platform", "ubuntu-latest=-self-hosted"),
        *("--eventpath", "/private/event.json", "--secret-file", "/private/secrets.yml"),
        *("--var-file", "/private/variables.yml", "--env-file", "/private/nothing"),
        *("--input-file", "/private/nothing", "--action-cache-path", "/p/.refctl/act/actions"),
        *("--cache-server-path", "/p/.refctl/act/cache"),
        *("--artifact-server-path", "/p/.refctl/act/artifacts", "--artifact-server-port", "4000"),
        *("--artifact-server-addr", "127.0.0.1", "--cache-server-addr", "127.0.0.1"),
    )


def test_a_run_in_images_names_them_and_leaves_the_servers_to_act() -> None:
    argv = command(planned(Request(job="unit"))).argv
    assert argv[6:8] == ("--job", "unit")
    assert "ubuntu-latest=catthehacker/ubuntu:act-latest" in argv
    assert "--artifact-server-addr" not in argv
    assert argv[-1] == "--pull=false"
    argv = command(planned(Request(job="unit", image="debian:trixie-slim"))).argv
    assert "ubuntu-latest=debian:trixie-slim" in argv


def test_a_job_that_calls_a_workflow_runs_on_the_host_too() -> None:
    jobs = "jobs: {call: {uses: ./.github/workflows/other.yml}}"
    calling = parse(f"on: push\n{jobs}", ".github/workflows/calling.yml")
    argv = command(planned(Request(job="call", host=True), workflow=calling)).argv
    assert argv[argv.index("--job") + 1] == "call"


def test_secrets_are_in_a_private_file_and_only_those_that_are_asked_for() -> None:
    doing = planned(Request(host=True))
    files = {one.path.name: one for one in doing.steps[0].actions if isinstance(one, WriteFile)}

    assert files["secrets.yml"].content == Secret('{"KEY": "correct-horse"}')
    assert files["variables.yml"].content == '{"PLACE": "here"}'
    assert {one.mode for one in files.values()} == {0o600}
    assert "correct-horse" not in str((doing.describe(), doing.as_json(), command(doing)))
    assert absent(TEST, HERE.values) == ("GONE",)


def test_the_developers_own_configuration_does_not_reach_the_jobs() -> None:
    run = command(planned(Request(host=True)))
    assert run.env == {"DATABASE_URL": None, "NPM_TOKEN": None}
    assert run.describe().startswith("env -u DATABASE_URL -u NPM_TOKEN /bin/act push")


@pytest.mark.parametrize("written", ["actions/cache@abc=stand-in", "actions/cache=stand-in"])
def test_a_folder_stands_in_for_an_action(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "stand-in"
    folder.mkdir()
    (folder / "action.yml").touch()
    argv = command(planned(Request(host=True, local_actions=(written,)), tmp_path)).argv
    assert argv[argv.index("--local-repository") + 1] == f"actions/cache@abc={folder}"


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (Request(event="release"), r"test\.yml is not started by release"),
        (Request(host=True, image="debian"), "--host uses no image"),
        (Request(matrix=("os",)), "--matrix os: not key:value"),
        (Request(job="mac"), "mac runs on macos-latest, for which there is no image"),
        (Request(job="win", host=True), "win runs on windows-latest, which this is not"),
        (Request(local_actions=("actions/cache",)), "not owner/name@ref=path"),
        (Request(local_actions=("actions/cache@abc=.",)), r"no action\.yml in /p"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(request_: Request, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        planned(request_)


def test_an_action_that_the_workflow_does_not_use_needs_its_ref(tmp_path: Path) -> None:
    (tmp_path / "action.yaml").touch()
    with pytest.raises(UsageError, match="uses actions/other not at all"):
        planned(Request(local_actions=("actions/other=.",)), tmp_path)
