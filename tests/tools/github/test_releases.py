"""Releases, assets, workflows started by hand, pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import ConfigurationError, RemoteRefusedError
from refctl.tools.github import releases
from refctl.tools.github.refusals import GitHubError

if TYPE_CHECKING:
    from refctl.tools.github.repository import Repository
    from tests.github.server import GitHub


def test_a_release_is_created_found_and_changed(repository: Repository) -> None:
    assert releases.find_release(repository, "v1.0.0") is None
    made = releases.create_release(repository, "v1.0.0", name="1.0.0", body="Notes é", draft=True)
    found = releases.find_release(repository, "v1.0.0")
    assert found is not None
    assert (found["id"], found["draft"], found["make_latest"]) == (made["id"], True, "false")
    releases.update_release(repository, made["id"], draft=False, make_latest="true")
    found = releases.find_release(repository, "v1.0.0")
    assert found is not None
    assert (found["draft"], found["body"]) == (False, "Notes é")


def test_a_second_release_of_a_tag_is_refused_as_already_there(repository: Repository) -> None:
    releases.create_release(repository, "v1.0.0", name="1.0.0", body="")
    with pytest.raises(GitHubError) as no:
        releases.create_release(repository, "v1.0.0", name="1.0.0", body="")
    assert no.value.codes == {"already_exists"}


def test_assets_are_uploaded_listed_and_replaced(server: GitHub, repository: Repository) -> None:
    made = releases.create_release(repository, "v1.0.0", name="1.0.0", body="", prerelease=True)
    one = releases.upload(repository, made, "app 1.0.tar.gz", b"\x00\xff" * 9)
    with pytest.raises(GitHubError) as no:
        releases.upload(repository, made, "app 1.0.tar.gz", b"other")
    assert no.value.codes == {"already_exists"}
    assert releases.assets(repository, made)["app 1.0.tar.gz"]["size"] == 18
    assert server.routes.assets[one["id"]] == b"\x00\xff" * 9
    releases.delete_asset(repository, one["id"])
    assert releases.assets(repository, made) == {}


def test_the_token_is_not_sent_to_an_unsafe_place(repository: Repository) -> None:
    with pytest.raises(RemoteRefusedError, match="unsafe place"):
        releases.upload(repository, {"id": 1, "upload_url": "ftp://evil.test/x{?name}"}, "a", b"a")


def test_a_workflow_is_started_with_its_inputs(server: GitHub, repository: Repository) -> None:
    releases.dispatch(repository, "images.yml", "v1.0.0", {"tag": "v1.0.0"})
    assert server.routes.dispatched == [
        {"workflow": "images.yml", "ref": "v1.0.0", "inputs": {"tag": "v1.0.0"}}
    ]
    assert len(releases.runs(repository, "images.yml", "v1.0.0")) == 1
    assert releases.runs(repository, "images.yml", "main") == []
    for workflow, ref, inputs, words in (
        ("test.yml", "main", {}, "does not have 'workflow_dispatch'"),
        ("images.yml", "v9", {}, "No ref found for: v9"),
        ("images.yml", "main", {"x": "1"}, "Unexpected inputs"),
        ("none.yml", "main", {}, "404 Not Found"),
    ):
        with pytest.raises(GitHubError, match=words):
            releases.dispatch(repository, workflow, ref, inputs)


def test_a_pull_request_is_found_by_its_branch_and_changed(repository: Repository) -> None:
    assert releases.find_pull(repository, "release", "main") is None
    made = releases.create_pull(repository, "release", "main", title="1.1.0", body="Notes")
    releases.update_pull(repository, made["number"], title="1.2.0", body="More notes")
    found = releases.find_pull(repository, "release", "main")
    assert found is not None
    assert (found["number"], found["title"]) == (made["number"], "1.2.0")
    with pytest.raises(GitHubError, match="A pull request already exists for octo:release"):
        releases.create_pull(repository, "release", "main", title="again", body="")


def test_reviewers_are_users_or_teams_with_ids(repository: Repository) -> None:
    assert repository.reviewer("@alice") == {"type": "User", "id": 11}
    assert repository.reviewer("octo/ops") == {"type": "Team", "id": 21}
    with pytest.raises(ConfigurationError, match="GitHub knows no team octo/none"):
        repository.reviewer("octo/none")
