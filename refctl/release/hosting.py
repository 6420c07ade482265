"""Where a release is published: what this room asks of a host, whoever answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from refctl.core.errors import MissingToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from refctl.core.config_release import Release as Configuration
    from refctl.release.links import Links


class Published(NamedTuple):
    """A release as the host has it."""

    id: str
    draft: bool
    assets: frozenset[str]
    """The names of the files that are there whole."""
    page: str = ""


class Proposal(NamedTuple):
    """A pull request as the host has it."""

    number: int
    page: str = ""


class Host(Protocol):
    """What a host can do. Each call raises RemoteRefusedError when it is refused or not reached."""

    def find(self, tag: str) -> Published | None:
        """Return the release of a tag, drafts included."""
        ...

    def create(self, tag: str, *, title: str, notes: str, prerelease: bool) -> Published:
        """Create the release as a draft: nobody sees it before it is whole."""
        ...

    def upload(self, release: Published, file: Path) -> None:
        """Add a file, in place of a half one of that name."""
        ...

    def publish(self, release: Published, *, latest: bool) -> None:
        """Make the draft a release."""
        ...

    def was_started(self, workflow: str, tag: str) -> bool:
        """Return whether the workflow has a run for that tag."""
        ...

    def start(self, workflow: str, tag: str) -> None:
        """Start a workflow with the tag."""
        ...

    def propose(self, *, head: str, base: str, title: str, body: str) -> Proposal:
        """Open a pull request, or bring the open one from that branch up to date."""
        ...


class Wanted(NamedTuple):
    """What to publish of a version."""

    tag: str
    title: str
    notes: str
    prerelease: bool
    latest: bool
    assets: Callable[[], Sequence[Path]]
    """Asked for only where some may be missing: they are built for a release, and then go."""
    workflows: Sequence[str]


def connect(configuration: Configuration | None, links: Links) -> Host | None:
    """Return the host that the remote is on; None: it is on none, or none is wanted.

    Raises:
        MissingToolError: this refctl cannot talk to it.

    """
    wanted = configuration.host if configuration is not None else "github"
    if wanted == "none" or "//github." not in links.base:
        return None
    raise MissingToolError(
        f"this refctl cannot publish on {links.base} yet",
        hint='set host = "none" under [release] in refctl.toml: it then ends with the push',
    )
