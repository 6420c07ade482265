"""Releases with their assets, workflows started by hand, and pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from refctl.core.errors import RemoteRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.tools.github.repository import Repository

BINARY = "application/octet-stream"


def find_release(repository: Repository, tag: str) -> dict[str, Any] | None:
    """Return the release of a tag, a draft included, or None.

    GitHub finds drafts in the list of all releases alone.
    """
    found: dict[str, Any] | None = repository.client.find(repository.at("releases", "tags", tag))
    if found is not None:
        return found
    some = repository.client.all(repository.at("releases"))
    return next((one for one in some if one["tag_name"] == tag), None)


def create_release(
    repository: Repository,
    tag: str,
    *,
    name: str,
    body: str,
    draft: bool = False,
    prerelease: bool = False,
    latest: bool = True,
) -> dict[str, Any]:
    """Create the release of a tag that is there already."""
    wanted: dict[str, Any] = {
        "tag_name": tag,
        "name": name,
        "body": body,
        "draft": draft,
        "prerelease": prerelease,
        # A draft or a pre-release that claims to be the latest is refused.
        "make_latest": "true" if latest and not draft and not prerelease else "false",
    }
    made: dict[str, Any] = repository.client.post(repository.at("releases"), wanted)
    return made


def update_release(repository: Repository, number: int, **fields: Any) -> dict[str, Any]:
    """Change a release's name, body, draft, prerelease or make_latest."""
    path = repository.at("releases", number)
    answer: dict[str, Any] = repository.client.request("PATCH", path, body=fields).body
    return answer


def assets(repository: Repository, release: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a release's assets by name."""
    some = repository.client.all(repository.at("releases", release["id"], "assets"))
    return {one["name"]: one for one in some}


def upload(
    repository: Repository,
    release: Mapping[str, Any],
    name: str,
    content: bytes,
    *,
    content_type: str = BINARY,
) -> dict[str, Any]:
    """Put a file into a release. What a lost answer may have left half-done is for the caller.

    Raises:
        RemoteRefusedError: GitHub names an unsafe place to upload to.

    """
    where = str(release["upload_url"]).partition("{")[0]
    if urlsplit(where).scheme != urlsplit(repository.address.api).scheme:
        # The token goes with it.
        raise RemoteRefusedError(f"GitHub names an unsafe place to upload to: {where}")
    answer: dict[str, Any] = repository.client.request(
        "POST", where, params={"name": name}, content=content, content_type=content_type
    ).body
    return answer


def delete_asset(repository: Repository, number: int) -> None:
    """Take a file out of its release."""
    repository.client.request("DELETE", repository.at("releases", "assets", number))


def dispatch(repository: Repository, workflow: str, ref: str, inputs: Mapping[str, str]) -> None:
    """Start a workflow (its file's name) on a branch or tag."""
    path = repository.at("actions", "workflows", workflow, "dispatches")
    body: dict[str, Any] = {"ref": ref}
    if inputs:
        body["inputs"] = dict(inputs)
    repository.client.request("POST", path, body=body)


def runs(repository: Repository, workflow: str, ref: str) -> list[dict[str, Any]]:
    """Return a workflow's runs on a branch or tag, whatever started them, newest first."""
    path = repository.at("actions", "workflows", workflow, "runs")
    return list(repository.client.all(path, {"branch": ref}, key="workflow_runs"))


def find_pull(repository: Repository, head: str, base: str) -> dict[str, Any] | None:
    """Return the open pull request from a branch of this repository, or None."""
    query = {"head": f"{repository.address.owner}:{head}", "base": base, "state": "open"}
    return next(iter(repository.client.all(repository.at("pulls"), query)), None)


def create_pull(
    repository: Repository, head: str, base: str, *, title: str, body: str
) -> dict[str, Any]:
    """Open a pull request."""
    wanted = {"title": title, "head": head, "base": base, "body": body}
    made: dict[str, Any] = repository.client.post(repository.at("pulls"), wanted)
    return made


def update_pull(repository: Repository, number: int, *, title: str, body: str) -> dict[str, Any]:
    """Change what a pull request says."""
    path = repository.at("pulls", number)
    answer: dict[str, Any] = repository.client.request(
        "PATCH", path, body={"title": title, "body": body}
    ).body
    return answer
