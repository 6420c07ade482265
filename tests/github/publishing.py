"""Releases, assets, workflows that are started, pull requests."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

from tests.github import schemas
from tests.github.messages import REPO, Reply, Request
from tests.github.schemas import RefusedError, invalid


class Publishing:
    """What the repository `octo/app` has published."""

    def __init__(self) -> None:
        self.url = ""
        self._numbers = itertools.count(501)
        self.releases: dict[int, dict[str, Any]] = {}
        self.assets: dict[int, bytes] = {}
        self.tags = {"v1.0.0", "v1.1.0"}
        self.branches = {"main", "release"}
        self.workflows: dict[str, set[str] | None] = {"images.yml": {"tag"}, "test.yml": None}
        self.dispatched: list[dict[str, Any]] = []
        self.pulls: dict[int, dict[str, Any]] = {}

    # Releases

    def _create_release(self, request: Request) -> Reply:
        body = request.json()
        schemas.RELEASE.check(body)
        self._check_latest(body)
        tag = body["tag_name"]
        if any(r["tag_name"] == tag and not r["draft"] for r in self.releases.values()):
            raise invalid("tag_name", "Release", "already_exists")
        number = next(self._numbers)
        self.releases[number] = {
            "name": None,
            "body": None,
            "draft": False,
            "prerelease": False,
            **body,
            "id": number,
            "assets": [],
            "html_url": f"https://github.test/octo/app/releases/tag/{tag}",
            "upload_url": f"{self.url}/uploads{REPO}/releases/{number}/assets{{?name,label}}",
        }
        return Reply(201, self.releases[number])

    def _check_latest(self, body: dict[str, Any]) -> None:
        latest = body.get("make_latest", "true")
        if latest not in {"true", "false", "legacy"}:
            raise RefusedError(422, "Invalid request.\n\nmake_latest is not a member of the list.")
        if (
            latest == "true"
            and "make_latest" in body
            and (body.get("draft") or body.get("prerelease"))
        ):
            raise RefusedError(
                422,
                "Validation Failed",
                [
                    {
                        "resource": "Release",
                        "code": "custom",
                        "message": "Latest release cannot be draft or prerelease",
                    }
                ],
            )

    def _release_by_tag(self, _: Request, tag: str) -> Reply:
        for one in self.releases.values():
            if one["tag_name"] == tag and not one["draft"]:
                return Reply(200, one)
        raise RefusedError(404, "Not Found")

    def _release(self, number: str) -> dict[str, Any]:
        if int(number) not in self.releases:
            raise RefusedError(404, "Not Found")
        return self.releases[int(number)]

    def _update_release(self, request: Request, number: str) -> Reply:
        release, body = self._release(number), request.json()
        schemas.RELEASE_UPDATE.check(body)
        self._check_latest({**release, **body})
        release.update(body)
        return Reply(200, release)

    def _list_assets(self, _: Request, number: str) -> Reply:
        return Reply(200, self._release(number)["assets"])

    def _upload(self, request: Request, number: str) -> Reply:
        release, name = self._release(number), request.query.get("name")
        if not name:
            raise invalid("name", "ReleaseAsset", "missing_field")
        if not request.headers.get("content-type") or not request.raw:
            raise RefusedError(400, "Bad Content-Length: 0")
        if any(one["name"] == name for one in release["assets"]):
            raise invalid("name", "ReleaseAsset", "already_exists")
        one: dict[str, Any] = {
            "id": next(self._numbers),
            "name": name,
            "size": len(request.raw),
            "state": "uploaded",
            "digest": f"sha256:{hashlib.sha256(request.raw).hexdigest()}",
        }
        release["assets"].append(one)
        self.assets[one["id"]] = request.raw
        return Reply(201, one)

    def _delete_asset(self, _: Request, number: str) -> Reply:
        for release in self.releases.values():
            kept = [one for one in release["assets"] if one["id"] != int(number)]
            if len(kept) < len(release["assets"]):
                release["assets"] = kept
                return Reply(204)
        raise RefusedError(404, "Not Found")

    # Workflows and pull requests

    def _dispatch(self, request: Request, workflow: str) -> Reply:
        if workflow not in self.workflows:
            raise RefusedError(404, "Not Found")
        body = request.json()
        schemas.DISPATCH.check(body)
        inputs = self.workflows[workflow]
        if inputs is None:
            raise RefusedError(422, "Workflow does not have 'workflow_dispatch' trigger")
        if body["ref"].removeprefix("refs/heads/").removeprefix("refs/tags/") not in (
            self.branches | self.tags
        ):
            raise RefusedError(422, f"No ref found for: {body['ref']}")
        if unexpected := sorted(set(body.get("inputs", {})) - inputs):
            raise RefusedError(422, f"Unexpected inputs provided: {json.dumps(unexpected)}")
        self.dispatched.append({"workflow": workflow, **body})
        return Reply(204)

    def _list_runs(self, request: Request, workflow: str) -> Reply:
        if workflow not in self.workflows:
            raise RefusedError(404, "Not Found")
        some = [
            {"id": number, "head_branch": one["ref"], "event": "workflow_dispatch"}
            for number, one in enumerate(self.dispatched, start=1)
            if one["workflow"] == workflow
            and request.query.get("branch") in {None, one["ref"]}
            and request.query.get("event") in {None, "workflow_dispatch"}
        ]
        return Reply(200, {"total_count": len(some), "workflow_runs": some[::-1]})

    def _list_pulls(self, request: Request) -> Reply:
        query = request.query
        state, head, base = query.get("state", "open"), query.get("head"), query.get("base")
        return Reply(
            200,
            [
                one
                for one in self.pulls.values()
                if state in {"all", one["state"]}
                # Without an owner before the colon, GitHub ignores the filter.
                and (head is None or ":" not in head or one["head"]["label"] == head)
                and base in {None, one["base"]["ref"]}
            ],
        )

    def _create_pull(self, request: Request) -> Reply:
        body = request.json()
        schemas.PULL.check(body)
        if not body.get("title"):
            raise invalid("title", "PullRequest", "missing_field")
        head, base = body["head"].rpartition(":")[2], body["base"]
        for name, branch in (("head", head), ("base", base)):
            if branch not in self.branches:
                raise invalid(name, "PullRequest")
        if any(o["head"]["ref"] == head and o["state"] == "open" for o in self.pulls.values()):
            message = f"A pull request already exists for octo:{head}."
            raise RefusedError(
                422,
                "Validation Failed",
                [{"resource": "PullRequest", "code": "custom", "message": message}],
            )
        number = len(self.pulls) + 1
        self.pulls[number] = {
            **body,
            "number": number,
            "state": "open",
            "head": {"ref": head, "label": f"octo:{head}"},
            "base": {"ref": base},
            "html_url": f"https://github.test/octo/app/pull/{number}",
        }
        return Reply(201, self.pulls[number])

    def _update_pull(self, request: Request, number: str) -> Reply:
        if int(number) not in self.pulls:
            raise RefusedError(404, "Not Found")
        body = request.json()
        schemas.PULL_UPDATE.check(body)
        pull = self.pulls[int(number)]
        if "base" in body:
            body["base"] = {"ref": body["base"]}
        pull.update(body)
        return Reply(200, pull)
