"""`refctl release` on GitHub: by a real remote, and a server that refuses what GitHub refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from refctl.core.errors import ConfigurationError, RemoteRefusedError
from refctl.release.github import BODY_LIMIT, fitted
from tests.checkout import ROOT
from tests.github.server import Fault, GitHub
from tests.release.hub import HUB, PROPOSING, Hub
from tests.release.repository import PERSON
from tests.release.world import CONFIGURATION, StopError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILD = [sys.executable, "-c", "from pathlib import Path as P; P('dist').mkdir(); "]


@pytest.fixture
def server() -> Iterator[GitHub]:
    with GitHub() as one:
        yield one


@pytest.fixture
def hub(tmp_path: Path, server: GitHub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    return Hub(tmp_path, server, monkeypatch, HUB)


def refctl(hub: Hub, **env: str) -> dict[str, Any]:
    """Type `refctl release --json`; return what it answers."""
    said = subprocess.run(
        [sys.executable, "-m", "refctl", "release", "--json"],
        cwd=hub.clone.folder,
        env={**os.environ, **PERSON, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, Any] = json.loads(said.stdout)
    assert found["ok"] == (said.returncode == 0)
    assert os.environ["GITHUB_TOKEN"] not in said.stdout + said.stderr
    return found


def configure(hub: Hub, text: str) -> None:
    (hub.clone.folder / "refctl.toml").write_text(text)
    hub.clone.git("add", "--force", "refctl.toml")
    hub.clone.git("commit", "--quiet", "--message", "chore: configure")
    hub.push()


def test_the_command_releases_with_files_sums_and_the_started_workflow(hub: Hub) -> None:
    data = refctl(hub)["data"]
    hub.must_be_out("v0.1.0")
    release = hub.releases()["v0.1.0"]
    assert (release["name"], release["make_latest"], release["prerelease"]) == (
        "v0.1.0",
        "true",
        False,
    )
    assert data["published"]["tag"] == "v0.1.0"
    assert data["published"]["page"] == release["html_url"]
    assert data["published"]["files"] == ["dist/shop.txt", ".git/refctl/SHA256SUMS"]
    again = refctl(hub)["data"]
    assert (again["published"], again["done"]) == (None, [])


def test_a_pre_release_is_not_the_latest(hub: Hub) -> None:
    hub.release(prerelease="rc")
    release = hub.releases()["v0.1.0-rc.1"]
    assert (release["prerelease"], release["make_latest"]) == (True, "false")


@pytest.mark.parametrize("value", ["", "ghp_wrong"])
def test_without_a_token_that_works_nothing_is_touched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", value)
    monkeypatch.setenv("PATH", _without_gh())
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    before = hub.clone.git("for-each-ref"), hub.remote("for-each-ref")
    with pytest.raises(RemoteRefusedError if value else ConfigurationError) as caught:
        hub.release()
    assert "GITHUB_TOKEN" in caught.value.hint
    assert ('host = "none"' in caught.value.hint) == (not value)
    assert (hub.clone.git("for-each-ref"), hub.remote("for-each-ref")) == before
    assert hub.server.writes() == []


def _without_gh() -> str:
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(one for one in folders if not os.path.exists(os.path.join(one, "gh")))  # noqa: PTH110, PTH118 - texts


def test_host_none_and_a_remote_elsewhere_end_with_the_push(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    configure(hub, HUB.replace("[release]", '[release]\nhost = "none"', 1))
    hub.release()
    assert hub.remote("tag", "--list") == "v0.1.0"
    configure(hub, CONFIGURATION)  # the remote is a folder
    hub.clone.commit("fix: more")
    hub.push()
    hub.release()
    assert hub.remote("tag", "--list").split() == ["v0.1.0", "v0.1.1"]
    assert hub.server.requests == []


def test_what_stays_here_asks_nobody(hub: Hub) -> None:
    hub.release(push=False)
    assert hub.server.requests == []


def test_a_draft_is_found_behind_a_hundred_others(hub: Hub) -> None:
    with pytest.raises(StopError):
        hub.release(stop="upload SHA256SUMS")
    releases = hub.server.routes.releases
    (ours,) = releases.values()
    releases.clear()
    for number in range(1, 131):
        releases[number] = {**ours, "id": number, "tag_name": f"v0.0.{number}", "assets": []}
    releases[ours["id"]] = ours
    hub.release()
    assert (len(releases), ours["draft"]) == (131, False)
    assert [one["name"] for one in ours["assets"]] == ["shop.txt", "SHA256SUMS"]


def test_a_file_that_was_built_anew_replaces_that_of_the_draft(hub: Hub) -> None:
    with pytest.raises(StopError):
        hub.release(stop="publish")
    (hub.clone.folder / "dist" / "shop.txt").write_text("the shop, built a second time\n")
    hub.release()
    hub.must_be_out("v0.1.0")
    (file,) = (one for one in hub.releases()["v0.1.0"]["assets"] if one["name"] == "shop.txt")
    assert hub.server.routes.assets[file["id"]] == b"the shop, built a second time\n"


def test_a_run_that_the_tag_itself_started_is_not_started_again(hub: Hub) -> None:
    with pytest.raises(StopError):
        hub.release(stop="start docker.yml")
    hub.server.routes.dispatched.append({"workflow": "docker.yml", "ref": "v0.1.0"})
    assert hub.release().data["done"] == []
    assert hub.server.writes()[-1].startswith("PATCH")


@pytest.mark.parametrize(
    ("workflows", "words"),
    [({}, "names docker.yml"), ({"docker.yml": None}, "needs the trigger workflow_dispatch")],
)
def test_a_workflow_that_cannot_be_started_says_what_to_change(
    hub: Hub, workflows: dict[str, None], words: str
) -> None:
    hub.server.routes.workflows = dict(workflows)
    with pytest.raises(RemoteRefusedError) as caught:
        hub.release()
    assert words in caught.value.hint
    configure(hub, HUB.replace('dispatch = ["docker.yml"]\n', ""))
    hub.release()
    assert not hub.releases()["v0.1.0"]["draft"]


def test_a_limit_that_is_short_is_waited_for(hub: Hub) -> None:
    hub.server.limit(retry_after=1, method="POST", path="/releases")
    hub.release()
    hub.must_be_out("v0.1.0")


def test_files_are_built_from_the_commit_that_is_released(hub: Hub) -> None:
    script = f"{BUILD[2]}P('dist/shop.txt').write_text(P('pyproject.toml').read_text())"
    build = json.dumps([*BUILD[:2], script])
    configure(hub, HUB.replace("[release]", f"[release]\nbuild = {build}", 1))
    with pytest.raises(StopError):
        hub.release(stop="draft")
    # Finished from a checkout that has gone on since.
    (hub.clone.folder / "pyproject.toml").write_text('[project]\nversion = "7.0.0"\n')
    hub.clone.commit("docs: later")
    hub.push()
    hub.release()
    (file,) = (one for one in hub.releases()["v0.1.0"]["assets"] if one["name"] == "shop.txt")
    assert b'version = "0.1.0"  # stamped' in hub.server.routes.assets[file["id"]]
    assert len(hub.clone.git("worktree", "list").splitlines()) == 1


def test_what_cannot_be_built_is_not_tagged(hub: Hub) -> None:
    build = json.dumps([sys.executable, "-c", "raise SystemExit('no compiler')"])
    configure(hub, HUB.replace("[release]", f"[release]\nbuild = {build}", 1))
    answer = refctl(hub)
    assert answer["errors"][0]["exit_code"] == 5
    assert "no compiler" in answer["errors"][0]["detail"]
    assert hub.remote("tag", "--list") == hub.clone.git("tag", "--list") == ""
    assert len(hub.clone.git("worktree", "list").splitlines()) == 1


def test_a_release_is_proposed_kept_up_to_date_merged_tagged_and_published(
    tmp_path: Path, server: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(tmp_path, server, monkeypatch, PROPOSING)
    assert refctl(hub)["data"]["published"] is None
    (pull,) = server.routes.pulls.values()
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("release/main", "main")
    assert "- begin" in pull["body"]
    writes = server.writes()
    hub.release()
    assert server.writes() == writes, "with nothing new, nothing is written"
    hub.clone.commit("feat!: more")
    hub.push()
    hub.release()
    assert len(server.routes.pulls) == 1
    assert "- more" in pull["body"]
    assert hub.remote("rev-parse", "release/main^") == hub.remote("rev-parse", "main")
    # GitHub squashes it into the branch.
    hub.clone.git("fetch", "--quiet", "origin", "release/main")
    hub.clone.git("merge", "--quiet", "--squash", "FETCH_HEAD")
    hub.clone.git("commit", "--quiet", "--message", "chore(release): 0.1.0 (#1)")
    hub.push()
    pull["state"] = "closed"
    assert refctl(hub)["data"]["published"]["tag"] == "v0.1.0"
    hub.must_be_out("v0.1.0")
    # The next one is a pull request of its own.
    hub.clone.commit("fix: after")
    hub.push()
    hub.release()
    assert [one["state"] for one in server.routes.pulls.values()] == ["closed", "open"]
    hub.must_be_out("v0.1.0")


def test_that_actions_may_not_open_pull_requests_says_where_to_allow_it(
    tmp_path: Path, server: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(tmp_path, server, monkeypatch, PROPOSING)
    message = "GitHub Actions is not permitted to create or approve pull requests."
    hub.fault = ("POST", r"/pulls\?", Fault(403, {"message": message}))
    with pytest.raises(RemoteRefusedError) as caught:
        hub.release()
    assert "Allow GitHub Actions to create and approve pull requests" in caught.value.hint


def test_notes_longer_than_github_takes_are_cut_at_a_line() -> None:
    notes = "".join(f"- change {number}\n" for number in range(9_000))
    cut = fitted(notes, BODY_LIMIT)
    assert BODY_LIMIT - 100 < len(cut) <= BODY_LIMIT
    *lines, empty, last = cut.rstrip("\n").split("\n")
    assert (empty, last) == ("", "… the rest is in the changelog.")
    assert lines == notes.split("\n")[: len(lines)]
    assert fitted("short\n", BODY_LIMIT) == "short\n"
