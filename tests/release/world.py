"""A bare remote with a clone of it, and a host in a file."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from refctl.core.journal import Journal
from refctl.release.session import Options, Release
from tests.checkout import ROOT
from tests.release.host import FileHost
from tests.release.repository import PERSON, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from refctl.core.result import Result

CONFIGURATION = """\
[release]
assets = ["dist/*.txt"]
dispatch = ["docker.yml"]

[[release.files]]
path = "pyproject.toml"
key = "project.version"
"""


class StopError(Exception):
    """Whatever ends a run between two steps."""


class World:
    """A bare remote, a clone of it, and a host."""

    def __init__(self, folder: Path, configuration: str = CONFIGURATION) -> None:
        self.folder = folder
        self.bare = folder / "origin.git"
        self.host = folder / "host.json"
        if self.bare.exists():  # a copy of another world
            self.clone = Repository(folder / "clone")
            self.clone.git("remote", "set-url", "origin", str(self.bare))
            return
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.bare)],
            check=True,
        )
        self.clone = Repository(folder / "clone", origin=str(self.bare))
        for name, value in (("user.name", "Ada"), ("user.email", "ada@example.com")):
            self.clone.git("config", name, value)
        (self.clone.folder / ".gitignore").write_text("dist\n.refctl\n")
        (self.clone.folder / "refctl.toml").write_text(configuration)
        (self.clone.folder / "pyproject.toml").write_text(
            '# ours\n[project]\nname = "shop"  # the name\nversion = "0.0.0"  # stamped\n'
        )
        self.clone.git("add", "--force", "refctl.toml")
        self.clone.commit("feat: begin")
        (self.clone.folder / "dist").mkdir()
        (self.clone.folder / "dist" / "shop.txt").write_text("the shop\n")
        self.push()

    def push(self) -> None:
        self.clone.git("push", "--quiet", "--set-upstream", "origin", "HEAD")

    def release(self, host: FileHost | None = None, stop: str = "", **options: Any) -> Result:
        def on_step(name: str) -> None:
            if name == stop:
                raise StopError(name)

        journal = Journal.begin(self.folder / "journal", "release")
        return Release(
            self.clone.folder,
            Options(**options),
            journal,
            connect=lambda *_: nullcontext(host or FileHost(self.host)),
            on_step=on_step,
        ).run()

    def git(self, folder: Path, *arguments: str) -> str:
        said = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
        )
        return said.stdout.strip()

    def remote(self, *arguments: str) -> str:
        return self.git(self.bare, *arguments)

    def must_be_released(self, *tags: str) -> None:
        """Hold that the last tag is out, whole, once, and that nothing else is."""
        tag = tags[-1]
        assert self.remote("tag", "--list").split() == sorted(tags)
        assert self.clone.git("tag", "--list").split() == sorted(tags)
        at = self.remote("rev-parse", f"{tag}^{{commit}}")
        assert self.remote("rev-parse", "main") == at
        assert self.clone.git("rev-parse", "HEAD") == at
        assert self.clone.git("status", "--porcelain") == ""
        assert self.remote("log", "-1", "--format=%s", at) == f"chore(release): {tag[1:]}"
        assert len(self.remote("log", "--format=%H", "--grep=^chore(release)", at).split()) == len(
            tags
        )
        assert f'version = "{tag[1:]}"  # stamped' in self.remote("show", f"{at}:pyproject.toml")
        assert self.remote("show", f"{at}:CHANGELOG.md").count(f"## {tag[1:]} - ") == 1
        assert "### Added\n\n- begin" in self.remote(
            "for-each-ref", "--format=%(contents)", f"refs/tags/{tags[0]}"
        )
        state = FileHost(self.host).state()
        assert sorted(state["releases"]) == sorted(tags)
        release = state["releases"][tag]
        assert not release["draft"]
        assert release["notes"].startswith("### ")
        assert sorted(release["assets"]) == ["SHA256SUMS", "shop.txt"]
        assert state["runs"] == [["docker.yml", one] for one in tags]


def once(folder: Path, host: Path | str, stop: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.release.release_once", str(folder), str(host), stop],
        cwd=ROOT,
        env={**os.environ, **PERSON, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
