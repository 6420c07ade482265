"""A real git repository in a temporary folder, made by the words of a story."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PERSON = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Repository:
    """One repository; each commit is a second later than the one before."""

    def __init__(self, folder: Path, *, origin: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._second = 1_750_000_000
        self.git("init", "--quiet", "--initial-branch=main")
        if origin:
            self.git("remote", "add", "origin", origin)

    def git(self, *arguments: str) -> str:
        """Run git; return what it says."""
        self._second += 1
        when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{self._second} +0000")
        said = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **PERSON, **when},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, f"git {arguments}: {said.stdout}{said.stderr}"
        return said.stdout.strip()

    def commit(self, message: str) -> str:
        """Add a commit with a file of its own; return its hash."""
        (self.folder / f"file-{self._second}").write_text(message)
        self.git("add", "--all", "--", ":!refctl.toml")
        self.git("commit", "--quiet", "--cleanup=verbatim", f"--message={message}")
        return self.git("rev-parse", "HEAD")

    def tag(self, name: str, *, at: str = "HEAD") -> None:
        """Put an annotated tag."""
        self.git("tag", "--annotate", name, "--message", name, at)

    def story(self, *steps: str) -> Repository:
        """Commit each message; a step that begins with `v` and a number is a tag."""
        for step in steps:
            if step[0] == "v" and step[1].isdecimal():
                self.tag(step)
            else:
                self.commit(step)
        return self
