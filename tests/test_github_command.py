"""`refctl github` as it is typed, in a real repository, against a server that refuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.checkout import clean_environment
from tests.github.server import TOKEN, GitHub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.github.messages import Request

REPO = "/repos/octo/app"
WORKFLOW = """\
name: test
on: {pull_request: }
jobs:
  cli: {runs-on: ubuntu-latest, steps: []}
  sys:
    runs-on: ubuntu-latest
    strategy: {matrix: {os: [a, b]}}
    steps: []
  some: {if: false, runs-on: ubuntu-latest, steps: []}
"""


@pytest.fixture
def server() -> Iterator[GitHub]:
    with GitHub() as one:
        yield one


@pytest.fixture
def project(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    argv = ["git", "remote", "add", "origin", "git@github.com:octo/app.git"]
    subprocess.run(argv, cwd=tmp_path, check=True)
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/test.yml").write_text(WORKFLOW)
    (tmp_path / ".github/CODEOWNERS").write_text("* @alice @octo/ops @octo/none\n")
    (tmp_path / ".github/labeler.yml").write_text("docs: []\nbackend: []\n")
    (tmp_path / "refctl.toml").write_text(
        '[github.labels]\nbug = { color = "D73A4A", description = "It does not work" }\n'
    )
    return tmp_path


def refctl(
    project: Path, server: GitHub, *arguments: str, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refctl", "github", *arguments],
        cwd=project,
        env={
            **clean_environment(),
            "GITHUB_API_URL": server.url,
            "GITHUB_TOKEN": TOKEN,
            **env,
        },
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def answer(project: Path, server: GitHub, *arguments: str) -> dict[str, Any]:
    said = refctl(project, server, *arguments, "--json")
    assert said.returncode == 0, said.stderr + said.stdout
    found: dict[str, Any] = json.loads(said.stdout)["data"]
    return found


def rule(server: GitHub, kind: str) -> dict[str, Any]:
    (ruleset,) = [
        one
        for one in server.routes.rulesets.values()
        if one["conditions"]["ref_name"]["include"] == ["~DEFAULT_BRANCH"]
    ]
    assert (ruleset["enforcement"], ruleset["bypass_actors"]) == ("active", [])
    (found,) = [one for one in ruleset["rules"] if one["type"] == kind]
    parameters: dict[str, Any] = found.get("parameters", {})
    return parameters


def test_setup_shows_what_differs_changes_it_and_then_has_nothing_to_do(
    project: Path, server: GitHub
) -> None:
    shown = refctl(project, server, "setup", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "pull_request.required_approving_review_count" in shown.stdout
    assert "POST /repos/octo/app/rulesets" in shown.stdout
    assert server.writes() == []

    done = refctl(project, server, "setup")
    assert done.returncode == 0, done.stderr
    assert "changed, and read back." in done.stdout
    writes = len(server.writes())
    again = answer(project, server, "setup")
    assert (again["changes"], again["applied"]) == ([], False)
    assert len(server.writes()) == writes
    assert "octo/app: nothing to do." in refctl(project, server, "setup").stdout


def test_protect_makes_rules_that_nobody_bypasses(project: Path, server: GitHub) -> None:
    data = answer(project, server, "protect")
    assert {one["area"] for one in data["changes"]} == {"settings", "rulesets"}
    reviews = rule(server, "pull_request")
    assert reviews["required_approving_review_count"] == 1
    for name in (
        *("require_code_owner_review", "require_last_push_approval"),
        *("dismiss_stale_reviews_on_push", "required_review_thread_resolution"),
    ):
        assert reviews[name] is True
    assert reviews["allowed_merge_methods"] == ["squash"]
    checks = rule(server, "required_status_checks")
    assert checks["strict_required_status_checks_policy"] is True
    assert checks["required_status_checks"] == [
        {"context": name, "integration_id": 15368} for name in ("cli", "sys (a)", "sys (b)")
    ]
    for kind in ("required_linear_history", "deletion", "non_fast_forward"):
        assert rule(server, kind) == {}
    tags = next(one for one in server.routes.rulesets.values() if one["target"] == "tag")
    assert tags["conditions"]["ref_name"]["include"] == ["refs/tags/v*"]
    assert {one["type"] for one in tags["rules"]} == {"deletion", "non_fast_forward", "update"}
    settings = server.routes.settings
    assert (settings["allow_squash_merge"], settings["allow_merge_commit"]) == (True, False)
    assert settings["allow_auto_merge"] is settings["delete_branch_on_merge"] is True
    assert any("some: it has a condition" in note for note in data["notes"])


def test_what_somebody_loosened_is_tightened_and_nothing_else_is_sent(
    project: Path, server: GitHub
) -> None:
    answer(project, server, "protect")
    rule(server, "pull_request")["required_approving_review_count"] = 0
    (number,) = [n for n, one in server.routes.rulesets.items() if one["target"] == "branch"]
    server.routes.rulesets[number]["bypass_actors"] = [
        {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}
    ]
    server.routes.rulesets[number]["rules"].append({"type": "creation"})
    before = len(server.writes())
    (change,) = answer(project, server, "protect")["changes"]
    assert {one["name"]: (one["before"], one["after"]) for one in change["fields"]} == {
        "bypass_actors": ("RepositoryRole 5 always", "none"),
        "pull_request.required_approving_review_count": ("0", "1"),
        "creation": ("yes", "-"),
    }
    assert server.writes()[before:] == [f"PUT {REPO}/rulesets/{number}"]
    assert rule(server, "pull_request")["required_approving_review_count"] == 1


def test_somebody_else_s_ruleset_is_let_be(project: Path, server: GitHub) -> None:
    theirs = {"name": "theirs", "enforcement": "active", "rules": [{"type": "creation"}]}
    server.routes.rulesets[1] = {**theirs, "id": 1, "target": "branch", "source_type": "Repository"}
    before = dict(server.routes.rulesets[1])
    answer(project, server, "protect")
    assert server.routes.rulesets[1] == before
    assert len(server.routes.rulesets) == 3


def test_environments_have_reviewers_and_time_and_places(project: Path, server: GitHub) -> None:
    data = answer(project, server, "environments")
    made = server.routes.environments
    assert list(made) == ["development", "staging", "production"]
    assert made["development"]["protection_rules"] == []
    assert made["development"]["deployment_branch_policy"] is None
    rules = {one["type"]: one for one in made["production"]["protection_rules"]}
    assert rules["wait_timer"]["wait_timer"] == 5
    review = rules["required_reviewers"]
    assert [(one["type"], one["reviewer"]["id"]) for one in review["reviewers"]] == [
        ("User", 11),
        ("Team", 21),
    ]
    assert review["prevent_self_review"] is True
    assert [(one["type"], one["name"]) for one in server.routes.policies["production"]] == [
        ("branch", "main"),
        ("tag", "v*"),
    ]
    assert any("GitHub knows no team octo/none" in note for note in data["notes"])
    assert answer(project, server, "environments")["changes"] == []

    server.routes.policies["production"].append({"id": 9, "name": "evil", "type": "branch"})
    (change,) = answer(project, server, "environments")["changes"]
    assert change["fields"] == [
        {
            "name": "deploys_from",
            "before": "branch evil, branch main, tag v*",
            "after": "branch main, tag v*",
        }
    ]
    assert "evil" not in str(server.routes.policies)


def test_the_configuration_decides(project: Path, server: GitHub) -> None:
    (project / "refctl.toml").write_text(
        '[github]\nrepository = "octo/app"\n[github.protection]\nreviews = 2\nchecks = ["only"]\n'
        'checks_app = 0\ntags = ""\n[github.environments.production]\nreviewers = ["bob"]\n'
        "wait_minutes = 30\nprevent_self_review = false\n"
    )
    answer(project, server, "setup")
    assert rule(server, "pull_request")["required_approving_review_count"] == 2
    assert rule(server, "required_status_checks")["required_status_checks"] == [{"context": "only"}]
    assert len(server.routes.rulesets) == 1
    rules = server.routes.environments["production"]["protection_rules"]
    assert rules[0]["wait_timer"] == 30
    assert rules[1]["reviewers"] == [{"type": "User", "reviewer": {"id": 12}}]
    assert server.routes.policies["production"][0]["name"] == "main"
    assert answer(project, server, "setup")["changes"] == []
    (project / "refctl.toml").write_text('[github.environments.staging]\nreviewers = ["nobody"]\n')
    said = refctl(project, server, "environments")
    assert (said.returncode, "GitHub knows no user nobody" in said.stderr) == (3, True)


def test_labels_are_added_and_coloured_never_removed(project: Path, server: GitHub) -> None:
    data = answer(project, server, "labels")
    assert [one["what"] for one in data["changes"]] == ["backend", "bug"]
    assert server.routes.labels["bug"]["description"] == "It does not work"
    assert set(server.routes.labels) == {"Docs", "bug", "backend"}
    assert server.writes() == [f"POST {REPO}/labels", f"PATCH {REPO}/labels/bug"]


def test_who_may_not_is_told_before_anything_is_tried(project: Path, server: GitHub) -> None:
    server.routes.settings["permissions"] = {"admin": False, "push": True, "pull": True}
    said = refctl(project, server, "setup")
    assert said.returncode == 6
    assert "the token may not change octo/app: it has no admin rights there" in said.stderr
    assert server.writes() == []
    assert refctl(project, server, "labels").returncode == 0


def test_a_refusal_half_way_is_finished_by_the_next_run(project: Path, server: GitHub) -> None:
    server.routes.settings["private"] = True
    said = refctl(project, server, "setup")
    assert said.returncode == 6
    assert "private repositories have this on GitHub Enterprise alone" in said.stderr
    assert len(server.routes.rulesets) == 2
    server.routes.settings["private"] = False
    areas = {one["area"] for one in answer(project, server, "setup")["changes"]}
    assert areas == {"environments", "labels"}


@pytest.mark.parametrize("nth", [1, 3, 5, 8])
def test_what_a_kill_left_undone_the_next_run_does(project: Path, server: GitHub, nth: int) -> None:
    running: list[subprocess.Popen[bytes]] = []

    def kill(request: Request) -> None:
        if request.method != "GET" and len(server.writes()) == nth:
            running[0].kill()

    server.on_request = kill
    running.append(
        subprocess.Popen(
            [sys.executable, "-m", "refctl", "github", "setup"],
            cwd=project,
            env={**clean_environment(), "GITHUB_API_URL": server.url, "GITHUB_TOKEN": TOKEN},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    assert running[0].wait(timeout=60) == -signal.SIGKILL
    server.on_request = lambda _: None
    assert answer(project, server, "setup")["applied"] is True
    assert answer(project, server, "setup")["changes"] == []
    assert len(server.routes.rulesets) == 2


def test_what_github_does_not_keep_is_an_error(project: Path, server: GitHub) -> None:
    server.fail(200, {"id": 1}, method="PATCH", path=REPO)  # says yes and does nothing
    said = refctl(project, server, "protect")
    assert said.returncode == 6
    assert "did not keep all of them: merging: allow_merge_commit is yes, not no" in said.stderr


def test_no_owners_and_no_token_are_configuration_errors(
    project: Path, server: GitHub, tmp_path: Path
) -> None:
    (project / ".github/CODEOWNERS").unlink()
    said = refctl(project, server, "protect")
    assert (said.returncode, "no CODEOWNERS says who" in said.stderr) == (3, True)
    (tmp_path / "home").mkdir()
    env = {"GITHUB_TOKEN": "", "HOME": str(tmp_path / "home"), "GH_CONFIG_DIR": str(tmp_path)}
    said = refctl(
        project, server, "labels", **env, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring"
    )
    assert (said.returncode, "gh auth login" in said.stderr) == (3, True)


def test_the_token_is_in_no_output_and_no_journal(project: Path, server: GitHub) -> None:
    said = refctl(project, server, "setup", "--verbose")
    assert said.returncode == 0, said.stderr
    journal = "".join(file.read_text() for file in (project / ".refctl/runs").iterdir())
    assert "PATCH /repos/octo/app" in journal
    assert TOKEN not in said.stdout + said.stderr + journal
    server.fail(401, {"message": f"Bad credentials {TOKEN}"})
    assert TOKEN not in refctl(project, server, "setup", "--json").stdout
