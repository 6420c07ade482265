"""Where secrets are sent: GitHub and AWS, each on loopback."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.secrets.project import CANARY, ENVIRONMENT, OTHER, Project, watched

if TYPE_CHECKING:
    import subprocess

    from tests.github.messages import Request
    from tests.github.server import GitHub


def test_sync_sends_what_changed_and_takes_away_what_is_no_longer_kept(
    project: Project, server: GitHub
) -> None:
    project.run("init", "-e", "production")
    theirs = server.routes.stores["environment:production"]
    theirs.values["THEIRS"], theirs.dates["THEIRS"] = "x", "2020"
    shown = project.data("sync", "-e", "production", "--dry-run")
    assert (set(shown["set"]), shown["applied"]) == ({"DATABASE_URL", "JWT_SECRET_KEY"}, False)
    assert server.writes() == []
    project.data("sync", "-e", "production")
    assert theirs.values == {**project.kept("production"), "THEIRS": "x"}
    assert server.writes() == [f"PUT {ENVIRONMENT}/{n}" for n in ("DATABASE_URL", "JWT_SECRET_KEY")]
    assert project.data("sync", "-e", "production")["set"] == {}
    assert len(server.writes()) == 2

    theirs.dates["DATABASE_URL"] = "2030"
    del theirs.values["JWT_SECRET_KEY"]
    assert project.data("sync", "-e", "production")["set"] == {
        "DATABASE_URL": "was set there by somebody else",
        "JWT_SECRET_KEY": "was removed there",
    }
    assert theirs.values == {**project.kept("production"), "THEIRS": "x"}


@pytest.mark.parametrize("nth", [1, 2])
def test_what_a_kill_left_undone_the_next_run_does(
    project: Project, server: GitHub, nth: int
) -> None:
    project.run("init", "-e", "production")
    before = project.kept("production")
    running: list[subprocess.Popen[bytes]] = []

    def kill(request: Request) -> None:
        if request.method == "PUT" and len(server.writes()) == nth:
            running[0].kill()

    server.on_request = kill
    running.append(project.start("sync", "-e", "production"))
    assert running[0].wait(timeout=60) == -signal.SIGKILL
    server.on_request = lambda _: None
    assert project.kept("production") == before
    assert project.data("sync", "-e", "production")["applied"] is True
    assert server.routes.stores["environment:production"].values == before
    assert project.data("sync", "-e", "production")["applied"] is False


def test_each_place_has_secrets_and_a_key_of_its_own(project: Project, server: GitHub) -> None:
    project.run("init", "-e", "staging")
    project.run("set", "NPM_TOKEN", "-e", "repository", given=CANARY)
    project.run("set", "NPM_TOKEN", "-e", "dependabot", given=OTHER)
    for name in ("staging", "repository", "dependabot"):
        assert project.run("sync", "-e", name, "--to", "github").returncode == 0
    stores = server.routes.stores
    assert stores["actions"].values == {"NPM_TOKEN": CANARY}
    assert stores["dependabot"].values == {"NPM_TOKEN": OTHER}
    assert stores["environment:staging"].values == project.kept("staging")
    assert stores["environment:production"].values == {}


def test_an_environment_that_github_lacks_is_told_how_to_make(
    project: Project, server: GitHub
) -> None:
    project.run("init", "-e", "production")
    del server.routes.environments["production"]
    said = project.run("sync", "-e", "production")
    assert said.returncode == 6
    assert "make the environment first: refctl github environments" in said.stderr


def test_aws_has_one_secret_an_environment_and_keeps_what_others_put_there(
    project: Project, amazon: dict[str, str]
) -> None:
    manager = boto3.client("secretsmanager", region_name="eu-central-1")

    def there() -> dict[str, Any]:
        text = manager.get_secret_value(SecretId="refapp/production")["SecretString"]
        values: dict[str, Any] = json.loads(text)
        return values

    project.env |= amazon
    project.run("init", "-e", "production")
    project.run("set", "API_TOKEN", "-e", "production", given=CANARY)
    words = ("sync", "-e", "production", "--to", "aws")
    shown = project.data(*words, "--dry-run")
    assert (set(shown["set"]), shown["applied"]) == (set(project.kept("production")), False)
    with pytest.raises(manager.exceptions.ResourceNotFoundException):
        there()
    with watched(CANARY) as seen:
        done = project.run(*words, "--verbose")
    assert (done.returncode, seen) == (0, set()), done.stderr
    assert there() == project.kept("production")
    assert project.data(*words)["set"] == {}

    theirs = {"THEIRS": "x", "PORT": 5432, "FLAGS": {"on": True}}
    values = {**there(), **theirs, "API_TOKEN": "changed by hand"}
    manager.put_secret_value(SecretId="refapp/production", SecretString=json.dumps(values))
    assert project.data(*words)["set"] == {"API_TOKEN": "differs there"}
    assert there() == {**project.kept("production"), **theirs}
    assert project.run("rotate", "JWT_SECRET_KEY", "-e", "production").returncode == 0
    early = project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
    assert "aws does not know the new key yet" in early.stderr
    # A run that ended after it had sent, and before it had remembered.
    kept = project.root / "secrets/production.age"
    before = kept.read_bytes()
    project.data(*words)
    kept.write_bytes(before)
    assert project.data(*words)["set"] == {}
    assert project.run("rotate", "JWT_SECRET_KEY", "-e", "production").returncode == 0
    journals = [file.read_text() for file in (project.root / ".refctl/runs").glob("secrets-*")]
    assert CANARY not in "".join([*project.said, *journals])
    assert "CreateSecret refapp/production" in "".join(journals)


def test_what_aws_does_not_take_is_told(project: Project, amazon: dict[str, str]) -> None:
    project.env |= amazon
    project.run("init", "-e", "production")
    words = ("sync", "-e", "production", "--to", "aws")
    manager = boto3.client("secretsmanager", region_name="eu-central-1")
    manager.create_secret(Name="refapp/production", SecretString="not JSON")
    said = project.run(*words)
    assert (said.returncode, "is no JSON object of secrets" in said.stderr) == (3, True)
    manager.delete_secret(SecretId="refapp/production")
    said = project.run(*words)
    assert (said.returncode, "restore-secret" in said.stderr) == (6, True), said.stderr
    del project.env["AWS_REGION"]
    said = project.run(*words)
    assert (said.returncode, "no region of AWS" in said.stderr) == (3, True), said.stderr
    project.env |= amazon
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del project.env[name]
    said = project.run(*words, AWS_EC2_METADATA_DISABLED="true")
    assert (said.returncode, "no credentials for AWS" in said.stderr) == (3, True), said.stderr
    project.env |= amazon
    said = project.run(*words, AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
    assert (said.returncode, "AWS did not answer" in said.stderr) == (6, True), said.stderr
    said = project.run("sync", "-e", "repository", "--to", "aws")
    assert (said.returncode, "is GitHub's own" in said.stderr) == (2, True)
