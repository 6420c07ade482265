"""A bare remote whose GitHub is the test server: what the remote has, the server knows."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from refctl.core.journal import Journal
from refctl.release import github
from refctl.release.session import Options, Release
from tests.github.server import TOKEN, Fault, GitHub
from tests.release.world import CONFIGURATION, StopError, World

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from refctl.core.result import Result
    from tests.github.messages import Request

HUB = f'{CONFIGURATION}\n[github]\nrepository = "octo/app"\n'
PROPOSING = HUB.replace("[release]", '[release]\nmode = "pull-request"', 1)
WORKFLOW = "docker.yml"


class Hub(World):
    """The world of one remote, with GitHub in front of it."""

    def __init__(
        self, folder: Path, server: GitHub, monkeypatch: pytest.MonkeyPatch, configuration: str
    ) -> None:
        super().__init__(folder, configuration)
        self.server = server
        self.fault: tuple[str, str, Fault] | None = None
        server.routes.workflows[WORKFLOW] = set()
        server.on_request = self.watch
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)

    def watch(self, request: Request) -> None:
        """Bring what the server knows of the remote up to date, and let the fault happen."""
        if request.method != "GET":
            refs = self.remote("for-each-ref", "--format=%(refname)").split()
            routes = self.server.routes
            routes.tags = {one.removeprefix("refs/tags/") for one in refs if "/tags/" in one}
            routes.branches = {one.removeprefix("refs/heads/") for one in refs if "/heads/" in one}
        if self.fault is not None:
            method, pattern, fault = self.fault
            where = request.path + "?" + request.query.get("name", "")
            if request.method == method and re.search(pattern, where):
                self.server.faults.append(fault)

    def release(self, host: object = None, stop: str = "", **options: Any) -> Result:
        """Release by GitHub, without the waits of its client."""
        assert host is None

        def on_step(name: str) -> None:
            if name == stop:
                raise StopError(name)

        return Release(
            self.clone.folder,
            Options(**options),
            Journal.begin(self.folder / "journal", "release"),
            connect=partial(github.connect, sleep=lambda _: None),
            on_step=on_step,
        ).run()

    def releases(self) -> dict[str, dict[str, Any]]:
        """Return GitHub's releases by their tag."""
        some = self.server.routes.releases.values()
        found = {one["tag_name"]: one for one in some}
        assert len(found) == len(some), "a tag with two releases"
        return found

    def must_be_out(self, *tags: str) -> None:
        """Hold that each tag is out, whole, once, with its notes, and that nothing else is."""
        assert self.remote("tag", "--list").split() == sorted(tags)
        assert self.clone.git("tag", "--list").split() == sorted(tags)
        assert self.clone.git("rev-parse", "HEAD") == self.remote("rev-parse", "main")
        assert self.clone.git("status", "--porcelain") == ""
        assert sorted(self.releases()) == sorted(tags)
        for tag, release in self.releases().items():
            form = "--format=%(objecttype)%(contents)"
            assert self.remote("for-each-ref", form, f"refs/tags/{tag}").startswith(
                f"tag{tag}\n\n#"
            )
            assert not release["draft"]
            assert release["body"].startswith("### ")
            kept = {one["name"]: self.server.routes.assets[one["id"]] for one in release["assets"]}
            assert len(kept) == len(release["assets"]), "two files of one name"
            assert {one["state"] for one in release["assets"]} == {"uploaded"}
            sums = f"{hashlib.sha256(kept['shop.txt']).hexdigest()}  shop.txt\n"
            assert kept == {"shop.txt": kept["shop.txt"], "SHA256SUMS": sums.encode()}
        started = [(one["workflow"], one["ref"]) for one in self.server.routes.dispatched]
        assert started == [(WORKFLOW, tag) for tag in tags]
