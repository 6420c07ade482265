"""Which repository on which GitHub: read from the git remote."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.tools import git
from refctl.tools.github.client import API

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME = r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?"
_REMOTES = (
    re.compile(rf"(?:https?|ssh|git)://(?:[^@/]+@)?(?P<host>[\w.-]+)(?::\d+)?/{_NAME}"),
    re.compile(rf"(?:[^@/]+@)?(?P<host>[\w.-]+):{_NAME}"),
)
_SLUG = re.compile(_NAME)
PUBLIC = ("github.com", "ssh.github.com", "www.github.com")


@dataclass(frozen=True, slots=True)
class Address:
    """A repository on a GitHub."""

    owner: str
    name: str
    host: str = "github.com"
    api: str = API

    @property
    def slug(self) -> str:
        """What GitHub calls it."""
        return f"{self.owner}/{self.name}"

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/repos/{self.slug}"


def parse(remote: str) -> Address | None:
    """Return the repository that a remote's address names, or None for a folder or the like."""
    for form in _REMOTES:
        if found := form.fullmatch(remote.strip()):
            host = found["host"].lower()
            if host in PUBLIC:
                return Address(found["owner"], found["name"])
            return Address(found["owner"], found["name"], host, f"https://{host}/api/v3")
    return None


def find(
    root: Path, *, repository: str = "", api: str = "", env: Mapping[str, str] | None = None
) -> Address:
    """Return the repository: the configured one, the job's own, or that of the remote `origin`.

    The API's address may come from GITHUB_API_URL or the configuration.

    Raises:
        ConfigurationError: nothing names one.

    """
    env = os.environ if env is None else env
    remote = git.remote(root)
    found = parse(remote) if remote else None
    slug = repository or ("" if found else env.get("GITHUB_REPOSITORY", ""))
    if slug:
        named = _SLUG.fullmatch(slug)
        if named is None:
            raise ConfigurationError(
                f"{slug} is not the name of a repository",
                hint='refctl.toml: github.repository = "owner/name"',
            )
        host, base = (found.host, found.api) if found else ("github.com", API)
        found = Address(named["owner"], named["name"], host, base)
    if found is None:
        raise ConfigurationError(
            "no remote says which repository on GitHub this is",
            hint="git remote add origin git@github.com:OWNER/NAME.git, or github.repository in "
            "refctl.toml",
        )
    base = env.get("GITHUB_API_URL", "").rstrip("/") or api or found.api
    return Address(found.owner, found.name, found.host, base)
