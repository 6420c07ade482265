"""Which repository on which GitHub: read from the git remote."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

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
RESIDENT = ".ghe.com"
"""What the names of GitHub Enterprise Cloud with data residency end with."""


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
            return Address(found["owner"], found["name"], host, _api(host))
    return None


def _api(host: str) -> str:
    if host.endswith(RESIDENT):
        return f"https://api.{host}"
    return f"https://{host}/api/v3"


def is_github(
    remote: str, *, configured: bool = False, env: Mapping[str, str] | None = None
) -> bool:
    """Return whether a remote is on a GitHub: by its name, the configuration, or the environment.

    GitHub Enterprise has whatever name a company gave it; its runners and GITHUB_API_URL say it.
    """
    if configured:
        return True
    found = parse(remote)
    if found is None:
        return False
    if found.host in PUBLIC or found.host.startswith("github.") or found.host.endswith(RESIDENT):
        return True
    env = os.environ if env is None else env
    said = (
        urlsplit(env.get(name, "")).hostname for name in ("GITHUB_API_URL", "GITHUB_SERVER_URL")
    )
    return found.host in said


def find(
    root: Path,
    *,
    repository: str = "",
    api: str = "",
    remote: str = "origin",
    env: Mapping[str, str] | None = None,
) -> Address:
    """Return the repository: the configured one, that of the remote, or the job's own.

    The API's address may come from GITHUB_API_URL or the configuration.

    Raises:
        ConfigurationError: nothing names one.

    """
    env = os.environ if env is None else env
    url = git.remote(root, remote)
    found = parse(url) if url else None
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
            hint=f"git remote add {remote} git@github.com:OWNER/NAME.git, or github.repository in "
            "refctl.toml",
        )
    told = env.get("GITHUB_API_URL", "").rstrip("/")
    if api and not told:
        _require_own(api, found)
    return Address(found.owner, found.name, found.host, told or api or found.api)


def _require_own(api: str, found: Address) -> None:
    """Hold that a file of the repository sends the token nowhere but to the remote's own host."""
    own = (found.host, f"api.{found.host}", urlsplit(found.api).hostname)
    if urlsplit(api).hostname not in own:
        raise ConfigurationError(
            f"refctl.toml: github.api_url = {api!r}: the remote is at {found.host}, and its token "
            "is for nobody else",
            hint="correct it, or name the address where you type: GITHUB_API_URL=… refctl …",
        )
